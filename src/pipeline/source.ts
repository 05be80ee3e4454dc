import type { Config } from '../config/config.js'
import { UsageError } from '../errors.js'
import type { LoadUnit } from './load-unit.js'

export type Source = LoadUnit['source']

/** The sources that the configuration has. */
export function sourcesIn(config: Config): readonly Source[] {
  return (['alaqan', 'amocrm'] as const).filter(source => config[source] !== undefined)
}

/**
 * The section of a source.
 * @throws UsageError `source_not_configured`
 */
export function requireSource<S extends Source>(config: Config, source: S): NonNullable<Config[S]> {
  const section = config[source]
  if (!section) {
    throw new UsageError('source_not_configured', `The configuration has no section ${source}.`, {
      advice: `Add ${source}: to ${config.file}; "hubdwh init --config other.yaml" writes one that shows how it looks.`,
    })
  }
  return section
}

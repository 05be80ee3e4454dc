import type { Config } from '../config/config.js'
import type { Chance, Clock, Reporter } from '../effects.js'
import type { Io } from './io.js'
import type { Results, Session } from './session.js'

/** What a command works with once the configuration is read. */
export interface Context {
  readonly config: Config
  readonly reporter: Reporter
  readonly clock: Clock
  readonly chance: Chance
  /** Aborted by Ctrl-C or SIGTERM, with an InterruptedError as its reason. */
  readonly signal: AbortSignal
  readonly results: Results
  readonly io: Io
  /** Names further secrets, as tokens that are refreshed, so that they are removed from what is said. */
  readonly keepSecret: (secrets: Iterable<string>) => void
  /** Removes known secrets from a text that goes to stdout. */
  readonly redact: (text: string) => string
}

/**
 * Reads the configuration that --config names, tells its warnings and gets ready for the command.
 * @throws ConfigError, UsageError as loadConfig does
 */
export async function openContext({
  io,
  options,
  reporter,
  redaction,
  results,
  signal,
}: Session): Promise<Context> {
  // Only here: the help of a command needs no rules of the configuration.
  const { loadConfig, readTextFile } = await import('../config/load.js')
  const { config, secrets, warnings } = await loadConfig(options.config, {
    env: io.env,
    cwd: io.cwd,
    readText: readTextFile,
  })
  redaction.add(secrets)
  for (const warning of warnings) reporter.warn(warning)
  const { clock, chance } = io
  const keepSecret = (more: Iterable<string>) => redaction.add(more)
  return { config, reporter, clock, chance, signal, results, io, keepSecret, redact: redaction.redact }
}

/** Where the demo's tables are: the section of its configuration, and whether there is room for invented rows. */
import { UsageError } from '../../errors.js'
import { type PipelineContext, withWarehouse } from '../../pipeline/context.js'
import { warehouseOf } from '../../pipeline/warehouse-of.js'
import { allTables } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import { numberOf } from '../../warehouse/engine.js'
import type { DemoWarehouse } from '../commands/demo.js'

const sectionOfTemplate = /^warehouse:\n(?: .*\n)+/m

/**
 * The configuration with another warehouse than the template's.
 * @throws Error where it has no such section: it comes from the program, so that is a bug
 */
export function withDemoWarehouse(config: string, warehouse: DemoWarehouse): string {
  if (warehouse.kind === 'file') return config
  if (!sectionOfTemplate.test(config)) throw new Error('The template has no section "warehouse".')
  const lines = sectionLines(warehouse).map(line => `  ${line}\n`)
  return config.replace(sectionOfTemplate, () => `warehouse:\n${lines.join('')}`)
}

function sectionLines(warehouse: Exclude<DemoWarehouse, { readonly kind: 'file' }>): readonly string[] {
  // A text of JSON is one of YAML.
  const text = (value: string) => JSON.stringify(value)
  switch (warehouse.kind) {
    case 'iceberg': {
      const { uri, extensions } = warehouse
      return [
        'iceberg:',
        `  uri: ${text(uri)}`,
        ...(extensions === undefined ? [] : [`  extensions: ${text(extensions)}`]),
      ]
    }
    case 'spark': {
      const { host, port, staging } = warehouse
      return [
        'engine: spark',
        'spark:',
        `  host: ${text(host)}`,
        `  port: ${port}`,
        `  staging: ${text(staging)}`,
      ]
    }
  }
}

/**
 * Sees to it that invented people are not mixed with anybody's rows.
 * @throws UsageError `warehouse_filled`
 */
export async function requireEmptyWarehouse(context: PipelineContext): Promise<void> {
  const warehouse = warehouseOf(context)
  if (!(await warehouse.exists())) return
  const filled = await withWarehouse(context, 'read', async engine => {
    // What is noted of loads is found first in a warehouse that is in use.
    for (const name of allTables.map(qualifiedName).toReversed()) {
      if ((await numberOf(engine, `select count(*) from ${name}`)) > 0) return name
    }
    return undefined
  })
  if (filled === undefined) return
  throw new UsageError(
    'warehouse_filled',
    `${warehouse.place} already has rows, as in ${filled}: the demo's invented people must not be mixed with them.`,
    { advice: 'Start servers with tables of their own: npm run servers -- --folder data/demo.' },
  )
}

/** Where the tables are, as a sentence. @param place what a person knows the warehouse by */
export function placeOfTables(warehouse: DemoWarehouse, place: string): string {
  switch (warehouse.kind) {
    case 'file':
      return `The warehouse is ${place}`
    case 'iceberg':
      return `The tables are in the Iceberg catalog ${place}: bronze.…, silver.…, gold.… and meta.…`
    case 'spark':
      return `The tables are in ${place}: bronze.…, silver.…, gold.… and meta.…`
  }
}

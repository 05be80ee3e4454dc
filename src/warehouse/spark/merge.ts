/** Changing rows of a table in one commit of Spark's: pure. */
import { qualifiedName, type Table } from '../../tables/table.js'
import { typeName } from '../ddl.js'
import { identifier } from '../sql-text.js'

/** No column is called so. */
const goes = identifier('#goes')

/**
 * Rows go by the key, others come. A row that comes matches nothing, so that no row of the table is meant by two of the
 * source, and rows with one key can come together, as on other engines.
 * @param removed relation of the rows that go, by the table's key
 * @param added relation of the rows that come
 */
export function mergeStatement(table: Table, removed: string, added: string): string {
  const names = table.columns.map(({ name }) => identifier(name))
  const keyOnly = table.columns.map(({ name, type }) =>
    table.key.includes(name)
      ? identifier(name)
      : `cast(null as ${typeName(type, 'spark')}) as ${identifier(name)}`,
  )
  const same = table.key.map(name => `target.${identifier(name)} = source.${identifier(name)}`)
  return `merge into ${qualifiedName(table)} as target
    using (
      select ${names.join(', ')}, false as ${goes} from ${added}
      union all
      select distinct ${keyOnly.join(', ')}, true as ${goes} from ${removed}
    ) as source
    on ${[...same, `source.${goes}`].join(' and ')}
    when matched then delete
    when not matched and not source.${goes}
      then insert (${names.join(', ')}) values (${names.map(name => `source.${name}`).join(', ')})`
}

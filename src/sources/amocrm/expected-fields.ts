/** Which fields of an entity's records its table is made of. */
import type { ExpectedFields } from '../../tables/expected-fields.js'
import type { Entity } from './entities.js'
import { contentColumns } from './records.js'

/** Fields with the types of their columns; one of a nested object stands after a dot. */
export function expectedFields({ table, fields }: Pick<Entity, 'table' | 'fields'>): ExpectedFields {
  return new Map(contentColumns(table).map(({ name, type }) => [fields[name]?.path ?? name, type]))
}

/** Fields whose own fields are looked at: those that columns are taken out of. */
export function nestedFields(entity: Pick<Entity, 'fields'>): ReadonlySet<string> {
  const outer = Object.values(entity.fields).flatMap(({ path }) => {
    const [first = '', ...rest] = path.split('.')
    return rest.length > 0 ? [first] : []
  })
  return new Set(['_embedded', ...outer])
}

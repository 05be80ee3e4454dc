/** Changes in what the APIs send: what they are called, and which were noticed of late. */
import { hiddenField } from '../../record-shape.js'
import { type Engine, rowsOf } from '../engine.js'
import { instantLiteral } from '../sql-text.js'

export const schemaChangeKinds = ['added', 'dropped', 'type_changed'] as const
export type SchemaChangeKind = (typeof schemaChangeKinds)[number]

/** A row of `meta.schema_changes`. */
export interface SchemaChange {
  readonly source: string
  readonly entity: string
  /** One of a nested object stands after a dot, one of the answer around the records after `answer.`. */
  readonly field: string
  readonly change: SchemaChangeKind
  /** Types of JSON. */
  readonly typesBefore: readonly string[]
  readonly typesAfter: readonly string[]
  /** The load that showed it. */
  readonly loadId: string
}

export interface NoticedChange extends SchemaChange {
  /** Unix milliseconds. */
  readonly noticedAt: number
}

/**
 * The changes that were noticed at an instant or later, newest first.
 * @param since Unix milliseconds
 */
export async function recentSchemaChanges(engine: Engine, since: number): Promise<readonly NoticedChange[]> {
  const rows = await rowsOf(
    engine,
    `select source, entity, field, change, types_before, types_after, load_id, unix_ms(noticed_at) as noticed
     from meta.schema_changes where noticed_at >= ${instantLiteral(since)}
     order by noticed_at desc, source, entity, field`,
  )
  return rows.flatMap(row => {
    const change = schemaChangeKinds.find(kind => kind === row.change)
    if (!change) return []
    return {
      source: String(row.source),
      entity: String(row.entity),
      field: String(row.field),
      change,
      typesBefore: textsIn(row.types_before),
      typesAfter: textsIn(row.types_after),
      loadId: String(row.load_id),
      noticedAt: Number(row.noticed),
    }
  })
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

/**
 * What changed and what follows from it, for a person.
 * @param hasColumn whether a column of Bronze is made of the field
 */
export function changeSentence(change: SchemaChange, hasColumn: boolean): string {
  const { source, entity, typesBefore, typesAfter } = change
  const field = change.field.endsWith(hiddenField)
    ? 'a field whose name is not shown'
    : `the field ${change.field}`
  const what = `${source} ${entity}: ${field}`
  switch (change.change) {
    case 'added':
      return (
        `${what} is new${typesAfter.length > 0 ? ` (${typesAfter.join(', ')})` : ''}. ` +
        (hasColumn
          ? 'Its column is filled again.'
          : 'It stays in the archive; once Bronze has a column for it, it is brought in by: hubdwh transform --replay')
      )
    case 'dropped':
      return (
        `${what}, which every record had, has not come for a while. ` +
        (hasColumn ? 'Its column is empty in what was loaded since.' : 'No column is made of it.')
      )
    case 'type_changed': {
      const news = typesAfter.filter(type => !typesBefore.includes(type))
      return (
        `${what} was ${typesBefore.join(' or ')} and now also comes as ${news.join(' or ')}. ` +
        (hasColumn
          ? 'Records that its column cannot hold are set aside in meta.rejects; the originals stay in the archive.'
          : 'It stays in the archive as it came; no column is made of it.')
      )
    }
  }
}

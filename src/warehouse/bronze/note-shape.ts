/**
 * What a load's records look like against what is known of its source: a field that the API adds, drops or changes in
 * type is noted once in `meta.schema_changes` and told. Rules: docs/extraction.md, "When the API changes".
 */
import { hiddenField, type Shape, type ShapeOf, type Shapes } from '../../record-shape.js'
import type { ExpectedFields } from '../../tables/expected-fields.js'
import { type Engine, type Row, rowsOf } from '../engine.js'
import { instantLiteral, literal, literalList } from '../sql-text.js'
import { changeSentence, type SchemaChange } from './schema-changes.js'
import { fieldsAfter, type KnownField, type NotedFields } from './schema-fields.js'

/** What is noted of a load besides its rows. */
export interface ShapeToNote {
  readonly loadId: string
  readonly source: string
  readonly entity: string
  /** Absent where the package does not tell. */
  readonly shapes?: Shapes | undefined
  readonly expected?: ExpectedFields | undefined
}

const prefixes: Readonly<Record<ShapeOf, string>> = { records: '', answers: 'answer.' }
const nothingExpected: ExpectedFields = new Map()

/**
 * Notes the shape of a load that is being entered, in its commit. What is told of a source for the first time is
 * what later loads are compared with.
 * @param at now, Unix milliseconds
 * @returns a sentence for each change, for a person
 */
export async function noteShape(engine: Engine, load: ShapeToNote, at: number): Promise<readonly string[]> {
  const { shapes = {}, expected = nothingExpected } = load
  const known = await knownFields(engine, load)
  const noted = [
    notedOf('records', shapes.records, known, expected, at),
    notedOf('answers', shapes.answers, known, nothingExpected, at),
  ]
  const fields = noted.flatMap(each => each.fields)
  if (fields.length === 0) return []
  await replaceFields(engine, load, fields, known.length > 0)
  const { source, entity, loadId } = load
  const changes = noted.flatMap(each => each.changes).map(change => ({ ...change, source, entity, loadId }))
  await noteChanges(engine, changes, at)
  return changes.map(change => changeSentence(change, expected.has(change.field)))
}

function notedOf(
  of: ShapeOf,
  shape: Shape | undefined,
  known: readonly KnownField[],
  expected: ExpectedFields,
  at: number,
): NotedFields {
  const prefix = prefixes[of]
  const ofThese = known.filter(({ field }) => field.startsWith(prefixes.answers) === (of === 'answers'))
  if (!shape) return { fields: ofThese, changes: [] }
  const fields = shape.fields.map(field => ({ ...field, name: prefix + field.name }))
  const hidden = prefix + hiddenField
  return fieldsAfter({ known: ofThese, shape: { ...shape, fields }, expected, hidden, at })
}

async function knownFields(engine: Engine, { source, entity }: ShapeToNote): Promise<readonly KnownField[]> {
  const rows = await rowsOf(
    engine,
    `select field, types, is_steady, records_with, records_without, unix_ms(first_seen_at) as first_seen,
       unix_ms(last_seen_at) as last_seen
     from meta.schema_fields where source = ${literal(source)} and entity = ${literal(entity)} order by field`,
  )
  return rows.map(knownField)
}

function knownField(row: Row): KnownField {
  return {
    field: String(row.field),
    types: Array.isArray(row.types) ? row.types.map(String) : [],
    isSteady: row.is_steady === true,
    recordsWith: Number(row.records_with),
    recordsWithout: Number(row.records_without),
    firstSeenAt: Number(row.first_seen),
    lastSeenAt: Number(row.last_seen),
  }
}

async function replaceFields(
  engine: Engine,
  { source, entity }: ShapeToNote,
  fields: readonly KnownField[],
  areKnown: boolean,
): Promise<void> {
  const lines = fields.map(
    field =>
      `(${literal(source)}, ${literal(entity)}, ${literal(field.field)}, ${literalList(field.types, engine.name)}, ` +
      `${field.isSteady}, ${field.recordsWith}, ${field.recordsWithout}, ` +
      `${instantLiteral(field.firstSeenAt)}, ${instantLiteral(field.lastSeenAt)})`,
  )
  if (areKnown) {
    await engine.run(
      `delete from meta.schema_fields where source = ${literal(source)} and entity = ${literal(entity)}`,
    )
  }
  await engine.run(
    'insert into meta.schema_fields (source, entity, field, types, is_steady, records_with, records_without, ' +
      `first_seen_at, last_seen_at) values ${lines.join(', ')}`,
  )
}

async function noteChanges(engine: Engine, changes: readonly SchemaChange[], at: number): Promise<void> {
  if (changes.length === 0) return
  const lines = changes.map(
    change =>
      `(${literal(change.source)}, ${literal(change.entity)}, ${literal(change.field)}, ` +
      `${literal(change.change)}, ${literalList(change.typesBefore, engine.name)}, ${literalList(change.typesAfter, engine.name)}, ` +
      `${literal(change.loadId)}, ${instantLiteral(at)})`,
  )
  await engine.run(
    'insert into meta.schema_changes (source, entity, field, change, types_before, types_after, load_id, ' +
      `noticed_at) values ${lines.join(', ')}`,
  )
}

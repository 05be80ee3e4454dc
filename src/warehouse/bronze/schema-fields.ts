/** What is known of a source's fields before and after more records have come: pure. */
import { type FieldShape, joinedTypes, type Shape } from '../../record-shape.js'
import type { ExpectedFields } from '../../tables/expected-fields.js'
import type { SchemaChange } from './schema-changes.js'

/** A row of `meta.schema_fields`. */
export interface KnownField {
  readonly field: string
  readonly types: readonly string[]
  /** Whether every record had it from the first one that did to the last one. */
  readonly isSteady: boolean
  /** Records that had it, since it came or came back. */
  readonly recordsWith: number
  /** Records in a row, up to the last one, that came without it. */
  readonly recordsWithout: number
  /** Unix milliseconds, as the one below. */
  readonly firstSeenAt: number
  readonly lastSeenAt: number
}

export interface MoreRecords {
  /** Empty where nothing has been told of these records before. */
  readonly known: readonly KnownField[]
  readonly shape: Shape
  readonly expected: ExpectedFields
  /** The field that stands for many: it is no steady one. */
  readonly hidden: string
  /** Unix milliseconds. */
  readonly at: number
}

export type FieldChange = Omit<SchemaChange, 'source' | 'entity' | 'loadId'>

export interface NotedFields {
  readonly fields: readonly KnownField[]
  readonly changes: readonly FieldChange[]
}

/** So many records in a row must have had a field, and so many have come without it, before it counts as dropped. */
export const enoughRecords = 50

/** What is known after the records, and what has changed by them. */
export function fieldsAfter(more: MoreRecords): NotedFields {
  const { known, shape, at } = more
  const came = new Map(shape.fields.map(field => [field.name, field]))
  const noted: Noted[] = known.map(before => {
    const field = came.get(before.field)
    return field ? cameAgain(before, field, more) : stayedAway(before, shape.records)
  })
  const names = new Set(known.map(({ field }) => field))
  for (const field of shape.fields) {
    if (!names.has(field.name)) noted.push(cameFirst(field, more, at))
  }
  return {
    fields: noted.map(({ field }) => field),
    changes: noted.flatMap(({ changes }) => changes),
  }
}

interface Noted {
  readonly field: KnownField
  readonly changes: readonly FieldChange[]
}

function isDropped({ isSteady, recordsWith, recordsWithout }: KnownField): boolean {
  return isSteady && recordsWith >= enoughRecords && recordsWithout >= enoughRecords
}

function stayedAway(before: KnownField, records: number): Noted {
  const field = { ...before, recordsWithout: before.recordsWithout + records }
  return { field, changes: isDropped(before) ? [] : droppedIn(field) }
}

function droppedIn(field: KnownField): readonly FieldChange[] {
  if (!isDropped(field)) return []
  return [{ field: field.field, change: 'dropped', typesBefore: field.types, typesAfter: [] }]
}

function cameFirst(
  came: FieldShape,
  { known, shape, expected, hidden, at }: MoreRecords,
  seen: number,
): Noted {
  const isFirstLook = known.length === 0
  const field: KnownField = {
    field: came.name,
    types: came.types,
    // In a first look a field that comes late is an optional one; later it is one that was added meanwhile.
    isSteady: came.name !== hidden && hasNoGap(came) && (!isFirstLook || came.first === 1),
    recordsWith: came.records,
    recordsWithout: shape.records - came.last,
    firstSeenAt: seen,
    lastSeenAt: at,
  }
  // A field that there is a column for is no news: until now no record had it.
  const isNews = !isFirstLook && !expected.has(came.name)
  const change: FieldChange = {
    field: came.name,
    change: 'added',
    typesBefore: [],
    typesAfter: came.types,
  }
  return { field, changes: [...(isNews ? [change] : []), ...droppedIn(field)] }
}

function cameAgain(before: KnownField, came: FieldShape, more: MoreRecords): Noted {
  const { shape, hidden, at } = more
  const isBack = isDropped(before)
  const isWithoutPause = before.recordsWithout === 0 && came.first === 1
  const field: KnownField = {
    ...before,
    types: joinedTypes(before.types, came.types),
    isSteady: before.field !== hidden && hasNoGap(came) && (isBack || (before.isSteady && isWithoutPause)),
    recordsWith: (isBack ? 0 : before.recordsWith) + came.records,
    recordsWithout: shape.records - came.last,
    lastSeenAt: at,
  }
  return { field, changes: [...newsOf(before, came, isBack, more), ...droppedIn(field)] }
}

function newsOf(
  before: KnownField,
  came: FieldShape,
  isBack: boolean,
  { expected, hidden }: MoreRecords,
): readonly FieldChange[] {
  const { field, types: typesBefore } = before
  if (isBack) return [{ field, change: 'added', typesBefore, typesAfter: came.types }]
  if (field === hidden || !came.types.some(type => isNewType(type, before, expected))) return []
  return [{ field, change: 'type_changed', typesBefore, typesAfter: joinedTypes(typesBefore, came.types) }]
}

function hasNoGap({ records, first, last }: FieldShape): boolean {
  return records === last - first + 1
}

/** Null before is no type, and a whole number is a number; the other way round only an integer column minds. */
function isNewType(type: string, { field, types }: KnownField, expected: ExpectedFields): boolean {
  if (types.length === 0 || types.includes(type)) return false
  if (type === 'integer') return !types.includes('number')
  const column = expected.get(field)
  if (type === 'number' && types.includes('integer')) return column === 'int' || column === 'bigint'
  return true
}

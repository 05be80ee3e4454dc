/**
 * The shape of what a source sends: which fields come, of which types of JSON, in how many records. No value is kept,
 * so that a shape may stand where personal data may not.
 */
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'

export const jsonTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const
/** `number` is one that is not whole. Null is none of these, nor is an empty list, PHP's word for an empty object. */
export type JsonType = (typeof jsonTypes)[number]

export interface FieldShape {
  /** One of a nested object stands after a dot: `_embedded.contacts`. See {@link hiddenField}. */
  readonly name: string
  /** In the order of {@link jsonTypes}. */
  readonly types: readonly JsonType[]
  /** In how many records it came, also as null. */
  readonly records: number
  /** Which record was the first that had it and which the last, counted from 1. */
  readonly first: number
  readonly last: number
}

export interface Shape {
  readonly records: number
  /** In the order of their first appearance. */
  readonly fields: readonly FieldShape[]
}

/** What a shape is of: records, or the answers around them. */
export type ShapeOf = 'records' | 'answers'
export type Shapes = Readonly<Partial<Record<ShapeOf, Shape>>>

/** Stands for all fields whose names could be somebody's, and for those beyond {@link mostFields}. */
export const hiddenField = '***'

/** So many fields are told apart; an API has some dozens. */
export const mostFields = 500

/** A name as programmers give it. Seven digits could be a person's number. */
const plainName = /^[A-Za-z_][A-Za-z0-9_-]{0,39}$/
const manyDigits = /(?:\d.*){7}/

export interface ShapeGatherer {
  add(record: JsonObject): void
  /** The shape of everything that was added. */
  shape(): Shape
}

/** @param nested fields whose own fields are looked at too, where they hold an object */
export function shapeGatherer(nested: ReadonlySet<string>): ShapeGatherer {
  const fields: MutableField[] = []
  const top = newLevel(fields, '', nested)
  let records = 0
  return {
    add: record => {
      records += 1
      noteFields(top, record, records)
    },
    shape: () => ({
      records,
      fields: fields.map(({ name, types, records: having, first, last }) => ({
        name,
        types: jsonTypes.filter((_, index) => types & (1 << index)),
        records: having,
        first,
        last,
      })),
    }),
  }
}

/** The shape of one object. */
export function shapeOf(record: JsonObject): Shape {
  const gatherer = shapeGatherer(new Set())
  gatherer.add(record)
  return gatherer.shape()
}

interface MutableField {
  readonly name: string
  /** A bit for each of the types. */
  types: number
  records: number
  first: number
  last: number
}

/** A field of an object on its way: what is noted about it, and its own fields where they are looked at. */
interface Slot {
  readonly key: string
  readonly field: MutableField
  readonly inner: Level | undefined
}

interface Level {
  readonly all: MutableField[]
  readonly prefix: string
  readonly nested: ReadonlySet<string>
  /** In the order in which most records have them, so that a slot is mostly found without looking it up. */
  readonly slots: Slot[]
  readonly byKey: Map<string, Slot>
}

const nothingNested: ReadonlySet<string> = new Set()

function newLevel(all: MutableField[], prefix: string, nested: ReadonlySet<string>): Level {
  return { all, prefix, nested, slots: [], byKey: new Map() }
}

function noteFields(level: Level, record: JsonObject, number: number): void {
  let index = 0
  for (const key in record) {
    const value = record[key]
    if (value === undefined) continue
    const expected = level.slots[index]
    const slot = expected?.key === key ? expected : slotFor(level, key)
    index += 1
    const { field, inner } = slot
    field.types |= typeBit(value)
    field.records += 1
    if (field.first === 0) field.first = number
    field.last = number
    if (inner && isJsonObject(value)) noteFields(inner, value, number)
  }
}

function slotFor(level: Level, key: string): Slot {
  const known = level.byKey.get(key)
  if (known) return known
  const { all, prefix } = level
  const isPlain = plainName.test(key) && !manyDigits.test(key)
  const name = isPlain && all.length < mostFields - 1 ? prefix + key : hiddenField
  const hidden = name === hiddenField ? all.find(field => field.name === hiddenField) : undefined
  const field = hidden ?? { name, types: 0, records: 0, first: 0, last: 0 }
  if (!hidden) all.push(field)
  const inner =
    name !== hiddenField && level.nested.has(key) ? newLevel(all, `${name}.`, nothingNested) : undefined
  const slot = { key, field, inner }
  // What is not told apart is not kept either: a source that makes up names must not fill the memory.
  if (name === hiddenField) return slot
  level.slots.push(slot)
  level.byKey.set(key, slot)
  return slot
}

function typeBit(value: JsonValue): number {
  switch (typeof value) {
    case 'string':
      return 1
    case 'number':
      return Number.isInteger(value) ? 2 : 4
    case 'boolean':
      return 8
    default:
      if (value === null) return 0
      if (!Array.isArray(value)) return 32
      return value.length > 0 ? 16 : 0
  }
}

/** The shape of the records of one and then of the other. */
export function joinedShape(before: Shape, after: Shape): Shape {
  const fields = new Map(before.fields.map(field => [field.name, field]))
  for (const field of after.fields) {
    const isRoom = fields.size < mostFields - 1 || fields.has(field.name)
    const name = isRoom ? field.name : hiddenField
    const known = fields.get(name)
    fields.set(name, {
      name,
      types: joinedTypes(known?.types ?? [], field.types),
      records: (known?.records ?? 0) + field.records,
      first: known?.first ?? before.records + field.first,
      last: before.records + field.last,
    })
  }
  return { records: before.records + after.records, fields: [...fields.values()] }
}

/** Types of JSON that are in one of the lists, in their order. */
export function joinedTypes(some: readonly string[], others: readonly string[]): readonly JsonType[] {
  return jsonTypes.filter(type => some.includes(type) || others.includes(type))
}

/** The same for all that shapes are of. */
export function joinedShapes(before: Shapes, after: Shapes = {}): Shapes {
  const records = joinedOr(before.records, after.records)
  const answers = joinedOr(before.answers, after.answers)
  return { ...(records && { records }), ...(answers && { answers }) }
}

function joinedOr(before: Shape | undefined, after: Shape | undefined): Shape | undefined {
  return before && after ? joinedShape(before, after) : (before ?? after)
}

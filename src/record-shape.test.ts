import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject, type JsonValue } from './json.js'
import {
  type FieldShape,
  hiddenField,
  type JsonType,
  joinedShape,
  jsonTypes,
  mostFields,
  type Shape,
  shapeGatherer,
} from './record-shape.js'

const nested = new Set(['_embedded'])

function gathered(records: readonly JsonObject[]): Shape {
  const gatherer = shapeGatherer(nested)
  for (const record of records) gatherer.add(record)
  return gatherer.shape()
}

function typeOf(value: JsonValue): JsonType | undefined {
  if (value === null) return undefined
  if (Array.isArray(value)) return value.length > 0 ? 'array' : undefined
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value === 'string') return 'string'
  return typeof value === 'boolean' ? 'boolean' : 'object'
}

/** The same, told field by field over all records. */
function naiveShape(records: readonly JsonObject[]): Shape {
  const flat = records.map(record =>
    Object.entries(record).flatMap(([key, value]): (readonly [string, JsonValue])[] =>
      nested.has(key) && isJsonObject(value)
        ? [[key, value], ...Object.entries(value).map(([inner, held]) => [`${key}.${inner}`, held] as const)]
        : [[key, value]],
    ),
  )
  const names = [...new Set(flat.flatMap(fields => fields.map(([name]) => name)))]
  const fields = names.map((name): FieldShape => {
    const values = flat.map(own => own.find(([key]) => key === name))
    const numbers = values.flatMap((own, index) => (own ? [index + 1] : []))
    const types = values.flatMap(own => (own ? (typeOf(own[1]) ?? []) : []))
    return {
      name,
      types: jsonTypes.filter(type => types.includes(type)),
      records: numbers.length,
      first: Math.min(...numbers),
      last: Math.max(...numbers),
    }
  })
  return { records: records.length, fields }
}

const byName = ({ records, fields }: Shape): Shape => ({
  records,
  fields: [...fields].sort((a, b) => (a.name < b.name ? -1 : 1)),
})

const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom<JsonValue>(null, 1, 1.5, 'text', true, [], [1], {}, { inner: 1 }),
  fc.dictionary(fc.constantFrom('tags', 'contacts', 'toString'), fc.constantFrom<JsonValue>(null, [1], 7)),
)
const record = fc.dictionary(
  fc.constantFrom('id', 'name', 'price', '_embedded', 'other', 'constructor', 'a', 'b'),
  value,
)
const pages = fc.array(fc.array(record, { maxLength: 6 }), { maxLength: 6 })

describe('the shape of records', () => {
  it('is that of all of them, however they are cut into pages and checkpoints', () => {
    fc.assert(
      fc.property(pages, fc.nat(6), (cut, at) => {
        const shapes = cut.map(gathered)
        const none: Shape = { records: 0, fields: [] }
        const checkpoint = shapes.slice(0, at).reduce(joinedShape, none)
        const rest = shapes.slice(at).reduce(joinedShape, none)
        const naive = byName(naiveShape(cut.flat()))
        expect(byName(joinedShape(checkpoint, rest))).toEqual(naive)
        expect(byName(shapes.reduce(joinedShape, none))).toEqual(naive)
        expect(byName(gathered(cut.flat()))).toEqual(naive)
      }),
    )
  })

  it('names no field that could be a person', () => {
    const names = [
      '880101400123',
      '+7 701 123-45-67',
      'a@b.kz',
      'Айгерим',
      'n1a2m3e4f5g6h7',
      '__proto__x'.repeat(5),
    ]
    const shape = gathered(names.map(name => ({ [name]: 1, id: 1 })))
    expect(shape.fields.map(({ name }) => name)).toEqual([hiddenField, 'id'])
    expect(shape.fields[0]).toMatchObject({ records: names.length, types: ['integer'] })
  })

  it('stays small where a source makes up names', () => {
    const madeUp = Array.from({ length: 3 }, (_, page) =>
      Array.from({ length: 400 }, (_, index) => ({ id: 1, [`f${(page * 400 + index).toString(36)}`]: 'x' })),
    )
    const shape = madeUp.map(gathered).reduce(joinedShape)
    expect(shape.fields.length).toBeLessThanOrEqual(mostFields)
    expect(shape.fields.find(({ name }) => name === 'id')?.records).toBe(1200)
    expect(shape.fields.some(({ name }) => name === hiddenField)).toBe(true)
    expect(gathered(madeUp.flat()).fields.length).toBeLessThanOrEqual(mostFields)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../json.js'
import { shapeGatherer } from '../../record-shape.js'
import { enoughRecords, fieldsAfter, type KnownField, type NotedFields } from './schema-fields.js'

function load(known: readonly KnownField[], records: readonly JsonObject[]): NotedFields {
  const gatherer = shapeGatherer(new Set())
  for (const record of records) gatherer.add(record)
  const expected = new Map([['count', 'int'] as const])
  return fieldsAfter({ known, shape: gatherer.shape(), expected, hidden: '***', at: 0 })
}

/** What each of the loads changes, in short: `field change`. */
function told(...loads: readonly (readonly JsonObject[])[]): readonly (readonly string[])[] {
  let known: readonly KnownField[] = []
  return loads.map(records => {
    const { fields, changes } = load(known, records)
    known = fields
    return changes.map(({ field, change }) => `${field} ${change}`)
  })
}

const times = (count: number, record: JsonObject): readonly JsonObject[] => Array(count).fill(record)
const with_ = { id: 1, a: 'x' }
const without = { id: 1 }

describe('what is known of fields', () => {
  it('is begun in silence', () => {
    expect(told([{ id: 1, a: 2 }])).toEqual([[]])
  })

  it('tells a field as dropped at the fiftieth record without it, not before', () => {
    expect(told(times(50, with_), times(49, without), times(1, without), times(9, without))).toEqual([
      [],
      [],
      ['a dropped'],
      [],
    ])
  })

  it('tells nothing of a field that fewer than fifty records had, or that had a gap', () => {
    expect(told(times(49, with_), times(200, without))).toEqual([[], []])
    expect(told(times(60, with_), times(3, without), times(60, with_), times(60, without)).flat()).toEqual([])
  })

  it('tells a field that came within a load and went within a load', () => {
    expect(told([without], [...times(3, without), ...times(50, with_), ...times(50, without)])).toEqual([
      [],
      ['a added', 'a dropped'],
    ])
  })

  it('tells a dropped field as added when it is back, and as dropped when it goes again', () => {
    const gone = times(50, without)
    expect(told(times(50, with_), gone, times(50, with_), gone)).toEqual([
      [],
      ['a dropped'],
      ['a added'],
      ['a dropped'],
    ])
  })

  it('tells a type only where it can matter', () => {
    const values = (...list: readonly (string | number | null)[]) => list.map(a => ({ a }))
    expect(told(values(null), values('x'), values(1), values(1, 'x'))).toEqual([
      [],
      [],
      ['a type_changed'],
      [],
    ])
    expect(told(values(1), values(1.5), values(2))).toEqual([[], [], []])
    expect(told([{ count: 1 }], [{ count: 1.5 }])).toEqual([[], ['count type_changed']])
    expect(told([{ a: {} }], [{ a: [] }], [{ a: [1] }])).toEqual([[], [], ['a type_changed']])
  })

  it('comes to the same drops however records are cut into loads', () => {
    const records = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 70 })), { maxLength: 6 })
    fc.assert(
      fc.property(records, fc.array(fc.nat(90), { maxLength: 8 }), (runs, cuts) => {
        const all = [with_, ...runs.flatMap(([has, count]) => times(count, has ? with_ : without))]
        const loads: (readonly JsonObject[])[] = []
        let rest: readonly JsonObject[] = all
        for (const cut of cuts) {
          loads.push(rest.slice(0, cut + 1))
          rest = rest.slice(cut + 1)
        }
        // One record a load is the finest cut: what a coarser one tells, it tells too.
        const finest = told(...all.map(record => [record])).flat()
        const coarse = told(...[...loads, rest].filter(each => each.length > 0)).flat()
        expect(coarse.length).toBeLessThanOrEqual(finest.length)
        expect(finest.length > 0).toBe(hasDrop(all))
      }),
    )
  })
})

/** Whether the field was in every record up to a point, in enough of them, and then away from enough. */
function hasDrop(records: readonly JsonObject[]): boolean {
  const gap = records.findIndex(record => !('a' in record))
  if (gap < enoughRecords) return false
  const back = records.slice(gap).findIndex(record => 'a' in record)
  return (back < 0 ? records.length - gap : back) >= enoughRecords
}

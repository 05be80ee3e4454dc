import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../json.js'
import { denseBase, spacedIds } from '../generated/dense-base.js'
import { collection, type Listing, type Place } from './collection.js'

const byUpdate: Listing = {
  place: 'list',
  sortBy: 'updated_at',
  descending: false,
  ranges: [],
  conditions: [],
}

/** A base of records whose `updated_at` are the given numbers, ids 10, 20, … */
function baseOf(updates: readonly number[]) {
  const ids = spacedIds(updates.length, 10, 10)
  const updatedAt = (ordinal: number) => updates[ordinal] ?? 0
  return denseBase({
    count: updates.length,
    ids,
    placeOf: () => 'list',
    key: (ordinal, field) => (field === 'updated_at' ? updatedAt(ordinal) : ids.idOf(ordinal)),
    record: ordinal => ({ id: ids.idOf(ordinal), updated_at: updatedAt(ordinal) }),
  })
}

function ids(rows: readonly unknown[]) {
  return rows.filter(isJsonObject).map(row => row.id)
}

describe('a collection', () => {
  it('is, after any edits, what a plain array of the same records would be', () => {
    const time = fc.integer({ min: 0, max: 30 })
    const place = fc.constantFrom<Place>('list', 'bin', 'gone')
    fc.assert(
      fc.property(
        fc.array(time, { maxLength: 40 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 45 }), time, place), { maxLength: 30 }),
        fc.constantFrom<'id' | 'updated_at'>('id', 'updated_at'),
        fc.boolean(),
        fc.option(fc.tuple(time, time), { nil: undefined }),
        (updates, edits, sortBy, descending, bounds) => {
          const records = collection(baseOf(updates))
          const model = new Map<number, { record: JsonObject; key: number; place: Place }>()
          updates.forEach((updated_at, ordinal) => {
            const id = 10 + 10 * ordinal
            model.set(id, { record: { id, updated_at }, key: updated_at, place: 'list' })
          })
          for (const [n, updated_at, where] of edits) {
            const id = n * 10
            records.put(id, { id, updated_at }, where)
            model.set(id, { record: { id, updated_at }, key: updated_at, place: where })
          }
          const ranges = bounds ? [{ field: 'updated_at', from: bounds[0], to: bounds[1] }] : []
          const { rows } = records.list({ place: 'list', sortBy, descending, ranges, conditions: [] }, 0, 100)
          const expected = [...model.values()]
            .filter(entry => entry.place === 'list')
            .filter(({ key }) => !bounds || (key >= bounds[0] && key <= bounds[1]))
            .map(entry => entry.record)
          const keys = rows.filter(isJsonObject).map(row => Number(row[sortBy]))
          expect(keys).toEqual(keys.toSorted((a, b) => (descending ? b - a : a - b)))
          expect(ids(rows).toSorted()).toEqual(ids(expected).toSorted())
        },
      ),
    )
  })

  it('is cut into pages that neither lose nor double a row', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (updates, size) => {
        const records = collection(baseOf(updates))
        const seen: unknown[] = []
        for (let page = 0, hasMore = true; hasMore; page += 1) {
          const rows = records.list(byUpdate, page * size, size)
          seen.push(...ids(rows.rows))
          hasMore = rows.hasMore
        }
        expect(seen.toSorted()).toEqual(updates.map((_, ordinal) => 10 + 10 * ordinal).toSorted())
      }),
    )
  })

  it('loses a row between two offset pages when one that was read is touched', () => {
    const records = collection(baseOf([1, 2, 3, 4]))
    const first = records.list(byUpdate, 0, 2)
    records.put(10, { id: 10, updated_at: 9 }, 'list')
    const second = records.list(byUpdate, 2, 2)
    expect([...ids(first.rows), ...ids(second.rows)]).toEqual([10, 20, 40, 10])
  })

  it('puts an edited record after the others of its second', () => {
    const records = collection(baseOf([5, 5, 5]))
    records.put(10, { id: 10, updated_at: 5 }, 'list')
    expect(ids(records.list(byUpdate, 0, 10).rows)).toEqual([20, 30, 10])
  })

  it('finds by the value of a field, booleans as 1 and 0', () => {
    const records = collection()
    records.append({ id: 1, is_completed: true })
    records.append({ id: 2, is_completed: false })
    const conditions = [{ field: 'is_completed', anyOf: ['0'] }]
    expect(ids(records.list({ ...byUpdate, conditions }, 0, 10).rows)).toEqual([2])
  })

  it('finds again after an edit what it found before', () => {
    const records = collection(baseOf([1, 2]))
    const both = { ...byUpdate, conditions: [{ field: 'id', anyOf: ['10', '20'] }] }
    records.list(both, 0, 10)
    records.put(10, { id: 10, updated_at: 1 }, 'bin')
    expect(ids(records.list(both, 0, 10).rows)).toEqual([20])
  })

  it('takes values that are no records', () => {
    const records = collection()
    for (const value of [{ id: 1 }, { id: 1 }, { name: 'without id' }, null, 'text', 7]) records.append(value)
    expect(records.list(byUpdate, 0, 10).rows).toHaveLength(6)
  })
})

/**
 * The records of one kind: a base that is made on demand and never held, under an overlay of what was edited,
 * added, deleted or listed by a test.
 */
import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import { type MergedOrder, mergedOrder, type OverlayEntry, type Ref } from './merged-order.js'
import { emptyIndex, type SortedIndex } from './sorted-index.js'

export type RecordId = number | string

/** Where a record is: in the list, in the recycle bin, or nowhere any more. */
export type Place = 'list' | 'bin' | 'gone'

/** What lists can be sorted by. */
export type SortField = 'id' | 'created_at' | 'updated_at' | 'complete_till'

/** Records that are a function of their ordinal. */
export interface Base {
  /** The order of the records in a place. */
  index(place: Place, field: SortField): SortedIndex
  ordinalOf(id: RecordId): number | undefined
  placeOf(ordinal: number): Place
  /** The number the index sorts by. */
  key(ordinal: number, field: SortField): number
  /** One field without making the whole record, where that is cheap; undefined where it is not. */
  peek(ordinal: number, field: string): JsonValue | undefined
  record(ordinal: number): JsonObject
}

export const emptyBase: Base = {
  index: () => emptyIndex,
  ordinalOf: () => undefined,
  placeOf: () => 'gone',
  key: () => 0,
  peek: () => undefined,
  record: () => ({}),
}

/** Which records to list, and how. */
export interface Listing {
  readonly place: Place
  readonly sortBy: SortField
  readonly descending: boolean
  /** Bounds on time fields, both inclusive; a missing one is open. */
  readonly ranges: readonly { readonly field: string; readonly from?: number; readonly to?: number }[]
  /** Fields whose value, as text, must be one of these. */
  readonly conditions: readonly { readonly field: string; readonly anyOf: readonly string[] }[]
}

export interface Rows {
  readonly rows: readonly JsonValue[]
  readonly hasMore: boolean
}

export interface Collection {
  list(listing: Listing, offset: number, limit: number): Rows
  /** How many records a listing has in all. */
  count(listing: Listing): number
  /** The record and where it is; undefined for an id that was never there. */
  get(id: RecordId): { readonly record: JsonObject; readonly place: Place } | undefined
  /** Puts a record as it stands in place of the one with that id, or adds it. */
  put(id: RecordId, record: JsonObject, place: Place): void
  /** Adds a value as it stands, whatever it is: a double, an object without an id, not an object at all. */
  append(value: JsonValue): void
}

interface Slot {
  value: JsonValue
  place: Place
}

const keptSelections = 4

function fieldOf(value: JsonValue, field: string): JsonValue | undefined {
  return isJsonObject(value) ? value[field] : undefined
}

function numberOf(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The ranks of an order that a range on its own field leaves. */
function boundsOf(
  order: MergedOrder,
  { ranges, sortBy }: Listing,
): { readonly begin: number; readonly end: number } {
  const range = ranges.find(({ field }) => field === sortBy)
  return {
    begin: range?.from === undefined ? 0 : order.countBelow(range.from),
    end: range?.to === undefined ? order.size : order.countBelow(range.to + 1),
  }
}

/** A collection over a base, with an empty overlay. */
export function collection(base: Base = emptyBase): Collection {
  const slots: Slot[] = []
  const slotOfId = new Map<RecordId, number>()
  const slotOfOrdinal = new Map<number, number>()
  /** Orders and selections made since the last change. */
  const orders = new Map<string, MergedOrder>()
  const selections = new Map<string, readonly Ref[]>()

  const forget = () => {
    orders.clear()
    selections.clear()
  }
  const valueAt = (ref: Ref): JsonValue => (ref >= 0 ? base.record(ref) : (slots[-1 - ref]?.value ?? null))
  const fieldAt = (ref: Ref, field: string): JsonValue | undefined =>
    ref >= 0
      ? (base.peek(ref, field) ?? base.record(ref)[field])
      : fieldOf(slots[-1 - ref]?.value ?? null, field)

  const orderOf = (place: Place, field: SortField): MergedOrder => {
    const name = `${place} ${field}`
    const known = orders.get(name)
    if (known) return known
    const index = base.index(place, field)
    const removed = [...slotOfOrdinal.keys()]
      .filter(ordinal => base.placeOf(ordinal) === place)
      .map(ordinal => index.positionOf(base.key(ordinal, field), ordinal))
      .sort((a, b) => a - b)
    const overlay: OverlayEntry[] = slots
      .flatMap((slot, at) =>
        slot.place === place ? [{ key: numberOf(fieldOf(slot.value, field)), ref: -1 - at }] : [],
      )
      .sort((a, b) => a.key - b.key)
    const order = mergedOrder(index, removed, overlay)
    orders.set(name, order)
    return order
  }

  /** The refs that a listing selects, ascending, where no single range of an order holds them. */
  const select = (listing: Listing): readonly Ref[] => {
    const name = JSON.stringify([listing.place, listing.sortBy, listing.ranges, listing.conditions])
    const known = selections.get(name)
    if (known) return known
    const order = orderOf(listing.place, listing.sortBy)
    const tests = [
      ...listing.conditions.map(({ field, anyOf }) => {
        const wanted = new Set(anyOf)
        return (ref: Ref) => wanted.has(textOf(fieldAt(ref, field)))
      }),
      ...listing.ranges.map(({ field, from = 0, to = Number.POSITIVE_INFINITY }) => (ref: Ref) => {
        const value = numberOf(fieldAt(ref, field))
        return value >= from && value <= to
      }),
    ]
    const { begin, end } = boundsOf(order, listing)
    const refs: Ref[] = []
    for (let rank = begin; rank < end; rank += 1) {
      const ref = order.at(rank)
      if (tests.every(test => test(ref))) refs.push(ref)
    }
    const oldest = selections.keys().next()
    if (selections.size >= keptSelections && !oldest.done) selections.delete(oldest.value)
    selections.set(name, refs)
    return refs
  }

  /** The ascending run of refs that a listing selects: its length, and what stands at each place of it. */
  const runOf = (listing: Listing): { readonly size: number; readonly at: (rank: number) => Ref } => {
    const [range, ...furtherRanges] = listing.ranges
    const isOneRun =
      listing.conditions.length === 0 &&
      furtherRanges.length === 0 &&
      (range === undefined || range.field === listing.sortBy)
    if (!isOneRun) {
      const refs = select(listing)
      return { size: refs.length, at: rank => refs[rank] ?? 0 }
    }
    const order = orderOf(listing.place, listing.sortBy)
    const { begin, end } = boundsOf(order, listing)
    return { size: Math.max(0, end - begin), at: rank => order.at(begin + rank) }
  }

  return {
    list: (listing, offset, limit) => {
      const run = runOf(listing)
      const count = Math.max(0, Math.min(limit, run.size - offset))
      const rows = Array.from({ length: count }, (_, index) => {
        const rank = offset + index
        return valueAt(run.at(listing.descending ? run.size - 1 - rank : rank))
      })
      return { rows, hasMore: run.size > offset + limit }
    },

    count: listing => runOf(listing).size,

    get: id => {
      const slot = slots[slotOfId.get(id) ?? -1]
      if (slot) return { record: isJsonObject(slot.value) ? slot.value : {}, place: slot.place }
      const ordinal = base.ordinalOf(id)
      return ordinal === undefined
        ? undefined
        : { record: base.record(ordinal), place: base.placeOf(ordinal) }
    },

    put: (id, record, place) => {
      const slot = slots[slotOfId.get(id) ?? -1]
      if (slot) {
        slot.value = record
        slot.place = place
      } else {
        const ordinal = base.ordinalOf(id)
        slotOfId.set(id, slots.length)
        if (ordinal !== undefined) slotOfOrdinal.set(ordinal, slots.length)
        slots.push({ value: record, place })
      }
      forget()
    },

    append: value => {
      const id = fieldOf(value, 'id')
      if (typeof id === 'number' || typeof id === 'string') slotOfId.set(id, slots.length)
      slots.push({ value, place: 'list' })
      forget()
    },
  }
}

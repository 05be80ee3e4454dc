import type { Query } from '../query.js'
import type { Listing, SortField } from '../world/collection.js'
import type { ListEndpoint } from './lists.js'

/** How this account's API behaves where the reference leaves it open or the account decides. */
export interface ListBehaviour {
  /** Whether the paid filter add-on is on. Off: filters on leads, contacts and companies are ignored. */
  readonly filterAddOn: boolean
  /** Whether `[from]` and `[to]` belong to what is found. */
  readonly inclusiveBounds: boolean
  /** Whether `order[…]` does anything. */
  readonly order: 'obeyed' | 'ignored'
  /** Set where the token is not an admin's: only this user's records are seen, without any error. */
  readonly onlyOf?: number
}

export type ReadListing =
  | { readonly kind: 'listing'; readonly listing: Listing }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'invalid'; readonly path: string; readonly detail: string }

function isSortField(endpoint: ListEndpoint, name: string): name is SortField {
  return endpoint.orderFields.some(field => field === name)
}

/** Which records a query asks for, by the rules of its list. */
export function readListing(endpoint: ListEndpoint, query: Query, behaviour: ListBehaviour): ReadListing {
  const isFiltered = (name: string) => !endpoint.isFilterPaid || behaviour.filterAddOn || name === 'id'
  let sortBy = endpoint.unorderedBy.field
  let descending = endpoint.unorderedBy.descending
  const [order] = query.inBrackets('order')
  if (order) {
    const [name, direction] = order
    if (!isSortField(endpoint, name)) {
      return {
        kind: 'invalid',
        path: `order.${name}`,
        detail: 'The value you selected is not a valid choice.',
      }
    }
    if (direction !== 'asc' && direction !== 'desc') {
      return { kind: 'invalid', path: `order.${name}`, detail: 'This value should be asc or desc.' }
    }
    if (behaviour.order === 'obeyed') {
      sortBy = name
      descending = direction === 'desc'
    }
  }

  const ranges: { field: string; from?: number; to?: number }[] = []
  for (const field of endpoint.ranges.filter(isFiltered)) {
    const bare = query.one(`filter[${field}]`)
    if (bare !== undefined && field === 'updated_at') {
      if (endpoint.bareUpdatedAt === 'nothing_found') return { kind: 'nothing' }
      ranges.push({ field, from: Number(bare) })
      continue
    }
    const from = query.one(`filter[${field}][from]`)
    const to = query.one(`filter[${field}][to]`)
    if (from === undefined && to === undefined) continue
    const isNumber = [from, to].every(bound => bound === undefined || /^-?\d+$/.test(bound))
    if (!isNumber) {
      return { kind: 'invalid', path: `filter.${field}`, detail: 'This value should be of type int.' }
    }
    const inset = behaviour.inclusiveBounds ? 0 : 1
    ranges.push({
      field,
      ...(from === undefined ? {} : { from: Number(from) + inset }),
      ...(to === undefined ? {} : { to: Number(to) - inset }),
    })
  }
  const conditions = Object.entries(endpoint.conditions)
    .filter(([name]) => isFiltered(name))
    .map(([name, field]) => ({ field, anyOf: query.many(`filter[${name}]`) }))
    .filter(({ anyOf }) => anyOf.length > 0)
  if (behaviour.onlyOf !== undefined && endpoint.entity !== 'events') {
    conditions.push({ field: 'responsible_user_id', anyOf: [String(behaviour.onlyOf)] })
  }
  const place = endpoint.entity === 'leads' && query.words('with').has('only_deleted') ? 'bin' : 'list'
  return { kind: 'listing', listing: { place, sortBy, descending, ranges, conditions } }
}

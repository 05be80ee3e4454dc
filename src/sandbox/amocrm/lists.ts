/** The lists of amoCRM that can be filtered, sorted and edited: what each of them documents. */
import type { SortField } from '../world/collection.js'
import type { Entity } from '../world/world.js'

/** One list, as the reference describes it ("Pages", "Filters"). */
export interface ListEndpoint {
  readonly entity: Entity | 'events'
  readonly maxLimit: number
  /** `order[…]` fields; any other is answered with 400. */
  readonly orderFields: readonly SortField[]
  readonly unorderedBy: { readonly field: SortField; readonly descending: boolean }
  /** `filter[…]` with `[from]` and `[to]`; a filter that is not named here is ignored. */
  readonly ranges: readonly string[]
  /** `filter[…]` with one or many values, and the record's field. */
  readonly conditions: Readonly<Record<string, string>>
  /** Whether all filters but `filter[id]` are the paid add-on. */
  readonly isFilterPaid: boolean
  /** What `filter[updated_at]=ts` without brackets does. */
  readonly bareUpdatedAt: 'nothing_found' | 'from'
  /** What only `with` brings, in `_embedded` or on the record itself. */
  readonly embeddedWith: readonly string[]
  readonly fieldsWith: readonly string[]
}

const cardConditions = {
  id: 'id',
  responsible_user_id: 'responsible_user_id',
  created_by: 'created_by',
  updated_by: 'updated_by',
}

export const listEndpoints: Readonly<Record<Entity | 'events', ListEndpoint>> = {
  leads: {
    entity: 'leads',
    maxLimit: 250,
    orderFields: ['created_at', 'updated_at', 'id'],
    unorderedBy: { field: 'id', descending: false },
    ranges: ['updated_at', 'created_at', 'closed_at'],
    conditions: { ...cardConditions, pipeline_id: 'pipeline_id' },
    isFilterPaid: true,
    bareUpdatedAt: 'nothing_found',
    embeddedWith: ['contacts', 'loss_reason', 'catalog_elements', 'source'],
    fieldsWith: ['is_price_modified_by_robot', 'source_id'],
  },
  contacts: {
    entity: 'contacts',
    maxLimit: 250,
    orderFields: ['updated_at', 'id'],
    unorderedBy: { field: 'id', descending: false },
    ranges: ['updated_at', 'created_at'],
    conditions: cardConditions,
    isFilterPaid: true,
    bareUpdatedAt: 'nothing_found',
    embeddedWith: ['leads', 'customers', 'catalog_elements'],
    fieldsWith: [],
  },
  companies: {
    entity: 'companies',
    maxLimit: 250,
    orderFields: ['updated_at', 'id'],
    unorderedBy: { field: 'id', descending: false },
    ranges: ['updated_at', 'created_at'],
    conditions: cardConditions,
    isFilterPaid: true,
    bareUpdatedAt: 'nothing_found',
    embeddedWith: ['contacts', 'leads', 'customers', 'catalog_elements'],
    fieldsWith: [],
  },
  tasks: {
    entity: 'tasks',
    maxLimit: 250,
    orderFields: ['created_at', 'complete_till', 'id'],
    unorderedBy: { field: 'id', descending: false },
    ranges: ['updated_at'],
    conditions: {
      id: 'id',
      responsible_user_id: 'responsible_user_id',
      is_completed: 'is_completed',
      entity_id: 'entity_id',
      entity_type: 'entity_type',
      task_type: 'task_type_id',
    },
    isFilterPaid: false,
    bareUpdatedAt: 'from',
    embeddedWith: [],
    fieldsWith: [],
  },
  events: {
    entity: 'events',
    maxLimit: 100,
    orderFields: [],
    unorderedBy: { field: 'created_at', descending: true },
    ranges: ['created_at'],
    conditions: {
      id: 'id',
      type: 'type',
      entity: 'entity_type',
      entity_id: 'entity_id',
      created_by: 'created_by',
    },
    isFilterPaid: false,
    bareUpdatedAt: 'from',
    embeddedWith: [],
    fieldsWith: [],
  },
}

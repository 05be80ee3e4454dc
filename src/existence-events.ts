/**
 * The events of amoCRM that say that a record was deleted or restored (reference: "Deletions and merges"). A merged
 * record vanishes without one: the sweep over ids finds it.
 */

/** The kinds of records that such events are about, with the bronze table that holds their versions. */
export const existenceTables = {
  lead: 'amocrm_leads',
  contact: 'amocrm_contacts',
  company: 'amocrm_companies',
  task: 'amocrm_tasks',
} as const
export type RecordKind = keyof typeof existenceTables

export const recordKinds: readonly RecordKind[] = ['lead', 'contact', 'company', 'task']

/** `lead_deleted`, `lead_restored`. */
export function existenceTypes(kind: RecordKind): { readonly deleted: string; readonly restored: string } {
  return { deleted: `${kind}_deleted`, restored: `${kind}_restored` }
}

/** All such types: they are read even where the configuration names other types of events. */
export const allExistenceTypes: readonly string[] = recordKinds.flatMap(kind =>
  Object.values(existenceTypes(kind)),
)

import { type EntityName, entityNamed, entityNames } from '../sources/amocrm/entities.js'
import type { PlannableEntity } from './plan.js'

/** Records that may vanish without a trace in what is read otherwise. */
const sweptEntities: ReadonlySet<EntityName> = new Set(['companies', 'contacts', 'leads', 'tasks'])

/** Whether known records that a reading of everything lacks are asked for by themselves. */
export function isSwept(name: EntityName): boolean {
  return sweptEntities.has(name)
}

/** The entities of amoCRM in the order in which they are read. */
export const plannableEntities: readonly PlannableEntity[] = entityNames.map(name => ({
  name,
  isIncremental: entityNamed(name).reading !== 'whole_lists',
  isSwept: isSwept(name),
  mayBeClosed: entityNamed(name).mayBeClosed === true,
}))

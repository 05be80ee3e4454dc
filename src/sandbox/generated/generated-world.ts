import { collection } from '../world/collection.js'
import { editableWorld } from '../world/edits.js'
import type { World } from '../world/world.js'
import { contacts } from './contacts.js'
import { generatedDictionaries } from './dictionaries.js'
import { events } from './events.js'
import { generatedGate } from './gate.js'
import { type GeneratedOptions, generatedGround } from './generated-ground.js'
import { leads } from './leads.js'
import { usualMisreading } from './misreadings.js'
import { tasks } from './tasks.js'

/**
 * A technopark's year or two, made from a seed. Nothing is held but the orders of what has been listed (eight bytes
 * a record), so a million leads and fifty million events at the gate cost tens of megabytes.
 */
export function generatedWorld(options: GeneratedOptions = {}): World {
  const ground = generatedGround(options)
  const { seed, from, to, timeZone, ids, time, related, histories, companies: madeCompanies } = ground
  const madeContacts = contacts(seed, related, histories, ids.leads, ids.companies, ids.contacts, time)
  const madeTasks = tasks(seed, related, histories, ids, time)

  return editableWorld({
    isLiteral: false,
    collections: {
      leads: collection(
        leads(seed, related, histories, madeCompanies, ids.leads, ids.contacts, ids.companies),
      ),
      contacts: collection(madeContacts.base),
      companies: collection(madeCompanies.base),
      tasks: collection(madeTasks.base),
      events: collection(
        events(
          seed,
          related,
          histories,
          { contact: madeContacts.createdAt, company: madeCompanies.createdAt },
          madeTasks,
          ids,
        ),
      ),
    },
    dictionaries: generatedDictionaries(time.start, timeZone),
    gate: generatedGate({
      seed,
      people: options.people ?? 60,
      from,
      to,
      timeZone,
      misreading: { ...usualMisreading, ...options.misreading },
    }),
  })
}

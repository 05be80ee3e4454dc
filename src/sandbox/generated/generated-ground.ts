/** What the parts of a generated world stand on: how big it is, when it is, who belongs to whom. */
import type { Day } from '../../calendar.js'
import { type Companies, companies } from './companies.js'
import { type Ids, spacedIds } from './dense-base.js'
import { type LeadHistories, leadHistories } from './lead-history.js'
import type { Misreading } from './misreadings.js'
import { type Relations, relations, type Scale } from './relations.js'
import { type WorkingTime, workingTime } from './working-time.js'

/** How big the generated world is, and when it takes place. Everything else follows from the seed. */
export interface GeneratedOptions {
  /** Default 1. The same options give the same world, byte for byte. */
  readonly seed?: number
  /** Default 500. Contacts, companies and tasks follow unless named: 0.8, 0.3 and 1.5 a lead. */
  readonly leads?: number
  readonly contacts?: number
  readonly companies?: number
  readonly tasks?: number
  /** People known at the gate, default 60. One makes three to five events a workday. */
  readonly people?: number
  /** First and last day in `timeZone`, default 2024-01-01 to 2025-06-30. */
  readonly from?: Day
  readonly to?: Day
  /** IANA name, default `Asia/Almaty`. */
  readonly timeZone?: string
  /** Share of leads in the recycle bin, default 0.02. */
  readonly deleted?: number
  /** Share of older leads that one mass edit gave the same second of `updated_at`, default 0.04. */
  readonly massEdited?: number
  /** What the gate gets wrong; the usual shares where not named. */
  readonly misreading?: Partial<Misreading>
}

export interface GeneratedGround {
  readonly seed: number
  readonly from: Day
  readonly to: Day
  readonly timeZone: string
  readonly scale: Scale
  readonly ids: Readonly<Record<'leads' | 'contacts' | 'companies' | 'tasks', Ids>>
  readonly time: WorkingTime
  readonly related: Relations
  readonly histories: LeadHistories
  readonly companies: Companies
}

/** The same for the same options. */
export function generatedGround(options: GeneratedOptions): GeneratedGround {
  const { seed = 1, from = '2024-01-01', to = '2025-06-30', timeZone = 'Asia/Almaty' } = options
  const leadCount = options.leads ?? 500
  // Leads belong to somebody and tasks to a lead: there is at least one of each, or nothing at all.
  const atLeastOne = (named: number | undefined, perLead: number) =>
    leadCount === 0 ? 0 : Math.max(1, named ?? Math.round(leadCount * perLead))
  const scale = {
    leads: leadCount,
    contacts: atLeastOne(options.contacts, 0.8),
    companies: atLeastOne(options.companies, 0.3),
    tasks: atLeastOne(options.tasks, 1.5),
  }
  const ids = {
    leads: spacedIds(scale.leads, 20_000_007, 7),
    contacts: spacedIds(scale.contacts, 40_000_003, 3),
    companies: spacedIds(scale.companies, 60_000_001, 5),
    tasks: spacedIds(scale.tasks, 80_000_009, 2),
  }
  const time = workingTime(from, to, timeZone)
  const related = relations(seed, scale)
  const histories = leadHistories(seed, scale.leads, time, {
    massEdited: options.massEdited ?? 0.04,
    deleted: options.deleted ?? 0.02,
  })
  const madeCompanies = companies(seed, related, histories, ids.leads, ids.contacts, ids.companies, time)
  return { seed, from, to, timeZone, scale, ids, time, related, histories, companies: madeCompanies }
}

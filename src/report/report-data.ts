/**
 * What the report's page is made of: aggregates of gold, and how fresh they are. Everything in it stands in the page for
 * whoever gets the file, so there is no row of a person in it, and of companies only the first ones.
 *
 * Months are numbered: 12 × year + month − 1. Rows are lists of numbers, since names of columns in each of thousands of
 * rows would be most of the file. Hours are hundredths, so that sums are exact.
 */
import type { Level, StepCode } from '../pipeline/status/next-steps.js'
import type { Language } from './language.js'

/** 12 × year + month − 1. */
export type Month = number

export interface ReportData {
  /** In which the page opens. */
  readonly language: Language
  /** Unix milliseconds. */
  readonly madeAt: number
  /** The month under way then. */
  readonly madeMonth: Month
  /** IANA name: the zone of all days and hours. */
  readonly timeZone: string
  /** ISO 4217. */
  readonly currency: string
  readonly state: StateFacts
  /** Undefined where the source is not configured. */
  readonly attendance: AttendanceFacts | undefined
  readonly sales: SalesFacts | undefined
  /** Undefined where ARM is not known. */
  readonly residents: ResidentFacts | undefined
}

export interface StateFacts {
  readonly state: 'ok' | 'warning' | 'failed'
  readonly sources: readonly SourceFreshness[]
  /** What a person should look at, the gravest first; each code once. */
  readonly steps: readonly { readonly code: StepCode; readonly level: Level; readonly count: number }[]
  readonly checksPassed: number
  /** Of the checks that did not pass; the first ones. */
  readonly checks: readonly {
    readonly check: string
    readonly table: string
    readonly outcome: 'blocked' | 'warned' | 'accepted'
    readonly rows: number
  }[]
}

export interface SourceFreshness {
  readonly source: 'alaqan' | 'amocrm'
  /** Everything is known until this instant, Unix milliseconds; null where nothing was loaded. */
  readonly readUntil: number | null
  /** When it was last loaded, Unix milliseconds. */
  readonly loadedAt: number | null
  readonly isStale: boolean
}

export interface AttendanceFacts {
  /** `YYYY-MM-DD`: what the first number of {@link AttendanceFacts.days} counts from. */
  readonly firstDay: string
  /** Days since the first, people, people whose hours are known, their hours. Days on which nobody came are left out. */
  readonly days: readonly (readonly [day: number, people: number, timed: number, hours: number])[]
  /** Days of which nothing is known: not loaded, or held back. Counted from the first day; both ends are in it. */
  readonly unknownDays: readonly (readonly [from: number, to: number])[]
  /** Different people of a month; they cannot be summed, as somebody may come in two months. */
  readonly months: readonly (readonly [month: Month, people: number])[]
  /** First entries of people by month, day of the week (1 is Monday) and hour. */
  readonly arrivals: readonly (readonly [month: Month, weekday: number, hour: number, people: number])[]
}

export interface SalesFacts {
  readonly funnel: FunnelFacts
  readonly stages: readonly StageRow[]
  readonly managers: ManagerFacts
  readonly clients: ClientFacts
}

export interface FunnelFacts {
  readonly pipelines: readonly Pipeline[]
  readonly rows: readonly FunnelRow[]
}

export interface Pipeline {
  /** amoCRM's id, by which a link names it; {@link putTogether} for the rest. */
  readonly id: number
  /** Null where it is unknown. */
  readonly name: string | null
  readonly statuses: readonly {
    readonly name: string | null
    /** Where in the pipeline; null where it is unknown. */
    readonly place: number | null
    readonly kind: 'open' | 'won' | 'lost'
  }[]
}

/** Month of creation; places in the lists of pipelines and of its statuses; leads and the sum of their prices. */
export type FunnelRow = readonly [
  month: Month,
  pipeline: number,
  status: number,
  leads: number,
  price: number,
]

/** Month of entry. The median is in hundredths of a day; null where nobody has left the stage. */
export type StageRow = readonly [
  month: Month,
  pipeline: number,
  status: number,
  entered: number,
  movedOn: number,
  won: number,
  lost: number,
  medianDays: number | null,
]

export interface ManagerFacts {
  /** The first ones by what they did; `id` is amoCRM's, by which a link names them; 0 is nobody, {@link putTogether} the rest. */
  readonly managers: readonly { readonly id: number; readonly name: string | null }[]
  /** How many were put together as the rest. */
  readonly others: number
  readonly rows: readonly ManagerRow[]
}

/** Leads by month of creation; won, lost, revenue and the cycle by month of closing; tasks by month of completion. */
export type ManagerRow = readonly [
  month: Month,
  manager: number,
  created: number,
  won: number,
  lost: number,
  revenue: number,
  tasks: number,
  cycleDays: number | null,
]

export interface ClientFacts {
  readonly companies: number
  readonly withLeads: number
  readonly withWon: number
  /** With two won leads or more. */
  readonly returning: number
  readonly revenue: number
  /** By revenue, the greatest first. */
  readonly top: readonly {
    readonly name: string | null
    readonly leads: number
    readonly won: number
    readonly lost: number
    readonly revenue: number
    /** `YYYY-MM-DD` */
    readonly lastDeal: string | null
  }[]
}

export interface ResidentFacts {
  /** Of `gold.crm_arm_residents`; null where ARM's report is not known. */
  readonly companies: ResidentCompanies | null
  /** Residents and others by month of creation of the lead. */
  readonly leads: readonly ResidentRow[]
  /** Null where ARM's directory is not known. */
  readonly attendance: CompanyAttendance | null
}

export interface ResidentCompanies {
  readonly residents: GroupOfCompanies
  readonly others: GroupOfCompanies
  /** Residents by revenue, the greatest first. */
  readonly top: readonly {
    readonly name: string | null
    readonly leads: number
    readonly won: number
    readonly revenue: number
  }[]
}

export interface GroupOfCompanies {
  readonly companies: number
  readonly withLeads: number
  readonly leads: number
  readonly won: number
  readonly revenue: number
}

export type ResidentRow = readonly [
  month: Month,
  pipeline: number,
  isResident: 0 | 1,
  leads: number,
  won: number,
  lost: number,
  price: number,
]

export interface CompanyAttendance {
  /** The first ones by visits. */
  readonly companies: readonly {
    readonly name: string | null
    readonly kind: 'company' | 'unknown' | 'others'
  }[]
  /** How many were put together in the one of kind `others`. */
  readonly others: number
  /** Visits are person-days; hours are hundredths. */
  readonly rows: readonly (readonly [month: Month, company: number, visits: number, hours: number])[]
}

/** The id of what stands for all that are not listed by themselves. */
export const putTogether = -1

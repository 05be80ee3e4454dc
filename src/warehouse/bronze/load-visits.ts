/**
 * Loading answers of Alaqan: every answer is a line of the ledger, also an empty or unchanged one, and only a day
 * (byDate) or a person's day (byIin) that says something new adds rows.
 */
import { z } from 'zod'
import type { Day } from '../../calendar.js'
import { bronzeAlaqanVisits } from '../../tables/bronze.js'
import { countsIn, type Engine, rowsOf } from '../engine.js'
import { isEntered } from '../ledger.js'
import { columnList, instantLiteral, literal } from '../sql-text.js'
import { enterLoad } from './enter-load.js'
import { type Judgement, judgeAnswer, type KnownAnswer, type KnownDay } from './judge-answer.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from './package-to-load.js'

/** What the archive's index notes about an answer: about its day, or about one of its days. */
export const visitFactSchema = z.object({
  endpoint: z.enum(['byDate', 'byIin']),
  visit_date: z.string(),
  events: z.number(),
  people: z.number().default(1),
  digest: z.string(),
})

export interface VisitFact extends z.infer<typeof visitFactSchema> {
  /** When the answer came, Unix milliseconds. */
  readonly answeredAt: number
}

/** What the source gives of a visit. */
export const visitColumns: readonly string[] = [
  'visit_date',
  'iin',
  'event',
  'event_time',
  'raw_json',
  'endpoint',
  'event_no',
]

/**
 * @param facts one a day and answer, in the order of the answers
 * @param isInsisted take a day that has lost most of its events for true (`--accept`)
 * @throws RowsUnaccountedError
 */
export async function loadVisits(
  engine: Engine,
  load: PackageToLoad,
  facts: readonly VisitFact[],
  isInsisted: boolean,
  settings: LoadSettings,
): Promise<LoadOutcome> {
  return enterLoad(engine, load, settings, async () => {
    await engine.openRows(
      'received',
      load.rows,
      bronzeAlaqanVisits.columns
        .filter(column => visitColumns.includes(column.name))
        .map(({ name, type }) => ({ name, type })),
    )
    const judgements = await judgeDays(engine, facts, load.loadId, isInsisted)
    if (judgements.length > 0) {
      await engine.run(
        `insert into meta.alaqan_answers values ${judgements.map(line => ledgerLine(line, load.loadId)).join(', ')}`,
      )
    }
    const newDays = judgements
      .filter(({ judgement }) => judgement.rowsLoadId === load.loadId)
      .map(({ fact }) => fact.visit_date)
    const isNew = isOneOf(newDays)
    const { rows, unchanged } = await countsIn(engine, 'received', { rows: isNew, unchanged: `not ${isNew}` })
    if (rows > 0)
      await engine.run(
        `insert into bronze.alaqan_visits (load_date, ${columnList(visitColumns)}, loaded_at, load_id) ` +
          `select day_in(${literal(settings.timeZone)}, ${instantLiteral(settings.loadedAt)}), ` +
          `${columnList(visitColumns)}, ${instantLiteral(settings.loadedAt)}, ${literal(load.loadId)} ` +
          `from received where ${isNew}`,
      )
    return { rows, unchanged, inferred: 0, missing: undefined, warnings: judgements.flatMap(warningOf) }
  })
}

interface JudgedFact {
  readonly fact: VisitFact
  readonly judgement: Judgement
  readonly before: KnownDay
}

function ledgerLine({ fact, judgement }: JudgedFact, loadId: string): string {
  return (
    `(${literal(loadId)}, ${literal(fact.endpoint)}, cast(${literal(fact.visit_date)} as date), ` +
    `${instantLiteral(fact.answeredAt)}, ${literal(fact.digest)}, ${fact.events}, ${fact.people}, ` +
    `${literal(judgement.verdict)}, ${literal(judgement.rowsLoadId)})`
  )
}

async function judgeDays(
  engine: Engine,
  facts: readonly VisitFact[],
  loadId: string,
  isInsisted: boolean,
): Promise<readonly JudgedFact[]> {
  const days = await knownDays(engine, facts)
  const unchangedOfPeople = facts.some(({ endpoint }) => endpoint === 'byIin')
    ? await unchangedDaysOfPeople(engine)
    : new Map<Day, string>()
  return facts.map(fact => {
    const before = days.get(fact.visit_date) ?? { inForce: undefined, held: undefined }
    const answer: KnownAnswer = { digest: fact.digest, events: fact.events, rowsLoadId: loadId }
    if (fact.endpoint === 'byIin') {
      const rowsLoadId = unchangedOfPeople.get(fact.visit_date)
      const judgement: Judgement = rowsLoadId
        ? { verdict: 'unchanged', rowsLoadId }
        : { verdict: 'accepted', rowsLoadId: loadId }
      return { fact, judgement, before }
    }
    const judgement = judgeAnswer(answer, before, isInsisted)
    const now = { ...answer, rowsLoadId: judgement.rowsLoadId }
    days.set(
      fact.visit_date,
      judgement.verdict === 'held'
        ? { inForce: before.inForce, held: now }
        : { inForce: now, held: undefined },
    )
    return { fact, judgement, before }
  })
}

async function knownDays(engine: Engine, facts: readonly VisitFact[]): Promise<Map<Day, KnownDay>> {
  const dates = [...new Set(facts.map(fact => fact.visit_date))]
  if (dates.length === 0) return new Map()
  const rows = await rowsOf(
    engine,
    `select visit_date, verdict, digest, events, rows_load_id from meta.alaqan_answers
     where endpoint = 'byDate' and ${isEntered} and visit_date in (${dates.map(date => `date ${literal(date)}`).join(', ')})
     order by answered_at`,
  )
  const days = new Map<Day, KnownDay>()
  for (const row of rows) {
    const day = String(row.visit_date)
    const answer: KnownAnswer = {
      digest: String(row.digest),
      events: Number(row.events),
      rowsLoadId: String(row.rows_load_id),
    }
    days.set(
      day,
      row.verdict === 'held'
        ? { inForce: days.get(day)?.inForce, held: answer }
        : { inForce: answer, held: undefined },
    )
  }
  return days
}

/** What is in force about each person and day that a byIin answer speaks of. */
const peopleInForce = `
  with newest_of_day as (
    select visit_date, max(answered_at) as answered_at, max_by(rows_load_id, answered_at) as rows_load_id
    from meta.alaqan_answers
    where endpoint = 'byDate' and verdict <> 'held' and ${isEntered}
      and visit_date in (select visit_date from received where endpoint = 'byIin')
    group by visit_date
  ),
  in_force as (
    select visit_date, 'byDate' as endpoint, rows_load_id as load_id from newest_of_day
    union
    select answers.visit_date, 'byIin', answers.rows_load_id
    from meta.alaqan_answers as answers
    left join newest_of_day on newest_of_day.visit_date = answers.visit_date
    where answers.endpoint = 'byIin' and answers.${isEntered}
      and answers.visit_date in (select visit_date from received where endpoint = 'byIin')
      and (newest_of_day.answered_at is null or answers.answered_at > newest_of_day.answered_at)
  )
  select distinct visits.visit_date, visits.iin, visits.raw_json, visits.load_id
  from bronze.alaqan_visits as visits
  join in_force
    on in_force.visit_date = visits.visit_date
    and in_force.endpoint = visits.endpoint
    and in_force.load_id = visits.load_id`

/** The days of which byIin said nothing new, with the load that holds what it said. */
async function unchangedDaysOfPeople(engine: Engine): Promise<ReadonlyMap<Day, string>> {
  const rows = await rowsOf(
    engine,
    `select received.visit_date, max(people_in_force.load_id) as load_id
     from received
     left join (${peopleInForce}) as people_in_force
       on people_in_force.visit_date = received.visit_date
       and people_in_force.iin = received.iin
       and people_in_force.raw_json = received.raw_json
     where received.endpoint = 'byIin'
     group by received.visit_date
     having count(*) = count(people_in_force.load_id)`,
  )
  return new Map(rows.map(row => [String(row.visit_date), String(row.load_id)]))
}

function isOneOf(days: readonly Day[]): string {
  return days.length === 0 ? 'false' : `visit_date in (${days.map(day => `date ${literal(day)}`).join(', ')})`
}

function warningOf({ fact, judgement, before }: JudgedFact): readonly string[] {
  if (judgement.verdict !== 'held') return []
  return [
    `Alaqan answered ${fact.visit_date} with ${fact.events} events, where ${before.inForce?.events ?? 0} were known. ` +
      'The day stays as it was until the next read says the same; to take the answer now: ' +
      `hubdwh load alaqan --from ${fact.visit_date} --to ${fact.visit_date} --accept`,
  ]
}

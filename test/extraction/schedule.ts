/** Extractions against a model that is edited between any two requests, answered in any order, and killed anywhere. */
import fc from 'fast-check'
import type { Clock } from '../../src/effects.js'
import type { AnswerMessage, BronzeRow } from '../../src/extraction.js'
import type { JsonValue } from '../../src/json.js'
import type { Page } from '../../src/sources/amocrm/client.js'
import type { EntityName } from '../../src/sources/amocrm/entities.js'
import { extractRecords } from '../../src/sources/amocrm/extract-records.js'
import { type AccountModel, accountModel, type Behaviour, type Item, modelClient } from './account-model.js'

/** One thing that happens to the account. */
export interface Edit {
  readonly kind:
    | 'edit'
    | 'mass_edit'
    | 'mass_delete'
    | 'delete'
    | 'restore'
    | 'add'
    | 'mass_add'
    | 'purge'
    | 'event'
    | 'wait'
  /** Which record, of those there are. */
  readonly pick: number
  /** How many, of a mass edit or addition. */
  readonly count: number
}

export interface Schedule {
  readonly entity: EntityName
  readonly behaviour: Behaviour
  readonly pageLimit: number
  readonly concurrency: number
  /** By how much our clock is ahead of the server's, seconds. */
  readonly skew: number
  /** What had happened before the first run. */
  readonly before: readonly Edit[]
  /** What happens while the runs are under way, in this order. */
  readonly meanwhile: readonly Edit[]
  /** How many things happen before each request is served, again and again. */
  readonly bursts: readonly number[]
  /** Which of the waiting requests is served or answered next, again and again. */
  readonly turns: readonly number[]
  /** After how many messages the extraction is killed, one after the other. */
  readonly kills: readonly number[]
  /** Runs during which things happen. */
  readonly runs: number
}

const edits = (kinds: readonly Edit['kind'][]): fc.Arbitrary<Edit> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    pick: fc.nat(200),
    count: fc.integer({ min: 2, max: 15 }),
  })

export const schedules = (entities: readonly EntityName[]): fc.Arbitrary<Schedule> =>
  fc.record({
    entity: fc.constantFrom(...entities),
    behaviour: fc.record({
      filter: fc.constantFrom('on', 'on', 'on', 'off', 'off', 'ignored_in_silence', 'unsaid'),
      order: fc.constantFrom('obeyed', 'obeyed', 'obeyed', 'obeyed', 'reversed'),
      areBoundsInclusive: fc.boolean(),
      withinSecond: fc.constantFrom('id', 'last_edit'),
      events: fc.constantFrom('newest_first', 'oldest_first', 'scattered'),
    }),
    pageLimit: fc.integer({ min: 2, max: 9 }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    skew: fc.constantFrom(0, 0, 0, 5, -5),
    before: fc.array(
      edits(['add', 'add', 'mass_add', 'edit', 'mass_edit', 'delete', 'event', 'event', 'wait', 'wait']),
      { maxLength: 50, size: 'max' },
    ),
    meanwhile: fc.array(
      edits([
        'edit',
        'edit',
        'mass_edit',
        'delete',
        'mass_delete',
        'restore',
        'restore',
        'add',
        'purge',
        'event',
        'wait',
      ]),
      { maxLength: 60, size: 'max' },
    ),
    bursts: fc.array(fc.nat(4), { minLength: 1, maxLength: 8 }),
    turns: fc.array(fc.nat(1000), { minLength: 1, maxLength: 30 }),
    kills: fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 4 }),
    runs: fc.integer({ min: 1, max: 3 }),
  })

/** What one run left in its package. */
export interface RunOutcome {
  readonly answers: readonly AnswerMessage[]
  readonly rows: readonly BronzeRow[]
  readonly notices: readonly string[]
  /** Ids, or those of events, that were listed when the run began. */
  readonly listedBefore: readonly string[]
  /** Those that were deleted or restored meanwhile. */
  readonly moved: ReadonlySet<string>
  /** And when it ended. */
  readonly listedAfter: readonly string[]
  readonly requests: number
}

export interface Outcome {
  readonly model: AccountModel
  readonly busy: readonly RunOutcome[]
  /** The run after which nothing had happened. */
  readonly quiet: RunOutcome
}

const start = 1_750_000_000
const overlap = 3

/** Plays a schedule: runs while things happen, then one while nothing does. */
export async function play(schedule: Schedule): Promise<Outcome> {
  const model = accountModel(schedule.behaviour, start)
  // A page whose records share a second shows no order.
  const pace = schedule.behaviour.order === 'reversed' ? 1 : 0
  for (const edit of schedule.before) happen(model, edit, pace)
  model.now += 1
  const meanwhile = schedule.meanwhile.values()
  const busy: RunOutcome[] = []
  let since = schedule.entity === 'events' ? start : 0
  const state = { bursts: 0, turns: 0, kills: 0 }
  const run = async (isQuiet: boolean): Promise<RunOutcome> => {
    const { outcome, watermark } = await runOnce(schedule, model, since, state, () => {
      const { done, value } = meanwhile.next()
      if (!isQuiet && !done) happen(model, value, pace)
    })
    since = Math.max(0, watermark - overlap)
    return outcome
  }
  for (let number = 0; number < schedule.runs; number += 1) busy.push(await run(false))
  return { model, busy, quiet: await run(true) }
}

/** Those that the entity's list shows now. */
export function listed(model: AccountModel, entity: EntityName): string[] {
  if (entity === 'events') return model.events.map(({ id }) => id)
  const place = entity === 'leads_bin' ? 'bin' : 'list'
  return model.items.filter(item => item.place === place).map(({ id }) => String(id))
}

interface Waiting {
  readonly target: string
  readonly answer: (page: Page) => void
  page: Page | undefined
}

async function runOnce(
  schedule: Schedule,
  model: AccountModel,
  since: number,
  state: { bursts: number; turns: number; kills: number },
  somethingHappens: () => void,
): Promise<{ readonly outcome: RunOutcome; readonly watermark: number }> {
  const { entity, behaviour, pageLimit, concurrency, skew, bursts, turns, kills } = schedule
  let requests = 0
  const listedBefore = listed(model, entity)
  const movesBefore = new Map(model.items.map(({ id, moves }) => [id, moves]))
  const clock: Clock = {
    now: () => (model.now + skew) * 1000,
    sleep: async milliseconds => {
      model.now += milliseconds / 1000
    },
  }
  const kept: AnswerMessage[] = []
  const notices: string[] = []
  let cursor: JsonValue = null
  for (;;) {
    const waiting: Waiting[] = []
    const request = (target: string) =>
      new Promise<Page>(answer => {
        waiting.push({ target, answer, page: undefined })
      })
    /** Serves or answers one of the requests that wait. */
    const turn = (): void => {
      const chosen = turns[state.turns % turns.length] ?? 0
      state.turns += 1
      const one = waiting[chosen % waiting.length]
      if (!one) return
      if (one.page === undefined) {
        requests += 1
        const many = bursts[state.bursts % bursts.length] ?? 0
        state.bursts += 1
        for (let count = 0; count < many; count += 1) somethingHappens()
        one.page = model.serve(one.target)
        // It can be answered much later than it was served.
        if (chosen % 3 === 0) return
      }
      waiting.splice(waiting.indexOf(one), 1)
      one.answer(one.page)
    }
    const client = modelClient(model, behaviour, request)
    const extraction = extractRecords(client, { entity, since }, { clock, concurrency, pageLimit }, cursor)
    const killAfter = kills[state.kills] ?? Number.POSITIVE_INFINITY
    const sinceCheckpoint: AnswerMessage[] = []
    for (let messages = 0; messages < killAfter; messages += 1) {
      const next = settled(extraction.next())
      for (let idle = 0; !next.isSettled; idle += 1) {
        await new Promise(resolve => setImmediate(resolve))
        if (next.isSettled) break
        if (waiting.length > 0) turn()
        else if (idle > 10_000) throw new Error('the extraction waits for nothing')
        if (requests > 20_000) throw new Error('the extraction does not end')
      }
      const { value: message, done } = await next.promise
      if (done) throw new Error('the extraction ended without a watermark')
      if (message.type === 'answer') sinceCheckpoint.push(message)
      if (message.type === 'notice') notices.push(message.code)
      if (message.type === 'checkpoint') {
        kept.push(...sinceCheckpoint.splice(0))
        cursor = JSON.parse(JSON.stringify(message.cursor))
      }
      if (message.type === 'watermark') {
        kept.push(...sinceCheckpoint)
        const rows = kept.flatMap(answer => answer.rows)
        const listedAfter = listed(model, entity)
        const moved = new Set(
          model.items
            .filter(({ id, moves }) => moves !== (movesBefore.get(id) ?? 0))
            .map(({ id }) => String(id)),
        )
        const outcome = { answers: kept, rows, notices, listedBefore, moved, listedAfter, requests }
        return { outcome, watermark: Number(message.watermark) }
      }
    }
    state.kills += 1
  }
}

function settled<T>(promise: Promise<T>): { readonly promise: Promise<T>; isSettled: boolean } {
  const state = { promise, isSettled: false }
  const done = (): void => {
    state.isSettled = true
  }
  promise.then(done, done)
  return state
}

/** @param pace seconds that pass with each record */
function happen(model: AccountModel, { kind, pick, count }: Edit, pace: number): void {
  model.now += pace
  const chosen = <T>(things: readonly T[]): T | undefined => things[pick % Math.max(1, things.length)]
  const inPlace = (place: Item['place']) => model.items.filter(item => item.place === place)
  const one = chosen(inPlace('list'))
  const binned = chosen(inPlace('bin'))
  switch (kind) {
    case 'edit':
      if (one) model.edit(one)
      return
    case 'mass_edit':
      for (const item of inPlace('list').slice(0, count)) {
        model.now += pace
        model.edit(item)
      }
      return
    case 'mass_delete':
      for (const item of inPlace('list').slice(0, Math.ceil(count / 3))) {
        model.now += pace
        model.move(item, 'bin')
      }
      return
    case 'delete':
      if (one) model.move(one, 'bin')
      return
    case 'restore':
      if (binned) model.move(binned, 'list')
      return
    case 'purge':
      if (binned) model.move(binned, 'gone')
      return
    case 'add':
      model.add()
      return
    case 'mass_add':
      for (let index = 0; index < count; index += 1) {
        model.now += pace
        model.add()
      }
      return
    case 'event':
      for (let index = 0; index < (pick % 5) + 1; index += 1) model.addEvent()
      return
    case 'wait':
      model.now += [1, 1, 2, 3, 700][pick % 5] ?? 1
      return
  }
}

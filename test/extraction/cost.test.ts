/** What a reading costs in requests, and how much of a budget it can use (docs/extraction.md, "What it costs"). */
import { describe, expect, test } from 'vitest'
import type { Page } from '../../src/sources/amocrm/client.js'
import type { EntityName } from '../../src/sources/amocrm/entities.js'
import { extractRecords, type RecordsOptions } from '../../src/sources/amocrm/extract-records.js'
import { type AccountModel, accountModel, type Behaviour, modelClient } from './account-model.js'

const usual: Behaviour = {
  filter: 'on',
  order: 'obeyed',
  areBoundsInclusive: true,
  withinSecond: 'id',
  events: 'newest_first',
}
const start = 1_700_000_000
const now = 1_750_000_000

/** An account with so many records and events, made and changed evenly over a year and a half. */
function account(count: number, behaviour: Behaviour = usual): AccountModel {
  const model = accountModel(behaviour, start)
  for (let index = 0; index < count; index += 1) {
    model.now = start + Math.floor(((now - start) * index) / count)
    model.add()
    model.addEvent()
  }
  for (const [index, item] of model.items.entries()) {
    // A third was edited later, in another order than that of ids.
    if (index % 3 === 0) {
      model.now = start + Math.floor(((now - start) * ((index * 7919) % count)) / count)
      if (model.now > item.createdAt) model.edit(item)
    }
  }
  model.now = now
  return model
}

/** The requests of an extraction, in the time that they would take. */
async function read(
  model: AccountModel,
  entity: EntityName,
  since: number,
  options: RecordsOptions & { readonly behaviour?: Behaviour } = {},
) {
  const requestsPerSecond = 7
  const answerSeconds = 0.4
  let time = 0
  let nextTurn = 0
  let requests = 0
  const underWay: { readonly at: number; readonly arrive: () => void }[] = []
  const request = (target: string) =>
    new Promise<Page>(answer => {
      requests += 1
      const sent = Math.max(time, nextTurn)
      nextTurn = sent + 1 / requestsPerSecond
      underWay.push({ at: sent + answerSeconds, arrive: () => answer(model.serve(target)) })
    })
  const client = modelClient(model, options.behaviour ?? usual, request)
  const clock = { now: () => model.now * 1000, sleep: async () => {} }
  const rows = new Set<string>()
  let isOver = false
  const reading = async () => {
    for await (const message of extractRecords(client, { entity, since }, { clock, ...options })) {
      if (message.type === 'answer') for (const { id } of message.rows) rows.add(String(id))
    }
    isOver = true
  }
  const ended = reading()
  while (!isOver) {
    await new Promise(resolve => setImmediate(resolve))
    const next = underWay.sort((a, b) => a.at - b.at).shift()
    if (!next) continue
    time = next.at
    next.arrive()
  }
  await ended
  return { requests, rows: rows.size, share: requests / (time * requestsPerSecond) }
}

describe('a quiet account', () => {
  const quiet: readonly (readonly [EntityName, Behaviour['filter'], number])[] = [
    ['leads', 'on', 1],
    ['leads', 'off', 1],
    ['tasks', 'on', 1],
    ['events', 'on', 1],
  ]

  test.each(quiet)('costs for %s, with the filter %s, %i request', async (entity, filter, expected) => {
    const behaviour: Behaviour = { ...usual, filter }
    const { requests } = await read(account(3000, behaviour), entity, now - 500_000, { behaviour })
    expect(requests).toBe(expected)
  })

  test.each(quiet)(
    'that is empty costs for %s, with the filter %s, a second look',
    async (entity, filter) => {
      const behaviour: Behaviour = { ...usual, filter }
      const { requests } = await read(account(0, behaviour), entity, now - 500_000, { behaviour })
      expect(requests).toBe(2)
    },
  )

  test.each([
    ['leads', 'on', 6],
    ['leads', 'off', 4],
    ['tasks', 'on', 6],
    ['events', 'on', 8],
  ] as const)(
    'with some hundred changes costs for %s, with the filter %s, at most %i',
    async (entity, filter, most) => {
      const behaviour: Behaviour = { ...usual, filter }
      const { requests } = await read(account(3000, behaviour), entity, now - 10_000_000, { behaviour })
      expect(requests).toBeLessThanOrEqual(most)
    },
  )
})

describe('a long history', () => {
  test.each([
    ['leads', 0.95, 1.15],
    ['tasks', 0.93, 1.7],
    ['events', 0.9, 1.35],
  ] as const)('of %s uses %f of the budget, at most %f times its pages', async (entity, least, most) => {
    const [count, pageLimit] = [24_000, 100]
    const { requests, rows, share } = await read(account(count), entity, entity === 'events' ? start : 0, {
      pageLimit,
    })
    expect(rows).toBe(count)
    expect(share).toBeGreaterThan(least)
    expect(requests).toBeLessThan((count / pageLimit) * most)
  })

  test('by ids costs hardly more requests than it has pages', async () => {
    const behaviour: Behaviour = { ...usual, filter: 'off' }
    const { requests, rows } = await read(account(20_000, behaviour), 'leads', 0, { behaviour })
    expect(rows).toBe(20_000)
    expect(requests).toBeLessThan((20_000 / 250) * 1.1 + 2)
  })
})

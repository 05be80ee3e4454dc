/** The marts' sums, from what the fake knows and decisions.md, "Gold: CRM". */
import type { JsonValue } from '../../src/json.js'
import type { Fake } from '../fake/fake.js'
import { members } from './agreement.js'

/** Year and month in Asia/Almaty, which has been five hours ahead since March 2024. @param at Unix seconds */
function monthOf(at: number): readonly [year: number, month: number] {
  const local = new Date((at + 5 * 3600) * 1000)
  return [local.getUTCFullYear(), local.getUTCMonth() + 1]
}

type Key = readonly (number | null)[]

/** Adds numbers up by key: a row is the key and then the sums. */
function summed(width: number) {
  const groups = new Map<string, { readonly key: Key; readonly sums: number[] }>()
  return {
    add: (key: Key, ...values: readonly number[]): void => {
      const group = groups.get(key.join()) ?? { key, sums: Array<number>(width).fill(0) }
      groups.set(key.join(), group)
      for (const [index, value] of values.entries()) group.sums[index] = (group.sums[index] ?? 0) + value
    },
    rows: () => [...groups.values()].map(({ key, sums }) => [...key, ...sums]),
  }
}

const one = (condition: boolean): number => (condition ? 1 : 0)
const amount = (value: JsonValue | undefined): number => (typeof value === 'number' ? value : 0)
const idIn = (value: JsonValue | undefined): number | null => (typeof value === 'number' ? value : null)

export function funnelRows({ account }: Fake) {
  const sums = summed(4)
  for (const { createdAt, body } of account.live('leads')) {
    const key = [...monthOf(createdAt), idIn(body.pipeline_id), idIn(body.status_id)]
    sums.add(key, 1, amount(body.price), one(body.status_id === 142), one(body.status_id === 143))
  }
  return sums.rows()
}

export function managerRows({ account }: Fake) {
  const sums = summed(5)
  for (const { createdAt, body } of account.live('leads')) {
    const who = idIn(body.responsible_user_id)
    sums.add([...monthOf(createdAt), who], 1)
    if (typeof body.closed_at !== 'number') continue
    const isWon = body.status_id === 142
    if (isWon || body.status_id === 143) {
      sums.add([...monthOf(body.closed_at), who], 0, one(isWon), one(!isWon), isWon ? amount(body.price) : 0)
    }
  }
  for (const { id, updatedAt, body } of account.live('tasks')) {
    if (body.is_completed !== true) continue
    const completion = account
      .events()
      .findLast(({ type, entity_id }) => type === 'task_completed' && entity_id === id)
    sums.add([...monthOf(completion?.created_at ?? updatedAt), idIn(body.responsible_user_id)], 0, 0, 0, 0, 1)
  }
  return sums.rows()
}

export function companyRows({ account }: Fake) {
  const sums = summed(4)
  const companies = new Set(account.live('companies').map(({ id }) => id))
  for (const id of companies) sums.add([id])
  for (const { body } of account.live('leads')) {
    for (const { id } of members(body._embedded, 'companies')) {
      if (typeof id !== 'number' || !companies.has(id)) continue
      const isWon = body.status_id === 142
      sums.add([id], 1, one(isWon), one(body.status_id === 143), isWon ? amount(body.price) : 0)
    }
  }
  return sums.rows()
}

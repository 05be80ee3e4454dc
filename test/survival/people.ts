/** What people do in the account and at the gate, led by a seed. */
import { addDays } from '../../src/calendar.js'
import type { JsonObject } from '../../src/json.js'
import { type Kind, kinds, users } from '../fake/account.js'
import type { Fake } from '../fake/fake.js'

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** How large the account is when nobody has read it yet. */
export interface Size {
  readonly leads: number
  readonly contacts: number
  readonly companies: number
  readonly tasks: number
}

/** Fills the account; records are an hour apart, the last one a day old. @param now Unix seconds */
export function settle({ account }: Fake, size: Size, now: number): void {
  const idsOf = (kind: Kind) => account.live(kind).map(({ id }) => ({ id }))
  for (const kind of kinds) {
    const [companies, contacts] = [idsOf('companies'), idsOf('contacts')]
    for (let index = 0; index < size[kind]; index += 1) {
      const linked = {
        tags: [{ id: 1, name: 'VIP', color: null }],
        companies: companies.slice(index % (size.companies + 1)).slice(0, 1),
        contacts: contacts.slice(index % (size.contacts + 1)).slice(0, 2),
      }
      const at = now - 86_400 - (size[kind] - index) * 3600
      account.add(kind, kind === 'leads' ? { _embedded: linked } : {}, at)
    }
  }
}

/** Fills the gate's days, from one to the other. */
export function openGate({ gate }: Fake, from: string, days: number): void {
  for (let index = 0; index < days; index += 1) {
    const people = ['650727300949', '910505350319', '880101400013'].slice(0, 1 + (index % 3))
    gate.set(
      addDays(from, index),
      new Map(
        people.map((iin, person) => [
          iin,
          [
            { event: 'exit', time: `18:${10 + index}:0${person}` },
            { event: 'entry', time: `0${8 + (index % 2)}:05:0${person}` },
          ],
        ]),
      ),
    )
  }
}

/** One thing that somebody does to some record. */
export function editSomething({ account }: Fake, chance: () => number, now: number): void {
  const among = <T>(things: readonly T[]): T | undefined => things[Math.floor(chance() * things.length)]
  const kind: Kind = among(kinds) ?? 'leads'
  const live = among(account.live(kind))
  const deleted = among(account.records(kind).filter(({ state }) => state === 'deleted'))
  const dice = chance()
  if (dice < 0.15 || !live) account.add(kind)
  else if (dice < 0.25) account.remove(kind, live.id)
  else if (dice < 0.32 && deleted) account.restore(kind, deleted.id)
  else account.change(kind, live.id, changeOf(kind, chance, now))
}

function changeOf(kind: Kind, chance: () => number, now: number): JsonObject {
  const word = `Правка ${Math.floor(chance() * 1e9)}`
  const owner = { responsible_user_id: users[Math.floor(chance() * users.length)] ?? 100 }
  switch (kind) {
    case 'leads':
      return chance() < 0.3
        ? { ...owner, status_id: chance() < 0.5 ? 142 : 143, closed_at: now }
        : { ...owner, name: word, price: Math.floor(chance() * 10_000), status_id: 312, closed_at: null }
    case 'contacts':
    case 'companies':
      return { ...owner, name: word }
    case 'tasks':
      return { ...owner, text: word, is_completed: chance() < 0.4 }
  }
}

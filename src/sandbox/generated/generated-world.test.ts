import { describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../json.js'
import type { Entity, World } from '../world/world.js'
import type { GeneratedOptions } from './generated-ground.js'
import { generatedWorld } from './generated-world.js'
import { checkDigit } from './identity-numbers.js'

function all(world: World, entity: Entity | 'events', place: 'list' | 'bin' = 'list'): JsonObject[] {
  const sortBy = entity === 'events' ? 'created_at' : 'id'
  const listing = { place, sortBy, descending: false, ranges: [], conditions: [] } as const
  return world.collections[entity].list(listing, 0, 1_000_000).rows.filter(isJsonObject)
}

/** The first value of a custom field. */
function firstValueOf(record: JsonObject, name: string): unknown {
  const fields = Array.isArray(record.custom_fields_values) ? record.custom_fields_values : []
  const field = fields.filter(isJsonObject).find(({ field_name }) => field_name === name)
  const [first] = Array.isArray(field?.values) ? field.values : []
  return isJsonObject(first) ? first.value : undefined
}

const world = generatedWorld({ leads: 2000 })
const leads = all(world, 'leads')
const contacts = all(world, 'contacts')
const companies = all(world, 'companies')
const tasks = all(world, 'tasks')
const events = all(world, 'events')

describe('a generated world', () => {
  it('is the same for the same seed, and another for another', () => {
    const text = (options: GeneratedOptions) => JSON.stringify(all(generatedWorld(options), 'leads'))
    expect(text({ seed: 5, leads: 100 })).toBe(text({ seed: 5, leads: 100 }))
    expect(text({ seed: 6, leads: 100 })).not.toBe(text({ seed: 5, leads: 100 }))
  })

  it('can be empty or hold one lead', () => {
    expect(all(generatedWorld({ leads: 0 }), 'events')).toEqual([])
    expect(all(generatedWorld({ leads: 1, deleted: 0 }), 'leads')).toHaveLength(1)
  })

  it('has every lead in the list or in the bin', () => {
    const binned = all(world, 'leads', 'bin')
    expect(leads.length + binned.length).toBe(2000)
    expect(binned.length).toBeGreaterThan(15)
    expect(binned.length).toBeLessThan(80)
  })

  it('is created before it is updated, and closed only where it is won or lost', () => {
    expect(leads.filter(lead => Number(lead.updated_at) < Number(lead.created_at))).toEqual([])
    expect(
      leads.filter(
        ({ status_id, closed_at }) => (status_id === 142 || status_id === 143) !== (closed_at !== null),
      ),
    ).toEqual([])
  })

  it('has won, lost and open leads, with and without a price', () => {
    const share = (is: (lead: JsonObject) => boolean) => leads.filter(is).length / leads.length
    for (const part of [
      share(lead => lead.status_id === 142),
      share(lead => lead.status_id === 143),
      share(lead => lead.closed_at === null),
      share(lead => lead.price === 0),
    ]) {
      expect(part).toBeGreaterThan(0.05)
      expect(part).toBeLessThan(0.8)
    }
  })

  it('gives more than a page of leads one second of updated_at', () => {
    const bySecond = new Map<unknown, number>()
    for (const { updated_at } of all(generatedWorld({ leads: 20_000 }), 'leads')) {
      bySecond.set(updated_at, (bySecond.get(updated_at) ?? 0) + 1)
    }
    expect(Math.max(...bySecond.values())).toBeGreaterThan(250)
  })

  it('tells of a lead in events what stands in the lead', () => {
    for (const lead of leads.slice(0, 300)) {
      const moves = events.filter(
        ({ type, entity_id }) => type === 'lead_status_changed' && entity_id === lead.id,
      )
      const last = moves.at(-1)
      if (!last) continue
      expect(last.value_after).toEqual([
        { lead_status: { id: lead.status_id, pipeline_id: lead.pipeline_id } },
      ])
      moves.slice(1).forEach((move, index) => {
        expect(move.value_before).toEqual(moves[index]?.value_after)
      })
      if (lead.closed_at !== null) expect(last.created_at).toBe(lead.closed_at)
    }
  })

  it('tells of every deletion, with empty values', () => {
    const deleted = events.filter(({ type }) => type === 'lead_deleted')
    expect(deleted.map(({ entity_id }) => entity_id).toSorted()).toEqual(
      all(world, 'leads', 'bin')
        .map(({ id }) => id)
        .toSorted(),
    )
    expect(deleted.every(({ value_after }) => JSON.stringify(value_after) === '[]')).toBe(true)
  })

  it('has events with ids of 26 characters, all different, by which they are found', () => {
    const ids = events.map(({ id }) => String(id))
    expect(ids.every(id => /^[0-9a-z]{26}$/.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    expect(world.collections.events.get(ids[7] ?? '')?.record).toEqual(events[7])
    expect(world.collections.events.get('01zzzzzzzzzzzzzzzzzzzzzzzz')).toBeUndefined()
  })

  it('names statuses, pipelines and users that exist', () => {
    const users = new Set(world.dictionaries.users.filter(isJsonObject).map(({ id }) => id))
    const statuses = new Set(
      world.dictionaries.pipelines.filter(isJsonObject).flatMap(({ id, _embedded }) => {
        const list = isJsonObject(_embedded) && Array.isArray(_embedded.statuses) ? _embedded.statuses : []
        return list.filter(isJsonObject).map(status => `${id}/${status.id}`)
      }),
    )
    expect(leads.filter(lead => !statuses.has(`${lead.pipeline_id}/${lead.status_id}`))).toEqual([])
    for (const record of [...leads, ...contacts, ...companies, ...tasks]) {
      expect(users).toContain(record.responsible_user_id)
    }
  })

  it('has tasks with `[]` and with `{text}` as their result', () => {
    const results = tasks.map(({ result }) => JSON.stringify(result))
    expect(results).toContain('[]')
    expect(results.filter(result => result !== '[]').every(result => result.startsWith('{"text":'))).toBe(
      true,
    )
    expect(results.some(result => result !== '[]')).toBe(true)
  })

  it('has БИН that hold, that are missing, that lost their zeros, that are a person’s, and rubbish', () => {
    const values = companies.map(company => firstValueOf(company, 'БИН'))
    const valid = values.filter(
      value =>
        typeof value === 'string' &&
        /^\d{12}$/.test(value) &&
        checkDigit(value.slice(0, 11)) === Number(value[11]),
    )
    expect(valid.length).toBeGreaterThan(companies.length / 2)
    expect(values).toContain(undefined)
    expect(values).toContain('уточнить')
    expect(valid.some(value => /^....[0-3]/.test(String(value)))).toBe(true)
    const numeric = leads.map(lead => firstValueOf(lead, 'БИН')).filter(value => value !== undefined)
    expect(numeric.some(value => String(value).length < 12)).toBe(true)
  })

  it('writes phones and e-mails as people do', () => {
    const phones = contacts.map(contact => String(firstValueOf(contact, 'Телефон')))
    expect(phones.some(phone => phone.startsWith('8 ('))).toBe(true)
    expect(phones.some(phone => /^\+77\d{9}$/.test(phone))).toBe(true)
    const emails = contacts.map(contact => String(firstValueOf(contact, 'Email')))
    expect(emails.some(email => email !== email.trim())).toBe(true)
    expect(emails.some(email => email !== email.toLowerCase())).toBe(true)
  })

  it('has a few names that break careless programs', () => {
    const names = all(generatedWorld({ leads: 10_000 }), 'leads').map(({ name }) => String(name))
    for (const awkward of ['\n', '"', '<b>', '🚀', "';"]) {
      expect(names.some(name => name.includes(awkward))).toBe(true)
    }
  })
})

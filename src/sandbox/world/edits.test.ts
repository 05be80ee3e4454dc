import { beforeEach, describe, expect, it } from 'vitest'
import { UsageError } from '../../errors.js'
import { isJsonObject } from '../../json.js'
import { movableClock } from '../movable-clock.js'
import { listedWorld } from './listed-world.js'
import type { World } from './world.js'

const now = 1_738_400_000
let world: World

beforeEach(() => {
  world = listedWorld({
    leads: [
      {
        id: 1,
        name: 'А',
        status_id: 5,
        pipeline_id: 3,
        updated_at: 100,
        is_deleted: false,
        _embedded: { contacts: [{ id: 7, is_main: true }] },
      },
    ],
    contacts: [
      { id: 7, name: 'Дубль', updated_at: 100, _embedded: { leads: [{ id: 1 }] } },
      { id: 8, name: 'Главный', updated_at: 100 },
    ],
    tasks: [{ id: 9, is_completed: false, updated_at: 100 }],
    users: [{ id: 100, name: 'Была' }],
    pipelines: [{ id: 3, name: 'Старая', _embedded: { statuses: [{ id: 5, name: 'Первый' }] } }],
  })
  world.setClock(movableClock(now * 1000))
})

function eventTypes() {
  const { rows } = world.collections.events.list(
    { place: 'list', sortBy: 'created_at', descending: false, ranges: [], conditions: [] },
    0,
    100,
  )
  return rows.filter(isJsonObject).map(event => event.type)
}

function leadIdsIn(place: 'list' | 'bin') {
  const { rows } = world.collections.leads.list(
    { place, sortBy: 'id', descending: false, ranges: [], conditions: [] },
    0,
    100,
  )
  return rows.filter(isJsonObject).map(lead => lead.id)
}

describe('an edit', () => {
  it('stamps the record with the present second', () => {
    world.edit('leads', 1, { name: 'Б' })
    expect(world.find('leads', 1)).toMatchObject({ name: 'Б', updated_at: now })
  })

  it('keeps an updated_at that is given', () => {
    world.edit('leads', 1, { updated_at: 7 })
    expect(world.find('leads', 1)).toMatchObject({ updated_at: 7 })
  })

  it('of a status leaves an event that tells both', () => {
    world.edit('leads', 1, { status_id: 6 })
    const { rows } = world.collections.events.list(
      { place: 'list', sortBy: 'created_at', descending: false, ranges: [], conditions: [] },
      0,
      1,
    )
    expect(rows[0]).toMatchObject({
      type: 'lead_status_changed',
      entity_id: 1,
      entity_type: 'lead',
      created_at: now,
      value_after: [{ lead_status: { id: 6, pipeline_id: 3 } }],
      value_before: [{ lead_status: { id: 5, pipeline_id: 3 } }],
    })
  })

  it('to won closes the lead, and back opens it', () => {
    world.edit('leads', 1, { status_id: 142 })
    expect(world.find('leads', 1)).toMatchObject({ closed_at: now })
    world.edit('leads', 1, { status_id: 5 })
    expect(world.find('leads', 1)).toMatchObject({ closed_at: null })
  })

  it('that completes a task leaves an event', () => {
    world.edit('tasks', 9, { is_completed: true })
    expect(eventTypes()).toEqual(['task_completed'])
  })

  it('of what is not there is refused', () => {
    expect(() => world.edit('leads', 404, {})).toThrow(UsageError)
  })
})

describe('a deletion', () => {
  it('moves a lead to the bin, with an event', () => {
    world.remove('leads', 1)
    expect([leadIdsIn('list'), leadIdsIn('bin'), eventTypes()]).toEqual([[], [1], ['lead_deleted']])
  })

  it('can be taken back, with an event', () => {
    world.remove('leads', 1)
    world.restore('leads', 1)
    expect([leadIdsIn('list'), leadIdsIn('bin'), eventTypes()]).toEqual([
      [1],
      [],
      ['lead_deleted', 'lead_restored'],
    ])
  })

  it('from the bin too leaves nothing behind and no event', () => {
    world.remove('leads', 1)
    world.purge('leads', 1)
    expect([leadIdsIn('list'), leadIdsIn('bin'), eventTypes()]).toEqual([[], [], ['lead_deleted']])
    expect(world.find('leads', 1)).toBeUndefined()
  })
})

describe('a merge of contacts', () => {
  beforeEach(() => world.mergeContacts(7, 8))

  it('takes the loser away and keeps the winner', () => {
    expect(world.find('contacts', 7)).toBeUndefined()
    expect(world.find('contacts', 8)).toMatchObject({ updated_at: now, _embedded: { leads: [{ id: 1 }] } })
  })

  it('brings the loser’s leads to the winner', () => {
    expect(world.find('leads', 1)).toMatchObject({ _embedded: { contacts: [{ id: 8, is_main: true }] } })
  })

  it('tells of itself only at the winner', () => {
    expect(eventTypes()).toEqual(['entity_merged'])
  })
})

describe('dictionaries', () => {
  it('take new names', () => {
    world.renameUser(100, 'Стала')
    world.renamePipeline(3, 'Новая')
    world.renameStatus(3, 5, 'Второй')
    expect(world.dictionaries.users).toEqual([{ id: 100, name: 'Стала' }])
    expect(world.dictionaries.pipelines).toEqual([
      { id: 3, name: 'Новая', _embedded: { statuses: [{ id: 5, name: 'Второй' }] } },
    ])
  })

  it('lose who leaves and what is removed', () => {
    world.removeUser(100)
    world.removeStatus(3, 5)
    expect(world.dictionaries.users).toEqual([])
    expect(world.dictionaries.pipelines).toEqual([{ id: 3, name: 'Старая', _embedded: { statuses: [] } }])
    world.removePipeline(3)
    expect(world.dictionaries.pipelines).toEqual([])
  })
})

it('a record that is added is listed, dated and told of', () => {
  world.add('leads', { id: 2, name: 'Новая' })
  expect(leadIdsIn('list')).toEqual([1, 2])
  expect(world.find('leads', 2)).toEqual({ id: 2, name: 'Новая', created_at: now, updated_at: now })
  expect(eventTypes()).toEqual(['lead_added'])
})

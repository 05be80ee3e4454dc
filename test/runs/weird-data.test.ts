import { afterEach, describe, expect, it } from 'vitest'
import type { JsonValue } from '../../src/json.js'
import { type Listed, listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { modelEntities } from './account-edits.js'
import { company, contact, iins, lead, pipeline, task, user } from './invented-account.js'
import { unaccounted } from './table-dump.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** Loads and builds this account and these days; fails unless every command comes to its end. */
async function taken(listed: Listed): Promise<Hub> {
  hub = await openHub({ world: listedWorld(listed), now: '2025-01-31T05:00:00Z', startDate: '2025-01-30' })
  // Hardly anything here is right: what a share of rejects does is another test's.
  await hub.configure(text => `${text}quality: {max_reject_share: 1}\n`)
  for (const argv of [['load', 'alaqan'], ['load', 'amocrm', ...modelEntities], ['transform'], ['status']]) {
    const { exitCode, err } = await hub.hubdwh(...argv)
    expect(exitCode, err).toBe(0)
  }
  expect(await unaccounted(hub)).toEqual([])
  return hub
}

const texts = [
  "Robert'); drop table silver.amocrm_leads; --",
  '<script>alert("x")</script>',
  '👩🏽‍🚀 қазақша ”кавычки„ \\ \\n',
  'строка\nвторая\r\n\tтретья',
  'مرحبا \u202e abc',
  '$1 $HOME %s {{x}} \'\' "" ``',
  'x'.repeat(70_000),
]

describe('text', () => {
  it('arrives as it is, whatever it holds', async () => {
    const ids = texts.map((_, index) => index + 1)
    const textOf = (id: number): string => texts[id - 1] ?? ''
    const { rows } = await taken({
      leads: ids.map(id => {
        const _embedded = { tags: [{ id, name: textOf(id) }], companies: [{ id }], contacts: [] }
        const ofOthers = { responsible_user_id: id, pipeline_id: id, status_id: 10 * id + 1 }
        return lead({ id, name: textOf(id), ...ofOthers, _embedded })
      }),
      contacts: ids.map(id => contact({ id, name: textOf(id), phone: textOf(id), email: textOf(id) })),
      companies: ids.map(id => company({ id, name: textOf(id) })),
      tasks: ids.map(id => task({ id, text: textOf(id), result: { text: textOf(id) } })),
      users: ids.map(id => user(id, textOf(id), textOf(id))),
      pipelines: ids.map(id => pipeline(id, textOf(id))),
      visits: {
        '2025-01-30': {
          ...Object.fromEntries(texts.map(text => [text, [{ event: text, time: text }]])),
          [iins[0]]: texts.map(text => ({ event: 'entry', time: text })),
        },
      },
    })
    const expected = (row: (text: string) => unknown) => texts.map(row)
    expect(
      await rows(
        'select lead_name, responsible_user_name, pipeline_name, tags from silver.amocrm_leads order by lead_id',
      ),
    ).toEqual(
      expected(text => ({
        lead_name: text,
        responsible_user_name: text,
        pipeline_name: text,
        tags: [text],
      })),
    )
    expect(await rows('select text, result_text from silver.amocrm_tasks order by task_id')).toEqual(
      expected(text => ({ text, result_text: text })),
    )
    expect(
      await rows('select company_name, tags from gold.amocrm_client_analytics order by company_id'),
    ).toEqual(expected(text => ({ company_name: text, tags: text })))
    expect(
      await rows(
        'select pipeline_name from gold.amocrm_sales_funnel where leads_count > 0 order by pipeline_id',
      ),
    ).toEqual(expected(pipeline_name => ({ pipeline_name })))
    expect(await rows('select rule, count(*) as n from meta.rejects group by rule order by rule')).toEqual([
      { rule: 'iin_format', n: texts.length },
      { rule: 'time_invalid', n: texts.length },
    ])
  })

  it('with a lone surrogate or a null byte neither stops a load nor loses the record', async () => {
    const { rows } = await taken({
      leads: [
        lead({ id: 1, name: 'до \ud800 после' }),
        lead({ id: 2, name: 'до \udc00' }),
        lead({ id: 3, name: 'до \u0000 после' }),
        lead({ id: 4, name: '\u0000' }),
      ],
      companies: [company({ id: 20, name: '\ud83d' })],
      users: [user(100, '\u0000\ud800')],
      pipelines: [pipeline(1, '\u0000')],
      visits: { '2025-01-30': { '\ud800': [{ event: '\u0000', time: '\udfff' }] } },
    })
    expect(
      await rows(
        `select (select count(*) from silver.amocrm_leads)
           + (select count(*) from meta.rejects where table_name = 'bronze.amocrm_leads') as n`,
      ),
    ).toEqual([{ n: 4 }])
  })
})

describe('records of which nothing is as it should be', () => {
  it('are set aside one by one, and their neighbour stays', async () => {
    const odd: readonly JsonValue[] = [
      'текст',
      null,
      [1],
      { name: 'without an id' },
      { ...lead({ id: 1 }), id: '1' },
      { ...lead({ id: 1 }), id: 2 ** 31 },
      { ...lead({ id: 1 }), id: 1.5 },
      lead({ id: 2, price: 2 ** 60 }),
      lead({ id: 3, price: '10' }),
      lead({ id: 4, created_at: 99_999_999_999_999 }),
      lead({ id: 5, created_at: -5_000_000_000_000 }),
    ]
    const { rows } = await taken({ leads: [lead({ id: 7, price: -5 }), ...odd] })
    expect(await rows('select lead_id, price from silver.amocrm_leads')).toEqual([{ lead_id: 7, price: -5 }])
    expect(await rows('select count(*) as n from meta.rejects')).toEqual([{ n: odd.length }])
  })

  it('are taken without their custom fields where those are not such', async () => {
    const bin = { field_id: 1, field_name: 'БИН', field_code: null, field_type: 'text' }
    const odd: readonly JsonValue[] = [
      { a: 1 },
      'текст',
      7,
      [],
      [null, null],
      [{ field_id: 1, field_name: 'БИН' }],
      [{ ...bin, values: null }],
      [{ ...bin, values: { value: '1' } }],
      [{ ...bin, values: ['1', 2] }],
      [{ ...bin, values: [{ value: { name: 'ТОО', bin: '1' } }] }],
      [{ field_id: 1, field_name: 'Источник', values: [{ value: [[[[{ a: [1] }]]]] }] }],
      [{ field_id: 'x', field_name: 5, field_code: true, values: [{ value: false }] }],
    ]
    const { rows } = await taken({
      leads: odd.map((values, id) => lead({ id, custom_fields_values: values })),
      contacts: odd.map((values, id) => contact({ id, custom_fields_values: values })),
      companies: odd.map((values, id) => company({ id, custom_fields_values: values })),
    })
    for (const [table, column] of [
      ['leads', 'cf_bin'],
      ['contacts', 'phone'],
      ['companies', 'bin'],
    ]) {
      expect(
        await rows(`select count(*) as n, count(${column}) as known from silver.amocrm_${table}`),
      ).toEqual([{ n: odd.length, known: 0 }])
    }
  })

  it('are taken where _embedded is missing or holds other things', async () => {
    const odd: readonly JsonValue[] = [
      null,
      [],
      'x',
      { tags: null, companies: null, contacts: null, leads: null, statuses: null },
      {
        tags: ['a', null, { name: 5 }],
        companies: [null, 'x', { id: 'y' }],
        contacts: [{}],
        leads: 7,
        statuses: [null, 5],
      },
    ]
    const { _embedded: _, ...bare } = lead({ id: 99 })
    const { rows } = await taken({
      leads: [bare, ...odd.map((_embedded, id) => lead({ id, _embedded }))],
      contacts: odd.map((_embedded, id) => contact({ id, _embedded })),
      companies: odd.map((_embedded, id) => company({ id, _embedded })),
      pipelines: odd.map((_embedded, id) => ({ ...pipeline(id, 'без статусов'), _embedded })),
    })
    expect(await rows('select count(*) as n from silver.amocrm_leads')).toEqual([{ n: odd.length + 1 }])
    expect(await rows('select count(*) as n from gold.amocrm_client_analytics')).toEqual([{ n: odd.length }])
  })

  it('with nothing but an id are rows with nothing but an id', async () => {
    const bare = { id: 1 }
    const { rows } = await taken({
      leads: [bare],
      contacts: [bare],
      companies: [bare],
      tasks: [bare],
      users: [bare],
      pipelines: [bare],
      events: [{ id: '01z' }],
    })
    expect(
      await rows(
        'select lead_id, lead_name, price, is_won, is_deleted, contact_ids, tags, year from silver.amocrm_leads',
      ),
    ).toEqual([
      {
        lead_id: 1,
        lead_name: null,
        price: null,
        is_won: false,
        is_deleted: false,
        contact_ids: [],
        tags: [],
        year: null,
      },
    ])
    expect(await rows('select company_id, total_leads from gold.amocrm_client_analytics')).toEqual([
      { company_id: 1, total_leads: 0 },
    ])
  })

  it('as events with odd values are set aside or taken, and stop nothing', async () => {
    const event = (id: string, value_after: JsonValue, more = {}): JsonValue => ({
      id,
      type: 'lead_status_changed',
      entity_id: 1,
      entity_type: 'lead',
      created_by: 0,
      created_at: 1_738_198_900,
      value_before: value_after,
      value_after,
      ...more,
    })
    const good = [{ lead_status: { id: 11, pipeline_id: 1 } }]
    const { rows } = await taken({
      leads: [lead({ id: 1 })],
      events: [
        event('01a', good),
        event('01b', []),
        event('01c', null),
        event('01d', {}),
        event('01e', 'x'),
        event('01f', [{ lead_status: null }]),
        event('01g', [{ lead_status: { id: 'x', pipeline_id: 2 ** 40 } }]),
        event('01h', good, { entity_id: 'x' }),
        event('', good),
      ],
    })
    expect(await rows('select event_id from silver.amocrm_lead_status_changes')).toEqual([
      { event_id: '01a' },
    ])
    expect(await rows('select count(*) as n from meta.rejects')).toEqual([{ n: 8 }])
  })
})

describe('a day at the gate', () => {
  it('keeps what is right among what is not, and counts an event that is told twice once', async () => {
    const odd: readonly JsonValue[] = [
      null,
      5,
      { event: 'entry', time: '09:00:00' },
      [null, 5, 'x', {}, [], { event: null, time: null }, { event: 1, time: 2 }],
      [],
    ]
    const again = { event: ' Entry ', time: '09:00:00' }
    const { rows } = await taken({
      visits: {
        '2025-01-30': {
          '': [again],
          ...Object.fromEntries(odd.map((events, index) => [String(100_000_000_000 + index), events])),
          [iins[1]]: [again, again, { event: 'EXIT', time: '23:59:59' }],
        },
      },
    })
    expect(
      await rows('select event, cast(event_time as varchar) as time from silver.alaqan_visits order by 2'),
    ).toEqual([
      { event: 'entry', time: '09:00:00' },
      { event: 'exit', time: '23:59:59' },
    ])
    expect(await rows("select count(*) as n from meta.rejects where rule = 'iin_format'")).toEqual([{ n: 1 }])
  })
})

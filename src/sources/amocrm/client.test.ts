import { expect, test } from 'vitest'
import type { JsonValue } from '../../json.js'
import { unlimited } from '../http/rate-budget.js'
import { createAmocrmClient, target } from './client.js'

/** A client to which amoCRM gives this answer. */
function clientTo(
  json: JsonValue,
  more: { readonly status?: number; readonly headers?: Record<string, string> } = {},
) {
  const asked: string[] = []
  const client = createAmocrmClient(
    { baseUrl: 'https://example.amocrm.ru/api/v4/', auth: { kind: 'token', token: 'secret' } },
    {
      clock: { now: () => 0, sleep: async () => {} },
      budget: unlimited,
      transport: async ({ url, headers }) => {
        asked.push(`${url.href} ${headers.authorization}`)
        const { status = 200, headers: given = {} } = more
        return { status, headers: given, body: Buffer.from(status === 204 ? '' : JSON.stringify(json)) }
      },
    },
  )
  return { client, asked }
}

test('a request goes to the account with the token', async () => {
  const { client, asked } = clientTo({ _embedded: { leads: [] } })
  await client.page(
    target('/api/v4/leads', [
      ['filter[updated_at][from]', '5'],
      ['with', 'a,b'],
    ]),
    'leads',
  )
  expect(asked).toEqual([
    'https://example.amocrm.ru/api/v4/leads?filter%5Bupdated_at%5D%5Bfrom%5D=5&with=a%2Cb Bearer secret',
  ])
})

test('a page has records and says what follows', async () => {
  const next = { href: 'https://example.amocrm.ru/api/v4/leads?page=2&limit=250' }
  const { client } = clientTo({ _links: { next }, _embedded: { leads: [{ id: 1 }, null] } })
  const page = await client.page('/api/v4/leads?page=1', 'leads')
  expect(page).toMatchObject({ records: [{ id: 1 }, null], next: '/api/v4/leads?page=2&limit=250' })
})

test('a link to another host gives no token away', async () => {
  const next = { href: 'https://evil.example/api/v4/leads?page=2' }
  const { client, asked } = clientTo({ _links: { next }, _embedded: { leads: [{ id: 1 }] } })
  const page = await client.page('/api/v4/leads?page=1', 'leads')
  await client.page(page.next ?? '', 'leads').catch(() => {})
  expect(asked[1]).toContain('https://example.amocrm.ru/api/v4/leads?page=2')
})

test('no content is an empty, last page', async () => {
  const { client } = clientTo(null, { status: 204 })
  expect(await client.page('/api/v4/leads', 'leads')).toMatchObject({ records: [], next: undefined })
})

test.each<JsonValue>([{}, [], null, { _embedded: { contacts: [] } }, { _embedded: { leads: {} } }])(
  '%j is no page of leads',
  async json => {
    const { client } = clientTo(json)
    await expect(client.page('/api/v4/leads', 'leads')).rejects.toMatchObject({
      code: 'malformed_answer',
      exitCode: 3,
    })
  },
)

test('a page that is followed by itself is refused', async () => {
  const next = { href: '/api/v4/leads?filter[updated_at][from]=5&page=1' }
  const { client } = clientTo({ _links: { next }, _embedded: { leads: [{ id: 1 }] } })
  const same = target('/api/v4/leads', [
    ['filter[updated_at][from]', '5'],
    ['page', '1'],
  ])
  await expect(client.page(same, 'leads')).rejects.toMatchObject({ code: 'endless_list' })
})

test('the account says what it is, has and can', async () => {
  const account = {
    id: 31,
    subdomain: 'example',
    current_user_id: 100,
    is_api_filter_enabled: true,
    _embedded: { datetime_settings: { timezone: 'Asia/Almaty' } },
  }
  const { client } = clientTo(account, { headers: { date: 'Fri, 31 Jan 2025 00:00:10 GMT' } })
  expect(await client.account()).toEqual({
    id: 31,
    subdomain: 'example',
    currentUserId: 100,
    isFilterEnabled: true,
    timezone: 'Asia/Almaty',
    serverTime: Date.parse('2025-01-31T00:00:10Z'),
  })
})

test('an account that says nothing is not guessed', async () => {
  expect(await clientTo({}).client.account()).toMatchObject({
    isFilterEnabled: undefined,
    serverTime: undefined,
  })
})

test('an answer is dated by the server where our clock is another', async () => {
  const headers = { date: 'Thu, 30 Jan 2025 10:00:00 GMT' }
  const { client } = clientTo({ _embedded: { leads: [] } }, { headers })
  const { answer } = await client.page('/api/v4/leads', 'leads')
  expect(answer.receivedAt).toBe(Date.parse('2025-01-30T10:00:00Z'))
})

test('an answer is dated by our clock where the server names the same second', async () => {
  const { client } = clientTo(
    { _embedded: { leads: [] } },
    { headers: { date: 'Thu, 01 Jan 1970 00:00:01 GMT' } },
  )
  expect((await client.page('/api/v4/leads', 'leads')).answer.receivedAt).toBe(0)
})

test('a record that is not there answers without JSON', async () => {
  const { client, asked } = clientTo({}, { status: 204 })
  expect((await client.record('/api/v4/leads/7')).json).toBeUndefined()
  expect(asked).toHaveLength(1)
})

test('404 does not say that a record is gone where the account itself is not found', async () => {
  const { client } = clientTo({ title: 'Not found' }, { status: 404 })
  await expect(client.record('/api/v4/leads/7')).rejects.toMatchObject({ code: 'not_found' })
})

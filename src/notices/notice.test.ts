import { describe, expect, it } from 'vitest'
import { areas, type Cause } from './cause.js'
import type { Entry } from './memory.js'
import { type Notice, noticesOf, testNotice, worksAgain } from './notice.js'

const moment = { now: Date.parse('2025-01-31T05:00:00Z'), timeZone: 'Asia/Almaty' }

const failure = (code: string, exitCode: number): Cause => ({
  kind: 'run_failed',
  subject: 'all',
  code,
  exitCode,
  command: 'run',
  entities: [],
  area: areas.command('run'),
})
/** A code in a family of its own is told by what its exit code means. */
const codes = [
  ...['account_not_paid', 'address_not_allowed', 'blocked', 'bug', 'check_invalid', 'credential_rejected'],
  ...['disk_full', 'forbidden', 'integration_rejected', 'locked', 'malformed_answer', 'not_authorized'],
  ...['not_writable', 'redirected', 'refresh_token_rejected', 'rows_unaccounted', 'source_unavailable'],
  ...['told_to_wait', 'warehouse_locked', 'warehouse_missing', 'warehouse_unreadable'],
]
const causes: readonly Cause[] = [
  ...codes.map(code => failure(code, 3)),
  ...[1, 2, 3, 4, 5].map(exitCode => failure(`code_${exitCode}`, exitCode)),
  { kind: 'check_failed', check: 'c', table: 'silver.x', severity: 'block', failingRows: 1 },
  { kind: 'check_failed', check: 'c', table: 'silver.y', severity: 'block', failingRows: 3 },
  { kind: 'check_failed', check: 'd', table: 'gold.x', severity: 'warn', failingRows: 5 },
  { kind: 'sweep_stopped', entity: 'leads' },
  { kind: 'day_held', day: '2025-01-29' },
  { kind: 'day_held', day: '2025-01-30' },
  { kind: 'token_ends', source: 'amocrm', way: 'token', endsOn: '2025-02-10' },
]

function all(language: 'ru' | 'en'): readonly Notice[] {
  const entries = causes.map((cause): Entry => ({ cause, toldAt: '2025-01-31T00:00:00Z', isOver: false }))
  return [
    ...noticesOf(causes, language, moment).map(({ notice }) => notice),
    worksAgain(entries, language, moment),
    testNotice(language, moment),
  ]
}

describe('messages', () => {
  it('say everything in Russian', () => {
    for (const { title, sentences } of all('ru')) {
      for (const text of [title, ...sentences]) expect(text).toMatch(/[А-я]/)
    }
  })

  it('say everything in English', () => {
    for (const { title, sentences, items } of all('en')) {
      for (const text of [title, ...sentences, ...items]) expect(text).not.toMatch(/[А-я]/)
    }
  })

  it('say something of its own about each known code, in both languages', () => {
    for (const language of ['ru', 'en'] as const) {
      const told = noticesOf(
        codes.map(code => failure(code, 3)),
        language,
        moment,
      )
      expect(new Set(told.map(({ notice }) => notice.sentences[0])).size).toBe(codes.length)
    }
  })

  it('are one for all checks that block, one for all that warn, one for all days', () => {
    const kinds = noticesOf(causes.slice(-7), 'en', moment).map(({ notice, causes: of }) => [
      notice.kind,
      of.length,
    ])
    expect(kinds).toEqual([
      ['check_failed', 2],
      ['sweep_stopped', 1],
      ['day_held', 2],
      ['token_ends', 1],
      ['check_failed', 1],
    ])
  })
})

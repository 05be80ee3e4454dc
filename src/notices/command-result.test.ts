import { describe, expect, it } from 'vitest'
import { keyOf } from './cause.js'
import { type CommandResult, causesOf, type FailedPart } from './command-result.js'

const result: CommandResult = {
  command: 'run',
  failures: [],
  checks: [],
  unpublished: [],
  covered: [],
  now: Date.parse('2025-01-31T20:00:00Z'),
  timeZone: 'Asia/Almaty',
}
const keys = (changed: Partial<CommandResult>) => causesOf({ ...result, ...changed }).map(keyOf)
const part = (changed: Partial<FailedPart>): FailedPart => ({
  source: 'amocrm',
  entity: 'leads',
  step: 'load',
  code: 'source_unavailable',
  exitCode: 3,
  ...changed,
})

describe('the causes of a command’s notices', () => {
  it('are none where all is well', () => {
    expect(keys({ heldDays: [] })).toEqual([])
  })

  it('are a bug as well as an expected error', () => {
    expect(keys({ ended: { code: 'bug', exitCode: 1 } })).toEqual(['run_failed:all:bug'])
    expect(keys({ ended: { code: 'disk_full', exitCode: 3 }, source: 'alaqan' })).toEqual([
      'run_failed:alaqan:disk_full',
    ])
  })

  it.each(['usage', 'source_not_configured', 'interrupted'])(
    'are not %s, which somebody at a terminal sees',
    code => {
      expect(keys({ ended: { code, exitCode: 2 } })).toEqual([])
    },
  )

  it('are one a source and error, with everything that failed by it', () => {
    const failures = [
      part({}),
      part({ entity: 'contacts' }),
      part({ entity: 'users', code: 'forbidden', exitCode: 5 }),
      part({ source: 'alaqan', entity: 'visits' }),
    ]
    const causes = causesOf({ ...result, failures })
    expect(causes.map(keyOf)).toEqual([
      'run_failed:amocrm:source_unavailable',
      'run_failed:amocrm:forbidden',
      'run_failed:alaqan:source_unavailable',
    ])
    expect(causes[0]).toMatchObject({ entities: ['leads', 'contacts'], area: 'load:amocrm' })
  })

  it('are checks by name and table, told once though they also failed the build, and not where they were accepted', () => {
    const checked = { check: 'c', severity: 'block', failingRows: 1 } as const
    expect(
      keys({
        failures: [part({ step: 'build', entity: 'silver.a', code: 'checks_failed', exitCode: 4 })],
        checks: [
          { ...checked, table: 'silver.a', status: 'failed' },
          { ...checked, table: 'silver.b', status: 'passed' },
          { ...checked, table: 'silver.c', status: 'accepted' },
        ],
      }),
    ).toEqual(['check_failed:c:silver.a'])
  })

  it('are a token two weeks before its end and no sooner, with the day in the zone', () => {
    const day = 86_400_000
    const token = (days: number) =>
      ({ source: 'amocrm', way: 'oauth', endsAt: result.now + days * day }) as const
    expect(keys({ token: token(14.1) })).toEqual([])
    expect(causesOf({ ...result, token: token(14) })).toMatchObject([{ endsOn: '2025-02-15' }])
    expect(keys({ token: token(-1) })).toEqual(['token_ends:amocrm'])
  })
})

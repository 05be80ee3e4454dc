/** What `hubdwh status` tells a person to do, each situation brought about and looked at through the command line. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import type { StepCode } from '../../src/pipeline/status/next-steps.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { contact, gateDay } from '../runs/invented-account.js'
import {
  day,
  gate,
  gateOnly,
  healthy,
  hour,
  people,
  tamper,
  untouched,
  writeCheck,
  writeLock,
} from './installations.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

const keep = async (opening: Promise<Hub>): Promise<Hub> => {
  hub = await opening
  return hub
}

interface Situation {
  readonly arrange: () => Promise<Hub>
  readonly state: 'ok' | 'warning' | 'failed'
  readonly command: string
  /** What the sentence says among other things. */
  readonly says: string
}

const oauth = (opened: Hub) =>
  opened.configure(text =>
    text.replace(
      /auth: .*/,
      `auth: {client_id: x, client_secret: \${SECRET}, redirect_uri: "https://example.kz/", token_file: ./token.json}`,
    ),
  )

async function withTokensOf(opened: Hub, daysAgo: number): Promise<Hub> {
  opened.env.SECRET = 'client-secret'
  await oauth(opened)
  const issued = opened.clock.now() / 1000 - daysAgo * 86_400
  const tokens = {
    access_token: 'a',
    refresh_token: 'r',
    expires_at: issued + 86_400,
    base_url: 'https://a.kz',
  }
  await writeFile(join(opened.folder, 'token.json'), JSON.stringify({ ...tokens, issued_at: issued }))
  return opened
}

async function fewOf(count: number): Promise<Hub> {
  const contacts = Array.from({ length: count }, (_, index) => contact({ id: index + 1 }))
  return keep(openHub({ world: listedWorld({ contacts }), now: '2025-01-31T05:00:00Z' }))
}

/** After a run that Alaqan did not let come to its end. */
async function stoppedRun(): Promise<Hub> {
  const on = Array.from({ length: 9 }, (_, index) => index + 1)
  const sandbox = { faults: [{ kind: '503', path: /date=2025-01-31/, on }] } as const
  const opened = await keep(healthy({ ...gateOnly, sandbox }))
  opened.clock.advance(day)
  expect((await opened.hubdwh('run')).exitCode).toBe(3)
  return opened
}

const rejectRow = `insert into meta.rejects (load_id, table_name, rule, detail, record, rejected_at, scope, origin)
  values ('l', 'silver.alaqan_visits', 'iin_format', '', '{}', now(), null, null)`

const situations: Readonly<Record<Exclude<StepCode, 'warehouse_closed'>, Situation>> = {
  nothing_loaded: {
    arrange: () => keep(untouched()),
    state: 'warning',
    command: 'hubdwh run',
    says: 'Nothing is loaded yet',
  },
  warehouse_outdated: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await tamper(opened, 'drop table meta.reconciliation; alter table meta.loads drop column mode')
      await rm(join(opened.folder, 'data/landing'), { recursive: true })
      return opened
    },
    state: 'failed',
    command: 'hubdwh run',
    says: 'meta.loads.mode',
  },
  token_ended: {
    arrange: async () => withTokensOf(await keep(healthy()), 91),
    state: 'failed',
    command: 'hubdwh auth amocrm',
    says: 'ended on 2025-01-30',
  },
  token_ends: {
    arrange: async () => withTokensOf(await keep(healthy()), 80),
    state: 'warning',
    command: 'hubdwh auth amocrm',
    says: 'ends on 2025-02-10',
  },
  rows_unaccounted: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await tamper(
        opened,
        `insert into meta.reconciliation (table_name, load_id, reconciled_at, received, stored, difference)
         values ('silver.amocrm_leads', null, timestamptz '2025-02-01 00:00:00Z', 3, 1, 2)`,
      )
      return opened
    },
    state: 'failed',
    command: 'hubdwh transform',
    says: 'silver.amocrm_leads: the last build was refused, 2 rows unaccounted for',
  },
  check_failed: {
    arrange: async () => {
      const opened = await keep(untouched(gateOnly))
      await writeCheck(opened, 'no_gate', 'silver.alaqan_visits', 'block')
      expect((await opened.hubdwh('run')).exitCode).toBe(4)
      return opened
    },
    state: 'failed',
    command: `hubdwh sql "select record from meta.check_failures where check_name = 'no_gate'"`,
    says: 'silver.alaqan_visits: 1 row breaks no_gate (Nothing is there). What it guards stays as it was. Ask the gatekeeper.',
  },
  checks_unreadable: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await mkdir(join(opened.folder, 'checks'))
      await writeFile(join(opened.folder, 'checks/mine.sql'), 'select 1')
      return opened
    },
    state: 'failed',
    command: 'hubdwh quality',
    says: 'mine.sql is no check',
  },
  sweep_open: {
    arrange: async () => {
      const opened = await fewOf(40)
      await opened.hubdwh('run')
      for (let id = 1; id <= 15; id++) opened.world.purge('contacts', id)
      opened.clock.advance(7 * day)
      expect((await opened.hubdwh('run')).exitCode).toBe(4)
      return opened
    },
    state: 'warning',
    command: 'hubdwh load amocrm contacts --full --accept',
    says: 'did not hold 15 known records',
  },
  days_held: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      opened.clock.advance(hour)
      opened.world.setVisits('2025-01-29', gateDay([]))
      opened.world.setVisits('2025-01-30', gateDay(people.slice(0, 2)))
      await opened.hubdwh('run', 'alaqan')
      return opened
    },
    state: 'warning',
    command: 'hubdwh load alaqan --from 2025-01-29 --to 2025-01-30 --accept',
    says: '2025-01-29 to 2025-01-30 lost most of its events',
  },
  package_damaged: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await mkdir(join(opened.folder, 'data/landing/alaqan/visits/broken'), { recursive: true })
      return opened
    },
    state: 'warning',
    command: 'hubdwh run',
    says: 'visits/broken is not a load package',
  },
  package_waits: {
    arrange: async () => {
      const opened = await stoppedRun()
      await writeLock(opened, 'visits', process.pid, 'another life')
      return opened
    },
    state: 'warning',
    command: 'hubdwh run',
    says: `An earlier run was stopped (process ${process.pid} died while it loaded alaqan visits; the lock it left is taken over): 1 load package (alaqan visits; the oldest of 2025-02-01 10:00)`,
  },
  not_loaded: {
    arrange: async () => {
      const opened = await keep(untouched())
      await opened.hubdwh('run', 'alaqan')
      return opened
    },
    state: 'warning',
    command: 'hubdwh run amocrm',
    says: 'Nothing of amocrm is loaded yet.',
  },
  source_stale: {
    arrange: async () => {
      const opened = await keep(healthy({ withoutAmocrm: true }))
      opened.clock.advance(27 * hour)
      return opened
    },
    state: 'warning',
    command: 'hubdwh run alaqan',
    says: 'nothing newer than 2025-01-31 00:00 is known (visits), and 36 hours is the most',
  },
  days_missing: {
    arrange: async () => {
      const opened = await keep(gate('2025-01-01', '2025-01-31T05:00:00Z'))
      await opened.hubdwh('backfill', 'alaqan', '--from', '2025-01-05', '--to', '2025-01-30')
      await opened.hubdwh('transform')
      return opened
    },
    state: 'warning',
    command: 'hubdwh run alaqan',
    says: '4 days of Alaqan missing: 2025-01-01 to 2025-01-04.',
  },
  tables_behind: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      opened.clock.advance(hour)
      opened.world.setVisits('2025-01-30', gateDay(people.slice(0, 20)))
      await opened.hubdwh('load', 'alaqan')
      return opened
    },
    state: 'warning',
    command: 'hubdwh transform',
    says: 'silver.alaqan_visits: something upstream has changed since.',
  },
  not_published: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await opened.configure(text => `${text}publish:\n  - webhook: {url: "http://127.0.0.1:9/hook"}\n`)
      return opened
    },
    state: 'warning',
    command: 'hubdwh publish webhook',
    says: 'webhook under publish shows older data of 3 tables.',
  },
  check_warns: {
    arrange: async () => {
      const opened = await keep(untouched(gateOnly))
      await writeCheck(opened, 'no_gate', 'silver.alaqan_visits', 'warn')
      await opened.hubdwh('run')
      return opened
    },
    state: 'warning',
    command: `hubdwh sql "select record from meta.check_failures where check_name = 'no_gate'"`,
    says: 'silver.alaqan_visits: 1 row breaks no_gate (Nothing is there). Ask the gatekeeper.',
  },
  rejects: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await tamper(opened, `${rejectRow}; ${rejectRow}`)
      return opened
    },
    state: 'ok',
    command: 'hubdwh rejects',
    says: '2 records set aside (iin_format 2).',
  },
  schema_changed: {
    arrange: async () => {
      const opened = await keep(healthy(gateOnly))
      await tamper(
        opened,
        `insert into meta.schema_changes (source, entity, field, change, types_before, types_after, load_id, noticed_at)
         values ('amocrm', 'leads', 'colour', 'added', [], ['string'], 'l', timestamptz '2025-01-25 00:00:00Z'),
                ('amocrm', 'leads', 'old', 'added', [], ['string'], 'l', timestamptz '2024-12-25 00:00:00Z')`,
      )
      return opened
    },
    state: 'ok',
    command: 'hubdwh sql "from meta.schema_changes order by noticed_at desc"',
    says: 'amocrm leads.colour added.',
  },
}

function stepsIn({ next }: JsonObject): readonly JsonObject[] {
  return Array.isArray(next) ? next.filter(isJsonObject) : []
}

describe('status tells what to do next', () => {
  it.each(Object.entries(situations))('%s', async (code, { arrange, state, command, says }) => {
    const { hubdwh } = await arrange()
    const { exitCode, json } = await hubdwh('status', '--json')
    expect(exitCode).toBe(0)
    expect(stepsIn(json)).toEqual([
      expect.objectContaining({ code, command, sentence: expect.stringContaining(says) }),
    ])
    expect(json.state).toBe(state)
    const { out } = await hubdwh('status')
    expect(out).toContain(`${command}\n`)
    expect(out.includes('All is well')).toBe(state === 'ok')
  })

  it('with the gravest first', async () => {
    const opened = await keep(untouched(gateOnly))
    await writeCheck(opened, 'no_gate', 'silver.alaqan_visits', 'block')
    await opened.hubdwh('run')
    await tamper(opened, rejectRow)
    opened.clock.advance(5 * day)
    const { json } = await opened.hubdwh('status', '--json')
    expect(stepsIn(json).map(({ code }) => code)).toEqual(['check_failed', 'source_stale', 'rejects'])
  })

  it('with a backfill where much of the history is missing', async () => {
    const opened = await keep(gate('2024-01-01', '2025-01-31T05:00:00Z'))
    await opened.hubdwh('load', 'alaqan', '--from', '2025-01-30', '--to', '2025-01-30')
    await opened.hubdwh('transform')
    const { json } = await opened.hubdwh('status', '--json')
    expect(stepsIn(json)).toMatchObject([
      { code: 'days_missing', command: 'hubdwh backfill alaqan --from 2024-01-01 --to 2025-01-29' },
    ])
  })

  it('and points to the runbook for a check that hubdwh brings, not for one of the user', async () => {
    const opened = await keep(untouched(gateOnly))
    await writeCheck(opened, 'no_gate', 'silver.alaqan_visits', 'warn')
    await opened.hubdwh('run')
    await tamper(
      opened,
      `insert into meta.checks (check_name, table_name, severity, status, failing_rows, extent, checked_at)
       values ('rejects_share', 'bronze.alaqan_visits', 'block', 'failed', 1, 'part', timestamptz '2025-02-01 00:00:00Z')`,
    )
    const { json } = await opened.hubdwh('status', '--json')
    expect(stepsIn(json)).toMatchObject([
      { code: 'check_failed', runbook: 'docs/runbook.md#check-rejects_share' },
      { code: 'check_warns', runbook: null },
    ])
  })

  it('but nothing of a check that was turned off', async () => {
    const opened = await keep(untouched(gateOnly))
    await writeCheck(opened, 'no_gate', 'silver.alaqan_visits', 'warn')
    await opened.hubdwh('run')
    await opened.configure(text => `${text}quality: {severity: {no_gate: 'off'}}\n`)
    expect((await opened.hubdwh('status', '--json')).json).toMatchObject({ state: 'ok', next: [] })
  })

  it('but not to go on with what a process is at work on', async () => {
    const opened = await stoppedRun()
    await writeLock(opened, 'visits', process.pid, null)
    const { json } = await opened.hubdwh('status', '--json')
    expect(stepsIn(json).map(({ code }) => code)).not.toContain('package_waits')
    expect(json.loaders).toMatchObject([{ entity: 'visits', pid: process.pid, is_dead: false }])
    expect((await opened.hubdwh('status')).out).toContain(
      `alaqan visits is being loaded by process ${process.pid} on `,
    )
  })
})

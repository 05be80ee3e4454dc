/** Installations in the situations that `status` tells of. */
import { mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { listedWorld, type World } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Hub, type HubOptions, openHub } from '../hub.js'
import { crowd, gateDay, lead, pipeline, user } from '../runs/invented-account.js'

export const people = crowd(30)
export const hour = 3_600_000
export const day = 24 * hour

export function smallWorld(): World {
  return listedWorld({
    leads: [lead({ id: 1, status_id: 11 })],
    users: [user(100, 'Айгерим')],
    pipelines: [pipeline(1, 'Продажи')],
    visits: { '2025-01-29': gateDay(people), '2025-01-30': gateDay(people) },
  })
}

/** Both sources, nothing loaded yet; 2025-01-31 10:00 in Almaty. */
export function untouched(options: Partial<HubOptions> = {}): Promise<Hub> {
  return openHub({ world: smallWorld(), now: '2025-01-31T05:00:00Z', startDate: '2025-01-29', ...options })
}

/** Only the gate, which is loaded quickly. */
export const gateOnly = { withoutAmocrm: true } as const

/** After a run in which everything went well. */
export async function healthy(options: Partial<HubOptions> = {}): Promise<Hub> {
  const hub = await untouched(options)
  const { exitCode, err } = await hub.hubdwh('run')
  if (exitCode !== 0) throw new Error(err)
  return hub
}

/** Only the gate, with a history of days without visits; nothing loaded yet. */
export function gate(startDate: string, now: string): Promise<Hub> {
  return openHub({ world: listedWorld({}), now, startDate, withoutAmocrm: true })
}

/** Changes the warehouse behind the program's back. */
export async function tamper({ folder, clock }: Hub, sql: string): Promise<void> {
  const path = join(folder, 'data/warehouse.duckdb')
  const engine = await openDuckdb({ path, access: 'write', timeZone: 'Asia/Almaty', timeAs: 'time', clock })
  try {
    await engine.run(sql)
  } finally {
    await engine.close()
  }
}

/** A check of the user's that finds one row in the table. */
export async function writeCheck(
  { folder }: Hub,
  name: string,
  table: string,
  severity: string,
): Promise<void> {
  await mkdir(join(folder, 'checks'), { recursive: true })
  await writeFile(
    join(folder, 'checks', `${name}.sql`),
    `/*\nNothing is there.\n\nname: ${name}\ntable: ${table}\nseverity: ${severity}\nadvice: Ask the gatekeeper.\n*/\nselect 1 as one\n`,
  )
}

/** The lock of an entity, as a process left it or holds it. */
export async function writeLock(
  { folder }: Hub,
  entity: string,
  pid: number,
  startedAt: string | null,
): Promise<void> {
  const source = join(folder, 'data/landing/alaqan')
  await mkdir(source, { recursive: true })
  const holder = { token: 'other', host: hostname(), pid, startedAt }
  await writeFile(join(source, `${entity}.lock`), JSON.stringify(holder))
}

/** A healthy warehouse made once, to be broken in one place and put back. */
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { armSection, writeArmFiles } from '../../src/cli/arm-files.js'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import { generatedArm, generatedWorld } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Hub, openHub } from '../hub.js'

export interface HealthyHub {
  readonly hub: Hub
  /** Changes tables behind the program's back. */
  tamper(sql: string): Promise<void>
  /** Puts the warehouse back as it was when it was healthy. */
  heal(): Promise<void>
}

const scale = {
  leads: 120,
  people: 60,
  from: '2025-04-21',
  to: '2025-06-30',
  misreading: { duplicates: 0, badEvents: 0, badNumbers: 0, daysDown: 0 },
}

/** Ten weeks of a small technopark up to 2025-06-30, loaded and built on 2025-07-01, beside ARM. */
export async function openHealthyHub(): Promise<HealthyHub> {
  const hub = await openHub({
    now: '2025-07-01T03:00:00Z',
    startDate: '2025-04-21',
    world: generatedWorld(scale),
  })
  await writeArmFiles(join(hub.folder, 'arm'), generatedArm(scale))
  await hub.configure(text => `${text}${armSection('arm')}`)
  const { exitCode, err } = await hub.hubdwh('run')
  if (exitCode !== 0) throw new Error(err)
  const path = join(hub.folder, 'data/warehouse.duckdb')
  const kept = join(hub.folder, 'healthy.duckdb')
  const tamper = async (sql: string): Promise<void> => {
    const engine = await openDuckdb({
      ...{ path, access: 'write', timeZone: 'Asia/Almaty', timeAs: 'time', clock: hub.clock },
    })
    try {
      await engine.run(functions)
      await engine.run(sql)
    } finally {
      await engine.close()
    }
  }
  // The invented ARM has people in two companies on purpose.
  await tamper(`delete from silver.arm_directory where (iin, bin, spell) not in (
    select (iin, min(bin), 1) from silver.arm_directory group by iin)`)
  await copyFile(path, kept)
  return { hub, tamper, heal: () => copyFile(kept, path) }
}

/** What the statements of the tests call by the models' names. */
const functions = `
  create or replace temp macro instant(unix_seconds) as to_timestamp(unix_seconds);
  create or replace temp macro is_iin(value) as regexp_full_match(value, '[0-9]{12}');`

/** `check` of the results that did not pass, of a command's `--json`. */
export function failedChecks(json: JsonObject): readonly string[] {
  const checks = Array.isArray(json.checks) ? json.checks.filter(isJsonObject) : []
  return checks.filter(({ status }) => status !== 'passed').map(({ check }) => String(check))
}

/** A whole installation for tests: both APIs on loopback, a folder with a configuration, and the real command line. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type FakeIo, fakeIo } from '../src/cli/fake-io.js'
import { main } from '../src/cli/main.js'
import type { Chance } from '../src/effects.js'
import { isJsonObject, type JsonObject } from '../src/json.js'
import {
  type MovableClock,
  movableClock,
  type Sandbox,
  type SandboxOptions,
  startSandbox,
  type World,
} from '../src/sandbox/sandbox.js'
import type { Engine, Row } from '../src/warehouse/engine.js'
import { takeWarehouse, type WarehouseKind, warehouseIn } from './warehouse/hub-warehouse.js'

export interface HubOptions {
  readonly world: World
  /** The instant at which the clock stands; ISO 8601. */
  readonly now: string
  /** Sandbox options besides world and clock. */
  readonly sandbox?: Omit<SandboxOptions, 'world' | 'clock'>
  /** First day of Alaqan's history; without it Alaqan is not configured. */
  readonly startDate?: string
  /** Without amoCRM in the configuration. */
  readonly withoutAmocrm?: boolean
  /** Lines of the `privacy` section; default: the defaults with a key. */
  readonly privacy?: readonly string[]
  /** Further lines of the `amocrm` section, without their indentation. */
  readonly amocrm?: readonly string[]
  /** Further lines of the `alaqan` section, without their indentation. */
  readonly alaqan?: readonly string[]
  /** Further environment variables. */
  readonly env?: Readonly<Record<string, string>>
  /** Where the tables are; default: what the suite is about, in most suites a file. */
  readonly warehouse?: WarehouseKind
}

/** What a command came to. */
export interface Ended {
  readonly exitCode: number
  readonly out: string
  readonly err: string
  /** The last line of stdout where it is a JSON object. */
  readonly json: JsonObject
}

/** A command that is under way. */
export interface Begun {
  readonly io: FakeIo
  readonly ended: Promise<Ended>
}

export interface Hub {
  readonly folder: string
  /** The environment of the commands to come; it can be changed. */
  readonly env: Record<string, string>
  readonly sandbox: Sandbox
  readonly world: World
  readonly clock: MovableClock
  /** Runs `hubdwh …` with this installation's configuration. */
  hubdwh(...argv: readonly string[]): Promise<Ended>
  /** The same, to be stopped or looked at while it is under way. */
  begin(...argv: readonly string[]): Begun
  /** Changes the text of the configuration. */
  configure(change: (text: string) => string): Promise<void>
  /** The rows of a query on the warehouse, instants in Asia/Almaty. */
  rows(sql: string): Promise<readonly Row[]>
  /** Carries out a statement in the warehouse, as another program would. */
  write(sql: string): Promise<void>
  close(): Promise<void>
}

/** The key that the hub's configuration masks with. */
export const privacyKey = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

export async function openHub(options: HubOptions): Promise<Hub> {
  const clock = movableClock(options.now)
  const sandbox = await startSandbox({
    amocrm: { requestsPerSecond: null },
    ...options.sandbox,
    world: options.world,
    clock,
  })
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
  const taken = await takeWarehouse(options.warehouse)
  await writeFile(join(folder, 'hubdwh.yaml'), configText(options, sandbox, taken.section))
  const env: Record<string, string> = {
    ALAQAN_API_KEY: sandbox.apiKey,
    AMOCRM_TOKEN: sandbox.token,
    HUBDWH_PRIVACY_KEY: privacyKey,
    ...options.env,
  }
  const warehouse = warehouseIn(folder, taken.section, clock)
  const inWarehouse = async <T>(
    access: 'read' | 'write',
    work: (engine: Engine) => Promise<T>,
  ): Promise<T> => {
    const engine = await warehouse.open({ access })
    try {
      return await work(engine)
    } finally {
      await engine.close()
    }
  }
  const chance = countingChance()
  const begin = (...argv: readonly string[]): Begun => {
    const fake = fakeIo({ cwd: folder, env })
    const ending = async (): Promise<Ended> => {
      const exitCode = await main(argv, { ...fake, clock, chance })
      return { exitCode, out: fake.out(), err: fake.err(), json: lastObject(fake.out()) }
    }
    return { io: fake, ended: ending() }
  }
  return {
    folder,
    env,
    sandbox,
    world: options.world,
    clock,
    hubdwh: (...argv) => begin(...argv).ended,
    begin,
    configure: async change => {
      const path = join(folder, 'hubdwh.yaml')
      await writeFile(path, change(await readFile(path, 'utf8')))
    },
    rows: async sql => (await inWarehouse('read', engine => engine.query(sql))).rows,
    write: sql => inWarehouse('write', engine => engine.run(sql)),
    close: async () => {
      await sandbox.close()
      await taken.release()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function configText(
  options: HubOptions,
  { alaqanUrl, amocrmUrl }: Sandbox,
  warehouse: readonly string[],
): string {
  const { startDate, withoutAmocrm = false, privacy, amocrm = [], alaqan = [] } = options
  const section = (name: string, lines: readonly string[]) => [`${name}:`, ...lines.map(line => `  ${line}`)]
  return [
    'timezone: Asia/Almaty',
    ...section('warehouse', warehouse),
    ...section('landing', ['path: ./data/landing']),
    ...(startDate === undefined
      ? []
      : section('alaqan', [
          `base_url: ${alaqanUrl}`,
          hurried(alaqan),
          `api_key: \${ALAQAN_API_KEY}`,
          `start_date: ${startDate}`,
          ...alaqan,
        ])),
    ...(withoutAmocrm
      ? []
      : section('amocrm', [
          `base_url: ${amocrmUrl}`,
          hurried(amocrm),
          ...(amocrm.some(line => line.startsWith('auth:')) ? [] : [`auth: {token: \${AMOCRM_TOKEN}}`]),
          ...amocrm,
        ])),
    ...section('privacy', privacy ?? [`key: \${HUBDWH_PRIVACY_KEY}`]),
    '',
  ].join('\n')
}

/** A rate at which waiting for a turn costs nothing, where the test names none. */
function hurried(lines: readonly string[]): string {
  return lines.some(line => line.startsWith('requests_per_second'))
    ? '# its own rate'
    : 'requests_per_second: 10000'
}

/** Chance without chance: load ids differ, and nothing else depends on it. */
function countingChance(): Chance {
  let count = 0
  return {
    fraction: () => 0.5,
    hex: bytes => {
      count += 1
      return count.toString(16).padStart(bytes * 2, '0')
    },
  }
}

function lastObject(out: string): JsonObject {
  const last = out.trimEnd().split('\n').at(-1) ?? ''
  if (!last.startsWith('{')) return {}
  const parsed: unknown = JSON.parse(last)
  return isJsonObject(parsed) ? parsed : {}
}

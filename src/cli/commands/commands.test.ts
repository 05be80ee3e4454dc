import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configTemplate, envTemplate } from '../../config/template.js'
import type { JsonValue } from '../../json.js'
import type { Context } from '../context.js'
import { type FakeIo, fakeIo } from '../fake-io.js'
import { actionRunner, type Outcome, type RunAction, tellFailure } from '../session.js'
import { addBackfill } from './backfill.js'
import { addDdl } from './ddl.js'
import { addDemo, type DemoWarehouse } from './demo.js'
import { addLoad } from './load.js'
import { addPlan } from './plan.js'
import { addRun } from './run.js'
import { addSql } from './sql.js'
import { addStatus } from './status.js'
import { addTransform } from './transform.js'

const secrets = {
  ALAQAN_API_KEY: 'alaqan-key',
  AMOCRM_TOKEN: 'amocrm-token',
  HUBDWH_PRIVACY_KEY: 'f'.repeat(64),
}

/** A folder with a configuration that loads, and a world in it. 2025-01-31, noon UTC. */
async function configured(columns?: number): Promise<FakeIo> {
  const cwd = await mkdtemp(join(tmpdir(), 'hubdwh-cli-'))
  onTestFinished(() => rm(cwd, { recursive: true }))
  await writeFile(join(cwd, 'hubdwh.yaml'), configTemplate())
  await writeFile(join(cwd, '.env'), envTemplate(secrets))
  return fakeIo({ cwd, ...(columns === undefined ? {} : { columns }) })
}

/** Runs a command line on which only the commands under test are. */
async function runLine(
  io: FakeIo,
  argv: readonly string[],
  add: (program: Command, run: RunAction) => void,
): Promise<number | undefined> {
  let exitCode: number | undefined
  const program = new Command().option('--config <file>', '', 'hubdwh.yaml').option('--json').exitOverride()
  program.configureOutput({ writeErr: () => {} })
  add(
    program,
    actionRunner(io, code => {
      exitCode = code
    }),
  )
  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    return tellFailure(io, error, { json: false, verbose: false, redact: text => text })
  }
  return exitCode
}

/** A handler that remembers with what it was called. */
function recorder<Options>() {
  const calls: Options[] = []
  const contexts: Context[] = []
  return {
    calls,
    contexts,
    handler: async (context: Context, options: Options): Promise<Outcome> => {
      contexts.push(context)
      calls.push(options)
      return { nothingToDo: true }
    },
  }
}

describe('a command with a configuration', () => {
  it('gets it whole, and the secrets are known to the redaction', async () => {
    const { handler, contexts } = recorder()
    const io = await configured()
    expect(await runLine(io, ['run'], (program, run) => addRun(program, run, handler))).toBe(0)
    const [context] = contexts
    expect(context?.config.alaqan?.apiKey).toBe('alaqan-key')
    expect(context?.redact('X-Api-Key: alaqan-key')).toBe('X-Api-Key: ***')
  })

  it('is not begun where the configuration is wrong', async () => {
    const { handler, calls } = recorder()
    const io = await configured()
    await writeFile(join(io.cwd, 'hubdwh.yaml'), 'alaqan: {}\n')
    expect(await runLine(io, ['run'], (program, run) => addRun(program, run, handler))).toBe(2)
    expect(io.err()).toContain('alaqan.api_key')
    expect(calls).toEqual([])
  })

  it('is not begun where there is no configuration', async () => {
    const io = fakeIo({ cwd: '/no/such/folder' })
    const { handler } = recorder()
    expect(await runLine(io, ['run'], (program, run) => addRun(program, run, handler))).toBe(2)
    expect(io.err()).toContain('hubdwh init')
  })
})

describe('run, plan, transform', () => {
  it.each([
    [['run'], { source: undefined, accept: [] }, 0],
    [
      ['run', 'amocrm', '--skip-code', '--accept', 'a', '--accept', 'b'],
      { source: 'amocrm', accept: ['a', 'b'] },
      99,
    ],
  ])('%j', async (argv, options, code) => {
    const { handler, calls } = recorder()
    expect(await runLine(await configured(), argv, (program, run) => addRun(program, run, handler))).toBe(
      code,
    )
    expect(calls).toEqual([options])
  })

  it('plan takes a source', async () => {
    const { handler, calls } = recorder()
    await runLine(await configured(), ['plan', 'alaqan'], (program, run) => addPlan(program, run, handler))
    expect(calls).toEqual([{ source: 'alaqan' }])
  })

  it.each([
    [
      ['transform'],
      { layer: undefined, source: undefined, full: false, accept: [], replay: undefined, entities: [] },
    ],
    [
      ['transform', 'gold', '--source', 'alaqan', '--full'],
      { layer: 'gold', source: 'alaqan', full: true, accept: [], replay: undefined, entities: [] },
    ],
    [
      ['transform', '--replay', '2025-01-01', '--entity', 'leads', '--entity', 'events'],
      {
        ...{ layer: undefined, source: undefined, full: false, accept: [] },
        ...{ replay: '2025-01-01', entities: ['leads', 'events'] },
      },
    ],
  ])('%j', async (argv, options) => {
    const { handler, calls } = recorder()
    await runLine(await configured(), argv, (program, run) =>
      addTransform(program, run, { transform: handler, entities: ['leads', 'events'] }),
    )
    expect(calls).toEqual([options])
  })

  it.each([
    [['bronze']],
    [['--source=arm']],
    [['gold', '--replay', '2025-01-01']],
    [['--entity', 'leads']],
    [['--replay', '2025-01-01', '--entity', 'cats']],
  ])('transform %j is refused', async given => {
    const { handler, calls } = recorder()
    await runLine(await configured(), ['transform', ...given], (program, run) =>
      addTransform(program, run, { transform: handler, entities: ['leads', 'events'] }),
    )
    expect(calls).toEqual([])
  })

  it('status', async () => {
    const { handler, contexts } = recorder()
    await runLine(await configured(), ['status'], (program, run) => addStatus(program, run, handler))
    expect(contexts).toHaveLength(1)
  })
})

describe('load', () => {
  async function load(argv: readonly string[]) {
    const alaqan = recorder()
    const amocrm = recorder()
    const io = await configured()
    const exitCode = await runLine(io, ['load', ...argv], (program, run) =>
      addLoad(program, run, {
        loadAlaqan: alaqan.handler,
        loadAmocrm: amocrm.handler,
        entities: ['leads', 'contacts'],
      }),
    )
    return { exitCode, io, alaqan: alaqan.calls, amocrm: amocrm.calls }
  }

  it.each([
    [[], { range: undefined, iin: undefined, accept: false }],
    [
      ['--from', '2025-01-01', '--accept'],
      { range: { from: '2025-01-01', to: '2025-01-30' }, iin: undefined, accept: true },
    ],
    [
      ['--from', '2025-01-01', '--to', '2025-01-02', '--iin', '650727300949'],
      { range: { from: '2025-01-01', to: '2025-01-02' }, iin: '650727300949', accept: false },
    ],
  ])('alaqan %j', async (argv, options) => {
    expect((await load(['alaqan', ...argv])).alaqan).toEqual([options])
  })

  it.each([
    [['--from', '2024-02-30']],
    [['--from', '2025-02-01', '--to', '2025-02-02']],
    [['--from', '2025-01-02', '--to', '2025-01-01']],
    [['--iin', '123']],
  ])('alaqan %j is wrong usage', async argv => {
    const { exitCode, alaqan } = await load(['alaqan', ...argv])
    expect(exitCode).toBe(2)
    expect(alaqan).toEqual([])
  })

  it.each([
    [[], { entities: [], full: false, sweeps: undefined, accept: false }],
    [['leads', '--sweeps', 'left'], { entities: ['leads'], full: false, sweeps: 'left', accept: false }],
    [
      ['leads', 'contacts', '--full'],
      { entities: ['leads', 'contacts'], full: true, sweeps: undefined, accept: false },
    ],
  ])('amocrm %j', async (argv, options) => {
    expect((await load(['amocrm', ...argv])).amocrm).toEqual([options])
  })

  it('amocrm with an entity that there is not is wrong usage', async () => {
    const { exitCode, io } = await load(['amocrm', 'lead'])
    expect(exitCode).toBe(2)
    expect(io.err()).toContain('did you mean leads')
  })
})

describe('backfill', () => {
  it('takes days and an order', async () => {
    const { handler, calls } = recorder()
    const argv = ['backfill', 'alaqan', '--from', '2024-01-01', '--to', '2024-12-31', '--oldest-first']
    await runLine(await configured(), argv, (program, run) => addBackfill(program, run, handler))
    expect(calls).toEqual([{ range: { from: '2024-01-01', to: '2024-12-31' }, oldestFirst: true }])
  })

  it('needs both days', async () => {
    const { handler, calls } = recorder()
    const argv = ['backfill', 'alaqan', '--from', '2024-01-01']
    await runLine(await configured(), argv, (program, run) => addBackfill(program, run, handler))
    expect(calls).toEqual([])
  })
})

describe('sql', () => {
  async function* rowsOf(rows: readonly (readonly JsonValue[])[]) {
    yield* rows
  }
  async function sql(
    argv: readonly string[],
    rows: readonly (readonly JsonValue[])[] = [
      ['a,b', 1],
      [null, 2],
    ],
  ) {
    const io = await configured()
    const exitCode = await runLine(io, ['sql', ...argv], (program, run) =>
      addSql(program, run, (_, __, use) =>
        use({ columns: [{ name: 'name' }, { name: 'n' }], rows: rowsOf(rows) }),
      ),
    )
    return { exitCode, io }
  }

  it('shows a table', async () => {
    const { io } = await sql(['select 1'])
    expect(io.out()).toBe('name  n\n────  ─\na,b   1\nNULL  2\n')
  })

  it('writes CSV', async () => {
    const { io } = await sql(['select 1', '--csv'])
    expect(io.out()).toBe('name,n\r\n"a,b",1\r\n,2\r\n')
  })

  it('gives an object with --json', async () => {
    const { io } = await sql(['--json', 'select 1'])
    expect(JSON.parse(io.out())).toEqual({
      ok: true,
      columns: ['name', 'n'],
      rows: [
        ['a,b', 1],
        [null, 2],
      ],
      exit_code: 0,
    })
  })

  it('says where a table does not show all', async () => {
    const { io } = await sql(
      ['select 1'],
      Array.from({ length: 1500 }, (_, index) => ['x', index]),
    )
    expect(io.out().split('\n')).toHaveLength(1003)
    expect(io.err()).toContain('first 1000 rows')
  })

  it('shows exactly as many rows as fit without a warning', async () => {
    const { io } = await sql(
      ['select 1'],
      Array.from({ length: 1000 }, (_, index) => ['x', index]),
    )
    expect(io.err()).toBe('')
  })

  it.each([[['  ']], [['select 1', '--csv', '--json']]])('%j is wrong usage', async argv => {
    expect((await sql(argv)).exitCode).toBe(2)
  })
})

describe('commands without a configuration', () => {
  it('ddl prints statements', async () => {
    const io = fakeIo()
    const write = async (engine: string) => [`create a -- ${engine}`, 'create b']
    expect(
      await runLine(io, ['ddl', '--engine', 'trino'], (program, run) => addDdl(program, run, write)),
    ).toBe(0)
    expect(io.out()).toBe('create a -- trino;\n\ncreate b;\n')
  })

  it('demo', async () => {
    const io = fakeIo()
    const demo = async () => ({ json: { folder: '/srv/x' } })
    expect(await runLine(io, ['demo', '--json'], (program, run) => addDemo(program, run, demo))).toBe(0)
    expect(JSON.parse(io.out())).toMatchObject({ ok: true, folder: '/srv/x' })
  })
})

describe('demo', () => {
  async function demo(...argv: readonly string[]) {
    const asked: DemoWarehouse[] = []
    const io = fakeIo({ cwd: '/srv/hub' })
    const exitCode = await runLine(io, ['demo', ...argv], (program, run) =>
      addDemo(program, run, async (_, warehouse) => {
        asked.push(warehouse)
        return {}
      }),
    )
    return { exitCode, asked, err: io.err() }
  }

  it.each<[readonly string[], DemoWarehouse]>([
    [[], { kind: 'file' }],
    [['--engine', 'duckdb'], { kind: 'file' }],
    [['--iceberg'], { kind: 'iceberg', uri: 'http://127.0.0.1:8181', extensions: undefined }],
    [
      ['--iceberg', 'https://catalog.example.kz/api', '--extensions', 'lib'],
      { kind: 'iceberg', uri: 'https://catalog.example.kz/api', extensions: '/srv/hub/lib' },
    ],
    [
      ['--engine', 'spark'],
      { kind: 'spark', host: '127.0.0.1', port: 10_000, staging: '/srv/hub/data/servers/staging' },
    ],
    [
      ['--engine', 'spark', '--spark', 'spark.example.kz:443', '--staging', '/mnt/staging'],
      { kind: 'spark', host: 'spark.example.kz', port: 443, staging: '/mnt/staging' },
    ],
  ])('%j', async (argv, warehouse) => {
    const { exitCode, asked } = await demo(...argv)
    expect(exitCode).toBe(0)
    expect(asked).toEqual([warehouse])
  })

  it.each([
    [['--iceberg', 'catalog'], /--iceberg: the address of a catalog is wanted, as http:/],
    [['--iceberg', 'file:///tables'], /--iceberg: the address of a catalog is wanted/],
    [['--iceberg', '--engine', 'spark'], /--iceberg: Spark knows itself/],
    [['--extensions', 'lib'], /--extensions: it needs --iceberg/],
    [['--extensions', 'lib', '--engine', 'spark'], /--extensions: they are for DuckDB/],
    [['--staging', 'here'], /--staging: it needs --engine spark/],
    [['--spark', '127.0.0.1:10000'], /--spark: it needs --engine spark/],
    [['--engine', 'spark', '--spark', '127.0.0.1'], /--spark: a host and a port are wanted/],
    [['--engine', 'spark', '--spark', '127.0.0.1:99999'], /--spark: a host and a port are wanted/],
  ])('%j is wrong usage', async (argv, message) => {
    const { exitCode, asked, err } = await demo(...argv)
    expect(exitCode).toBe(2)
    expect(err).toMatch(message)
    expect(asked).toEqual([])
  })
})

/** Airflow with its home in a temporary folder, and the real hubdwh with both APIs on this machine. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { inject } from 'vitest'
import { z } from 'zod'
import { makeAirflowHome } from '../../servers/airflow.mjs'
import { isJsonObject, type JsonObject } from '../../src/json.js'

const root = resolve(import.meta.dirname, '../..')
/** The DAGs as they are given to people. */
export const realDags = join(root, 'airflow/dags')
/** DAGs that only tests have. */
export const testDags = join(import.meta.dirname, 'dags')
export const fakeHubdwh = join(import.meta.dirname, 'fake-hubdwh')
const hubdwh = join(root, 'bin/hubdwh')

type Env = Readonly<Record<string, string | undefined>>

/** What the DAGs are told by: nothing of it comes from the terminal in which the tests run. */
const ownVariables = Object.keys(process.env).filter(
  name => name.startsWith('HUBDWH_') && name !== 'HUBDWH_CACHE',
)

export interface Ended {
  readonly exitCode: number | null
  /** stdout and stderr. */
  readonly out: string
}

/** A program that runs. */
export interface Running {
  /** Resolves when it has written a line that matches. */
  line(pattern: RegExp): Promise<string>
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

const runStateSchema = z.object({
  state: z.string(),
  tasks: z.record(
    z.string(),
    z.object({
      state: z.string(),
      tries: z.number(),
      /** What the task has told others. */
      xcom: z.unknown(),
    }),
  ),
  /** The assets that were said to be updated. */
  assets: z.array(z.string()),
})

/** What Airflow knows of the latest run of a DAG. */
export type RunState = z.infer<typeof runStateSchema>

export interface Installation {
  /** `airflow …`, to its end. */
  airflow(...args: readonly string[]): Promise<Ended>
  begin(...args: readonly string[]): Running
  /** `python …` with Airflow's packages, to its end. */
  python(...args: readonly string[]): Promise<Ended>
  /** Runs a script of this folder in Airflow's Python. */
  script(name: string, ...args: readonly string[]): Promise<JsonObject>
  latestRun(dag: string): Promise<RunState>
  close(): Promise<void>
}

/** @param env further environment variables of Airflow's processes */
export async function openInstallation(dags: string, env: Env): Promise<Installation> {
  const airflow = inject('airflow')
  const home = await mkdtemp(join(tmpdir(), 'hubdwh-airflow-'))
  const settings = {
    ...Object.fromEntries(ownVariables.map(name => [name, undefined])),
    ...(await makeAirflowHome(airflow, home, dags)),
    // Airflow itself looks for modules in the folder of the DAGs.
    ...(dags === realDags ? {} : { PYTHONPATH: realDags }),
    ...env,
  }
  const begin = (...args: readonly string[]) => start(airflow.python, ['-m', 'airflow', ...args], settings)
  const script = async (name: string, ...args: readonly string[]): Promise<JsonObject> => {
    const path = join(import.meta.dirname, 'scripts', name)
    return jsonOf(await start(airflow.python, [path, ...args], settings).ended)
  }
  return {
    airflow: (...args) => begin(...args).ended,
    begin,
    python: (...args) => start(airflow.python, args, settings).ended,
    script,
    latestRun: async dag =>
      runStateSchema.parse(await script('latest_run.py', join(home, 'airflow.db'), dag)),
    close: () => rm(home, { recursive: true, force: true }),
  }
}

export interface RunningSandbox {
  /** The configuration that fits it. */
  readonly config: string
  /** `hubdwh … --json` with that configuration. */
  hubdwh(...args: readonly string[]): Promise<JsonObject>
  readonly env: Env
  close(): Promise<void>
}

/** `hubdwh sandbox`, and what a DAG has to be told of it. */
export async function startSandbox(...options: readonly string[]): Promise<RunningSandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-sandbox-'))
  const args = ['sandbox', '--port', '0', '--rate', 'off', '--write', folder, '--json', ...options]
  const sandbox = start(hubdwh, args, {})
  await sandbox.line(/^\{"ok":true/)
  const config = join(folder, 'hubdwh.yaml')
  return {
    config,
    hubdwh: async (...command) =>
      jsonOf(await start(hubdwh, [...command, '--config', config, '--json'], {}).ended),
    env: { HUBDWH_BIN: hubdwh, HUBDWH_CONFIG: config },
    close: async () => {
      sandbox.process.kill('SIGTERM')
      await sandbox.ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function start(command: string, args: readonly string[], env: Env): Running {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const waiting: { readonly pattern: RegExp; readonly heard: (line: string) => void }[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      for (const { pattern, heard } of waiting) if (pattern.test(line)) heard(line)
    })
  }
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, out: lines.join('\n') }))
  const line = (pattern: RegExp): Promise<string> =>
    new Promise((heard, reject) => {
      const written = lines.find(each => pattern.test(each))
      if (written !== undefined) return heard(written)
      waiting.push({ pattern, heard })
      void ended.then(({ out }) => reject(new Error(`${command} never wrote ${String(pattern)}:\n${out}`)))
    })
  return { line, process: child, ended }
}

/** The last line, which is a JSON object. */
function jsonOf({ out }: Ended): JsonObject {
  const last = out.split('\n').findLast(line => line.startsWith('{')) ?? ''
  const parsed: unknown = last === '' ? undefined : JSON.parse(last)
  if (!isJsonObject(parsed)) throw new Error(`There is no JSON object at the end of:\n${out}`)
  return parsed
}

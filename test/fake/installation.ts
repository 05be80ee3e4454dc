/** An installation of the product that points at the fake: a folder, and the command in-process or as a process. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fakeIo } from '../../src/cli/fake-io.js'
import { main } from '../../src/cli/main.js'
import { type Clock, systemChance } from '../../src/effects.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import type { Row } from '../../src/warehouse/engine.js'
import { apiKey } from './alaqan.js'
import type { Fake } from './fake.js'
import { integration } from './tokens.js'

/** What a command came to. `signal` is what killed it. */
export interface Ended {
  readonly exitCode: number | null
  readonly signal?: string | null
  readonly out: string
  readonly err: string
}

export interface Child {
  readonly ended: Promise<Ended>
  /** kill -9 */
  kill(): void
}

export interface Installation {
  readonly folder: string
  readonly tokenFile: string
  /** Runs the command in this process, by the clock. */
  hubdwh(...argv: readonly string[]): Promise<Ended>
  /** Starts the command as a process of its own. @param env besides the installation's own */
  start(argv: readonly string[], env?: Readonly<Record<string, string>>): Child
  rows(sql: string): Promise<readonly Row[]>
  /** Several questions at one opening of the warehouse, which is what costs. */
  asking<T>(work: (rows: (sql: string) => Promise<readonly Row[]>) => Promise<T>): Promise<T>
  /** Writes a pair that is good for so many seconds into the token file. */
  authorize(lifetime: number): Promise<void>
  storedTokens(): Promise<{ readonly access_token: string; readonly refresh_token: string }>
  close(): Promise<void>
}

export interface InstallationOptions {
  readonly fake: Fake
  readonly clock: Clock
  /** First day of Alaqan's history. */
  readonly startDate: string
  /** A pair of OAuth tokens instead of a long-lived one. */
  readonly isOauth?: boolean
}

/** A clock that stands, and that waiting moves: nothing sleeps. */
export interface StandingClock extends Clock {
  pass(seconds: number): void
}

/** @param start ISO 8601 */
export function standingClock(start: string): StandingClock {
  let time = Date.parse(start)
  return {
    now: () => time,
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      time += Math.max(0, milliseconds)
    },
    pass: seconds => {
      time += seconds * 1000
    },
  }
}

const command = resolve(import.meta.dirname, '../../bin/hubdwh')

export async function install(options: InstallationOptions): Promise<Installation> {
  const { fake, clock } = options
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-survival-'))
  await writeFile(join(folder, 'hubdwh.yaml'), configText(options))
  const tokenFile = join(folder, 'data/amocrm-token.json')
  const env = {
    ALAQAN_API_KEY: apiKey,
    AMOCRM_TOKEN: fake.tokens.longLived,
    AMOCRM_CLIENT_SECRET: integration.client_secret,
    HUBDWH_PRIVACY_KEY: '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff',
  }
  const asking: Installation['asking'] = async work => {
    const path = join(folder, 'data/warehouse.duckdb')
    const engine = await openDuckdb({ path, access: 'read', timeZone: 'Asia/Almaty', timeAs: 'time', clock })
    try {
      return await work(async sql => (await engine.query(sql)).rows)
    } finally {
      await engine.close()
    }
  }
  return {
    folder,
    tokenFile,
    hubdwh: async (...argv) => {
      const io = fakeIo({ cwd: folder, env })
      const exitCode = await main(argv, { ...io, clock, chance: systemChance })
      return { exitCode, out: io.out(), err: io.err() }
    },
    start: (argv, more = {}) => {
      const child = spawn(process.execPath, [command, ...argv], {
        cwd: folder,
        env: { PATH: process.env.PATH, ...env, ...more },
      })
      let [out, err] = ['', '']
      child.stdout.on('data', data => {
        out += String(data)
      })
      child.stderr.on('data', data => {
        err += String(data)
      })
      const ended = new Promise<Ended>((end, fail) => {
        child.on('error', fail)
        child.on('close', (exitCode, signal) => end({ exitCode, signal, out, err }))
      })
      return { ended, kill: () => void child.kill('SIGKILL') }
    },
    rows: sql => asking(rows => rows(sql)),
    asking,
    authorize: async lifetime => {
      const { writeTokens } = await import('../../src/sources/amocrm/token-file.js')
      await writeTokens(tokenFile, { ...fake.tokens.issue(lifetime), base_url: fake.origin })
    },
    storedTokens: async () => {
      const { readTokens } = await import('../../src/sources/amocrm/token-file.js')
      return readTokens(tokenFile)
    },
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

function configText({ fake, startDate, isOauth = false }: InstallationOptions): string {
  const oauth = `{client_id: ${integration.client_id}, client_secret: "\${AMOCRM_CLIENT_SECRET}", redirect_uri: "${integration.redirect_uri}"}`
  return [
    'warehouse: {engine: duckdb, path: ./data/warehouse.duckdb}',
    'landing: {path: ./data/landing}',
    'alaqan:',
    `  base_url: ${fake.origin}/api/astanahub/`,
    `  api_key: \${ALAQAN_API_KEY}`,
    `  start_date: ${startDate}`,
    '  requests_per_second: 100000',
    'amocrm:',
    `  base_url: ${fake.origin}`,
    `  auth: ${isOauth ? oauth : `{token: "\${AMOCRM_TOKEN}"}`}`,
    '  requests_per_second: 100000',
    '  events: {from: 2025-01-01}',
    `privacy: {iin: none, key: "\${HUBDWH_PRIVACY_KEY}"}`,
    '',
  ].join('\n')
}

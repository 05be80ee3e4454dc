/** Two days at the gate in tables that Spark writes, small enough for a run to be asked of it again and again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Ended, type Hub, type HubOptions, openHub } from '../hub.js'
import { gateDay, iins } from '../runs/invented-account.js'

/** Two people on the first day and four on the second, with an entry and an exit each. */
export const events = 12

export const loadDays = ['load', 'alaqan', '--from', '2025-01-29', '--to', '2025-01-30'] as const

/** @param options besides those of the gate */
export function openGate(options: Pick<HubOptions, 'privacy' | 'env'> = {}): Promise<Hub> {
  return openHub({
    ...options,
    world: listedWorld({
      visits: { '2025-01-29': gateDay(iins.slice(0, 2)), '2025-01-30': gateDay(iins) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
    withoutAmocrm: true,
    warehouse: 'spark',
  })
}

/** Runs `hubdwh …` as a process of its own, which knows nothing of what this one has seen of the tables. */
export async function inAnotherProcess(
  hub: Hub,
  ...argv: readonly string[]
): Promise<Pick<Ended, 'exitCode' | 'err'>> {
  const binary = join(import.meta.dirname, '../../bin/hubdwh')
  const child = spawn(process.execPath, [binary, ...argv], {
    cwd: hub.folder,
    env: { ...process.env, ...hub.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let err = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    err += text
  })
  const [exitCode] = await once(child, 'close')
  return { exitCode: Number(exitCode), err }
}

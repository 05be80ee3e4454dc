/** Two days at the gate in an Iceberg catalog, small enough to be loaded again and again. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins } from '../runs/invented-account.js'
import type { WarehouseKind } from '../warehouse/hub-warehouse.js'

/** Two people on the first day and four on the second, with an entry and an exit each. */
export const events = 12

export const loadDays = ['load', 'alaqan', '--from', '2025-01-29', '--to', '2025-01-30'] as const

export function openGate(warehouse: WarehouseKind = 'iceberg'): Promise<Hub> {
  return openHub({
    world: listedWorld({
      visits: { '2025-01-29': gateDay(iins.slice(0, 2)), '2025-01-30': gateDay(iins) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-29',
    withoutAmocrm: true,
    warehouse,
  })
}

/** A second installation on the same catalog that shares nothing else: another folder for the landing and its locks. */
export async function withOwnLanding({ folder }: Hub): Promise<readonly ['--config', string]> {
  const text = await readFile(join(folder, 'hubdwh.yaml'), 'utf8')
  const file = join(folder, 'other.yaml')
  await writeFile(file, text.replace('path: ./data/landing', 'path: ./other/landing'))
  return ['--config', file]
}

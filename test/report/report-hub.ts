/** An installation with three months of invented data and ARM, loaded by the real command: what reports are made of. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { armSection, writeArmFiles } from '../../src/cli/arm-files.js'
import { unpacking } from '../../src/report/packed-rows.js'
import type { ReportData } from '../../src/report/report-data.js'
import { generatedArm, generatedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'

export async function openReportHub(): Promise<Hub> {
  const world = {
    seed: 5,
    leads: 300,
    people: 40,
    from: '2024-10-01',
    to: '2025-03-10',
    timeZone: 'Asia/Almaty',
  }
  const hub = await openHub({
    now: '2025-03-11T03:00:00Z',
    startDate: '2024-12-16',
    world: generatedWorld(world),
  })
  await writeArmFiles(join(hub.folder, 'arm'), generatedArm(world))
  await hub.configure(text => `${text}${armSection('arm')}`)
  const { exitCode, err } = await hub.hubdwh('run')
  if (exitCode !== 0) throw new Error(err)
  return hub
}

/** Writes the report of a hub. @returns its path */
export async function reportOf(hub: Hub, ...options: readonly string[]): Promise<string> {
  const { exitCode, json, err } = await hub.hubdwh('report', '--json', ...options)
  if (exitCode !== 0 || typeof json.path !== 'string') throw new Error(err)
  return json.path
}

/** The data that stand in a report. */
export async function dataOf(path: string): Promise<ReportData> {
  const html = await readFile(path, 'utf8')
  return JSON.parse(/id="data">(.*?)<\/script/s.exec(html)?.[1] ?? '', unpacking)
}

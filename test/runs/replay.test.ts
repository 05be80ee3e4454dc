import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../src/json.js'
import { type LoadPackage, listPackages } from '../../src/landing/load-package.js'
import { type KeptReject, readRejects, readRows } from '../../src/landing/read-records.js'
import { type ReplayedBatch, replayPackage } from '../../src/pipeline/replay.js'
import { type Fault, generatedWorld, listedWorld, livelyEdits } from '../../src/sandbox/sandbox.js'
import { type Hub, type HubOptions, openHub } from '../hub.js'
import { modelEntities, smallWorld } from './account-edits.js'
import { iins } from './invented-account.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000 })

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function opened(options: HubOptions): Promise<Hub> {
  hub = await openHub(options)
  return hub
}

interface Kept {
  readonly rows: readonly JsonObject[]
  readonly rejects: readonly KeptReject[]
  /** Records that came twice. */
  readonly repeated: number
  /** Records in all. */
  readonly records: number
}

async function heldIn(held: LoadPackage): Promise<Kept> {
  const rows: JsonObject[] = []
  const rejects: KeptReject[] = []
  for await (const row of readRows(held)) rows.push(row)
  for await (const reject of readRejects(held)) rejects.push(reject)
  return { rows, rejects, repeated: held.manifest.counts.repeated, records: held.manifest.counts.records }
}

async function replayed(held: LoadPackage): Promise<Kept> {
  const rows: JsonObject[] = []
  const rejects: KeptReject[] = []
  let [repeated, records] = [0, 0]
  for await (const { answer, records: ofBatch } of replayPackage(held)) {
    records += ofBatch.length
    for (const record of ofBatch) {
      if (record.kind === 'row') rows.push(record.row)
      else if (record.kind === 'reject') rejects.push({ ...record.reject, answer })
      else repeated += 1
    }
  }
  return { rows, rejects, repeated, records }
}

async function packagesOf({ folder }: Hub): Promise<readonly LoadPackage[]> {
  const { packages, damaged } = await listPackages(join(folder, 'data/landing'))
  expect(damaged).toEqual([])
  return packages
}

/** @param kinds packages that must be among those compared, so that the test shows what it says */
async function expectAllReplayed(of: Hub, kinds: readonly string[]): Promise<void> {
  const seen = new Set<string>()
  for (const held of await packagesOf(of)) {
    const kept = await heldIn(held)
    expect(await replayed(held), held.manifest.loadId).toEqual(kept)
    const { entity } = held.manifest
    seen.add(entity)
    if (kept.repeated > 0) seen.add(`${entity}, repeated`)
    if (kept.rejects.length > 0) seen.add(`${entity}, rejects`)
  }
  expect([...seen]).toEqual(expect.arrayContaining([...kinds]))
}

const kinds = ['429', '500', '502', '504', 'reset', 'reset-mid-body', 'truncated', 'html'] as const
const someOfEach: readonly Fault[] = kinds.map(kind => ({ kind, chance: 0.01 }))

describe('the replay of a package', () => {
  it('makes of its answers what the extraction made, whatever happened while it read', async () => {
    const world = generatedWorld({ leads: 300, people: 8 })
    const { hubdwh, sandbox, clock, ...rest } = await opened({
      world,
      now: '2025-03-05T05:00:00Z',
      startDate: '2025-02-20',
      sandbox: { faults: someOfEach, beforeRequest: livelyEdits(1) },
    })
    const ended = async (...argv: readonly string[]) =>
      expect([0, 3]).toContain((await hubdwh(...argv)).exitCode)
    await ended('run')
    for (const id of [1, '2', 2 ** 40]) world.add('tasks', { id, text: ['odd'] })
    world.setVisits('2025-03-04', { [iins[0]]: [5, { event: 'entry', time: '09:00:00' }], [iins[1]]: 'odd' })
    clock.advance(3_600_000)
    await ended('run')
    await ended('load', 'amocrm', '--full', '--accept')
    const [person] = await rest.rows('select iin from bronze.alaqan_visits limit 1')
    await ended('load', 'alaqan', '--iin', String(person?.iin), '--from', '2025-02-20')
    await expectAllReplayed({ ...rest, hubdwh, sandbox, clock }, [
      'tasks, repeated',
      'events, repeated',
      'visits, rejects',
      'visits_of_person',
      'custom_fields',
      'catalog_elements',
      'leads_bin',
      'tasks, rejects',
    ])
  })

  it('makes of records that were asked for by themselves what they were: there, gone, in the bin', async () => {
    const opening = await opened({ world: smallWorld(), now: '2025-03-01T05:00:00Z' })
    const { hubdwh, world, clock } = opening
    await hubdwh('load', 'amocrm', ...modelEntities)
    clock.advance(3_600_000)
    world.remove('leads', 2)
    world.purge('leads', 3)
    world.purge('companies', 501)
    clock.advance(60_000)
    await hubdwh('load', 'amocrm', 'leads', 'companies', '--full')
    const asked = (await packagesOf(opening)).filter(({ manifest }) =>
      String(manifest.window).includes('by id'),
    )
    expect(asked.map(({ manifest }) => manifest.entity).sort()).toEqual(['companies', 'leads'])
    await expectAllReplayed(opening, [])
  })

  it("knows whose visits a person's answer holds also where none of them became a row", async () => {
    const visits = { '2025-02-24': { [iins[0]]: ['odd', 5] } }
    const opening = await opened({
      world: listedWorld({ visits }),
      now: '2025-02-25T05:00:00Z',
      startDate: '2025-02-24',
    })
    await opening.hubdwh('load', 'alaqan', '--iin', iins[0], '--from', '2025-02-24')
    await expectAllReplayed(opening, ['visits_of_person, rejects'])
  })

  it('numbers the records of an answer through, though they come in batches', async () => {
    const people = Object.fromEntries(
      Array.from({ length: 12_000 }, (_, index) => [
        String(870101300000 + index),
        [index === 11_000 ? 'odd' : { event: 'entry', time: '09:00:00' }],
      ]),
    )
    const visits = { '2025-02-24': people }
    const opening = await opened({
      world: listedWorld({ visits }),
      now: '2025-02-25T05:00:00Z',
      startDate: '2025-02-24',
    })
    await opening.hubdwh('load', 'alaqan')
    const [held] = await packagesOf(opening)
    if (!held) throw new Error('no package')
    const batches: ReplayedBatch[] = []
    for await (const batch of replayPackage(held)) batches.push(batch)
    expect(batches.length).toBeGreaterThan(1)
    expect(batches.map(({ facts }) => facts.length)).toEqual([1, ...batches.slice(1).map(() => 0)])
    const records = batches.flatMap(batch => batch.records)
    expect(records.map(record => record.position)).toEqual(Object.keys(people).map((_, index) => index))
    expect(records[11_000]).toMatchObject({ kind: 'reject', reject: { rule: 'event_not_object' } })
    await expectAllReplayed(opening, ['visits, rejects'])
  })
})

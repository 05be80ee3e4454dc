import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { daysFromTo } from '../../src/calendar.js'
import { listPackages } from '../../src/landing/load-package.js'
import { readAnswers } from '../../src/landing/read-answers.js'
import { listedWorld, type SandboxOptions, type World } from '../../src/sandbox/sandbox.js'
import { type Ended, type Hub, openHub } from '../hub.js'
import { gateDay, iins, lead, someDay } from './invented-account.js'

const opened: Hub[] = []
afterEach(async () => {
  for (const hub of opened.splice(0)) await hub.close()
})

async function opening(
  world: World,
  startDate?: string,
  sandbox: Omit<SandboxOptions, 'world' | 'clock'> = {},
): Promise<Hub> {
  const hub = await openHub({
    world,
    now: '2025-01-31T05:00:00Z',
    sandbox,
    ...(startDate === undefined ? {} : { startDate, withoutAmocrm: true }),
  })
  opened.push(hub)
  return hub
}

const leads = (count: number): World =>
  listedWorld({ leads: Array.from({ length: count }, (_, n) => lead({ id: n + 1, at: someDay + n })) })

/** Reads all leads an hour later, as they are then. */
async function readAll(hub: Hub, ...entities: readonly string[]): Promise<Ended> {
  hub.clock.advance(3_600_000)
  const names = entities.length > 0 ? entities : ['leads']
  const ended = await hub.hubdwh('load', 'amocrm', ...names, '--full', '--accept', '--json')
  expect(ended.exitCode, ended.err).toBe(0)
  return ended
}

const changes = (hub: Hub) =>
  hub.rows(
    `select entity, field, change, types_before as before, types_after as after
     from meta.schema_changes order by noticed_at, entity, field`,
  )

const fieldState = async (hub: Hub, field: string) =>
  (
    await hub.rows(
      `select is_steady, records_with, records_without from meta.schema_fields where field = '${field}' and entity = 'leads'`,
    )
  )[0]

describe('a field that the API adds', () => {
  it('is told once, and stays in the archive with all that came with it', async () => {
    const hub = await opening(leads(3))
    expect((await readAll(hub)).err).not.toContain('is new')
    expect(await changes(hub)).toEqual([])

    hub.sandbox.changeFields([
      { of: 'leads', kind: 'add', field: 'temperature' },
      { of: 'leads', kind: 'add', field: '_embedded.sources' },
    ])
    const told = await readAll(hub)
    expect(told.err).toContain('amocrm leads: the field temperature is new (string)')
    expect(told.err).toContain('hubdwh transform --replay')
    expect(await changes(hub)).toEqual([
      { entity: 'leads', field: '_embedded.sources', change: 'added', before: [], after: ['string'] },
      { entity: 'leads', field: 'temperature', change: 'added', before: [], after: ['string'] },
    ])
    expect(await archived(hub, '"temperature":"new"')).toBe(3)

    expect((await readAll(hub)).err).not.toContain('temperature')
    expect(await changes(hub)).toHaveLength(2)
  })

  it('is no news where a column has waited for it', async () => {
    const world = leads(3)
    const hub = await opening(world)
    hub.sandbox.changeFields([{ of: 'leads', kind: 'drop', field: 'labor_cost' }])
    await readAll(hub)
    hub.sandbox.changeFields([])
    await readAll(hub)
    expect(await changes(hub)).toEqual([])
    expect(await fieldState(hub, 'labor_cost')).toMatchObject({ records_with: 3 })
  })

  it('does not show a name that could be a person', async () => {
    const hub = await opening(leads(2))
    await readAll(hub)
    hub.sandbox.changeFields([{ of: 'leads', kind: 'add', field: '880101400123' }])
    const told = await readAll(hub)
    expect(told.err).toContain('a field whose name is not shown is new')
    expect(told.err + told.out).not.toContain('880101400123')
    expect(await changes(hub)).toMatchObject([{ field: '***', change: 'added' }])
  })
})

describe('a field that the API drops', () => {
  it('is told when fifty records in a row came without it, also over several loads, and again when it is back', async () => {
    const hub = await opening(leads(30))
    await readAll(hub)
    await readAll(hub)
    hub.sandbox.changeFields([{ of: 'leads', kind: 'drop', field: 'score' }])
    expect((await readAll(hub)).err).not.toContain('score')
    expect(await fieldState(hub, 'score')).toEqual({ is_steady: true, records_with: 60, records_without: 30 })

    expect((await readAll(hub)).err).toContain('the field score, which every record had')
    expect((await readAll(hub)).err).not.toContain('score')
    hub.sandbox.changeFields([])
    expect((await readAll(hub)).err).toContain('the field score is new')
    expect((await readAll(hub)).err).not.toContain('score')
    expect((await changes(hub)).map(row => `${row.field} ${row.change}`)).toEqual([
      'score dropped',
      'score added',
    ])
  })

  it('is not told where only some records ever had it', async () => {
    const world = listedWorld({
      leads: Array.from({ length: 60 }, (_, n) =>
        lead({ id: n + 1, at: someDay + n, ...(n % 2 === 0 ? { extra: 'x' } : {}) }),
      ),
    })
    const hub = await opening(world)
    await readAll(hub)
    hub.sandbox.changeFields([{ of: 'leads', kind: 'drop', field: 'extra' }])
    await readAll(hub)
    await readAll(hub)
    expect(await changes(hub)).toEqual([])
  })

  it('is not seen in the bin, whose records have nothing but their mark, nor in records asked for one by one', async () => {
    const world = leads(60)
    const hub = await opening(world)
    await readAll(hub, 'leads', 'leads_bin')
    for (let id = 1; id <= 55; id += 1) world.remove('leads', id)
    for (let id = 56; id <= 59; id += 1) world.purge('leads', id)
    await readAll(hub, 'leads', 'leads_bin')
    const asked = await hub.rows("select received from meta.loads where mode = 'asked'")
    expect(asked).toEqual([{ received: 59 }])
    // Of the second reading only the one that is still listed counts.
    expect(await fieldState(hub, 'price')).toMatchObject({ records_with: 61, records_without: 0 })
    expect(await changes(hub)).toEqual([])
  })
})

describe('a field that changes its type', () => {
  it('is told once; what its column cannot hold is set aside and can be read again', async () => {
    const hub = await opening(leads(5))
    await readAll(hub)
    hub.sandbox.changeFields([{ of: 'leads', kind: 'retype', field: 'price' }])
    const told = await readAll(hub)
    expect(told.err).toContain('the field price was integer and now also comes as string')
    expect(told.err).toContain('meta.rejects')
    expect(await changes(hub)).toEqual([
      {
        entity: 'leads',
        field: 'price',
        change: 'type_changed',
        before: ['integer'],
        after: ['string', 'integer'],
      },
    ])
    expect(
      await hub.rows(
        `select rule, count(*) as n from meta.rejects join meta.loads using (load_id)
         where mode = 'everything' group by rule`,
      ),
    ).toEqual([{ rule: 'wrong_type', n: 5 }])
    // In the page, and once more each, since the sweep asks for known records that brought no row.
    expect(await archived(hub, '"price":"0"')).toBe(10)
    expect((await readAll(hub)).err).not.toContain('now also comes')
  })

  it('is no news where it was null', async () => {
    const world = leads(2)
    const hub = await opening(world)
    await readAll(hub)
    world.edit('leads', 1, { score: 5, closed_at: someDay })
    await readAll(hub)
    expect(await changes(hub)).toEqual([])
  })
})

describe('changes at the gate', () => {
  const days = daysFromTo('2025-01-20', '2025-01-30')
  const gateWorld = () =>
    listedWorld({ visits: Object.fromEntries(days.map(day => [day, gateDay(iins.slice(0, 3))])) })

  it('are noticed in the events and in what stands around them', async () => {
    const hub = await opening(gateWorld(), '2025-01-20')
    expect((await hub.hubdwh('load', 'alaqan')).exitCode).toBe(0)
    hub.clock.advance(3_600_000)
    hub.sandbox.changeFields([
      { of: 'visits', kind: 'add', field: 'gate' },
      { of: 'visits', kind: 'retype', field: 'time' },
      { of: 'answers', kind: 'add', field: 'meta' },
    ])
    const told = await hub.hubdwh('load', 'alaqan', '--from', '2025-01-20', '--to', '2025-01-30')
    expect(told.exitCode, told.err).toBe(0)
    expect(await changes(hub)).toEqual([
      { entity: 'visits', field: 'answer.meta', change: 'added', before: [], after: ['string'] },
      { entity: 'visits', field: 'gate', change: 'added', before: [], after: ['string'] },
      {
        entity: 'visits',
        field: 'time',
        change: 'type_changed',
        before: ['string'],
        after: ['string', 'object'],
      },
    ])
  })
})

const manifestSchema = z.looseObject({
  state: z.string(),
  shapes: z.object({ records: z.object({ records: z.number() }) }).optional(),
})

async function manifestPath(hub: Hub): Promise<string> {
  const parent = join(hub.folder, 'data/landing/amocrm/leads')
  const [name = ''] = (await readdir(parent)).filter(entry => entry.startsWith('amocrm-'))
  return join(parent, name, 'manifest.json')
}

/** An installation whose first reading of leads has broken off, and what its manifest says. */
async function brokenOff() {
  const hub = await opening(leads(600), undefined, {
    faults: [
      { kind: '502', path: /leads\?.*(page=|filter)/, on: Array.from({ length: 12 }, (_, n) => n + 2) },
    ],
  })
  expect((await hub.hubdwh('load', 'amocrm', 'leads')).exitCode).toBe(3)
  const path = await manifestPath(hub)
  return { hub, path, manifest: manifestSchema.parse(JSON.parse(await readFile(path, 'utf8'))) }
}

async function toItsEnd(hub: Hub): Promise<void> {
  let next = await hub.hubdwh('load', 'amocrm', 'leads')
  while (next.exitCode === 3) next = await hub.hubdwh('load', 'amocrm', 'leads')
  expect(next.exitCode, next.err).toBe(0)
}

describe('an extraction that broke off', () => {
  it('goes on with the shape of its checkpoint: no record counts twice', async () => {
    const { hub, manifest } = await brokenOff()
    expect(manifest.shapes?.records.records).toBe(250)
    await toItsEnd(hub)
    expect(await fieldState(hub, 'price')).toEqual({ is_steady: true, records_with: 600, records_without: 0 })
  })

  it('is gone on with also where an earlier version began it, without a shape', async () => {
    const { hub, path, manifest } = await brokenOff()
    const { shapes: _, ...old } = manifest
    await writeFile(path, JSON.stringify(old))
    await toItsEnd(hub)
    expect(await hub.rows('select count(*) as n from bronze.amocrm_leads')).toEqual([{ n: 600 }])
    expect(await changes(hub)).toEqual([])
  })
})

/** How often a text stands in the archived answers of leads. */
async function archived(hub: Hub, text: string): Promise<number> {
  const { packages } = await listPackages(join(hub.folder, 'data/landing'), { entity: 'leads' })
  let count = 0
  for (const found of packages) {
    for await (const { body } of readAnswers(found)) count += body.toString().split(text).length - 1
  }
  return count
}

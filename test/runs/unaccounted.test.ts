import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { loadConfig, readTextFile } from '../../src/config/load.js'
import { type LoadPackage, listPackages } from '../../src/landing/load-package.js'
import { buildModel } from '../../src/models/build.js'
import { type Model, readModels } from '../../src/models/definition.js'
import { modelFunctions, modelSettings } from '../../src/pipeline/model-settings.js'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { openDuckdb } from '../../src/warehouse/duckdb/file.js'
import { type Hub, openHub } from '../hub.js'
import { company, gateDay, iins, lead } from './invented-account.js'

// Each test is several runs of the real command; a machine may have other work.
vi.setConfig({ testTimeout: 240_000 })

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

async function opened(): Promise<Hub> {
  hub = await openHub({
    world: listedWorld({
      leads: [1, 2, 3, 4, 5].map(id => lead({ id })),
      companies: [company({ id: 500 }), 'odd'],
      visits: { '2025-01-30': gateDay(iins.slice(0, 2)) },
    }),
    now: '2025-01-31T05:00:00Z',
    startDate: '2025-01-30',
  })
  return hub
}

/** The differences that have been noted. */
const noted = (of: Hub) =>
  of.rows('select table_name, received, stored, difference from meta.reconciliation where difference <> 0')

describe('a load package that was changed by hand', () => {
  /** Loads with the warehouse out of reach, so that the package waits whole. */
  async function waiting(of: Hub, ...argv: readonly string[]): Promise<LoadPackage> {
    const [right, wrong] = ['./data/warehouse.duckdb', './hubdwh.yaml/warehouse.duckdb']
    await of.configure(text => text.replace(right, wrong))
    await of.hubdwh('load', ...argv)
    await of.configure(text => text.replace(wrong, right))
    const { packages } = await listPackages(join(of.folder, 'data/landing'), { state: 'extracted' })
    const [found, ...more] = packages
    if (!found || more.length > 0) throw new Error(`${packages.length} packages wait`)
    return found
  }

  async function rewrite(path: string, change: (lines: string[]) => readonly string[]): Promise<void> {
    const lines = gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split('\n')
    await writeFile(
      path,
      gzipSync(
        change(lines)
          .map(line => `${line}\n`)
          .join(''),
      ),
    )
  }

  it('is not loaded, and the records that it lacks are named', async () => {
    const of = await opened()
    const { rowsPath } = await waiting(of, 'amocrm', 'leads')
    await rewrite(rowsPath, lines => lines.filter(line => !/"id":(2|4),/.test(line)))
    const { exitCode, err } = await of.hubdwh('load', 'amocrm', 'leads')
    expect(exitCode).toBe(4)
    expect(err).toContain(
      'of 5 records received, 3 are stored, 0 unchanged, 0 set aside; 2 are unaccounted for',
    )
    expect(err).toContain('id 2 (answer 0, record 1): neither stored nor set aside')
    expect(err).toContain('id 4 (answer 0, record 3): neither stored nor set aside')
    expect(err).not.toMatch(/id [135] /)
    expect(await of.rows('select count(*) as n from bronze.amocrm_leads')).toEqual([{ n: 0 }])
    expect(await noted(of)).toEqual([
      { table_name: 'bronze.amocrm_leads', received: 5, stored: 3, difference: 2 },
    ])
  })

  it('is not loaded, and the rows that it has too many are named', async () => {
    const of = await opened()
    const { rowsPath } = await waiting(of, 'amocrm', 'leads')
    await rewrite(rowsPath, lines => [...lines, (lines[0] ?? '').replace('"id":1', '"id":99')])
    const { exitCode, err } = await of.hubdwh('load', 'amocrm', 'leads')
    expect(exitCode).toBe(4)
    expect(err).toContain('; 1 are too many: id 99: a row that no answer holds. Nothing was loaded.')
    expect(await noted(of)).toMatchObject([{ difference: -1 }])
  })

  it('is not loaded where a reject is missing, which its place names', async () => {
    const of = await opened()
    const { rejectsPath } = await waiting(of, 'amocrm', 'companies')
    await rewrite(rejectsPath, () => [])
    const { exitCode, err } = await of.hubdwh('load', 'amocrm', 'companies')
    expect(exitCode).toBe(4)
    expect(err).toContain('1 are unaccounted for: answer 0, record 0: neither stored nor set aside')
  })

  it('names a visit by its day and place, and shows nobody', async () => {
    const of = await opened()
    const { rowsPath } = await waiting(of, 'alaqan')
    await rewrite(rowsPath, lines => lines.filter((_, index) => index !== 2))
    const { exitCode, err } = await of.hubdwh('load', 'alaqan')
    expect(exitCode).toBe(4)
    expect(err).toContain(
      '1 are unaccounted for: visit_date 2025-01-30, event_no 0 (answer 0, record 2): neither stored nor set aside',
    )
    for (const iin of iins) expect(err).not.toContain(iin)
  })
})

describe('a model that does not add up', () => {
  async function loaded(): Promise<Hub> {
    const of = await opened()
    await of.hubdwh('load', 'amocrm', 'leads')
    of.clock.advance(3_600_000)
    for (const id of [2, 5]) of.world.edit('leads', id, { price: 7 })
    await of.hubdwh('load', 'amocrm', 'leads')
    await of.hubdwh('load', 'alaqan')
    return of
  }

  /** Builds one model with a changed text; what it throws as text. */
  async function built(of: Hub, name: string, change: (model: Model) => Model): Promise<string> {
    const { config } = await loadConfig('hubdwh.yaml', {
      env: of.env,
      cwd: of.folder,
      readText: readTextFile,
    })
    const engine = await openDuckdb({
      path: join(of.folder, 'data/warehouse.duckdb'),
      access: 'write',
      timeZone: 'Asia/Almaty',
      timeAs: 'time',
      clock: of.clock,
    })
    try {
      const models = (await readModels()).map(model => (model.name === name ? change(model) : model))
      const model = models.find(each => each.name === name)
      if (!model) throw new Error(`no model ${name}`)
      const functions = await modelFunctions(config, engine)
      await engine.run(functions.statements)
      const settings = modelSettings(config)
      await buildModel(model, { engine, models, functions, settings, isFull: false, now: of.clock.now() })
      return 'built'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    } finally {
      await engine.close()
    }
  }

  it('adds up as it is', async () => {
    expect(await built(await loaded(), 'silver.amocrm_leads', model => model)).toBe('built')
  })

  it('names the leads that stand twice in the table, where a filter is missing', async () => {
    const of = await loaded()
    const message = await built(of, 'silver.amocrm_leads', model => ({
      ...model,
      sql: model.sql.replace('select * from staged where is_current', 'select * from staged'),
    }))
    expect(message).toContain(
      '2 are too many: lead_id 2 in the table more than once; lead_id 5 in the table more than once. The table stays as it was.',
    )
    expect(await of.rows('select count(*) as n from silver.amocrm_leads')).toEqual([{ n: 0 }])
    expect(await noted(of)).toEqual([
      { table_name: 'silver.amocrm_leads', received: 7, stored: 7, difference: -2 },
    ])
  })

  it('names the leads that a join multiplies', async () => {
    const message = await built(await loaded(), 'silver.amocrm_leads', model => ({
      ...model,
      sql: model.sql.replace(
        'from leads\n',
        'from leads\n  left join (select unnest([3, 3]) as twice) as doubling on doubling.twice = leads.lead_id\n',
      ),
    }))
    expect(message).toContain('1 are too many: lead_id 3 in the table more than once. ')
  })

  it('names the leads that a join loses', async () => {
    const message = await built(await loaded(), 'silver.amocrm_leads', model => ({
      ...model,
      sql: model.sql.replace('from leads\n', 'from (select * from leads where lead_id <> 4) as leads\n'),
    }))
    expect(message).toContain('1 are unaccounted for: lead_id 4 not in the table. ')
  })

  it('names the leads of which staging has lost a row', async () => {
    const message = await built(await loaded(), 'silver.amocrm_leads', model => ({
      ...model,
      ...(model.staging
        ? {
            staging: {
              ...model.staging,
              sql: `select * from (${model.staging.sql}) where lead_id not in (1, 5)`,
            },
          }
        : {}),
    }))
    expect(message).toContain(
      '3 are unaccounted for: lead_id 1 in Bronze and not staged; lead_id 5 in Bronze and not staged; ' +
        'lead_id 5 in Bronze and not staged. ',
    )
  })

  it('names visits by day, load and number, and shows nobody', async () => {
    const of = await loaded()
    const [{ load_id } = {}] = await of.rows('select distinct load_id from bronze.alaqan_visits')
    const message = await built(of, 'silver.alaqan_visits', model => ({
      ...model,
      sql: model.sql.replace(
        'where is_valid',
        `where is_valid and not (iin = '${iins[1]}' and event = 'exit')`,
      ),
    }))
    expect(message).toContain(
      `1 are unaccounted for: visit_date 2025-01-30, event exit, event_time 18:00:00, load_id ${load_id}, event_no 1 not in the table. `,
    )
    for (const iin of iins) expect(message).not.toContain(iin)
  })
})

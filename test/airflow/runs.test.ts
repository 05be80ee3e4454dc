/** Both DAGs run by Airflow against the sandbox. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  type Installation,
  openInstallation,
  type RunningSandbox,
  realDags,
  startSandbox,
} from './installation.js'

let sandbox: RunningSandbox
let airflow: Installation
beforeAll(async () => {
  sandbox = await startSandbox('--leads', '40', '--people', '8', '--days', '10')
  airflow = await openInstallation(realDags, sandbox.env)
})
afterAll(async () => {
  await airflow.close()
  await sandbox.close()
})

async function run(dag: string) {
  const { exitCode, out } = await airflow.airflow('dags', 'test', dag)
  expect(exitCode, out).toBe(0)
  const { tasks, assets } = await airflow.latestRun(dag)
  const states = Object.fromEntries(Object.entries(tasks).map(([name, { state }]) => [name, state]))
  return { tasks, assets, states }
}

const summarySchema = z.object({
  loads: z.array(z.object({ entity: z.string(), rows: z.number() })).optional(),
  models: z.array(z.object({ model: z.string(), added: z.number() })).optional(),
})

/** How many rows a table has. */
async function rowsIn(table: string): Promise<number> {
  const { rows } = await sandbox.hubdwh('sql', `select count(*)::int from ${table}`)
  return z.tuple([z.tuple([z.number()])]).parse(rows)[0][0]
}

describe('the DAG of Alaqan', () => {
  it('fills the warehouse up to gold, and tells what it has done', async () => {
    const { tasks, states, assets } = await run('hubdwh_alaqan')
    expect(states).toEqual({
      alaqan_daily_load: 'success',
      alaqan_silver: 'success',
      alaqan_gold: 'success',
      bi_refresh: 'skipped',
      nothing_failed: 'success',
    })
    const loaded = summarySchema.parse(tasks.alaqan_daily_load?.xcom).loads?.[0]
    expect(loaded).toEqual({ entity: 'visits', rows: await rowsIn('bronze.alaqan_visits') })
    const built = summarySchema.parse(tasks.alaqan_gold?.xcom).models ?? []
    expect(built.map(({ model }) => model)).toEqual([
      'gold.alaqan_daily_attendance',
      'gold.alaqan_monthly_summary',
    ])
    for (const { model, added } of built) expect([model, await rowsIn(model)]).toEqual([model, added])
    expect(assets).toContain('iceberg.gold.alaqan_daily_attendance')
  })

  it('skips what is not new the next time, is well all the same, and says of no table that it was updated', async () => {
    const { states, assets } = await run('hubdwh_alaqan')
    expect(states).toEqual({
      alaqan_daily_load: 'skipped',
      alaqan_silver: 'skipped',
      alaqan_gold: 'skipped',
      bi_refresh: 'skipped',
      nothing_failed: 'success',
    })
    expect(assets).toEqual([])
  })
})

describe('the DAG of amoCRM', () => {
  it('fills the warehouse up to gold, entity by entity', async () => {
    const { tasks, states } = await run('hubdwh_amocrm')
    expect(states).toMatchObject({
      amocrm_load_pipelines: 'success',
      amocrm_load_users: 'success',
      amocrm_load_companies: 'success',
      amocrm_load_contacts: 'success',
      amocrm_load_leads: 'success',
      amocrm_load_tasks: 'success',
      amocrm_load_events: 'success',
      // Not due so soon after everything was read.
      amocrm_sweep_deletions: 'skipped',
      amocrm_silver: 'success',
      amocrm_gold: 'success',
      bi_refresh: 'skipped',
      nothing_failed: 'success',
    })
    const loaded = summarySchema.parse(tasks.amocrm_load_pipelines?.xcom).loads ?? []
    expect(loaded.map(({ entity }) => entity)).toEqual(['pipelines', 'loss_reasons'])
    const built = summarySchema.parse(tasks.amocrm_gold?.xcom).models ?? []
    expect(built.length).toBeGreaterThan(0)
    for (const { model, added } of built) expect([model, await rowsIn(model)]).toEqual([model, added])
    expect(await rowsIn('gold.amocrm_sales_funnel')).toBeGreaterThan(0)
  })

  it('leaves nothing to do, as status sees it', async () => {
    const status = await sandbox.hubdwh('status')
    expect(status).toMatchObject({ ok: true, exit_code: 0 })
    expect(await sandbox.hubdwh('plan')).toMatchObject({ models: [] })
  })
})

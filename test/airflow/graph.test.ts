/** The DAGs, as section 5 of the specification draws them. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { entityNames } from '../../src/sources/amocrm/entities.js'
import { bronzeTables } from '../../src/tables/bronze.js'
import { goldTables } from '../../src/tables/gold.js'
import { silverTables } from '../../src/tables/silver.js'
import { qualifiedName } from '../../src/tables/table.js'
import { openInstallation, realDags } from './installation.js'

const factsSchema = z.object({
  errors: z.record(z.string(), z.string()),
  dags: z.record(
    z.string(),
    z.object({
      timetable: z.string(),
      schedule: z.record(z.string(), z.string()),
      catchup: z.boolean(),
      max_active_runs: z.number(),
      timeout: z.number().nullable(),
      doc: z.string(),
      tasks: z.record(
        z.string(),
        z.object({
          operator: z.array(z.string()),
          command: z.string(),
          upstream: z.array(z.string()),
          pool: z.string(),
          pool_slots: z.number(),
          trigger_rule: z.string(),
          retries: z.number(),
          retry_delay: z.number(),
          retry_exponential_backoff: z.number(),
          max_retry_delay: z.number().nullable(),
          timeout: z.number().nullable(),
          outlets: z.array(z.string()),
          owner: z.string(),
          doc: z.string().nullable(),
          failure_callbacks: z.number(),
        }),
      ),
    }),
  ),
})
type Facts = z.infer<typeof factsSchema>

const variants = {
  usual: {},
  docker: { HUBDWH_RUNNER: 'docker' },
  kubernetes: { HUBDWH_RUNNER: 'kubernetes', HUBDWH_SECRET: 'hubdwh-secrets' },
  podman: { HUBDWH_RUNNER: 'podman' },
  'half-hourly': { HUBDWH_AMOCRM_SCHEDULE: '*/30 * * * *' },
}

let factsOf: Map<string, Facts>
let facts: Facts
beforeAll(async () => {
  const airflow = await openInstallation(realDags, {})
  const sets = Object.values(variants).map(variables => JSON.stringify(variables))
  const parsed = z
    .object({ facts: z.array(factsSchema) })
    .parse(await airflow.script('dag_facts.py', ...sets))
  await airflow.close()
  factsOf = new Map(
    Object.keys(variants).map((name, index) => [name, factsSchema.parse(parsed.facts[index])]),
  )
  facts = factsWith('usual')
})

function factsWith(variant: keyof typeof variants): Facts {
  return factsSchema.parse(factsOf.get(variant))
}

const tasksOf = (dag: string, { dags }: Facts = facts) => Object.entries(dags[dag]?.tasks ?? {})
const commands = () =>
  [...tasksOf('hubdwh_alaqan'), ...tasksOf('hubdwh_amocrm')].filter(([name]) => name !== 'nothing_failed')

/** What comes directly before each task, the overseer at the end aside. */
const arrowsOf = (dag: string, from: Facts = facts) =>
  Object.fromEntries(
    tasksOf(dag, from)
      .filter(([name]) => name !== 'nothing_failed')
      .map(([name, { upstream }]) => [name, upstream]),
  )

const loads = [
  'amocrm_load_catalogs',
  'amocrm_load_companies',
  'amocrm_load_contacts',
  'amocrm_load_events',
  'amocrm_load_leads',
  'amocrm_load_pipelines',
  'amocrm_load_tasks',
  'amocrm_load_users',
  'amocrm_sweep_deletions',
]

describe('the DAGs', () => {
  it('are two, and import without errors', () => {
    expect(facts.errors).toEqual({})
    expect(Object.keys(facts.dags).sort()).toEqual(['hubdwh_alaqan', 'hubdwh_amocrm'])
  })

  it('go from Alaqan to the BI', () => {
    expect(arrowsOf('hubdwh_alaqan')).toEqual({
      alaqan_daily_load: [],
      alaqan_silver: ['alaqan_daily_load'],
      alaqan_gold: ['alaqan_silver'],
      bi_refresh: ['alaqan_gold'],
    })
  })

  it('go from each entity of amoCRM to the BI', () => {
    expect(arrowsOf('hubdwh_amocrm')).toEqual({
      ...Object.fromEntries(loads.map(load => [load, []])),
      amocrm_silver: loads,
      amocrm_gold: ['amocrm_silver'],
      bi_refresh: ['amocrm_gold'],
    })
  })

  it('go on after what was skipped or has failed, and end with a task that fails with any other', () => {
    for (const [, { trigger_rule }] of commands()) expect(trigger_rule).toBe('all_done')
    for (const dag of ['hubdwh_alaqan', 'hubdwh_amocrm']) {
      const { nothing_failed: overseer, ...others } = Object.fromEntries(tasksOf(dag))
      expect(overseer).toMatchObject({ trigger_rule: 'none_failed', upstream: Object.keys(others).sort() })
    }
  })

  it('run daily and every four hours in Asia/Almaty, one run at a time, without catching up', () => {
    const shared = {
      timetable: 'CronDataIntervalTimetable',
      catchup: false,
      max_active_runs: 1,
      timeout: expect.any(Number),
    }
    expect(facts.dags).toMatchObject({
      hubdwh_alaqan: { ...shared, schedule: { expression: '0 5 * * *', timezone: 'Asia/Almaty' } },
      hubdwh_amocrm: { ...shared, schedule: { expression: '0 */4 * * *', timezone: 'Asia/Almaty' } },
    })
  })

  it('say what each of them and of their tasks does, and whose it is', () => {
    for (const { doc } of Object.values(facts.dags)) expect(doc).toMatch(/\.$/)
    for (const [, task] of commands())
      expect(task).toMatchObject({
        doc: expect.stringMatching(/\.$/),
        owner: 'data-platform',
        failure_callbacks: 1,
      })
  })
})

describe('the tasks', () => {
  it('load every entity of amoCRM once', () => {
    const named = tasksOf('hubdwh_amocrm').flatMap(
      ([, { command }]) => /load amocrm ([\w ]*?) ?--sweeps left/.exec(command)?.[1]?.split(' ') ?? [],
    )
    expect(named.sort()).toEqual([...entityNames].sort())
  })

  it('leave sweeps to the task that has them', () => {
    const sweeping = tasksOf('hubdwh_amocrm').filter(([, { command }]) => command.includes('--sweeps only'))
    expect(sweeping.map(([name]) => name)).toEqual(['amocrm_sweep_deletions'])
  })

  it('say of each table by one of them that it was updated', () => {
    const tables = [...bronzeTables, ...silverTables, ...goldTables].map(
      table => `iceberg.${qualifiedName(table)}`,
    )
    expect(commands().flatMap(([, { outlets }]) => outlets)).toHaveLength(tables.length)
    expect(
      commands()
        .flatMap(([, { outlets }]) => outlets)
        .sort(),
    ).toEqual(tables.sort())
  })

  it('take turns at each API and at building, in pools that pools.json makes', async () => {
    const pools: unknown = JSON.parse(await readFile(join(realDags, '../pools.json'), 'utf8'))
    expect(pools).toMatchObject({
      hubdwh_alaqan: { slots: 1 },
      hubdwh_amocrm: { slots: 1 },
      hubdwh_warehouse: { slots: 1 },
    })
    for (const [name, { pool, pool_slots }] of commands()) {
      const api = /^amocrm_(load|sweep)/.test(name) ? 'hubdwh_amocrm' : 'hubdwh_warehouse'
      expect([pool, pool_slots]).toEqual([name === 'alaqan_daily_load' ? 'hubdwh_alaqan' : api, 1])
    }
  })

  it('are tried again after ever longer pauses, and stopped when they take too long', () => {
    for (const [, task] of commands()) {
      expect(task).toMatchObject({ retries: 4, retry_exponential_backoff: 2, max_retry_delay: 1800 })
      // Longer than a lock outlives whoever held it on another machine.
      expect(task.retry_delay).toBeGreaterThan(90)
      expect(task.timeout).toBeGreaterThan(0)
    }
  })

  it('tell what they have done as JSON, and skip where there is nothing to do', () => {
    for (const [, { command, operator }] of commands()) {
      expect(command).toMatch(/^exec hubdwh .*--skip-code --config \/opt\/hubdwh\/hubdwh\.yaml --json$/)
      expect(operator).toContain('BashOperator')
    }
  })
})

describe('by a variable', () => {
  it('amoCRM is read more often', () => {
    const { dags } = factsWith('half-hourly')
    expect(dags.hubdwh_amocrm?.schedule).toMatchObject({ expression: '*/30 * * * *' })
  })

  it.each([
    ['docker', 'DockerOperator'],
    ['kubernetes', 'KubernetesPodOperator'],
  ] as const)('the same tasks run by %s', (runner, operator) => {
    const other = factsWith(runner)
    expect(other.errors).toEqual({})
    for (const dag of ['hubdwh_alaqan', 'hubdwh_amocrm']) {
      expect(arrowsOf(dag, other)).toEqual(arrowsOf(dag))
      for (const [name, task] of tasksOf(dag, other)) {
        if (name !== 'nothing_failed') expect(task.operator).toContain(operator)
      }
    }
  })

  it('a runner that there is not is refused by name', () => {
    const { errors } = factsWith('podman')
    expect(errors['hubdwh.py']).toContain("HUBDWH_RUNNER is 'podman', and can be bash, docker or kubernetes.")
  })
})

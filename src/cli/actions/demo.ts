/** `hubdwh demo`: both APIs on loopback, everything loaded and built in a temporary folder, the marts shown. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { addDays, yesterday } from '../../calendar.js'
import type { Config } from '../../config/config.js'
import { configTemplate, envTemplate } from '../../config/template.js'
import { writeDurably } from '../../durable-file.js'
import { withWarehouse } from '../../pipeline/context.js'
import { gravestOf } from '../../pipeline/failures.js'
import { modelFunctions } from '../../pipeline/model-settings.js'
import { runEverything } from '../../pipeline/run.js'
import { sourcesIn } from '../../pipeline/source.js'
import { warehouseOf } from '../../pipeline/warehouse-of.js'
import { reportHtml } from '../../report/report.js'
import { generatedArm, generatedWorld, type Sandbox, startSandbox } from '../../sandbox/sandbox.js'
import type { Engine } from '../../warehouse/engine.js'
import { armSection, writeArmFiles } from '../arm-files.js'
import type { DemoWarehouse, RunDemo } from '../commands/demo.js'
import { usualReport } from '../commands/report.js'
import { openContext } from '../context.js'
import type { Results, Session } from '../session.js'
import { placeOfTables, requireEmptyWarehouse, withDemoWarehouse } from './demo-warehouse.js'

const timeZone = 'Asia/Almaty'
const size = { leads: 5_000, people: 300, days: 90 }
/** The sandbox's limits are lifted for the demo, so ours must not hold it up. */
const unlimited = 10_000

export const demo: RunDemo = async (session, where) => {
  const { io, results, reporter } = session
  const startedAt = io.clock.now()
  const to = yesterday(startedAt, timeZone)
  const from = addDays(to, 1 - size.days)
  const world = { leads: size.leads, people: size.people, from, to, timeZone }
  const sandbox = await startSandbox({
    clock: io.clock,
    world: generatedWorld(world),
    amocrm: { requestsPerSecond: null },
  })
  try {
    const folder = await mkdtemp(join(tmpdir(), 'hubdwh-demo-'))
    const config = join(folder, 'hubdwh.yaml')
    await writeArmFiles(join(folder, 'arm'), generatedArm(world))
    await writeConfig(config, { sandbox, from, where }, session)
    reporter.info(
      `Invented data: ${size.leads} leads, ${size.people} people, ${size.days} days, from ${sandbox.url}.`,
    )
    const context = await openContext({ ...session, options: { ...session.options, config } })
    await requireEmptyWarehouse(context)
    const hurried = { ...context, config: withoutLimits(context.config) }
    const { loads, failures, builds } = await runEverything(hurried, sourcesIn(hurried.config), {
      accepted: [],
    })
    const failure = gravestOf(failures)
    if (failure) throw failure
    await withWarehouse(hurried, 'read', engine => showMarts(engine, hurried.config, results))
    const warehouse = warehouseOf(context).place
    const report = join(folder, usualReport)
    await writeDurably(report, await reportHtml(hurried))
    results.print(closing(`${placeOfTables(where, warehouse)}\n${reportLine(report)}`, config, io.command))
    const rows = loads.reduce((sum, load) => sum + load.rows, 0)
    const json = { warehouse, config, report, bronze_rows: rows, models: builds.length }
    return { json: { ...json, seconds: Math.round((io.clock.now() - startedAt) / 1000) } }
  } finally {
    await sandbox.close()
  }
}

interface Setting {
  readonly sandbox: Sandbox
  /** First day of the history. */
  readonly from: string
  readonly where: DemoWarehouse
}

/** @param path gets `.env` beside it */
async function writeConfig(path: string, { sandbox, from, where }: Setting, { io }: Session) {
  const { alaqanUrl, amocrmUrl, apiKey, token } = sandbox
  const template = configTemplate({ alaqanUrl, amocrmUrl, startDate: from, arm: armSection('arm') })
  await writeFile(path, withDemoWarehouse(template, where))
  const env = envTemplate({
    ALAQAN_API_KEY: apiKey,
    AMOCRM_TOKEN: token,
    HUBDWH_PRIVACY_KEY: io.chance.hex(32),
  })
  await writeFile(join(dirname(path), '.env'), env, { mode: 0o600 })
}

function withoutLimits(config: Config): Config {
  const { alaqan, amocrm } = config
  return {
    ...config,
    alaqan: alaqan && { ...alaqan, requestsPerSecond: unlimited },
    amocrm: amocrm && { ...amocrm, requestsPerSecond: unlimited },
  }
}

interface Mart {
  readonly title: string
  readonly sql: string
}

const dayName = (day: string) => `substr('MonTueWedThuFriSatSun', 3 * day_of_week(${day}) - 2, 3)`
const twoDigits = (number: string) => `lpad(cast(cast(floor(${number}) as int) as string), 2, '0')`
const clock = (seconds: string) =>
  `${twoDigits(`${seconds} / 3600`)} || ':' || ${twoDigits(`${seconds} % 3600 / 60`)}`

const marts: readonly Mart[] = [
  {
    title: 'Attendance of the last month (gold.alaqan_daily_attendance)',
    sql: `
      select
        visit_date as date,
        ${dayName('visit_date')} as day,
        count(*) as people,
        ${clock('median(first_entry)')} as arrival,
        ${clock('median(last_exit)')} as departure,
        cast(avg(hours_on_site) as decimal(5, 2)) as hours
      from (
        select
          visit_date,
          hours_on_site,
          clock_seconds_between(at_clock_time(visit_date, '00:00:00'), first_entry_local) as first_entry,
          clock_seconds_between(at_clock_time(visit_date, '00:00:00'), last_exit_local) as last_exit
        from gold.alaqan_daily_attendance
        where visit_date > (select max(visit_date) from gold.alaqan_daily_attendance) - interval 31 day
      ) as days
      group by visit_date
      order by visit_date`,
  },
  {
    title: 'Sales funnel of the last whole month of leads (gold.amocrm_sales_funnel)',
    sql: `
      with newest as (
        select year, month from gold.amocrm_sales_funnel
        group by year, month
        order by year desc, month desc
        limit 1 offset 1
      )
      select
        year || '-' || lpad(cast(month as string), 2, '0') as month,
        pipeline_name as pipeline, status_name as status,
        leads_count as leads, total_price as sum, avg_price as average, conversion_rate as "conversion, %"
      from gold.amocrm_sales_funnel
      join newest using (year, month)
      order by pipeline_name nulls last, status_sort nulls last`,
  },
  {
    title: 'Managers over all months (gold.amocrm_manager_activity)',
    sql: `
      select
        responsible_user_name as manager,
        sum(leads_created) as created, sum(leads_closed_won) as won, sum(leads_closed_lost) as lost,
        sum(total_revenue) as revenue, sum(tasks_completed) as "tasks done"
      from gold.amocrm_manager_activity
      group by responsible_user_id, responsible_user_name
      order by revenue desc, manager nulls last`,
  },
  {
    title: 'Top clients (gold.amocrm_client_analytics)',
    sql: `
      select
        company_name as company, total_leads as leads, won_leads as won, total_revenue as revenue,
        first_deal_date as first, last_deal_date as last, tags
      from gold.amocrm_client_analytics
      order by total_revenue desc, company_id
      limit 10`,
  },
  {
    title: "Residents: the CRM beside ARM's report (gold.crm_arm_residents)",
    sql: `
      select
        company_name as company, residency_status as status, length_of(company_ids) as "in the CRM",
        total_leads as leads, won_leads as won, total_revenue as "leads' revenue",
        cast(revenue as bigint) as "ARM: revenue", cast(employees as int) as employees, cast(taxes as bigint) as taxes
      from gold.crm_arm_residents
      where newest_period is not null
      order by won_leads desc, revenue desc, bin
      limit 10`,
  },
  {
    title: 'Attendance by company, last whole month (gold.alaqan_company_attendance)',
    sql: `
      with newest as (
        select year, month from gold.alaqan_company_attendance
        group by year, month
        order by year desc, month desc
        limit 1 offset 1
      )
      select
        year || '-' || lpad(cast(month as string), 2, '0') as month,
        case when bin = 'unknown' then '(not in the directory)' else company_name end as company,
        people, visits, hours
      from gold.alaqan_company_attendance
      join newest using (year, month)
      order by visits desc, bin
      limit 10`,
  },
  {
    title: 'Sales funnel of residents and of others (gold.amocrm_sales_funnel_residents)',
    sql: `
      select
        pipeline_name as pipeline, case when is_resident then 'residents' else 'others' end as "leads of",
        sum(leads_count) as leads, sum(won_count) as won, sum(lost_count) as lost, sum(total_price) as sum
      from gold.amocrm_sales_funnel_residents
      group by pipeline_id, pipeline_name, is_resident
      order by pipeline_name nulls last, pipeline_id, is_resident desc`,
  },
]

async function showMarts(engine: Engine, config: Config, results: Results): Promise<void> {
  await engine.run((await modelFunctions(config, engine)).statements)
  for (const { title, sql } of marts) {
    const { columns, rows } = await engine.query(sql)
    results.print(`\n${title}\n\n`)
    results.table(
      columns.map(({ name }) => ({ name })),
      rows.map(row => columns.map(({ name }) => row[name])),
    )
  }
}

function reportLine(report: string): string {
  return `The report, to be opened in a browser, is ${report}`
}

function closing(places: string, config: string, command: string): string {
  const seeMore = `${command} --config ${config}`
  return (
    `\n${places}\n\nLook around in it:\n` +
    `  ${seeMore} status\n` +
    `  ${seeMore} sql "select * from silver.amocrm_leads limit 5"\n\n` +
    `Your own accounts: ${command} init\n`
  )
}

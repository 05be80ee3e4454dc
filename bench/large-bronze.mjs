/** Bronze as years of loads leave it, filled by SQL: what the models meet, without the hours of fetching it. */
import { DuckDBInstance } from '@duckdb/node-api'
import { hubdwh, measured } from './child.mjs'
import { lastDay } from './installation.mjs'

/** How often somebody passes the gate on a day; each twentieth passage stands there twice. */
const passages = 5
const versions = 5
const companies = 5000
const loadedAt = "timestamptz '2026-01-01 03:00:00+05:00'"

/**
 * An installation with the dictionaries loaded, and in Bronze so many visits and leads more.
 * @param {{ folder: string, env: Record<string, string>, visits: number, leads: number }} options
 */
export async function fillBronze({ folder, env, visits, leads }) {
  await measured([hubdwh, 'load', 'amocrm', 'pipelines', 'users', 'loss_reasons', '--quiet'], {
    cwd: folder,
    env,
  })
  await measured([hubdwh, 'transform', '--quiet'], { cwd: folder, env })
  await inWarehouse(folder, async run => {
    if (visits > 0) for (const statement of visitStatements(visits)) await run(statement)
    if (leads > 0) for (const statement of leadStatements(leads)) await run(statement)
  })
}

/**
 * What the SQL by hand reads: the same rows as Parquet.
 * @param {string} folder of the installation
 * @param {string} into an empty folder
 */
export async function exportBronze(folder, into) {
  const parts = {
    alaqan_visits: 'from iceberg.bronze.alaqan_visits',
    amocrm_leads: 'from iceberg.bronze.amocrm_leads',
    users: 'from iceberg.silver.amocrm_users',
    statuses: 'from iceberg.silver.amocrm_pipeline_statuses',
  }
  await inWarehouse(folder, async run => {
    for (const [name, rows] of Object.entries(parts))
      await run(`copy (${rows}) to '${into}/${name}.parquet' (format parquet)`)
  })
}

/**
 * Compares tables that were made by hand with those of the warehouse, in the columns that the former have.
 * @param {string} folder of the installation
 * @param {string} byHand path of the database
 * @param {Readonly<Record<string, string>>} tables by hand → in the warehouse
 * @throws Error naming the table that has other rows
 */
export async function compare(folder, byHand, tables) {
  await inWarehouse(folder, async (run, ask) => {
    await run(`attach '${byHand}' as by_hand (read_only)`)
    for (const [mine, theirs] of Object.entries(tables)) {
      const names = (await ask(`select column_name from (describe by_hand.${mine})`)).map(([name]) => name)
      const sums = (/** @type {string} */ table) =>
        `select count(*) as rows, sum(hash(${names.join(', ')})) as digest from ${table}`
      const different = await ask(
        `select * from (${sums(`by_hand.${mine}`)}) except select * from (${sums(`iceberg.${theirs}`)})`,
      )
      if (different.length > 0) throw new Error(`By hand ${mine} has other rows than ${theirs}.`)
    }
  })
}

/**
 * @param {string} folder
 * @param {(run: (sql: string) => Promise<void>, ask: (sql: string) => Promise<readonly (readonly unknown[])[]>) => Promise<void>} work
 */
async function inWarehouse(folder, work) {
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: `${folder}/bench.spill` })
  const connection = await instance.connect()
  try {
    await connection.run(`attach '${folder}/warehouse.duckdb' as iceberg`)
    await work(
      async sql => void (await connection.run(sql)),
      async sql => (await connection.runAndReadAll(sql)).getRows(),
    )
    await connection.run('detach iceberg')
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
}

/**
 * Invented numbers of twelve digits whose last one, the check digit, is right: eleven digits whose sum leaves 10 have none in
 * the first round, and are left out.
 * @param {string} table temporary, with `place` from 0 and `number`
 * @param {number} count
 * @param {string} eleven SQL of the first eleven digits of the n-th
 */
function numbersStatement(table, count, eleven) {
  return `create or replace temp table ${table} as
    select row_number() over () - 1 as place, digits || sum as number
    from (
      select digits, list_sum(list_transform(range(1, 12), lambda nth: nth * cast(substr(digits, nth, 1) as int))) % 11 as sum
      from (select ${eleven} as digits from range(${count + Math.ceil(count / 5) + 100}) as _ (n))
    )
    where sum < 10 limit ${count}`
}

/** @param {number} visits */
function visitStatements(visits) {
  const days = Math.max(30, Math.round(Math.sqrt(visits / passages)))
  const people = Math.ceil(visits / passages / days)
  const day = `date '${lastDay}' - cast(day as int)`
  const hours = 'cast(8 + 2 * passage + (person + day) % 2 as int)'
  const clock = `printf('%02d:%02d:%02d', ${hours}, cast((7 * person + day) % 60 as int), cast((13 * person + 5 * passage + day) % 60 as int))`
  return [
    numbersStatement(
      'numbers',
      people,
      "strftime(date '1970-01-01' + cast(n % 10000 as int), '%y%m%d') || printf('3%04d', cast(n // 10000 as int))",
    ),
    `insert into iceberg.bronze.alaqan_visits
       (load_date, visit_date, iin, event, event_time, raw_json, loaded_at, load_id, endpoint, event_no)
     select date '2026-01-01', ${day}, numbers.number,
       if(passage % 2 = 0, 'entry', 'exit'), ${clock},
       printf('[{"event":"%s","time":"%s"}]', if(passage % 2 = 0, 'entry', 'exit'), ${clock}),
       ${loadedAt}, 'bench-visits', 'byDate', cast(passage as int)
     from range(${days}) as days (day), range(${people}) as people (person), range(${passages}) as passages (passage),
       range(1, 3) as copies (copy)
     join numbers on numbers.place = person
     where copy = 1 or (person + day + passage) % 20 = 0`,
    `insert into iceberg.meta.alaqan_answers
     select 'bench-visits', 'byDate', visit_date, ${loadedAt}, 'bench', count(*), count(distinct iin), 'accepted', 'bench-visits'
     from iceberg.bronze.alaqan_visits where load_id = 'bench-visits' group by visit_date`,
    ledgerLine('bench-visits', 'alaqan', 'visits', 'bronze.alaqan_visits'),
  ]
}

/** @param {number} leads */
function leadStatements(leads) {
  const createdAt = 'cast(1577836800 + (lead * 7919) % 189000000 as bigint)'
  const field = (/** @type {string} */ name, /** @type {string} */ value) =>
    `{"field_id":501,"field_name":"${name}","field_code":null,"field_type":"text","values":[{"value":"' || ${value} || '"}]}`
  return [
    numbersStatement('numbers', companies, "printf('010140%05d', cast(n as int))"),
    `insert into iceberg.bronze.amocrm_leads
       (id, name, price, responsible_user_id, status_id, pipeline_id, created_at, updated_at, closed_at, is_deleted,
        custom_fields_values, tags_json, contacts_json, companies_json, loaded_at, load_id, row_source, observed_at, row_hash)
     with places as (
       select pipeline_id, status_id, row_number() over (order by pipeline_id, status_id) - 1 as place, count(*) over () as places
       from iceberg.silver.amocrm_pipeline_statuses
     ),
     owners as (
       select user_id, row_number() over (order by user_id) - 1 as owner, count(*) over () as owners
       from iceberg.silver.amocrm_users
     )
     select cast(10000000 + lead as int), 'Сделка № ' || lead, 1000 * (lead % 977) + version, owners.user_id,
       places.status_id, places.pipeline_id, ${createdAt}, ${createdAt} + 86400 * version,
       if(places.status_id in (142, 143), ${createdAt} + 86400 * version, null), false,
       '[${field('Источник', "'Сайт'")},${field('БИН', 'numbers.number')}]',
       '[{"id":90001,"name":"тег"}]', printf('[{"id":%d}]', cast(20000000 + lead % 300000 as int)),
       printf('[{"id":%d}]', cast(30000000 + lead % ${companies} as int)),
       ${loadedAt} + to_hours(cast(version as int)), 'bench-leads-' || version, 'list',
       ${loadedAt} + to_hours(cast(version as int)), md5(lead || ' ' || version)
     from range(${leads}) as leads (lead), range(${versions}) as versions (version)
     join places on places.place = (lead + version) % places.places
     join owners on owners.owner = lead % owners.owners
     join numbers on numbers.place = lead % ${companies}`,
    ...Array.from({ length: versions }, (_, version) =>
      ledgerLine(`bench-leads-${version}`, 'amocrm', 'leads', 'bronze.amocrm_leads'),
    ),
  ]
}

/**
 * @param {string} loadId
 * @param {string} source
 * @param {string} entity
 * @param {string} table
 */
function ledgerLine(loadId, source, entity, table) {
  return `insert into iceberg.meta.loads
      (load_id, source, entity, "window", status, "rows", rejects, started_at, loaded_at, table_name, received, unchanged, inferred, mode, requests)
    select '${loadId}', '${source}', '${entity}', 'bench', 'loaded', count(*), 0, ${loadedAt}, ${loadedAt}, '${table}', count(*), 0, 0, 'full', 1
    from iceberg.${table} where load_id = '${loadId}'`
}

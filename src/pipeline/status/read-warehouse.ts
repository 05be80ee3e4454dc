/** What the warehouse says of itself, from its ledger and its counts: no row of data is looked at. */
import { addDays, type DayRange, daysFromTo, toRanges, yesterday } from '../../calendar.js'
import type { Config } from '../../config/config.js'
import { HubdwhError } from '../../errors.js'
import { type Model, readModels } from '../../models/definition.js'
import { lastResults } from '../../quality/record-results.js'
import { allTables } from '../../tables/catalogue.js'
import {
  metaAlaqanAnswers,
  metaChecks,
  metaErasures,
  metaLoads,
  metaModelLoads,
  metaModels,
  metaPendingScopes,
  metaReconciliation,
  metaRejects,
  metaSchemaChanges,
} from '../../tables/meta.js'
import { qualifiedName } from '../../tables/table.js'
import { type Engine, type Row, rowsOf, type Value } from '../../warehouse/engine.js'
import { emptyLedger, type Ledger, readLedger } from '../../warehouse/ledger.js'
import { instantLiteral, literal } from '../../warehouse/sql-text.js'
import { plannableEntities } from '../plannable-entities.js'
import { sourcesIn } from '../source.js'
import { heldDays } from './held-days.js'
import type { KnownCheck } from './known-checks.js'
import { type PresentTables, presentTables } from './present-tables.js'
import {
  type CheckStatus,
  daysOfChanges,
  type EntityStatus,
  type OpenSweep,
  type RejectsOfRule,
  type SchemaChange,
  type TableStatus,
  type UnaccountedRows,
  type WarehouseFacts,
} from './status.js'

const hour = 3_600_000
const visitsTable = 'bronze.alaqan_visits'
const dataTables = allTables.filter(table => table.schema !== 'meta')

/**
 * Reads what a warehouse holds. What an older version has not made is told as absent, and left out.
 * @param reading the checks that are on, read meanwhile; where they cannot be, all results are told
 * @param now Unix milliseconds
 */
export async function readWarehouse(
  engine: Engine,
  config: Config,
  reading: Promise<readonly KnownCheck[] | HubdwhError>,
  now: number,
): Promise<WarehouseFacts> {
  const present = await presentTables(engine)
  const isLedgerThere = present.isWhole([metaLoads, metaAlaqanAnswers])
  const ledger = isLedgerThere ? await readLedger(engine, config.timezone) : emptyLedger
  const rejects = await rejectsByRule(present)
  return {
    tables: await tableStatuses(engine, present, config, ledger, rejects),
    entities: await entityStatuses(present, config, ledger, now),
    gaps: gapsIn(config, ledger.finalDays, now),
    heldDays: present.isWhole([metaAlaqanAnswers]) ? await heldDays(engine) : [],
    rejects,
    checks: await checkStatuses(engine, present, await reading),
    schemaChanges: await schemaChanges(present, now),
    openSweeps: await openSweeps(present, ledger),
    unaccounted: await unaccountedRows(present),
    erasures: await erasures(present),
    absent: present.absent,
  }
}

async function tableStatuses(
  engine: Engine,
  present: PresentTables,
  config: Config,
  ledger: Ledger,
  rejects: readonly RejectsOfRule[],
): Promise<readonly TableStatus[]> {
  const counts = await rowCounts(engine, present)
  const loads = byTable(
    await present.rowsOf(
      [metaLoads],
      `select table_name, max(loaded_at) as updated_at, instant_at(max(watermark) * 1000) as until
       from meta.loads group by table_name`,
    ),
  )
  const models = byTable(
    await present.rowsOf([metaModels], 'select model as table_name, built_at as updated_at from meta.models'),
  )
  const behind = await modelsBehind(present, config)
  const lastDay = lastFinalDay(ledger)
  return dataTables.map((table): TableStatus => {
    const name = qualifiedName(table)
    const known = loads.get(name) ?? models.get(name)
    const ofTable = rejects.filter(reject => reject.table === name)
    return {
      table: name,
      schema: table.schema,
      rows: counts.get(name) ?? 0,
      updatedAt: textOf(known?.updated_at),
      until: textOf(name === visitsTable ? lastDay : known?.until),
      rejects: ofTable.reduce((sum, { rows }) => sum + rows, 0),
      isBehind: behind.has(name),
    }
  })
}

async function rowCounts(engine: Engine, present: PresentTables): Promise<ReadonlyMap<string, number>> {
  const selects = dataTables
    .filter(table => present.has(table))
    .map(qualifiedName)
    .map(name => `select '${name}' as table_name, count(*) as row_count from ${name}`)
  if (selects.length === 0) return new Map()
  const rows = await rowsOf(engine, selects.join(' union all '))
  return new Map(rows.map(row => [String(row.table_name), Number(row.row_count)]))
}

/** Models that something upstream of has changed since they were built: noted by a build, or loaded and not taken in. */
async function modelsBehind(present: PresentTables, config: Config): Promise<ReadonlySet<string>> {
  const pairs = (await readModels())
    .filter(({ source }) => config[source] !== undefined)
    .flatMap(model => loadedUpstream(model).map(table => `(${literal(model.name)}, ${literal(table)})`))
  const rows = await present.rowsOf(
    [metaLoads, metaModelLoads, metaPendingScopes, metaAlaqanAnswers],
    `with upstream (model, table_name) as (values ${pairs.join(', ')}),
     changing as (
       select load_id, table_name from meta.loads
       where "rows" > 0 or inferred > 0
         or load_id in (select load_id from meta.alaqan_answers where verdict = 'accepted')
     )
     select distinct model from meta.pending_scopes
     union
     select upstream.model from upstream join changing on changing.table_name = upstream.table_name
     where not exists (
       select 1 from meta.model_loads as taken
       where taken.model = upstream.model and taken.load_id = changing.load_id
     )`,
  )
  return new Set(rows.map(row => String(row.model)))
}

/** The Bronze tables whose loads a model takes in. */
function loadedUpstream({ rebuild }: Model): readonly string[] {
  const tables = [...rebuild.keys()].flatMap(upstream => {
    if (upstream.startsWith('bronze.')) return [upstream]
    return upstream === qualifiedName(metaAlaqanAnswers) ? [visitsTable] : []
  })
  return [...new Set(tables)]
}

async function entityStatuses(
  present: PresentTables,
  config: Config,
  ledger: Ledger,
  now: number,
): Promise<readonly EntityStatus[]> {
  const lastDay = lastFinalDay(ledger)
  const rows = await present.rowsOf(
    [metaLoads],
    `select source, entity, unix_ms(max(loaded_at)) as loaded_at, max(watermark) * 1000 as read_until
     from meta.loads group by source, entity`,
  )
  const endOfLastDay =
    lastDay === undefined
      ? null
      : await present.rowsOf(
          [],
          `select unix_ms(start_of_day(${literal(config.timezone)}, date ${literal(addDays(lastDay, 1))})) as at`,
        )
  const statusOf = (source: EntityStatus['source'], entity: string, mayBeClosed: boolean): EntityStatus => {
    const row = rows.find(each => each.source === source && each.entity === entity)
    const readUntil = numberOrNull(source === 'alaqan' ? endOfLastDay?.[0]?.at : row?.read_until)
    const isStale = readUntil !== null && now - readUntil > config.quality.maxAgeHours * hour
    return { source, entity, loadedAt: numberOrNull(row?.loaded_at), readUntil, isStale, mayBeClosed }
  }
  return sourcesIn(config).flatMap(source =>
    source === 'alaqan'
      ? [statusOf(source, 'visits', false)]
      : plannableEntities.map(({ name, mayBeClosed }) => statusOf(source, name, mayBeClosed)),
  )
}

function lastFinalDay({ finalDays }: Ledger): string | undefined {
  return [...finalDays].sort().at(-1)
}

function gapsIn(config: Config, finalDays: ReadonlySet<string>, now: number): readonly DayRange[] {
  if (!config.alaqan) return []
  const due = daysFromTo(config.alaqan.startDate, yesterday(now, config.timezone))
  return toRanges(due.filter(day => !finalDays.has(day)))
}

async function rejectsByRule(present: PresentTables): Promise<readonly RejectsOfRule[]> {
  const rows = await present.rowsOf(
    [metaRejects],
    `select table_name, rule, count(*) as row_count from meta.rejects group by table_name, rule
     order by row_count desc, table_name, rule`,
  )
  return rows.map(row => ({
    table: String(row.table_name),
    rule: String(row.rule),
    rows: Number(row.row_count),
  }))
}

/** A check that was removed or turned off has nothing to say any more, whatever it came to last. */
async function checkStatuses(
  engine: Engine,
  present: PresentTables,
  checks: readonly KnownCheck[] | HubdwhError,
): Promise<readonly CheckStatus[]> {
  const known = checks instanceof HubdwhError ? undefined : checks
  const results = present.isWhole([metaChecks]) ? await lastResults(engine) : []
  return results.flatMap((result): readonly CheckStatus[] => {
    const check = known?.find(({ name }) => name === result.check)
    if (check) {
      const { description, advice, isOwn, severity } = check
      return check.tables.includes(result.table) ? [{ ...result, severity, description, advice, isOwn }] : []
    }
    return known ? [] : [{ ...result, description: undefined, advice: undefined, isOwn: false }]
  })
}

async function schemaChanges(present: PresentTables, now: number): Promise<readonly SchemaChange[]> {
  const since = now - daysOfChanges * 24 * hour
  const rows = await present.rowsOf(
    [metaSchemaChanges],
    `select source, entity, field, change, types_before, types_after, noticed_at from meta.schema_changes
     where noticed_at >= ${instantLiteral(since)} order by noticed_at desc, source, entity, field`,
  )
  return rows.map(row => ({
    source: String(row.source),
    entity: String(row.entity),
    field: String(row.field),
    change: String(row.change),
    typesBefore: textsOf(row.types_before),
    typesAfter: textsOf(row.types_after),
    noticedAt: String(row.noticed_at),
  }))
}

async function openSweeps(present: PresentTables, ledger: Ledger): Promise<readonly OpenSweep[]> {
  const open = [...ledger.wholeReadings].filter(([, { isFinished }]) => !isFinished)
  if (open.length === 0) return []
  const rows = await present.rowsOf(
    [metaLoads],
    `select entity, missing from (
       select entity, missing, row_number() over (partition by entity order by started_at desc) as place
       from meta.loads where source = 'amocrm' and mode = 'everything'
     ) as readings
     where place = 1`,
  )
  return open.map(([entity, { startedAt }]) => ({
    entity,
    missing: Number(rows.find(row => row.entity === entity)?.missing ?? 0),
    startedAt,
  }))
}

async function unaccountedRows(present: PresentTables): Promise<readonly UnaccountedRows[]> {
  const rows = await present.rowsOf(
    [metaReconciliation],
    `select table_name, max_by(coalesce(load_id, ''), reconciled_at) as load_id,
       max_by(difference, reconciled_at) as difference
     from meta.reconciliation group by table_name having max_by(difference, reconciled_at) <> 0 order by table_name`,
  )
  return rows.map(row => ({
    table: String(row.table_name),
    loadId: row.load_id === '' ? null : String(row.load_id),
    difference: Number(row.difference),
  }))
}

async function erasures(present: PresentTables): Promise<number> {
  const rows = await present.rowsOf([metaErasures], 'select count(*) as row_count from meta.erasures')
  return Number(rows[0]?.row_count ?? 0)
}

function byTable(rows: readonly Row[]): ReadonlyMap<string, Row> {
  return new Map(rows.map(row => [String(row.table_name), row]))
}

function textOf(value: Value | undefined): string | null {
  return value === null || value === undefined ? null : String(value)
}

function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function numberOrNull(value: Value | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}

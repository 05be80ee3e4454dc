/**
 * Building a model: only what changes upstream have touched is computed again, only rows that then differ are
 * written, and only those make its readers rebuild. A run with nothing new writes nothing.
 */
import { createHash } from 'node:crypto'
import { keyFingerprint, maskingHash } from '../privacy/hash.js'
import { qualifiedName } from '../tables/table.js'
import { noteUnaccounted } from '../warehouse/conservation.js'
import { createTable } from '../warehouse/ddl.js'
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { columnList, identifier, literal } from '../warehouse/sql-text.js'
import { downstreamOf, type Model, type Staging } from './definition.js'
import { functionsUnder, type ModelFunctions, tableFunctionsUnder } from './functions.js'
import { reconcile } from './reconcile.js'
import { type ArmContents, type Extent, findScope, newLoads, noteBuilt, noteForReader } from './scope.js'
import type { ModelSettings } from './settings.js'

export interface BuildContext {
  readonly engine: Engine
  /** All models, for the readers of a changed one. */
  readonly models: readonly Model[]
  readonly functions: ModelFunctions
  readonly settings: ModelSettings
  /** Rebuild everything. */
  readonly isFull: boolean
  /** Now, Unix milliseconds. */
  readonly now: number
  /** What ARM's tables hold; absent: they are not read. */
  readonly armContents?: ArmContents
  /** Looks at what has been made, before the commit. */
  readonly audit?: Audit
}

/**
 * @param relation the rows that have been made: those of the rebuilt interval, or the whole table
 * @throws whatever must keep the table as it was
 */
export type Audit = (model: Model, relation: string, extent: 'part' | 'all') => Promise<void>

export interface BuildOutcome {
  readonly model: string
  readonly extent: Extent
  /** Rows written and rows taken away; a row that changed counts in both. */
  readonly added: number
  readonly removed: number
  readonly rejects: number
}

/**
 * Brings one model up to date, as one commit.
 * @throws RowsUnaccountedError where Bronze rows in scope ≠ rows + superseded + rejects; the
 *   table stays as it was then; whatever the audit throws, likewise
 */
export async function buildModel(model: Model, context: BuildContext): Promise<BuildOutcome> {
  const { engine, now } = context
  const loads = await newLoads(engine, model, context.armContents ?? new Map())
  const definition = definitionOf(model, context)
  const isFull = context.isFull || definition !== (await builtDefinition(engine, model))
  const extent = await findScope(engine, model, loads, isFull)
  if (extent === 'nothing') {
    if (loads.length > 0) {
      await engine.atomically(() => noteBuilt(engine, model, loads, definition, now))
    }
    return { model: model.name, extent, added: 0, removed: 0, rejects: 0 }
  }
  const tableFunctions = tableFunctionsUnder(model.sql, context.functions)
  if (tableFunctions !== '') await engine.run(tableFunctions)
  const build = async (): Promise<BuildOutcome> => {
    if (model.staging) await stage(model.staging, context)
    const written = extent === 'all' ? await replaceAll(model, context) : await replacePart(model, context)
    const rejects = model.staging ? await reconcile(model, model.staging, written.rows, extent, context) : 0
    if (extent === 'all') await forgetFailures(engine, model)
    await context.audit?.(model, extent === 'all' ? qualifiedName(model.table) : 'fresh', extent)
    await noteBuilt(engine, model, loads, definition, now)
    return { model: model.name, extent, added: written.added, removed: written.removed, rejects }
  }
  return noteUnaccounted(engine, now, () => engine.atomically(build))
}

/** Rows that failed a check before the table was built whole are others now, perhaps under another masking key. */
async function forgetFailures(engine: Engine, { name }: Model): Promise<void> {
  await engine.run(`delete from meta.check_failures where table_name = ${literal(name)}`)
}

/** Tells one way of building a table from another: its SQL, the functions and settings under it, the masking key. */
function definitionOf(model: Model, { functions, settings }: BuildContext): string {
  const sql = `${model.staging?.sql ?? ''}\n${model.sql}`
  const isHashed = [...(model.staging?.hash.values() ?? [])].some(kind => settings.masks[kind] === 'hash')
  const key = isHashed ? keyFingerprint(settings.maskingKey) : ''
  return createHash('sha256')
    .update(JSON.stringify([sql, functionsUnder(sql, functions), key, ...measuresOf(model)]))
    .digest('hex')
}

/** The columns of a table that has some from the configuration; other tables' columns are their SQL's. */
function measuresOf({ table }: Model): readonly string[] {
  return table.hasMeasures === true ? table.columns.map(({ name }) => name) : []
}

async function builtDefinition(engine: Engine, model: Model): Promise<string | undefined> {
  const rows = await rowsOf(engine, `select definition from meta.models where model = ${literal(model.name)}`)
  return rows[0] === undefined ? undefined : String(rows[0].definition)
}

/** Makes the relations `staged` and `hashes` that a silver model reads. */
async function stage(staging: Staging, { engine, settings }: BuildContext): Promise<void> {
  await engine.materialize('staged', staging.sql)
  const columns = [...staging.hash]
    .filter(([, kind]) => settings.masks[kind] === 'hash')
    .map(([name]) => name)
  await engine.materializePairs('hashes', ['value', 'hash'], await hashesOf(columns, { engine, settings }))
}

async function hashesOf(
  columns: readonly string[],
  { engine, settings }: Pick<BuildContext, 'engine' | 'settings'>,
): Promise<readonly (readonly [string, string])[]> {
  const { maskingKey } = settings
  if (columns.length === 0) return []
  if (maskingKey === undefined)
    throw new Error('A masking hash is asked for without a key; the config allows no such thing.')
  const selects = columns.map(
    name => `select distinct ${identifier(name)} as value from staged where ${identifier(name)} is not null`,
  )
  const rows = await rowsOf(engine, selects.join(' union '))
  return rows.map(row => [String(row.value), maskingHash(maskingKey, String(row.value))] as const)
}

interface Written {
  /** Rows of the model in the scope. */
  readonly rows: number
  readonly added: number
  readonly removed: number
}

async function replaceAll(model: Model, context: BuildContext): Promise<Written> {
  const { engine, models, now } = context
  const table = qualifiedName(model.table)
  for (const reader of downstreamOf(models, model.table))
    await noteForReader(engine, reader, model, null, now)
  const removed = await numberOf(engine, `select count(*) from ${table}`)
  await empty(engine, model)
  await engine.run(`insert into ${table} ${freshRows(model)}`)
  const rows = await numberOf(engine, `select count(*) from ${table}`)
  return { rows, added: rows, removed }
}

/** Takes all rows away; a table whose columns the configuration has changed is made anew. */
async function empty(engine: Engine, model: Model): Promise<void> {
  const table = qualifiedName(model.table)
  const wanted = measuresOf(model)
  const { columns } = await engine.query(`select * from ${table} limit 0`)
  if (wanted.length === 0 || wanted.join() === columns.map(({ name }) => name).join()) {
    await engine.run(`delete from ${table}`)
    return
  }
  await engine.run(`drop table ${table}`)
  for (const statement of createTable(model.table, { engine: engine.name })) await engine.run(statement)
}

function freshRows(model: Model): string {
  return `select ${columnList(model.table.columns.map(column => column.name))} from (${model.sql}) as model`
}

async function replacePart(model: Model, context: BuildContext): Promise<Written> {
  const { engine, models, now } = context
  const table = qualifiedName(model.table)
  await engine.materialize('fresh', freshRows(model))
  await engine.materialize(
    'standing',
    `select target.* from ${table} as target
     where ${model.scope.length === 0 ? 'true' : `exists (select 1 from scope where ${matching(model.scope, 'target', 'scope')})`}`,
  )
  await engine.materialize('removed', 'select * from standing except all select * from fresh')
  await engine.materialize('added', 'select * from fresh except all select * from standing')
  const rows = await numberOf(engine, 'select count(*) from fresh')
  const removed = await numberOf(engine, 'select count(*) from removed')
  const added = await numberOf(engine, 'select count(*) from added')
  if (removed + added > 0) {
    for (const reader of downstreamOf(models, model.table)) {
      await noteForReader(engine, reader, model, '(select * from removed union all select * from added)', now)
    }
    await engine.run(
      `delete from ${table} as target using removed where ${matching(model.table.key, 'target', 'removed')}`,
    )
    await engine.run(`insert into ${table} select * from added`)
  }
  return { rows, added, removed }
}

function matching(columns: readonly string[], left: string, right: string): string {
  return columns.map(name => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' and ')
}

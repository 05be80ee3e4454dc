/**
 * Building a model: only what changes upstream have touched is computed again, only rows that then differ are
 * written, and only those make its readers rebuild. A run with nothing new writes nothing.
 */
import { createHash } from 'node:crypto'
import { keyFingerprint, maskingHash } from '../privacy/hash.js'
import { qualifiedName } from '../tables/table.js'
import { noteConservation, noteUnaccounted } from '../warehouse/conservation.js'
import { type Engine, numberOf, numbersOf, rowsOf } from '../warehouse/engine.js'
import { columnList, identifier, literal } from '../warehouse/sql-text.js'
import type { Model, Staging } from './definition.js'
import { functionsUnder, type ModelFunctions, tableFunctionsUnder } from './functions.js'
import { account, replaceRejects } from './reconcile.js'
import {
  type ArmContents,
  builtDefinitions,
  type Extent,
  findScope,
  modelsWithNews,
  newLoads,
  noteBuilt,
  noteForReaders,
} from './scope.js'
import type { ModelSettings } from './settings.js'
import { noteChanged } from './table-states.js'

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
 * Which of the models may have something to rebuild as things stand: something is new for them, or they are built otherwise
 * now. What is built of them gives work to its readers.
 */
export async function modelsToBuild(
  models: readonly Model[],
  context: Pick<BuildContext, 'engine' | 'functions' | 'settings' | 'isFull' | 'armContents'>,
): Promise<ReadonlySet<Model>> {
  const { engine, isFull, armContents = new Map() } = context
  if (isFull) return new Set(models)
  const withNews = await modelsWithNews(engine, models, armContents)
  const built = await builtDefinitions(engine)
  return new Set(
    models.filter(model => withNews.has(model) || built.get(model.name) !== definitionOf(model, context)),
  )
}

/**
 * Brings one model up to date, as one commit. Where an engine has none over several tables, the order makes up for it:
 * what has been made is judged before the table changes, its readers are told before that too, the table changes in one
 * step, and only the end says that it was built. A build that is broken off is done again by the next run.
 * @throws RowsUnaccountedError where Bronze rows in scope ≠ rows + superseded + rejects; the
 *   table stays as it was then; whatever the audit throws, likewise
 */
export async function buildModel(model: Model, context: BuildContext): Promise<BuildOutcome> {
  const { engine, now } = context
  return noteUnaccounted(engine, now, async () => {
    if (!engine.remakesInCommit) await remakeWhereOther(engine, model)
    return engine.atomically(() => build(model, context))
  })
}

async function build(model: Model, context: BuildContext): Promise<BuildOutcome> {
  const { engine, now } = context
  const loads = await newLoads(engine, model, context.armContents ?? new Map())
  const definition = definitionOf(model, context)
  const isFull = context.isFull || definition !== (await builtDefinitions(engine)).get(model.name)
  const extent = await findScope(engine, model, loads, isFull)
  if (extent === 'nothing') {
    if (loads.length > 0) await noteBuilt(engine, model, loads, definition, now, false)
    return { model: model.name, extent, added: 0, removed: 0, rejects: 0 }
  }
  const tableFunctions = tableFunctionsUnder(model.sql, context.functions)
  if (tableFunctions !== '') await engine.run(tableFunctions)
  if (model.staging) await stage(model.staging, context)
  const made = extent === 'all' ? await makeAll(model, context) : await makePart(model, context)
  const counts = model.staging ? await account(model, model.staging, made, context) : undefined
  if (counts) await noteConservation(engine, counts, now)
  if (extent === 'all') await forgetFailures(engine, model)
  await context.audit?.(model, made.relation, extent)
  const written = await made.write()
  if (counts) await replaceRejects(model, counts.rejected, extent, context)
  await noteBuilt(engine, model, loads, definition, now, written.added + written.removed > 0)
  return { model: model.name, extent, ...written, rejects: counts?.rejected ?? 0 }
}

/** Rows that failed a check before the table was built whole are others now, perhaps under another masking key. */
async function forgetFailures(engine: Engine, { name }: Model): Promise<void> {
  const failures = `meta.check_failures where table_name = ${literal(name)}`
  if ((await numberOf(engine, `select count(*) from ${failures}`)) > 0)
    await engine.run(`delete from ${failures}`)
}

/** Tells one way of building a table from another: its SQL, the functions and settings under it, the masking key. */
function definitionOf(
  model: Model,
  { functions, settings }: Pick<BuildContext, 'functions' | 'settings'>,
): string {
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

/** The rows of a model, before its table holds them or in a commit that can still be undone. */
interface Made {
  /** Where they are. */
  readonly relation: string
  readonly rows: number
  /** Tells the model's readers and sees to it that the table holds them. */
  readonly write: () => Promise<Pick<BuildOutcome, 'added' | 'removed'>>
}

async function makeAll(model: Model, context: BuildContext): Promise<Made> {
  const { engine, models, now } = context
  const table = qualifiedName(model.table)
  const replace = async (select: string) => {
    await noteForReaders(engine, models, model.table, null, now)
    await noteBeforeChange(engine, model, now)
    const removed = await numberOf(engine, `select count(*) from ${table}`)
    await remakeWhereOther(engine, model)
    await engine.replaceRows(model.table, select)
    return removed
  }
  if (engine.commits === 'together') {
    const removed = await replace(freshRows(model))
    const rows = await numberOf(engine, `select count(*) from ${table}`)
    return { relation: table, rows, write: async () => ({ added: rows, removed }) }
  }
  await engine.materialize('fresh', freshRows(model))
  const rows = await numberOf(engine, 'select count(*) from fresh')
  return {
    relation: 'fresh',
    rows,
    write: async () => ({ added: rows, removed: await replace('select * from fresh') }),
  }
}

/**
 * Where the change is a commit of its own, a build that is broken off after it finds nothing left to change when it is done
 * again: that rows changed is noted before, and once more with the build's end.
 */
async function noteBeforeChange(engine: Engine, { name }: Model, now: number): Promise<void> {
  if (engine.commits !== 'together') await noteChanged(engine, name, now)
}

/** Makes a table anew that has other columns than the configuration gives to it now; it is then built whole. */
async function remakeWhereOther(engine: Engine, model: Model): Promise<void> {
  const wanted = measuresOf(model)
  if (wanted.length === 0) return
  const { columns } = await engine.query(`select * from ${qualifiedName(model.table)} limit 0`)
  if (wanted.join() !== columns.map(({ name }) => name).join()) await engine.remakeTable(model.table)
}

function freshRows(model: Model): string {
  return `select ${columnList(model.table.columns.map(column => column.name))} from (${model.sql}) as model`
}

async function makePart(model: Model, context: BuildContext): Promise<Made> {
  const { engine, models, now } = context
  const table = qualifiedName(model.table)
  const standing = `select target.* from ${table} as target
    where ${model.scope.length === 0 ? 'true' : `exists (select 1 from scope where ${matching(model.scope, 'target', 'scope')})`}`
  await engine.materialize('fresh', freshRows(model))
  await engine.materialize('removed', `${standing} except all select * from fresh`)
  await engine.materialize('added', `select * from fresh except all ${standing}`)
  const { rows, removed, added } = await numbersOf(engine, {
    rows: 'select count(*) from fresh',
    removed: 'select count(*) from removed',
    added: 'select count(*) from added',
  })
  return {
    relation: 'fresh',
    rows,
    write: async () => {
      if (removed + added > 0) {
        const changes = '(select * from removed union all select * from added)'
        await noteForReaders(engine, models, model.table, changes, now)
        await noteBeforeChange(engine, model, now)
        await engine.changeRows(model.table, 'removed', 'added')
      }
      return { added, removed }
    },
  }
}

function matching(columns: readonly string[], left: string, right: string): string {
  return columns.map(name => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' and ')
}

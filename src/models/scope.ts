/**
 * What a model has to rebuild: the scopes that changes upstream have touched. A model that changes notes, in the
 * same commit, what its readers have to rebuild, so that silver and gold can be built by different runs and
 * nothing is forgotten when one of them is killed.
 */
import { type ColumnType, qualifiedName, type Table } from '../tables/table.js'
import { typeName } from '../warehouse/ddl.js'
import { countsIn, type Engine, numberOf, numbersOf, rowsOf } from '../warehouse/engine.js'
import { identifier, instantLiteral, literal } from '../warehouse/sql-text.js'
import { downstreamOf, isOfArm, type Model } from './definition.js'
import { changeNoted, noteChanged } from './table-states.js'

/** Which part of a model is to be rebuilt; `nothing` where no change has touched it. */
export type Extent = 'nothing' | 'part' | 'all'

const everything = '*'

/** What each part of ARM holds now, `arm.directory` → a text that changes with its content. */
export type ArmContents = ReadonlyMap<string, string>

/** Loads that a model's upstream tables hold and that it has not taken in yet. A content of ARM stands for a load. */
export async function newLoads(
  engine: Engine,
  model: Model,
  armContents: ArmContents,
): Promise<readonly string[]> {
  return [...(await newContents(engine, model, armContents)), ...(await newBronzeLoads(engine, model))]
}

async function newContents(
  engine: Engine,
  model: Model,
  armContents: ArmContents,
): Promise<readonly string[]> {
  const contents = [...armContents]
    .filter(([part]) => model.rebuild.has(part))
    .map(([part, content]) => `${part}@${content}`)
  if (contents.length === 0) return []
  const rows = await rowsOf(
    engine,
    `select load_id from meta.model_loads where model = ${literal(model.name)} and load_id like 'arm.%'`,
  )
  const known = rows.map(row => row.load_id)
  return contents.filter(content => !known.includes(content))
}

async function newBronzeLoads(engine: Engine, model: Model): Promise<readonly string[]> {
  const tables = loadedTables(model)
  if (tables.length === 0) return []
  const rows = await rowsOf(
    engine,
    `select load_id from meta.loads
     where table_name in (${tables.map(literal).join(', ')})
       and load_id not in (select load_id from meta.model_loads where model = ${literal(model.name)})
     order by loaded_at, load_id`,
  )
  return rows.map(row => String(row.load_id))
}

/** The tables of Bronze by whose loads a model is rebuilt. */
function loadedTables(model: Model): readonly string[] {
  return [...model.rebuild.keys()].flatMap(upstream =>
    upstream.startsWith('bronze.')
      ? [upstream]
      : upstream === 'meta.alaqan_answers'
        ? ['bronze.alaqan_visits']
        : [],
  )
}

/**
 * The models for which loads are new or scopes are pending, in one statement for all: most models of most runs have
 * nothing to do, and each question is a round trip. What they themselves change for others is not known yet.
 */
export async function modelsWithNews(
  engine: Engine,
  models: readonly Model[],
  armContents: ArmContents,
): Promise<ReadonlySet<Model>> {
  const reads = models.flatMap(model =>
    loadedTables(model).map(table => `(${literal(model.name)}, ${literal(table)})`),
  )
  if (reads.length === 0) return new Set(models)
  const rows = await rowsOf(
    engine,
    `select distinct model from meta.pending_scopes
     union
     select distinct reads.model from (values ${reads.join(', ')}) as reads(model, of_table)
     join meta.loads as loads on loads.table_name = reads.of_table
     left join meta.model_loads as taken_in on taken_in.model = reads.model and taken_in.load_id = loads.load_id
     where taken_in.load_id is null`,
  )
  const named = new Set(rows.map(row => String(row.model)))
  const readsArm = (model: Model) => [...armContents.keys()].some(part => model.rebuild.has(part))
  return new Set(models.filter(model => named.has(model.name) || readsArm(model)))
}

/**
 * Makes the relation `scope`, one row for each scope that is to be rebuilt, where there may be any.
 * @param loads the loads that the model has not taken in
 * @param isFull rebuild everything, whatever has changed
 */
export async function findScope(
  engine: Engine,
  model: Model,
  loads: readonly string[],
  isFull: boolean,
): Promise<Extent> {
  const pending = isFull
    ? { any: 0, all: 0 }
    : await countsIn(engine, `meta.pending_scopes where model = ${literal(model.name)}`, {
        any: 'true',
        all: `scope = '${everything}'`,
      })
  const isAll = isFull || pending.all > 0
  if (model.scope.length === 0) return isAll ? 'all' : loads.length > 0 ? 'part' : 'nothing'
  if (!isAll && loads.length === 0 && pending.any === 0) return 'nothing'
  const selects = isAll
    ? [...model.rebuild.keys()].map(upstream => scopesOf(model, upstream, relationOf(upstream)))
    : [...scopesOfLoads(model, loads), pendingScopes(model, engine.name)]
  await engine.materialize(
    'scope',
    `select distinct ${model.scope.map(name => castScope(model, name, identifier(name), engine.name)).join(', ')}
     from (${selects.join('\nunion\n')}) as touched
     where ${model.scope.map(name => `${identifier(name)} is not null`).join(' and ')}`,
  )
  if (isAll) return 'all'
  return (await numberOf(engine, 'select count(*) from scope')) > 0 ? 'part' : 'nothing'
}

/** Makes the relation `scope` without a row. */
export async function noScope(engine: Engine, model: Model): Promise<void> {
  if (model.scope.length === 0) return
  await engine.materialize(
    'scope',
    `select ${model.scope.map(identifier).join(', ')} from ${qualifiedName(model.table)} limit 0`,
  )
}

function scopesOfLoads(model: Model, loads: readonly string[]): readonly string[] {
  if (loads.length === 0) return []
  return [...model.rebuild.keys()]
    .filter(upstream => upstream.startsWith('bronze.') || upstream.startsWith('meta.'))
    .map(upstream =>
      scopesOf(
        model,
        upstream,
        `(select * from ${upstream} where load_id in (${loads.map(literal).join(', ')}))`,
      ),
    )
}

/** The relation under which a model finds an upstream table. */
function relationOf(upstream: string): string {
  return isOfArm(upstream) ? upstream.replace('.', '_') : upstream
}

/** The scopes that a relation of changed rows touches. */
function scopesOf(model: Model, upstream: string, changes: string): string {
  const columns = model.scope.map(name => `touched.${identifier(name)}`).join(', ')
  return `select ${columns} from (with changes as (select * from ${changes}) ${model.rebuild.get(upstream)}) as touched`
}

function pendingScopes(model: Model, engine: Engine['name']): string {
  const columns = model.scope.map((name, index) =>
    castScope(model, name, `json_text(scope, '$[${index}]')`, engine),
  )
  return `select ${columns.join(', ')} from meta.pending_scopes where model = ${literal(model.name)}`
}

function castScope(model: Model, name: string, value: string, engine: Engine['name']): string {
  return `cast(${value} as ${typeName(scopeType(model, name), engine)}) as ${identifier(name)}`
}

function scopeType(model: Model, name: string): ColumnType {
  const column = model.table.columns.find(candidate => candidate.name === name)
  if (!column) throw new Error(`${model.name} has no column ${name} to be rebuilt by.`)
  return column.type
}

/** A row's scope as text, for the columns of `meta` that name one: a JSON array. */
export function scopeText(model: Model, prefix = ''): string {
  const values = model.scope.map(name => `json_of_text(cast(${prefix}${identifier(name)} as string))`)
  if (values.length === 0) return "'[]'"
  return `'[' || ${values.join(" || ',' || ")} || ']'`
}

/**
 * Notes what the readers of a table among the models have to rebuild, in one step.
 * @param changes a relation of the changed rows, as they were and as they are; null for the whole table
 */
export async function noteForReaders(
  engine: Engine,
  models: readonly Model[],
  table: Table,
  changes: string | null,
  now: number,
): Promise<void> {
  const readers = downstreamOf(models, table)
  if (readers.length === 0) return
  const selects = readers.map(reader =>
    changes === null
      ? `select ${literal(reader.name)}, '${everything}'`
      : `select distinct ${literal(reader.name)}, ${scopeText(reader)}
         from (${scopesOf(reader, qualifiedName(table), changes)}) as touched
         where ${reader.scope.map(name => `${identifier(name)} is not null`).join(' and ')}`,
  )
  await engine.run(
    `insert into meta.pending_scopes
     select noted.model, noted.scope, ${instantLiteral(now)}
     from (${selects.join('\nunion all\n')}) as noted(model, scope)
     where not exists (
       select 1 from meta.pending_scopes as pending
       where pending.model = noted.model and pending.scope = noted.scope)`,
  )
}

/** Notes scopes that a model has to rebuild, as {@link scopeText} writes them. */
export async function noteScopes(
  engine: Engine,
  model: Model,
  scopes: readonly string[],
  now: number,
): Promise<void> {
  const values = scopes.map(scope => `(${literal(scope)})`).join(', ')
  await engine.run(
    `insert into meta.pending_scopes
     select ${literal(model.name)}, noted.scope, ${instantLiteral(now)} from (values ${values}) as noted(scope)
     where noted.scope not in (select scope from meta.pending_scopes where model = ${literal(model.name)})`,
  )
}

/**
 * Notes that a model is up to date with these loads and with everything that was pending.
 * @param isChanged whether rows of its table are others now
 */
export async function noteBuilt(
  engine: Engine,
  model: Model,
  loads: readonly string[],
  definition: string,
  now: number,
  isChanged: boolean,
): Promise<void> {
  const name = literal(model.name)
  const { pending, lines, changes } = await numbersOf(engine, {
    pending: `select count(*) from meta.pending_scopes where model = ${name}`,
    lines: `select count(*) from meta.models where model = ${name}`,
    changes: `select count(*) from meta.table_changes where table_name = ${name}`,
  })
  // What is pending goes last of what tells others: without it a broken-off build is not done again.
  if (isChanged) await engine.run(changeNoted(model.name, changes > 0, now))
  if (pending > 0) await engine.run(`delete from meta.pending_scopes where model = ${name}`)
  await engine.run(
    lines > 0
      ? `update meta.models set definition = ${literal(definition)}, built_at = ${instantLiteral(now)} where model = ${name}`
      : `insert into meta.models values (${name}, ${literal(definition)}, ${instantLiteral(now)})`,
  )
  if (loads.length === 0) return
  if (loads.some(isOfArm)) {
    await engine.run(`delete from meta.model_loads where model = ${name} and load_id like 'arm.%'`)
  }
  const rows = loads.map(load => `(${name}, ${literal(load)}, ${instantLiteral(now)})`)
  await engine.run(`insert into meta.model_loads values ${rows.join(', ')}`)
}

/** How each model was built that has been built: its definition, by its name. */
export async function builtDefinitions(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const rows = await rowsOf(engine, 'select model, definition from meta.models')
  return new Map(rows.map(row => [String(row.model), String(row.definition)]))
}

/**
 * Empties a model that is not built any more, as the configuration lacks what it needs; where it is built again it is
 * built whole. Readers among `models` are told.
 */
export async function forgetBuild(
  engine: Engine,
  model: Model,
  models: readonly Model[],
  now: number,
): Promise<void> {
  const name = literal(model.name)
  await engine.atomically(async () => {
    await noteForReaders(engine, models, model.table, null, now)
    await engine.run(`delete from ${qualifiedName(model.table)}`)
    await noteChanged(engine, model.name, now)
    await engine.run(`delete from meta.rejects where table_name = ${name}`)
    for (const table of ['models', 'pending_scopes', 'model_loads']) {
      await engine.run(`delete from meta.${table} where model = ${name}`)
    }
  })
}

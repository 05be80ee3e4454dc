/**
 * Whether a silver build has kept every Bronze row in its scope, superseded it or set it aside (the law of
 * conservation), and which ones where it has not.
 */
import {
  differenceOf,
  mostNamed,
  type NamedRows,
  type RowCounts,
  RowsUnaccountedError,
} from '../warehouse/conservation.js'
import { type Engine, numberOf, numbersOf, type Row, rowsOf } from '../warehouse/engine.js'
import { columnList, identifier, instantLiteral, literal } from '../warehouse/sql-text.js'
import type { Model, Staging } from './definition.js'
import { type Extent, scopeText } from './scope.js'

/**
 * Holds the rows that a build has made against the law of conservation. Reads the relations `scope`, `staged`, `hashes`
 * and that of the rows.
 * @returns what became of the Bronze rows in scope
 * @throws RowsUnaccountedError naming the rows
 */
export async function account(
  model: Model,
  staging: Staging,
  made: { readonly relation: string; readonly rows: number },
  { engine }: { readonly engine: Engine },
): Promise<RowCounts> {
  const received = staging.received === undefined ? 'staged' : `(${staging.received})`
  const found = await numbersOf(engine, {
    received: `select count(*) from ${received} as received`,
    superseded: `select ${model.superseded ?? '0'}`,
    rejected: `select ${staging.judges ? 'count(*) from staged where rule is not null' : '0'}`,
  })
  const counts: RowCounts = {
    table: model.name,
    loadId: null,
    stored: made.rows,
    unchanged: 0,
    erased: 0,
    ...found,
  }
  if (differenceOf(counts) !== 0) {
    throw new RowsUnaccountedError(counts, {
      unaccounted: await unaccountedRows(engine, model, staging, made.relation),
      kept: 'The table stays as it was.',
      advice:
        'This is a defect of the model, or of a changed copy of it: please report it with this message.',
    })
  }
  return counts
}

/**
 * Replaces the rejects of the scope by those that staging finds now.
 * @param rejected how many these are
 */
export async function replaceRejects(
  model: Model,
  rejected: number,
  extent: Extent,
  { engine, now }: { readonly engine: Engine; readonly now: number },
): Promise<void> {
  const name = literal(model.name)
  const isWhole = extent === 'all' || model.scope.length === 0
  const inScope = isWhole ? 'true' : `scope in (select ${scopeText(model)} from scope as touched)`
  const ofScope = `table_name = ${name} and ${inScope}`
  const before = await numberOf(engine, `select count(*) from meta.rejects where ${ofScope}`)
  if (before + rejected === 0) return
  // What is set aside again keeps the time when it was set aside first.
  await engine.materialize(
    'set_aside_before',
    `select load_id, rule, record, scope, origin, min(rejected_at) as rejected_at
     from meta.rejects where ${ofScope} group by load_id, rule, record, scope, origin`,
  )
  if (before > 0) await engine.run(`delete from meta.rejects where ${ofScope}`)
  if (rejected === 0) return
  const same = ['load_id', 'rule', 'record', 'scope', 'origin']
    .map(column => `earlier.${column} is not distinct from staged.${column}`)
    .join(' and ')
  await engine.run(
    `insert into meta.rejects (load_id, table_name, rule, detail, record, rejected_at, scope, origin)
     select staged.load_id, ${name}, staged.rule, staged.detail, staged.record,
       coalesce(earlier.rejected_at, ${instantLiteral(now)}), staged.scope, staged.origin
     from (select *, ${scopeText(model)} as scope from staged where rule is not null) as staged
     left join set_aside_before as earlier on ${same}`,
  )
}

/** The rows between Bronze, staging and the table that do not add up. */
async function unaccountedRows(
  engine: Engine,
  model: Model,
  staging: Staging,
  table: string,
): Promise<NamedRows> {
  const parts = [
    ...(staging.received === undefined ? [] : await lostInStaging(engine, staging.received)),
    ...(await keptAndInTable(engine, model, staging, table)),
  ]
  return {
    names: parts.flatMap(part => part.names).slice(0, mostNamed),
    total: parts.reduce((sum, part) => sum + part.total, 0),
  }
}

async function lostInStaging(engine: Engine, received: string): Promise<readonly NamedRows[]> {
  const columns = await columnsOf(engine, `(${received})`)
  const names = columnList(columns)
  const difference = (left: string, right: string) => `(${left} except all ${right})`
  const inBronze = `select ${names} from (${received}) as received`
  const staged = `select ${names} from staged`
  return [
    await namedRows(engine, columns, difference(inBronze, staged), 'in Bronze and not staged'),
    await namedRows(engine, columns, difference(staged, inBronze), 'staged more often than it is in Bronze'),
  ]
}

async function keptAndInTable(
  engine: Engine,
  model: Model,
  staging: Staging,
  table: string,
): Promise<readonly NamedRows[]> {
  const key = model.table.key
  await engine.materialize('kept', model.kept)
  const received = staging.received === undefined ? [] : await columnsOf(engine, `(${staging.received})`)
  const keptColumns = await columnsOf(engine, 'kept')
  const tracing = received.filter(name => keptColumns.includes(name) && !key.includes(name))
  const isPersonal = (name: string) => staging.hash.has(name)
  const shownKey = key.filter(name => !isPersonal(name))
  const shown = [...shownKey.filter(name => !isPersonal(name)), ...tracing]
  const same = key
    .map(name => `kept.${identifier(name)} is not distinct from held.${identifier(name)}`)
    .join(' and ')
  const traced = tracing.map(name => `min(${identifier(name)}) as ${identifier(name)}`)
  const kept = `(select ${[columnList(key), ...traced].join(', ')} from kept group by ${columnList(key)}) as kept`
  const held = `(select ${columnList(key)}, count(*) as times from ${table} group by ${columnList(key)}) as held`
  const keyOnly = `select ${columnList(shownKey, 'held.')} from ${held}`
  return [
    await namedRows(
      engine,
      shown,
      `(select ${columnList(shown, 'kept.')} from ${kept} anti join ${held} on ${same})`,
      'not in the table',
    ),
    await namedRows(
      engine,
      shown,
      `(select ${columnList(shown, 'kept.')} from ${kept} join ${held} on ${same} where held.times > 1)`,
      'in the table more than once',
    ),
    await namedRows(
      engine,
      shownKey,
      `(${keyOnly} anti join ${kept} on ${same})`,
      'in the table, though no current row says so',
    ),
  ]
}

async function columnsOf(engine: Engine, relation: string): Promise<readonly string[]> {
  const { columns } = await engine.query(`select * from ${relation} as described limit 0`)
  return columns.map(({ name }) => name)
}

async function namedRows(
  engine: Engine,
  columns: readonly string[],
  relation: string,
  how: string,
): Promise<NamedRows> {
  const names = columnList(columns)
  const inOrder = columns.map(name => `${identifier(name)} nulls last`).join(', ')
  const total = await numberOf(engine, `select count(*) from ${relation} as found`)
  if (total === 0) return { names: [], total }
  const rows = await rowsOf(
    engine,
    `select ${names} from ${relation} as found order by ${inOrder} limit ${mostNamed}`,
  )
  return { names: rows.map(row => `${nameOf(columns, row)} ${how}`), total }
}

function nameOf(columns: readonly string[], row: Row): string {
  return columns.map(name => `${name} ${String(row[name])}`).join(', ')
}

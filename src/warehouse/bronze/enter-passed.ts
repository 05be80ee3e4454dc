/**
 * Entering records that were set aside and are so no longer, under the load that brought them: where a history is
 * judged by its loads (which answer about a day is in force) they belong to that one.
 */
import { existenceTables, recordKinds } from '../../existence-events.js'
import type { RowsFile } from '../../rows-file.js'
import { tableNamed } from '../../tables/catalogue.js'
import { metaAlaqanAnswers, metaRejects } from '../../tables/meta.js'
import { qualifiedName, type Table } from '../../tables/table.js'
import { differenceOf, noteConservation, RowsUnaccountedError } from '../conservation.js'
import { countsIn, type Engine, numberOf, numbersOf, rowsOf } from '../engine.js'
import type { LedgerLine } from '../ledger-lines.js'
import { columnList, instantLiteral, literal } from '../sql-text.js'
import { enterExistence } from './load-events.js'
import { receivedColumns, sameRecord } from './load-records.js'
import { visitColumns } from './load-visits.js'

/** Records of one load that pass now, and those that break another rule than they did. */
export interface Passed {
  readonly line: LedgerLine
  /** Rows as a package has them, with their `answer` and `position`. */
  readonly rows: RowsFile
  /** Rejects in the same way: as they are judged now. */
  readonly rejected: RowsFile
}

export interface PassedOutcome {
  /** Places of records that pass and must wait: an earlier load holds their day. */
  readonly waiting: ReadonlySet<string>
}

/** What a load's passed records touch: tables, with a relation of their changed rows. Only within `alsoNote`. */
export function touchedBy({ table, loadId }: LedgerLine): readonly {
  readonly table: Table
  readonly changes: string
}[] {
  if (!table.recordKey) {
    const answers = `(select * from meta.alaqan_answers where rows_load_id = ${literal(loadId)}
      and visit_date in (select visit_date from passed))`
    return [{ table: metaAlaqanAnswers, changes: answers }]
  }
  const told = recordKinds.map(kind => ({
    table: tableNamed(`bronze.${existenceTables[kind]}`),
    changes: `(select * from bronze.${existenceTables[kind]} where load_id = ${literal(`${loadId}-${kind}`)})`,
  }))
  return [{ table, changes: 'passed' }, ...(table.name === 'amocrm_events' ? told : [])]
}

/** How `meta.rejects` names a place in the archive. */
export function placeOf(answer: number, position: number): string {
  return `answer ${answer}, record ${position}`
}

const placeColumns = [
  { name: 'answer', type: 'bigint' },
  { name: 'position', type: 'bigint' },
] as const
const placeSql = "'answer ' || answer || ', record ' || position"

/**
 * Enters them as one commit.
 * @param alsoNote notes what rests on the rows, in the same commit; see {@link touchedBy}
 * @throws RowsUnaccountedError; nothing is changed then
 */
export async function enterPassed(
  engine: Engine,
  passed: Passed,
  { now, timeZone }: { readonly now: number; readonly timeZone: string },
  alsoNote: () => Promise<void>,
): Promise<PassedOutcome> {
  const { line } = passed
  const loadId = literal(line.loadId)
  return engine.atomically(async () => {
    const columns = contentOf(line.table)
    await engine.openRows('received', passed.rows, [...columns, ...placeColumns])
    const gone = line.table.recordKey ? await takeBackGone(engine, line, line.table.recordKey) : 0
    await engine.materialize(
      'passed',
      line.table.recordKey ? judgedRecords(line, line.table.recordKey) : judgedVisits(line),
    )
    const { rows, unchanged } = await countsIn(engine, 'passed', { rows: 'is_new', unchanged: 'not is_new' })
    if (rows > 0) await insertNew(engine, line, timeZone)
    if (line.table.name === 'amocrm_events') {
      for (const kind of recordKinds) {
        await enterExistence(engine, line, kind, { loadedAt: line.loadedAt, timeZone })
      }
    }
    const waiting = await rowsOf(
      engine,
      `select ${placeSql} as place from received where not exists (
         select 1 from passed where passed.answer = received.answer and passed.position = received.position)`,
    )
    await dropFromRejects(engine, passed)
    await engine.run(
      `update meta.loads set rows = rows + ${rows - gone}, inferred = inferred - ${gone},
         unchanged = unchanged + ${unchanged}, rejects = rejects - ${rows + unchanged}
       where load_id = ${loadId}`,
    )
    await noteCounts(engine, line, now)
    await alsoNote()
    return { waiting: new Set(waiting.map(({ place }) => String(place))) }
  })
}

function contentOf(table: Table) {
  return table.recordKey
    ? receivedColumns(table)
    : table.columns.filter(column => visitColumns.includes(column.name))
}

/** A list that was read whole took a known record that was set aside for gone. */
async function takeBackGone(engine: Engine, line: LedgerLine, key: readonly string[]): Promise<number> {
  const bronze = qualifiedName(line.table)
  const isGone = `load_id = ${literal(line.loadId)} and row_source = 'sweep' and row_hash = 'gone'
    and exists (select 1 from received where ${sameRecord(key, 'received', 'known')})`
  const count = await numberOf(engine, `select count(*) from ${bronze} as known where ${isGone}`)
  if (count > 0) await engine.run(`delete from ${bronze} as known where ${isGone}`)
  return count
}

/** A record is new where neither the row before it nor the one after it says the same. */
function judgedRecords({ table, loadedAt }: LedgerLine, key: readonly string[]): string {
  const keys = columnList(key)
  const neighbour = (condition: string, order: string) => `
    select ${keys}, row_hash from (
      select ${keys}, row_hash, row_number() over (partition by ${keys} order by ${order}) as place
      from ${qualifiedName(table)} where loaded_at ${condition} ${instantLiteral(loadedAt)}
    ) as ranked where place = 1`
  return `
    select
      received.*,
      received.row_hash is distinct from coalesce(
        lag(received.row_hash) over (partition by ${columnList(key, 'received.')} order by received.row_no),
        earlier.row_hash
      )
      and received.row_hash is distinct from later.row_hash as is_new
    from received
    left join (${neighbour('<=', 'loaded_at desc, observed_at desc')}) as earlier on ${sameRecord(key, 'earlier', 'received')}
    left join (${neighbour('>', 'loaded_at, observed_at')}) as later on ${sameRecord(key, 'later', 'received')}`
}

/**
 * A visit belongs to the load that holds its day: this one, or an earlier one that brought the same answer, which must
 * then hold the visit already. Others wait until that load's own record has passed.
 */
function judgedVisits({ loadId }: LedgerLine): string {
  return `
    select received.*, answers.rows_load_id = ${literal(loadId)} as is_new
    from received
    join (
      select distinct visit_date, endpoint, rows_load_id from meta.alaqan_answers
      where load_id = ${literal(loadId)}
    ) as answers
      on answers.visit_date = received.visit_date and answers.endpoint = received.endpoint
    where answers.rows_load_id = ${literal(loadId)}
      or exists (
        select 1 from bronze.alaqan_visits as held
        where held.load_id = answers.rows_load_id
          and held.visit_date = received.visit_date
          and held.endpoint = received.endpoint
          and held.iin = received.iin
          and held.event_no = received.event_no
      )`
}

async function insertNew(engine: Engine, { table, loadId, loadedAt }: LedgerLine, timeZone: string) {
  const at = instantLiteral(loadedAt)
  const names = contentOf(table).map(({ name }) => name)
  const day = table.recordKey ? {} : { load_date: `day_in(${literal(timeZone)}, ${at})` }
  const set = { ...day, loaded_at: at, load_id: literal(loadId) }
  await engine.run(
    `insert into ${qualifiedName(table)} (${columnList([...names, ...Object.keys(set)])})
     select ${[columnList(names), ...Object.values(set)].join(', ')} from passed where is_new order by row_no`,
  )
}

/** What passes leaves the list; what breaks another rule now stands there under that one. */
async function dropFromRejects(engine: Engine, { line, rejected }: Passed): Promise<void> {
  await engine.openRows('judged_again', rejected, [
    { name: 'rule', type: 'string' },
    { name: 'detail', type: 'string' },
    { name: 'record', type: 'string' },
    ...placeColumns,
  ])
  await engine.materialize(
    'rejects_before',
    `select * from meta.rejects
     where load_id = ${literal(line.loadId)} and table_name = ${literal(qualifiedName(line.table))}
       and origin in (select ${placeSql} from passed union select ${placeSql} from judged_again)`,
  )
  const columns = metaRejects.columns.map(({ name }) =>
    ['rule', 'detail', 'record'].includes(name) ? `again.${name}` : `rejects_before.${name}`,
  )
  await engine.materialize(
    'rejects_now',
    `select ${columns.join(', ')} from rejects_before
     join (select rule, detail, record, ${placeSql} as place from judged_again) as again
       on again.place = rejects_before.origin`,
  )
  const key = ['load_id', 'table_name', 'origin']
  await engine.changeRows({ ...metaRejects, key }, 'rejects_before', 'rejects_now')
}

/** Counts anew what Bronze and the rejects hold of the load. */
async function noteCounts(engine: Engine, { loadId, table }: LedgerLine, now: number): Promise<void> {
  const id = literal(loadId)
  const name = qualifiedName(table)
  const isReceived = table.recordKey ? "not (row_source = 'sweep' and row_hash = 'gone')" : 'true'
  const [known] = await rowsOf(engine, `select received, unchanged from meta.loads where load_id = ${id}`)
  const held = await numbersOf(engine, {
    stored: `select count(*) from ${name} where load_id = ${id} and ${isReceived}`,
    rejected: `select count(*) from meta.rejects where load_id = ${id} and table_name = ${literal(name)}`,
    erased: `select max_by(erased, reconciled_at) from meta.reconciliation
      where load_id = ${id} and table_name = ${literal(name)} and difference = 0`,
  })
  const counts = {
    table: name,
    loadId,
    received: Number(known?.received),
    stored: held.stored,
    unchanged: Number(known?.unchanged),
    superseded: 0,
    rejected: held.rejected,
    erased: held.erased,
  }
  if (differenceOf(counts) !== 0) {
    throw new RowsUnaccountedError(counts, {
      kept: 'Its rejects stay as they were.',
      advice: 'This is a defect, or the warehouse was changed by hand: please report it with this message.',
    })
  }
  await noteConservation(engine, counts, now)
}

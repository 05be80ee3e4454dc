/**
 * Loading versions of amoCRM records: what has not changed since the record's last row adds no row
 * (decisions "Bronze"), and what is gone from a list that was read whole is a row that says so.
 */
import { type Column, qualifiedName, type Table } from '../../tables/table.js'
import { countsIn, type Engine, numberOf, rowsOf } from '../engine.js'
import { isEntered } from '../ledger.js'
import { columnList, identifier, instantLiteral, literal } from '../sql-text.js'
import { type AddedRows, enterLoad } from './enter-load.js'
import type { LoadOutcome, LoadSettings, MissingRecords, PackageToLoad } from './package-to-load.js'

/** Set when the package is loaded, not by the source. */
const setByLoading = new Set(['loaded_at', 'load_id'])

export interface RecordsOptions {
  /** The package holds every record that the source has, so that a known one that it lacks is gone. */
  readonly isWholeList?: boolean
  /** The package is a reading of everything from which pages may have slipped: tell which known records it lacks. */
  readonly looksForMissing?: boolean
  /** Enters what follows from the rows, in the same commit. */
  readonly alsoEnter?: () => Promise<void>
}

/** @throws RowsUnaccountedError */
export async function loadRecords(
  engine: Engine,
  load: PackageToLoad,
  settings: LoadSettings,
  { isWholeList = false, looksForMissing = false, alsoEnter }: RecordsOptions = {},
): Promise<LoadOutcome> {
  const { table } = load
  const key = recordKey(table)
  const bronze = qualifiedName(table)
  return enterLoad(engine, load, settings, async () => {
    if (isEmpty(load) && !isWholeList && !looksForMissing) return nothingAdded
    await engine.openRows('received', load.rows, receivedColumns(table))
    await engine.materialize('judged', judged(bronze, key))
    const { rows, unchanged } = await countsIn(engine, 'judged', { rows: 'is_new', unchanged: 'not is_new' })
    const missing = looksForMissing ? await missingRecords(engine, load) : undefined
    const names = receivedColumns(table).map(column => column.name)
    if (rows > 0) {
      await engine.run(
        `insert into ${bronze} (${columnList(names)}, loaded_at, load_id) ` +
          `select ${columnList(names)}, ${instantLiteral(settings.loadedAt)}, ${literal(load.loadId)} ` +
          'from received where row_no in (select row_no from judged where is_new)',
      )
    }
    await alsoEnter?.()
    const gone = isWholeList
      ? await noteGone(engine, load, key, settings, rows + unchanged)
      : { inferred: 0, warnings: emptyListWarning(load, missing) }
    return { rows, unchanged, missing, ...gone }
  })
}

/** Most loads of an hour are: nothing of them has to be asked. */
function isEmpty({ records, repeated, rejects, erased }: PackageToLoad): boolean {
  return records - repeated - rejects - erased === 0
}

const nothingAdded: AddedRows = { rows: 0, unchanged: 0, inferred: 0, missing: undefined, warnings: [] }

/** Records that live, as far as Bronze knew when the reading began, and that the reading does not hold. */
async function missingRecords(engine: Engine, load: PackageToLoad): Promise<MissingRecords> {
  const living = `(
    select id from ${qualifiedName(load.table)} where ${isEntered}
    group by id
    having not max_by(coalesce(is_deleted, false), (observed_at, loaded_at))
      and max(observed_at) < ${instantLiteral(load.startedAt)}
  ) as living`
  const known = await numberOf(engine, `select count(*) from ${living}`)
  const rows = await rowsOf(
    engine,
    `select id from ${living} where id not in (select id from received) order by id`,
  )
  return { known, ids: rows.map(row => Number(row.id)) }
}

function emptyListWarning(load: PackageToLoad, missing: MissingRecords | undefined): readonly string[] {
  if (load.records > 0 || missing === undefined || missing.known === 0) return []
  return [emptyListSentence(load.entity, missing.known)]
}

function emptyListSentence(entity: string, known: number): string {
  return (
    `amoCRM answered ${entity} with an empty list, where ${known} records are known. They are kept as they were. ` +
    "Look whether the token's user lost rights: hubdwh check."
  )
}

function recordKey(table: Table): readonly string[] {
  if (!table.recordKey) throw new Error(`${qualifiedName(table)} has no record key.`)
  return table.recordKey
}

/** What the source gives of a table. */
export function receivedColumns(table: Table): readonly Column[] {
  return table.columns.filter(column => !setByLoading.has(column.name))
}

/** Whether two relations speak of the same record. */
export function sameRecord(key: readonly string[], left: string, right: string): string {
  return key.map(name => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' and ')
}

/**
 * What Bronze says last of every record that the package speaks of. A row of the bin is compared with what the API last
 * showed: an event that told the deletion meanwhile does not make it news.
 */
function lastKnown(bronze: string, key: readonly string[]): string {
  const keys = columnList(key)
  const newest = 'max_by(row_hash, (loaded_at, observed_at))'
  return `
    select
      ${keys},
      ${newest} as row_hash,
      ${newest} filter (where row_source in ('list', 'bin')) as shown_hash
    from ${bronze} as known
    where exists (select 1 from received where ${sameRecord(key, 'received', 'known')}) and ${isEntered}
    group by ${keys}`
}

/** The number of each received row with whether it differs from the one before it: in the package, or else in Bronze. */
function judged(bronze: string, key: readonly string[]): string {
  return `
    select
      received.row_no,
      received.row_hash is distinct from coalesce(
        lag(received.row_hash) over (partition by ${columnList(key, 'received.')} order by received.row_no),
        case when received.row_source = 'bin' then last_known.shown_hash else last_known.row_hash end
      ) as is_new
    from received
    left join (${lastKnown(bronze, key)}) as last_known on ${sameRecord(key, 'last_known', 'received')}`
}

async function noteGone(
  engine: Engine,
  load: PackageToLoad,
  key: readonly string[],
  settings: LoadSettings,
  received: number,
): Promise<Pick<LoadOutcome, 'inferred' | 'warnings'>> {
  const bronze = qualifiedName(load.table)
  const goneRecords = `(
    select ${columnList(key)} from ${bronze} as known
    where ${isEntered} and not exists (select 1 from received where ${sameRecord(key, 'received', 'known')})
    group by ${columnList(key)}
    having not max_by(coalesce(is_deleted, false), (loaded_at, observed_at))
  ) as gone`
  const gone = await numberOf(engine, `select count(*) from ${goneRecords}`)
  if (gone === 0) return { inferred: 0, warnings: [] }
  if (received === 0) {
    return { inferred: 0, warnings: [emptyListSentence(load.entity, gone)] }
  }
  await engine.run(
    `insert into ${bronze} (${columnList(key)}, is_deleted, row_source, observed_at, row_hash, loaded_at, load_id) ` +
      `select ${columnList(key)}, true, 'sweep', ${instantLiteral(load.startedAt)}, 'gone', ` +
      `${instantLiteral(settings.loadedAt)}, ${literal(load.loadId)} from ${goneRecords}`,
  )
  return { inferred: gone, warnings: [] }
}

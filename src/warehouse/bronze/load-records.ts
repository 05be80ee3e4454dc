/**
 * Loading versions of amoCRM records: what has not changed since the record's last row adds no row
 * (decisions "Bronze"), and what is gone from a list that was read whole is a row that says so.
 */
import { type Column, qualifiedName, type Table } from '../../tables/table.js'
import { type Engine, numberOf } from '../engine.js'
import { columnList, identifier, instantLiteral, literal } from '../sql-text.js'
import { enterLoad } from './enter-load.js'
import type { LoadOutcome, LoadSettings, PackageToLoad } from './package-to-load.js'

/** Set when the package is loaded, not by the source. */
const setByLoading = new Set(['loaded_at', 'load_id'])

/**
 * @param isWholeList the package holds every record that the source has, so that a known one that it lacks is gone
 * @throws CheckFailedError `rows_unaccounted`
 */
export async function loadRecords(
  engine: Engine,
  load: PackageToLoad,
  isWholeList: boolean,
  settings: LoadSettings,
): Promise<LoadOutcome> {
  const { table } = load
  const key = recordKey(table)
  const bronze = qualifiedName(table)
  return enterLoad(engine, load, settings, async () => {
    await engine.materializeFile('received', load.rowsPath, receivedColumns(table))
    await engine.materialize('last_known', lastKnown(bronze, key))
    await engine.materialize('judged', judged(key))
    const rows = await numberOf(engine, 'select count(*) from judged where is_new')
    const unchanged = await numberOf(engine, 'select count(*) from judged where not is_new')
    const names = receivedColumns(table).map(column => column.name)
    await engine.run(
      `insert into ${bronze} (${columnList(names)}, loaded_at, load_id) ` +
        `select ${columnList(names)}, ${instantLiteral(settings.loadedAt)}, ${literal(load.loadId)} ` +
        'from judged where is_new order by row_no',
    )
    if (!isWholeList) return { rows, unchanged, inferred: 0, warnings: [] }
    const gone = await noteGone(engine, load, key, settings, rows + unchanged)
    return { rows, unchanged, ...gone }
  })
}

function recordKey(table: Table): readonly string[] {
  if (!table.recordKey) throw new Error(`${qualifiedName(table)} has no record key.`)
  return table.recordKey
}

/** What the source gives of a table. */
function receivedColumns(table: Table): readonly Column[] {
  return table.columns.filter(column => !setByLoading.has(column.name))
}

const sameRecord = (key: readonly string[], left: string, right: string) =>
  key.map(name => `${left}.${identifier(name)} = ${right}.${identifier(name)}`).join(' and ')

/** The newest Bronze row of every record that the package speaks of. */
function lastKnown(bronze: string, key: readonly string[]): string {
  return `
    select ${columnList(key)}, row_hash
    from ${bronze} as known
    where exists (select 1 from received where ${sameRecord(key, 'received', 'known')})
    qualify row_number() over (partition by ${columnList(key)} order by loaded_at desc, observed_at desc) = 1`
}

/** Each received row with whether it differs from the one before it: in the package, or else in Bronze. */
function judged(key: readonly string[]): string {
  return `
    select
      received.*,
      received.row_hash is distinct from coalesce(
        lag(received.row_hash) over (partition by ${columnList(key, 'received.')} order by received.row_no),
        last_known.row_hash
      ) as is_new
    from received
    left join last_known on ${sameRecord(key, 'last_known', 'received')}`
}

async function noteGone(
  engine: Engine,
  load: PackageToLoad,
  key: readonly string[],
  settings: LoadSettings,
  received: number,
): Promise<Pick<LoadOutcome, 'inferred' | 'warnings'>> {
  const bronze = qualifiedName(load.table)
  await engine.materialize(
    'gone',
    `select ${columnList(key)} from (
      select ${columnList(key)}, is_deleted from ${bronze}
      qualify row_number() over (partition by ${columnList(key)} order by loaded_at desc, observed_at desc) = 1
    ) as known
    where coalesce(is_deleted, false) = false
      and not exists (select 1 from received where ${sameRecord(key, 'received', 'known')})`,
  )
  const gone = await numberOf(engine, 'select count(*) from gone')
  if (gone === 0) return { inferred: 0, warnings: [] }
  if (received === 0) {
    return {
      inferred: 0,
      warnings: [
        `amoCRM answered ${load.entity} with an empty list, where ${gone} records are known. They are kept as they were. ` +
          "Look whether the token's user lost rights: hubdwh check.",
      ],
    }
  }
  await engine.run(
    `insert into ${bronze} (${columnList(key)}, is_deleted, row_source, observed_at, row_hash, loaded_at, load_id) ` +
      `select ${columnList(key)}, true, 'sweep', ${instantLiteral(load.startedAt)}, 'gone', ` +
      `${instantLiteral(settings.loadedAt)}, ${literal(load.loadId)} from gone`,
  )
  return { inferred: gone, warnings: [] }
}

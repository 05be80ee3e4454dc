/** Taking people out of Bronze and of what `meta` says of its loads, as one commit. */
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js'
import { type LoadPackage, listPackages } from '../landing/load-package.js'
import { readIndex } from '../landing/read-answers.js'
import { type KeptReject, readRejects } from '../landing/read-records.js'
import type { Model } from '../models/definition.js'
import { noteForReaders } from '../models/scope.js'
import type { ErasedPeople } from '../privacy/erased-people.js'
import { maskingHash } from '../privacy/hash.js'
import { jsonWithoutMarks } from '../privacy/marks-in-json.js'
import { visitWithoutErased } from '../sources/alaqan/erased-visits.js'
import { rowWithoutErased } from '../sources/amocrm/erased-records.js'
import { maskIin } from '../sources/http/redact.js'
import { bronzeAlaqanVisits, bronzeTables } from '../tables/bronze.js'
import { metaAlaqanAnswers } from '../tables/meta.js'
import { qualifiedName, type Table } from '../tables/table.js'
import { deletedRows, type ErasedRows, eraseRows, touchedRows } from '../warehouse/bronze/erase-rows.js'
import { type Engine, numberOf, rowsOf } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'

export type Subject =
  | { readonly kind: 'iin'; readonly iin: string }
  | { readonly kind: 'contact'; readonly id: number }

export interface BronzeErasure {
  readonly deleted: number
  /** Rows of others that named the person, or mentioned the person's number. */
  readonly changed: number
  readonly rejects: number
  readonly checkFailures: number
}

export interface BronzeOptions {
  readonly subject: Subject
  readonly erased: ErasedPeople
  /** Loads of the person alone, of which the archive holds nothing afterwards. */
  readonly alone: readonly string[]
  readonly models: readonly Model[]
  /** The key of the masking hash; undefined where nothing is hashed. */
  readonly maskingKey: string | undefined
  /** The landing folder, written anew already. */
  readonly landing: string
  /** Now, Unix milliseconds. */
  readonly now: number
}

/** Carries it out; the readers of what was touched have it noted that they must be rebuilt. */
export async function eraseFromBronze(engine: Engine, options: BronzeOptions): Promise<BronzeErasure> {
  const { packages } = await listPackages(options.landing, { state: 'loaded' })
  return engine.atomically(async () => {
    const total = { deleted: 0, changed: 0 }
    const lost: { table: Table; loads: ErasedRows['loads'] }[] = []
    for (const table of bronzeTables) {
      const isVisits = table.name === bronzeAlaqanVisits.name
      const erasedRows = await eraseRows(
        engine,
        table,
        keyOf(table),
        editOf(table, options),
        digitsOf(options),
      )
      if (erasedRows.deleted + erasedRows.changed === 0) continue
      total.deleted += erasedRows.deleted
      total.changed += erasedRows.changed
      lost.push({ table, loads: erasedRows.loads })
      if (isVisits) await correctLedger(engine, packages, options)
      else await noteForReaders(engine, options.models, table, touchedRows, options.now)
    }
    await forgetLoads(engine, options.alone)
    const rejects = await eraseRejects(engine, packages, options)
    const rejected = [...rejects.values()].reduce((sum, count) => sum + count, 0)
    for (const { table, loads } of lost) {
      for (const { loadId, rows } of loads) {
        const setAside = rejects.get(loadId) ?? 0
        rejects.delete(loadId)
        await reconcileAgain(engine, qualifiedName(table), loadId, rows, setAside, options.now)
      }
    }
    for (const [loadId, setAside] of rejects) {
      await reconcileAgain(engine, undefined, loadId, 0, setAside, options.now)
    }
    return { ...total, rejects: rejected, checkFailures: await eraseCheckFailures(engine, options) }
  })
}

/** What tells a row of Bronze from every other. */
function keyOf(table: Table): readonly string[] {
  return table.recordKey
    ? [...table.recordKey, 'load_id', 'row_source', 'observed_at', 'row_hash']
    : ['load_id', 'endpoint', 'visit_date', 'iin', 'event_no']
}

function editOf(table: Table, { erased }: BronzeOptions): (row: JsonObject) => JsonObject | undefined {
  return table.name === bronzeAlaqanVisits.name
    ? row => visitWithoutErased(row, erased)
    : row => rowWithoutErased(table, row, erased)
}

/** An ИИН can have lost its leading zeros; whom a contact's texts name, only a look at every row tells. */
function digitsOf({ subject }: BronzeOptions): string | undefined {
  return subject.kind === 'iin' ? subject.iin.replace(/^0{1,3}/, '') : undefined
}

/**
 * Brings the ledger of Alaqan's answers to what the archive holds now; where the archive is gone, the digest of an
 * answer is forgotten, so that the day looks new when it is read again. What is told of the person alone goes.
 */
async function correctLedger(
  engine: Engine,
  packages: readonly LoadPackage[],
  { models, now }: BronzeOptions,
): Promise<void> {
  await engine.materialize(
    'erased_visits',
    `select touched.load_id, touched.endpoint, touched.visit_date,
       coalesce(gone.events, 0) as events, coalesce(gone.people, 0) as people
     from (select distinct load_id, endpoint, visit_date from ${touchedRows}) as touched
     left join (
       select load_id, endpoint, visit_date, count(*) as events, count(distinct iin) as people
       from ${deletedRows} group by load_id, endpoint, visit_date
     ) as gone
       on gone.load_id = touched.load_id
       and gone.endpoint = touched.endpoint
       and gone.visit_date = touched.visit_date`,
  )
  const days = await rowsOf(engine, "select distinct visit_date from erased_visits where endpoint = 'byDate'")
  const facts = await factsOf(packages, new Set(days.map(row => String(row.visit_date))))
  await engine.materializePairs('facts_now', ['answer_key', 'fact'], facts)
  await engine.materialize(
    'answers_now',
    `select ${answerColumns({
      digest: `case
         when fact is not null then json_text(fact, '$.digest')
         when erased_visits.events is not null then ''
         else answers.digest
       end`,
      events: `coalesce(
         cast(json_text(fact, '$.events') as bigint), answers.events - coalesce(erased_visits.events, 0)
       )`,
      people: `coalesce(
         cast(json_text(fact, '$.people') as bigint), answers.people - coalesce(erased_visits.people, 0)
       )`,
    })}
     from meta.alaqan_answers as answers
     left join facts_now on facts_now.answer_key = answers.load_id || ' ' || cast(answers.visit_date as string)
     left join erased_visits
       on erased_visits.load_id = answers.rows_load_id
       and erased_visits.endpoint = answers.endpoint
       and erased_visits.visit_date = answers.visit_date
     where answers.endpoint = 'byDate'
       and answers.visit_date in (select visit_date from erased_visits)`,
  )
  await noteForReaders(
    engine,
    models,
    metaAlaqanAnswers,
    `(select ${answerColumns({ verdict: "'accepted'" })} from meta.alaqan_answers as answers
      where visit_date in (select visit_date from erased_visits))`,
    now,
  )
  const key = ['load_id', 'endpoint', 'visit_date']
  await engine.changeRows({ ...metaAlaqanAnswers, key }, 'answers_now', 'answers_now')
  await engine.run(
    `delete from meta.alaqan_answers
     where endpoint = 'byIin'
       and rows_load_id in (select load_id from erased_visits where endpoint = 'byIin' and events > 0)`,
  )
}

/** The columns of `meta.alaqan_answers as answers`, some of them with another value. */
function answerColumns(values: Readonly<Record<string, string>>): string {
  return metaAlaqanAnswers.columns
    .map(({ name }) => `${values[name] ?? `answers.${name}`} as ${name}`)
    .join(', ')
}

/** What the ledger tells of the person alone goes, also of loads that brought nothing new: nobody can read them again. */
async function forgetLoads(engine: Engine, loadIds: readonly string[]): Promise<void> {
  if (loadIds.length === 0) return
  const listed = loadIds.map(literal).join(', ')
  for (const table of ['loads', 'alaqan_answers']) {
    await engine.run(`delete from meta.${table} where load_id in (${listed})`)
  }
}

/** What the archive notes about these days, by load and day. */
async function factsOf(
  packages: readonly LoadPackage[],
  days: ReadonlySet<string>,
): Promise<readonly (readonly [string, string])[]> {
  const facts: (readonly [string, string])[] = []
  for (const each of packages.filter(({ manifest }) => manifest.entity === 'visits')) {
    for await (const entry of readIndex(each)) {
      for (const fact of entry.facts) {
        const day = String(fact.visit_date)
        if (days.has(day)) facts.push([`${each.manifest.loadId} ${day}`, JSON.stringify(fact)])
      }
    }
  }
  return facts
}

/**
 * What loads have set aside: again from the packages, where records have moved up; and what is the person's, where
 * the archive is gone.
 * @returns how many less, by load
 */
async function eraseRejects(
  engine: Engine,
  packages: readonly LoadPackage[],
  options: BronzeOptions,
): Promise<Map<string, number>> {
  const before = await rejectsByLoad(engine)
  for (const each of packages.filter(({ manifest }) => (manifest.counts.erased ?? 0) > 0)) {
    if (before.has(each.manifest.loadId)) await enterRejectsAgain(engine, each)
  }
  await engine.materializePairs(
    'archived_loads',
    ['load_id', 'unused'],
    packages.flatMap(({ manifest: { loadId } }) =>
      options.alone.includes(loadId) ? [] : [[loadId, ''] as const],
    ),
  )
  await engine.materializePairs(
    'lonely_loads',
    ['load_id', 'unused'],
    options.alone.map(loadId => [loadId, ''] as const),
  )
  await engine.run(
    `delete from meta.rejects where table_name like 'bronze.%'
     and load_id not in (select load_id from archived_loads) and (load_id in (select load_id from lonely_loads) or ${isTheirReject(options.subject)})`,
  )
  const after = await rejectsByLoad(engine)
  return new Map(
    [...before].flatMap(([loadId, count]) => {
      const less = count - (after.get(loadId) ?? 0)
      return less === 0 ? [] : [[loadId, less] as const]
    }),
  )
}

async function rejectsByLoad(engine: Engine): Promise<ReadonlyMap<string, number>> {
  const rows = await rowsOf(
    engine,
    "select load_id, count(*) as n from meta.rejects where table_name like 'bronze.%' group by load_id",
  )
  return new Map(rows.map(row => [String(row.load_id), Number(row.n)]))
}

/** A reject shows of a person what is masked, and of a record its id. */
function isTheirReject(subject: Subject): string {
  if (subject.kind === 'iin') {
    return `table_name = 'bronze.alaqan_visits' and contains(record, ${literal(maskIin(subject.iin))})`
  }
  const member = (name: string, value: string | number) => `json_text(record, '$.${name}') = '${value}'`
  return `(
    (table_name = 'bronze.amocrm_contacts' and ${member('id', subject.id)})
    or (table_name = 'bronze.amocrm_tasks' and ${member('entity_type', 'contacts')} and ${member('entity_id', subject.id)})
    or (table_name = 'bronze.amocrm_events' and ${member('entity_type', 'contact')} and ${member('entity_id', subject.id)})
  )`
}

async function enterRejectsAgain(engine: Engine, whole: LoadPackage): Promise<void> {
  const { loadId, table } = whole.manifest
  const where = `where load_id = ${literal(loadId)} and table_name = ${literal(`bronze.${table}`)}`
  const [known] = await rowsOf(engine, `select max(rejected_at) as rejected_at from meta.rejects ${where}`)
  const at = instantLiteral(Date.parse(String(known?.rejected_at)))
  const kept: KeptReject[] = []
  for await (const reject of readRejects(whole)) kept.push(reject)
  await engine.run(`delete from meta.rejects ${where}`)
  if (kept.length === 0) return
  const rows = kept.map(({ rule, detail, record, answer, position }) => {
    const texts = [loadId, `bronze.${table}`, rule, detail, record].map(literal).join(', ')
    return `(${texts}, ${at}, null, ${literal(`answer ${answer}, record ${position}`)})`
  })
  await engine.run(
    'insert into meta.rejects (load_id, table_name, rule, detail, record, rejected_at, scope, origin) ' +
      `values ${rows.join(', ')}`,
  )
}

/** A load as it is accounted for now: what it has lost was an erased person's. */
async function reconcileAgain(
  engine: Engine,
  table: string | undefined,
  loadId: string,
  rows: number,
  setAside: number,
  now: number,
): Promise<void> {
  if (rows + setAside === 0) return
  await engine.run(
    `insert into meta.reconciliation
     select table_name, load_id, ${instantLiteral(now)}, received, stored - ${rows}, unchanged, superseded,
       rejected - ${setAside}, erased + ${rows + setAside}, 0
     from (
       select *, row_number() over (partition by table_name, load_id order by reconciled_at desc, stored) as place
       from meta.reconciliation
       where load_id = ${literal(loadId)} ${table === undefined ? '' : `and table_name = ${literal(table)}`}
     ) as counted
     where place = 1`,
  )
}

/** Failing rows show what is masked; those that show the person go. */
async function eraseCheckFailures(engine: Engine, options: BronzeOptions): Promise<number> {
  const { subject, erased, maskingKey } = options
  const shown =
    subject.kind === 'iin'
      ? [subject.iin, maskIin(subject.iin), ...(maskingKey ? [maskingHash(maskingKey, subject.iin)] : [])]
      : []
  const rows = await rowsOf(engine, 'select distinct record from meta.check_failures')
  const theirs = rows
    .map(row => String(row.record))
    .filter(record => shown.some(text => record.includes(text)) || namesContact(record, subject, erased))
  await engine.materializePairs(
    'their_failures',
    ['record', 'unused'],
    theirs.map(record => [record, ''] as const),
  )
  const count = await numberOf(
    engine,
    'select count(*) from meta.check_failures where record in (select record from their_failures)',
  )
  await engine.run('delete from meta.check_failures where record in (select record from their_failures)')
  return count
}

function namesContact(record: string, subject: Subject, erased: ErasedPeople): boolean {
  const row: JsonValue = JSON.parse(record)
  if (jsonWithoutMarks(row, erased, { contacts: true, names: true }) !== row) return true
  if (subject.kind !== 'contact' || !isJsonObject(row)) return false
  return [row.contact_id, row.entity_id, row.id].includes(subject.id)
}

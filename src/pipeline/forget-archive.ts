/** Taking people out of the landing: out of packages under way and out of the archive. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonValue } from '../json.js'
import { discard, type LoadPackage, listPackages } from '../landing/load-package.js'
import type { ArchivedAnswer } from '../landing/read-answers.js'
import { readIndex } from '../landing/read-answers.js'
import { type KeptReject, readRows } from '../landing/read-records.js'
import {
  type EditedAnswer,
  finishRewriting,
  type PackageEdit,
  rewritePackage,
} from '../landing/rewrite-package.js'
import type { ErasedPeople } from '../privacy/erased-people.js'
import { jsonWithoutMarks } from '../privacy/marks-in-json.js'
import { holdsErasedIin } from '../privacy/marks-in-text.js'
import { bodyWithoutErased, visitWithoutErased } from '../sources/alaqan/erased-visits.js'
import { replayDay } from '../sources/alaqan/replay-answer.js'
import { recordsOf } from '../sources/amocrm/client.js'
import { entityNamed, entityNameIn } from '../sources/amocrm/entities.js'
import { listReplaced, recordWithoutErased, rowWithoutErased } from '../sources/amocrm/erased-records.js'
import { jsonIn } from '../sources/http/json-body.js'
import { tableNamed } from '../tables/catalogue.js'
import { unitOf } from './replay.js'

export interface ArchiveErasure {
  /** Packages written anew. */
  readonly packages: number
  /** Packages that were the person's alone. */
  readonly removed: number
  readonly answers: number
  readonly rows: number
  readonly rejects: number
  /** Folders of packages that cannot be read, so that nobody can say whom they hold. */
  readonly unreadable: readonly string[]
  /** Those of the person alone that the warehouse holds: to be discarded when it knows nothing of them any more. */
  readonly alone: readonly LoadPackage[]
}

export interface ArchiveOptions {
  readonly erased: ErasedPeople
  /** Keys the digests of days; see `digestOf`. */
  readonly digestKey: string | undefined
  /** Of the ИИН that is erased now; undefined where a contact is. Personal data. */
  readonly lastFour: string | undefined
}

/**
 * Takes erased people out of every package of the landing. Nothing may be loaded meanwhile.
 * @throws UnavailableError `locked`, `disk_full`
 */
export async function eraseFromLanding(root: string, options: ArchiveOptions): Promise<ArchiveErasure> {
  await finishRewriting(root)
  const { packages, damaged } = await listPackages(root)
  const unreadable = damaged.map(({ dir }) => dir)
  const alone: LoadPackage[] = []
  const total = { packages: 0, removed: 0, answers: 0, rows: 0, rejects: 0 }
  for (const each of packages) {
    // What could not be used was kept as it was: nobody can say whom it holds.
    await rm(join(each.dir, 'failed'), { recursive: true, force: true })
    try {
      if (await isTheirs(each, options)) {
        if (each.manifest.state === 'loaded') alone.push(each)
        else await discard(each)
        total.removed += 1
        total.rows += each.manifest.counts.rows
        continue
      }
      const rewritten = await rewritePackage(each, editOf(each, options))
      if (!rewritten) continue
      total.packages += 1
      total.answers += rewritten.answers
      total.rows += rewritten.rows
      total.rejects += rewritten.rejects
    } catch (error) {
      if (!isDamage(error)) throw error
      unreadable.push(each.dir)
    }
  }
  return { ...total, unreadable, alone }
}

function isDamage(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'package_damaged'
}

/** Whether a package holds the visits of one person, who was erased. */
async function isTheirs(whole: LoadPackage, { erased, lastFour }: ArchiveOptions): Promise<boolean> {
  const { entity, state } = whole.manifest
  if (entity !== 'visits_of_person') return false
  // It is asked for again when a person asks again.
  if (state === 'extracting') return true
  for await (const { iin } of readRows(whole)) {
    return typeof iin === 'string' && holdsErasedIin(iin, erased)
  }
  // Without visits only the last digits in the request tell whose they are not.
  if (lastFour === undefined) return false
  for await (const { request } of readIndex(whole)) if (request.includes(`****${lastFour}`)) return true
  return false
}

function editOf(whole: LoadPackage, options: ArchiveOptions): PackageEdit {
  const unit = unitOf(whole)
  switch (unit.entity) {
    case 'visits':
      return {
        answer: answer => dayWithoutErased(answer, options),
        row: row => visitWithoutErased(row, options.erased),
      }
    case 'visits_of_person':
      return {
        answer: answer => personsDaysWithoutErased(answer, options),
        row: row => visitWithoutErased(row, options.erased),
      }
    case 'records': {
      const { table, embedded } = entityNamed(entityNameIn(unit.records))
      return {
        answer: async answer => pageWithoutErased(answer, table.name, embedded, options.erased),
        row: rowEdit(whole, options.erased),
      }
    }
    case 'asked_records': {
      const { table } = entityNamed(entityNameIn(unit.records))
      return {
        answer: async answer =>
          askedWithoutErased(answer, table.name, unit.ids[answer.number], options.erased),
        row: rowEdit(whole, options.erased),
      }
    }
  }
}

function rowEdit({ manifest }: LoadPackage, erased: ErasedPeople): PackageEdit['row'] {
  const table = tableNamed(`bronze.${manifest.table}`)
  return row => rowWithoutErased(table, row, erased)
}

async function dayWithoutErased(
  answer: ArchivedAnswer,
  { erased, digestKey }: ArchiveOptions,
): Promise<EditedAnswer | undefined> {
  const clean = await bodyWithoutErased(answer.body, erased, largestHeld)
  if (clean.body === answer.body) return undefined
  const date = String(answer.facts[0]?.visit_date)
  const rejects: KeptReject[] = []
  let facts = answer.facts
  for await (const message of replayDay({ ...answer, body: clean.body }, date, digestKey)) {
    if (message.type === 'answer') facts = message.answer.facts ?? []
    rejects.push(...message.rejects.map(reject => ({ ...reject, answer: answer.number })))
  }
  return { body: clean.body, facts: [...facts], repeated: [], erased: clean.erased, rejects: () => rejects }
}

/** Somebody else's days, in which a number of the erased person may stand. */
async function personsDaysWithoutErased(
  answer: ArchivedAnswer,
  { erased }: ArchiveOptions,
): Promise<EditedAnswer | undefined> {
  const { body } = await bodyWithoutErased(answer.body, erased, largestHeld)
  if (body === answer.body) return undefined
  return { body, facts: [...answer.facts], repeated: [], erased: 0, rejects: rejects => rejects }
}

/** A larger body is packed while it is made. Bytes. */
const largestHeld = 4 << 20

function pageWithoutErased(
  answer: ArchivedAnswer,
  table: string,
  embedded: string,
  erased: ErasedPeople,
): EditedAnswer | undefined {
  const json = jsonIn(answer.body)
  if (json === undefined) return undefined
  const records = recordsOf(json, embedded)
  if (!records) {
    // A page of another list, kept with the others.
    const clean = jsonWithoutMarks(json, erased, { contacts: true, names: false })
    return clean === json ? undefined : edited(answer, clean, new Set())
  }
  const kept = records.map(record => recordWithoutErased(table, record, erased))
  if (kept.every((record, index) => record === records[index])) return undefined
  const gone = new Set(kept.flatMap((record, index) => (record === undefined ? [index] : [])))
  const left = kept.filter(record => record !== undefined)
  return edited(answer, listReplaced(json, embedded, left), gone)
}

function askedWithoutErased(
  answer: ArchivedAnswer,
  table: string,
  id: number | undefined,
  erased: ErasedPeople,
): EditedAnswer | undefined {
  if ((answer.erased ?? 0) > 0) return undefined
  const isTheirs = id !== undefined && recordWithoutErased(table, { id }, erased) === undefined
  const json = jsonIn(answer.body)
  const clean = json === undefined || isTheirs ? undefined : recordWithoutErased(table, json, erased)
  if (!isTheirs && clean === json) return undefined
  return edited(answer, clean, clean === undefined ? new Set([0]) : new Set())
}

/** @param gone where the records stood that are no longer there */
function edited(
  answer: ArchivedAnswer,
  json: JsonValue | undefined,
  gone: ReadonlySet<number>,
): EditedAnswer {
  const before = (position: number): number => [...gone].filter(each => each < position).length
  const moved = (position: number): number => position - before(position)
  return {
    body: json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)),
    facts: [...answer.facts],
    repeated: answer.repeated.filter(position => !gone.has(position)).map(moved),
    erased: gone.size,
    rejects: rejects =>
      rejects
        .filter(({ position }) => !gone.has(position))
        .map(reject => ({ ...reject, position: moved(reject.position) })),
  }
}

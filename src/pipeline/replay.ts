/**
 * Replay: the archived answers of a load package, read again by the same pure functions that read them when they came.
 * By the present code, so that what it makes of them can differ from what the package holds.
 */
import { UnavailableError } from '../errors.js'
import type { AnswerMessage, BronzeRow, RecordsMessage, RejectedRecord } from '../extraction.js'
import { isJsonObject, type JsonObject } from '../json.js'
import { wellFormed } from '../json-text.js'
import type { LoadPackage } from '../landing/load-package.js'
import { damagedError } from '../landing/manifest.js'
import { type ArchivedAnswer, readAnswers } from '../landing/read-answers.js'
import { readRejects, readRows } from '../landing/read-records.js'
import { replayDay, replayPerson } from '../sources/alaqan/replay-answer.js'
import { entityNameIn } from '../sources/amocrm/entities.js'
import { replayAsked, replayPage } from '../sources/amocrm/replay-answer.js'
import { type LoadUnit, loadUnitSchema } from './load-unit.js'

/** What became of the record at a position of its answer, from 0. */
export type ReplayedRecord =
  | { readonly kind: 'row'; readonly position: number; readonly row: BronzeRow }
  | { readonly kind: 'reject'; readonly position: number; readonly reject: RejectedRecord }
  /** Another answer of the package brings it. */
  | { readonly kind: 'repeated'; readonly position: number }

/** Records of one answer, in order; an answer with many comes in several batches, one without any in an empty one. */
export interface ReplayedBatch {
  /** The answer's number in the package: with the position, the pointer to the original. */
  readonly answer: number
  /** When it came, Unix milliseconds. */
  readonly receivedAt: number
  /**
   * What the ledger notes about the answer, in its first batch: as it was noted when it came, and of a day that was not
   * noted then, as it is read now.
   */
  readonly facts: readonly JsonObject[]
  readonly records: readonly ReplayedRecord[]
}

/**
 * The records of a package up to its last checkpoint, as the present code reads them. While the code is the one that
 * made the package, rows and rejects are those that the package holds, in their order. Records that came twice are
 * told as repeated; a package of an earlier version does not know which they are, and they come as rows, which loading
 * finds unchanged.
 * @param digestKey see `digestOf` in survey-day.ts
 * @throws UnavailableError `package_damaged`; `person_unknown` where a person's visits hold no row that says whose they are
 */
export async function* replayPackage(
  whole: LoadPackage,
  digestKey?: string,
): AsyncGenerator<ReplayedBatch, void, undefined> {
  const read = await answerReader(whole, digestKey)
  for await (const answer of readAnswers(whole)) {
    let first = 0
    for await (const message of read(answer)) {
      const records = recordsIn(message, first)
      const facts = message.type === 'answer' ? factsOf(answer, message) : []
      yield { answer: answer.number, receivedAt: answer.receivedAt, facts, records }
      first += records.length
    }
  }
}

type Messages = Iterable<AnswerMessage | RecordsMessage> | AsyncIterable<AnswerMessage | RecordsMessage>

/** How answers of this package are read. */
async function answerReader(
  whole: LoadPackage,
  digestKey: string | undefined,
): Promise<(answer: ArchivedAnswer) => Messages> {
  const unit = unitOf(whole)
  switch (unit.entity) {
    case 'visits':
      return answer => replayDay(answer, dayOf(answer, whole), digestKey)
    case 'visits_of_person': {
      const person = await personIn(whole)
      return answer => visitsOf(person, answer, whole, digestKey)
    }
    case 'records': {
      const name = entityNameIn(unit.records)
      return answer => [replayPage(name, answer, answer.repeated)]
    }
    case 'asked_records': {
      const name = entityNameIn(unit.records)
      return answer =>
        (answer.erased ?? 0) > 0
          ? [nothingIn(answer)]
          : [replayAsked(name, idOf(unit.ids, answer, whole), answer)]
    }
  }
}

/** Of an erased contact an answer tells nothing, not even that it is gone. */
function nothingIn(answer: ArchivedAnswer): AnswerMessage {
  return { type: 'answer', answer, received: 0, repeated: [], rows: [], rejects: [] }
}

/**
 * What a package was made for.
 * @throws UnavailableError `package_damaged` where its manifest does not say
 */
export function unitOf({ dir, manifest }: LoadPackage): LoadUnit {
  const unit = loadUnitSchema.safeParse(manifest.plan)
  if (!unit.success) throw damagedError(`The manifest in ${dir} does not say what was asked for`, unit.error)
  return unit.data
}

function dayOf({ number, facts }: ArchivedAnswer, { dir }: LoadPackage): string {
  const day = facts[0]?.visit_date
  if (typeof day !== 'string')
    throw damagedError(`The index in ${dir} does not name the day of answer ${number}`)
  return day
}

function idOf(ids: readonly number[], { number }: ArchivedAnswer, { dir }: LoadPackage): number {
  const id = ids[number]
  if (id === undefined) throw damagedError(`${dir} has more answers than records were asked for`)
  return id
}

/** Whose visits were asked for, as far as the package knows. */
interface Person {
  readonly iin: string
  /** Only the last digits are known. */
  readonly isMasked: boolean
}

/** The request names nobody: who it was stands in the rows, and masked in the rejects. */
async function personIn(whole: LoadPackage): Promise<Person> {
  for await (const { iin } of readRows(whole)) {
    if (typeof iin === 'string') return { iin, isMasked: false }
  }
  for await (const { record } of readRejects(whole)) {
    const masked: unknown = JSON.parse(record)
    if (isJsonObject(masked) && typeof masked.iin === 'string') return { iin: masked.iin, isMasked: true }
  }
  return { iin: '', isMasked: true }
}

async function* visitsOf(
  { iin, isMasked }: Person,
  answer: ArchivedAnswer,
  { dir }: LoadPackage,
  digestKey: string | undefined,
) {
  const message = await replayPerson(answer, iin, digestKey)
  if (isMasked && message.rows.length > 0) {
    throw new UnavailableError('person_unknown', `${dir} does not say whose visits it holds.`, {
      advice: 'Load them again: hubdwh load alaqan --iin …',
    })
  }
  yield message
}

function factsOf(answer: ArchivedAnswer, message: AnswerMessage): readonly JsonObject[] {
  const isNoted = (fact: JsonObject) => answer.facts.some(noted => noted.visit_date === fact.visit_date)
  return [...answer.facts, ...(message.answer.facts ?? []).filter(fact => !isNoted(fact))]
}

/** The records of a message in the order of the answer, whose first `first` records came before. */
function recordsIn(message: AnswerMessage | RecordsMessage, first: number): readonly ReplayedRecord[] {
  const rejects = new Map(message.rejects.map(reject => [reject.position, reject]))
  const repeated = new Set(message.type === 'answer' ? message.repeated : [])
  const count = message.rows.length + rejects.size + repeated.size
  let taken = 0
  return Array.from({ length: count }, (_, index): ReplayedRecord => {
    const position = first + index
    const reject = rejects.get(position)
    if (reject) return { kind: 'reject', position, reject }
    if (repeated.has(position)) return { kind: 'repeated', position }
    const row = message.rows[taken]
    if (!row) throw new Error(`record ${position} of an answer is neither row nor reject`)
    taken += 1
    return { kind: 'row', position, row: wellFormedRow(row) }
  })
}

/** As the package keeps it. */
function wellFormedRow(row: BronzeRow): BronzeRow {
  const kept = wellFormed(row)
  return isJsonObject(kept) ? kept : row
}

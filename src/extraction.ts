/**
 * What a source says while it is read. An extraction is an async generator of {@link ExtractionMessage}s; its
 * state is a message in the same stream, so that whoever keeps the rows also knows how far they reach.
 *
 * Terms
 *
 * - **answer**: one HTTP answer, byte for byte. It holds records.
 * - **record**: one thing that the source tells: an event at a gate, a lead. It becomes a row or a reject.
 * - **row**: a JSON object keyed by the columns of a bronze table, without `load_date`, `loaded_at` and
 *   `load_id`, which are known only when the load package is loaded.
 * - **reject**: a record that does not fit the table, kept with the rule that it breaks.
 * - **cursor**: what an extraction must be given to go on after a checkpoint. JSON, without personal data.
 * - **checkpoint**: all messages before it are covered by its cursor. A killed extraction goes on from the
 *   last checkpoint that reached the disk.
 * - **watermark**: up to when the source has been read; the next extraction starts there, less the overlap.
 * - **load package**: the answers, rows and rejects of one extraction on disk (`landing/`).
 */
import type { AnswerBody } from './answer-body.js'
import { UnavailableError } from './errors.js'
import type { JsonObject, JsonValue } from './json.js'
import type { Shapes } from './record-shape.js'

/** An HTTP answer as it is kept in the archive. */
export interface Answer {
  /** Path and query. An ИИН in it is masked, and it never holds a secret. */
  readonly request: string
  readonly status: number
  /** Unix milliseconds. */
  readonly receivedAt: number
  /** The body byte for byte, after the transfer's compression is undone. */
  readonly body: AnswerBody
  /** What the ledger notes about this answer, one object per thing noted (Alaqan: per visit date). */
  readonly facts?: readonly JsonObject[]
}

/** A row of a bronze table, without the columns that are set when it is loaded. */
export type BronzeRow = JsonObject

/** A record that does not fit its table. */
export interface RejectedRecord {
  /** Name of the broken rule, e.g. `id_missing`. */
  readonly rule: string
  /** One phrase that says what was wrong, without any value that could be personal. */
  readonly detail: string
  /** The record as JSON text, personal values masked. */
  readonly record: string
  /** Where the record stands in its answer, from 0: the pointer to the original in the archive. */
  readonly position: number
}

export interface AnswerMessage {
  readonly type: 'answer'
  readonly answer: Answer
  /** How many records the answer holds, counted before they are looked at. */
  readonly received: number
  /** Where those stand, from 0, that another answer of this extraction brings, because its pages or windows overlap. */
  readonly repeated: readonly number[]
  /** How many of them are erased people's and stand neither in the answer's body nor among the rows; 0 where absent. */
  readonly erased?: number
  readonly rows: readonly BronzeRow[]
  readonly rejects: readonly RejectedRecord[]
  /** The shape of the rows' and rejects' records as they came; absent where it says nothing about the source's lists. */
  readonly shapes?: Shapes
}

/**
 * More records of the answer before, which holds too many for one message; its `received` and `repeated` speak of
 * them too. No checkpoint stands between an answer and its last records.
 */
export interface RecordsMessage {
  readonly type: 'records'
  readonly rows: readonly BronzeRow[]
  readonly rejects: readonly RejectedRecord[]
  readonly shapes?: Shapes
}

/** All earlier messages are covered by the cursor. */
export interface CheckpointMessage {
  readonly type: 'checkpoint'
  readonly cursor: JsonValue
}

/** The extraction has read everything up to here; comes once, last. */
export interface WatermarkMessage {
  readonly type: 'watermark'
  readonly watermark: JsonValue
}

/** Something that a person should know, without personal data. */
export interface NoticeMessage {
  readonly type: 'notice'
  readonly level: 'info' | 'warn'
  /** Stable, machine-readable name, e.g. `filter_ignored`. */
  readonly code: string
  readonly message: string
}

export type ExtractionMessage =
  | AnswerMessage
  | RecordsMessage
  | CheckpointMessage
  | WatermarkMessage
  | NoticeMessage

/** A source being read. Ending it early (`return`) abandons the requests that are under way. */
export type Extraction = AsyncGenerator<ExtractionMessage, void, undefined>

/**
 * A source answered, but not with what was agreed: not JSON, or JSON of another shape. Carries the answer so
 * that the landing can keep it as evidence.
 */
export class MalformedAnswerError extends UnavailableError {
  readonly answer: Answer

  constructor(code: string, message: string, answer: Answer, cause?: unknown) {
    super(code, message, {
      advice: 'Try again later. If it stays, show the kept answer to whoever runs the source.',
      ...(cause === undefined ? {} : { cause }),
    })
    this.answer = answer
  }
}

/** The index of a package's archive: one line of JSON for each answer, in the order of their arrival. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Answer } from '../extraction.js'
import type { JsonObject, JsonValue } from '../json.js'

const json: z.ZodType<JsonValue> = z.json()
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), json)

export const indexEntrySchema = z.object({
  /** Where the answer's gzip member starts in the archive, in bytes. */
  offset: z.number().int().nonnegative(),
  /** Length of the member in bytes. */
  length: z.number().int().positive(),
  request: z.string(),
  status: z.number().int(),
  /** Unix milliseconds. */
  receivedAt: z.number(),
  /** Of the body as it came, lower-case hex. */
  sha256: z.string(),
  facts: z.array(jsonObjectSchema),
  /** Where those of its records stand that another answer of the package brings, from 0. */
  repeated: z.array(z.number().int().nonnegative()).default([]),
  /** How many records it held of people who were erased, and holds no more; 0 where absent. */
  erased: z.number().int().nonnegative().optional(),
})
export type IndexEntry = z.infer<typeof indexEntrySchema>

/** The entry for an answer whose gzip member stands at this place of the archive. */
export function indexEntry(
  answer: Answer,
  repeated: readonly number[],
  offset: number,
  length: number,
  erased = 0,
): IndexEntry {
  return {
    offset,
    length,
    request: answer.request,
    status: answer.status,
    receivedAt: answer.receivedAt,
    sha256: Buffer.isBuffer(answer.body) ? sha256(answer.body) : answer.body.sha256,
    facts: [...(answer.facts ?? [])],
    repeated: [...repeated],
    ...(erased > 0 ? { erased } : {}),
  }
}

export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes)
}

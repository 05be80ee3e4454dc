/** The manifest of a load package: what it is, how far it got, and where its last checkpoint stands. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Disk, writeDurably } from '../durable-file.js'
import { UnavailableError } from '../errors.js'
import type { JsonValue } from '../json.js'
import { jsonTypes } from '../record-shape.js'

const count = z.number().int().nonnegative()
const json: z.ZodType<JsonValue> = z.json()

/** What the package holds. `records = rows + rejects + repeated + erased` for every whole package. */
const countsSchema = z.strictObject({
  requests: count,
  /** Records in all answers, counted before they were looked at. */
  records: count,
  rows: count,
  rejects: count,
  /** Records that came again within this extraction, because its pages overlap. */
  repeated: count,
  /** Records of erased people, which are in no file of the package; 0 where absent. */
  erased: count.optional(),
})
export type Counts = z.infer<typeof countsSchema>

const shapeSchema = z.strictObject({
  records: count,
  fields: z
    .array(
      z.strictObject({
        name: z.string(),
        types: z.array(z.enum(jsonTypes)).readonly(),
        records: count,
        first: count,
        last: count,
      }),
    )
    .readonly(),
})

const manifestSchema = z.strictObject({
  formatVersion: z.literal(1),
  loadId: z.string(),
  source: z.string(),
  entity: z.string(),
  /** The bronze table, without its schema: `alaqan_visits`. */
  table: z.string(),
  /** Which part of the source it covers, for the ledger and for people. */
  window: json,
  /** What was asked for, so that the same work is recognised and gone on with. */
  plan: json,
  /** extracting → extracted (whole on disk) → loaded (in the warehouse). */
  state: z.enum(['extracting', 'extracted', 'loaded']),
  /** Where the extraction goes on; null before its first checkpoint. */
  cursor: json,
  counts: countsSchema,
  /** The length in bytes of each file at the last checkpoint; whatever lies beyond it does not count. */
  lengths: z.strictObject({ answers: count, index: count, rows: count, rejects: count }),
  /** No line of these files is longer, in bytes. Absent in packages of earlier versions. */
  longestLines: z.strictObject({ rows: count, rejects: count }).exactOptional(),
  /** The shape of what has come, names and types alone. Absent in packages of earlier versions. */
  shapes: z
    .strictObject({ records: shapeSchema.exactOptional(), answers: shapeSchema.exactOptional() })
    .exactOptional(),
  /** Up to when the source has been read; null until extracted, or where the source has no watermark. */
  watermark: json,
  /** Unix milliseconds, like the two below. */
  createdAt: z.number(),
  extractedAt: z.number().nullable(),
  loadedAt: z.number().nullable(),
})

/** See the module's comment. Never holds personal data. */
export type Manifest = Readonly<z.infer<typeof manifestSchema>>
export type PackageState = Manifest['state']

const manifestName = 'manifest.json'

/**
 * Reads the manifest of the package in this folder.
 * @throws UnavailableError `package_damaged` naming the file, when it is missing, broken or of a newer version
 */
export async function readManifest(dir: string): Promise<Manifest> {
  const path = join(dir, manifestName)
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw damagedError(`The manifest ${path} cannot be read`, error)
  }
}

/** Replaces the manifest in one step; afterwards it is on the disk. */
export async function writeManifest(dir: string, manifest: Manifest, disk?: Disk): Promise<void> {
  await writeDurably(join(dir, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`, disk)
}

/** A package that does not hold what its manifest says, or has no readable one. */
export function damagedError(what: string, cause?: unknown): UnavailableError {
  return new UnavailableError('package_damaged', `${what}.`, {
    advice: 'Move the folder away and run again: what it held is read from the source once more.',
    ...(cause === undefined ? {} : { cause }),
  })
}

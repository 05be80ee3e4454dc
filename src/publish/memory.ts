/**
 * What each place has been told, table by table: a small file beside the landing. It holds names of tables and the states
 * of them, nothing of what stands in them. A place that was down is behind, and so it is brought up to date by the next run.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeDurably } from '../durable-file.js'

const memorySchema = z.strictObject({
  version: z.literal(1),
  places: z.record(z.string(), z.record(z.string(), z.string())),
})

/** The state of each table that a place was told last, by the table's name. */
export type PlaceMemory = Readonly<Record<string, string>>
/** Of all places, by their ids. */
export type Memory = Readonly<Record<string, PlaceMemory>>

export function memoryPath(landing: string): string {
  return join(landing, 'published.json')
}

/**
 * Reads what was published; nothing where there is no file.
 * @throws where there is one that cannot be read or understood
 */
export async function readMemory(path: string): Promise<Memory> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {}
    throw error
  }
  return memorySchema.parse(JSON.parse(text)).places
}

/** @throws as writeDurably does */
export function writeMemory(path: string, places: Memory): Promise<void> {
  return writeDurably(path, `${JSON.stringify({ version: 1, places }, undefined, 2)}\n`)
}

/**
 * What each place has been told, table by table: a small file beside the landing. It holds names of tables and the states
 * of them, nothing of what stands in them. A place that was down is behind, and so it is brought up to date by the next run.
 */
import { join } from 'node:path'
import { z } from 'zod'
import { readRemembered, remember } from '../remembered.js'

const memorySchema = z.strictObject({
  version: z.literal(1),
  /** A digest of where the warehouse is: what was told of another says nothing of this one. */
  warehouse: z.string(),
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
 * Reads what was published of a warehouse; nothing where there is no file.
 * @throws where there is one that cannot be read or understood
 */
export async function readMemory(path: string, warehouse: string): Promise<Memory> {
  const remembered = await readRemembered(path, memorySchema)
  return remembered?.warehouse === warehouse ? remembered.places : {}
}

/** @throws as writeDurably does */
export function writeMemory(path: string, warehouse: string, places: Memory): Promise<void> {
  return remember(path, { version: 1, warehouse, places })
}

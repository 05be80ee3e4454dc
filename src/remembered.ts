/** Small files in which a command remembers something for the next one. */
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { writeDurably } from './durable-file.js'

/**
 * Reads what was remembered; undefined where there is no file.
 * @throws where there is one that cannot be read or understood
 */
export async function readRemembered<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  return schema.parse(JSON.parse(text))
}

/** Replaces it in one step. @throws as writeDurably does */
export function remember(path: string, value: object): Promise<void> {
  return writeDurably(path, `${JSON.stringify(value, undefined, 2)}\n`)
}

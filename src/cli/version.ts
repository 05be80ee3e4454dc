import { readFileSync } from 'node:fs'
import { isJsonObject } from '../json.js'

/** The version of this package. */
export const version: string = readVersion()

function readVersion(): string {
  // The same distance from src/cli and from dist/cli.
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return isJsonObject(manifest) && typeof manifest.version === 'string' ? manifest.version : 'unknown'
}

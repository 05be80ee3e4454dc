/** The pair of OAuth tokens on disk: what `hubdwh auth amocrm` writes and every refresh replaces. */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { createPrivateFolder, diskError, privateFile, syncFolder, writeDurably } from '../../durable-file.js'
import { AuthorizationError } from '../../errors.js'

const tokensSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  /** Until when the access token is good, Unix seconds. */
  expires_at: z.number(),
  /** The account's address: where the tokens are good. */
  base_url: z.string().min(1),
  /** When amoCRM gave the pair, Unix seconds: the refresh token is good for three months. Absent in older files. */
  issued_at: z.number().optional(),
})
export type Tokens = Readonly<z.infer<typeof tokensSchema>>

/** @throws AuthorizationError `not_authorized` where there is no usable file */
export async function readTokens(path: string): Promise<Tokens> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw notAuthorized(`There is no token for amoCRM: ${path} cannot be read.`, error)
  }
  const tokens = tokensIn(text)
  // The cause would quote what stands in the file.
  if (!tokens) throw notAuthorized(`${path} does not hold a pair of amoCRM tokens.`)
  return tokens
}

/** Replaces the pair in one step, readable by the owner only. On return it is on the disk. Under the file's lock. */
export async function writeTokens(path: string, tokens: Tokens): Promise<void> {
  await createPrivateFolder(dirname(path))
  await writeDurably(path, `${JSON.stringify(tokens, undefined, 2)}\n`)
}

/**
 * Makes sure that a pair can be written, before a refresh uses up the old one: a full disk or a folder without the
 * right to write would lock the integration out. Under the file's lock.
 * @returns gives the room back, where it has not been used
 * @throws UnavailableError `disk_full`; UsageError `not_writable`
 */
export async function makeRoomForTokens(path: string): Promise<() => Promise<void>> {
  await createPrivateFolder(dirname(path))
  try {
    await writeFile(draftOf(path), ' '.repeat(longestPair), { mode: privateFile })
    return () => rm(draftOf(path), { force: true })
  } catch (error) {
    throw diskError(error, path)
  }
}

/** A pair is two or three kilobytes. */
const longestPair = 16_384

/**
 * Puts a pair in its place that a killed process had written but not yet put there: the one in its place has been
 * used up. Under the file's lock.
 */
export async function recoverTokens(path: string): Promise<void> {
  const draft = await tokensAt(draftOf(path))
  if (!draft) return
  const placed = await tokensAt(path)
  const isNewer = placed === undefined || (draft.issued_at ?? 0) > (placed.issued_at ?? 0)
  if (!isNewer) return
  await rename(draftOf(path), path)
  await syncFolder(dirname(path))
}

/** When the pair was given, Unix seconds; of files that do not say it, when they were written. */
export async function issuedAt(path: string): Promise<number> {
  const tokens = await readTokens(path)
  return tokens.issued_at ?? (await stat(path)).mtimeMs / 1000
}

/** As writeDurably names it. */
function draftOf(path: string): string {
  return `${path}.draft`
}

async function tokensAt(path: string): Promise<Tokens | undefined> {
  try {
    return tokensIn(await readFile(path, 'utf8'))
  } catch {
    return undefined
  }
}

function tokensIn(text: string): Tokens | undefined {
  try {
    return tokensSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function notAuthorized(message: string, cause?: unknown): AuthorizationError {
  return new AuthorizationError('not_authorized', message, {
    advice: 'Run `hubdwh auth amocrm`.',
    ...(cause === undefined ? {} : { cause }),
  })
}

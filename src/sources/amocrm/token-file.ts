/** The pair of OAuth tokens on disk: what `hubdwh auth amocrm` writes and every refresh replaces. */
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { createPrivateFolder, writeDurably } from '../../durable-file.js'
import { AuthorizationError } from '../../errors.js'

const tokensSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1),
  /** Unix seconds. */
  expires_at: z.number(),
  /** The account's address: where the tokens are good. */
  base_url: z.string().min(1),
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
  const tokens = tokensSchema.safeParse(parsed(text))
  // The cause would quote what stands in the file.
  if (!tokens.success) throw notAuthorized(`${path} does not hold a pair of amoCRM tokens.`)
  return tokens.data
}

/** Replaces the pair in one step, readable by the owner only. On return it is on the disk. */
export async function writeTokens(path: string, tokens: Tokens): Promise<void> {
  await createPrivateFolder(dirname(path))
  await writeDurably(path, `${JSON.stringify(tokens, undefined, 2)}\n`)
}

function notAuthorized(message: string, cause?: unknown): AuthorizationError {
  return new AuthorizationError('not_authorized', message, {
    advice: 'Run `hubdwh auth amocrm`.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

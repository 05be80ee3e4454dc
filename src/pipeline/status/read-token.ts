import type { AmocrmConfig } from '../../config/config.js'
import { HubdwhError } from '../../errors.js'
import { accessEndsAt } from '../token-life.js'
import type { TokenStatus } from './status.js'

/** Until when hubdwh can sign in at amoCRM without a person; undefined where the token does not tell. Asks nobody. */
export async function readToken({ auth }: AmocrmConfig): Promise<TokenStatus | undefined> {
  try {
    const endsAt = await accessEndsAt(auth)
    return endsAt === undefined ? undefined : { endsAt, problem: null }
  } catch (error) {
    if (error instanceof HubdwhError) return { endsAt: null, problem: error.message }
    throw error
  }
}

/** Until when the access that a person has given lasts; reference amocrm-api, "Authorization". */
import { z } from 'zod'
import type { AmocrmAuth } from '../config/config.js'
import { claimsOf } from '../sources/amocrm/token-claims.js'
import { issuedAt } from '../sources/amocrm/token-file.js'

const daySeconds = 86_400
/** "The refresh token 3 months" */
const refreshLifeDays = 90

const claimsSchema = z.object({ exp: z.number().positive() })

/**
 * When a person must act at the latest, Unix milliseconds: the end of a long-lived token, or of the refresh token,
 * which every refresh renews. Undefined where the token does not say it.
 * @throws AuthorizationError `not_authorized` where there is no pair of tokens
 */
export async function accessEndsAt(auth: AmocrmAuth): Promise<number | undefined> {
  if (auth.kind === 'oauth') return ((await issuedAt(auth.tokenFile)) + refreshLifeDays * daySeconds) * 1000
  const claims = claimsSchema.safeParse(claimsOf(auth.token))
  return claims.success ? claims.data.exp * 1000 : undefined
}

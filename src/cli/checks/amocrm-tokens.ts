import type { AmocrmConfig } from '../../config/config.js'
import { issuedAt, readTokens, type Tokens } from '../../sources/amocrm/token-file.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

const daySeconds = 86_400
/** "The refresh token 3 months" (reference, "Authorization"). */
const refreshLifeDays = 90
/** So long before its end a person is told. */
const warnedDays = 14

/** The stored pair of OAuth tokens: how long the refresh token is still good, and for which address. */
export async function checkTokenFile(
  amocrm: AmocrmConfig,
  { clock }: Pick<Context, 'clock'>,
): Promise<Finding[]> {
  const { auth } = amocrm
  if (auth.kind === 'token') return []
  const subject = 'amocrm token file'
  try {
    const tokens = await readTokens(auth.tokenFile)
    const age = clock.now() / 1000 - (await issuedAt(auth.tokenFile))
    return [
      refreshLife(subject, Math.floor(refreshLifeDays - age / daySeconds)),
      addressOfTokens(amocrm, tokens),
    ]
  } catch (error) {
    return [failed(subject, error)]
  }
}

function refreshLife(subject: string, daysLeft: number): Finding {
  if (daysLeft > warnedDays) return ok(subject, `the refresh token is good for ${daysLeft} more days`)
  return warning(
    subject,
    daysLeft > 0
      ? `the refresh token ends in ${daysLeft} days`
      : 'the refresh token is more than three months old and has probably ended',
    'Run hubdwh at least once a month: every day on which it runs gives a new one. If it has ended: "hubdwh auth amocrm".',
  )
}

/** Whether the tokens are for the account that the config names. Accounts move, and configs are copied. */
export function addressOfTokens({ baseUrl }: AmocrmConfig, tokens: Tokens): Finding {
  const subject = 'amocrm address'
  const { base_url } = tokens
  const stored = URL.canParse(base_url) ? new URL(base_url).host : base_url
  const configured = new URL(baseUrl).host
  if (stored === configured) return ok(subject, baseUrl)
  return warning(
    subject,
    `the tokens are for ${stored}, amocrm.base_url names ${configured}`,
    `If the account has moved, put https://${stored} into amocrm.base_url; if it is another account, run "hubdwh auth amocrm".`,
  )
}

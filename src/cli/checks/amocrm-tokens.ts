import type { AmocrmConfig } from '../../config/config.js'
import { accessEndsAt } from '../../pipeline/token-life.js'
import { readTokens, type Tokens } from '../../sources/amocrm/token-file.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

const dayMs = 86_400_000
/** So long before its end a person is told. */
const warnedDays = 14

/** How long the long-lived token, or the refresh token of the stored pair, is still good; of the pair, for which address. */
export async function checkTokenFile(
  amocrm: AmocrmConfig,
  { clock }: Pick<Context, 'clock'>,
): Promise<Finding[]> {
  const { auth } = amocrm
  const subject = auth.kind === 'token' ? 'amocrm token life' : 'amocrm token file'
  try {
    const endsAt = await accessEndsAt(auth)
    // A token that does not say when it ends.
    if (endsAt === undefined) return []
    const daysLeft = Math.floor((endsAt - clock.now()) / dayMs)
    if (auth.kind === 'token') return [tokenLife(subject, daysLeft)]
    return [refreshLife(subject, daysLeft), addressOfTokens(amocrm, await readTokens(auth.tokenFile))]
  } catch (error) {
    return [failed(subject, error)]
  }
}

function tokenLife(subject: string, daysLeft: number): Finding {
  if (daysLeft > warnedDays) return ok(subject, `the token is good for ${daysLeft} more days`)
  return warning(
    subject,
    daysLeft > 0 ? `the token ends in ${daysLeft} days` : 'the token has ended, or does today',
    'Make a new long-lived token in amoCRM (Settings, Integrations, your integration, Keys) and put it into .env.',
  )
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

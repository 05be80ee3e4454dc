/** Why amoCRM gives no tokens, in words that a person can act on. */
import { z } from 'zod'
import { AuthorizationError } from '../../errors.js'
import type { HttpAnswer } from '../http/http-request.js'

export interface GrantRefusal {
  readonly status: number
  /** What amoCRM says about it, in lower case, only to be looked at: it may quote what was sent. */
  readonly said: string
}

const problemSchema = z.object({ hint: z.string().optional(), detail: z.string().optional() })

export function refusalIn({ status, json }: HttpAnswer): GrantRefusal {
  const problem = problemSchema.safeParse(json)
  const { hint = '', detail = '' } = problem.success ? problem.data : {}
  return { status, said: `${hint} ${detail}`.toLowerCase() }
}

/** The error for a code that was not taken. */
export function codeRefusal(host: string, refusal: GrantRefusal): AuthorizationError {
  const another = 'Run `hubdwh auth amocrm` again for a new code.'
  const { said, status } = refusal
  if (isIntegrationWrong(refusal)) return integrationRefusal(host)
  if (said.includes('redirect')) {
    return new AuthorizationError(
      'redirect_uri_mismatch',
      `amoCRM (${host}) does not know the redirect_uri of the config.`,
      {
        advice:
          'Put the integration’s own redirect URI into amocrm.auth.redirect_uri, letter by letter, then run `hubdwh auth amocrm`.',
      },
    )
  }
  const why = said.includes('expired')
    ? 'the code has expired: it lives 20 minutes'
    : said.includes('revoked')
      ? 'the code has been used: it works once'
      : status === 404
        ? 'there is no account at this address'
        : 'the code is not one of this account and integration'
  return new AuthorizationError('code_rejected', `amoCRM (${host}) gives no token: ${why}.`, {
    advice: another,
  })
}

/** The error for a refresh token that was not taken. */
export function refreshRefusal(host: string, refusal: GrantRefusal): AuthorizationError {
  if (isIntegrationWrong(refusal)) return integrationRefusal(host)
  const { said } = refusal
  const why = said.includes('expired')
    ? 'it lives three months'
    : said.includes('revoked')
      ? 'it has been used or revoked, and works once'
      : 'it works once and for three months'
  return new AuthorizationError(
    'refresh_token_rejected',
    `amoCRM (${host}) does not accept the refresh token: ${why}.`,
    {
      advice: 'Run `hubdwh auth amocrm`, and let no other program use the same token file or a copy of it.',
    },
  )
}

function isIntegrationWrong({ said }: GrantRefusal): boolean {
  return (
    said.includes('client authentication') || said.includes('client_id') || said.includes('client_secret')
  )
}

function integrationRefusal(host: string): AuthorizationError {
  return new AuthorizationError(
    'integration_rejected',
    `amoCRM (${host}) does not accept client_id and client_secret.`,
    {
      advice:
        'Compare amocrm.auth.client_id and AMOCRM_CLIENT_SECRET with the integration’s page, then run `hubdwh auth amocrm`.',
    },
  )
}

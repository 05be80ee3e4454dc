/** `hubdwh auth amocrm`: from a person's consent to a pair of tokens on disk. */
import type { AmocrmConfig, AmocrmOauth } from '../../config/config.js'
import { HubdwhError, InterruptedError, UsageError } from '../../errors.js'
import { requireSource } from '../../pipeline/source.js'
import { sourceHttp } from '../../pipeline/source-http.js'
import { withTokenLock } from '../../sources/amocrm/authorization.js'
import { configuredOrigin, trustedOrigin } from '../../sources/amocrm/hosts.js'
import { recoverTokens, type Tokens, writeTokens } from '../../sources/amocrm/token-file.js'
import { tokenRequests } from '../../sources/amocrm/token-request.js'
import { openInBrowser } from '../browser.js'
import { amocrmClient } from '../checks/amocrm.js'
import { checkRights } from '../checks/amocrm-rights.js'
import { addressOfTokens } from '../checks/amocrm-tokens.js'
import type { Finding } from '../checks/finding.js'
import type { AuthAmocrm } from '../commands/auth.js'
import { canListen, listenForConsent } from '../consent-callback.js'
import { type Consent, consentLink, pastedConsent } from '../consent-link.js'
import type { Context } from '../context.js'
import { visible } from '../visible.js'

export const authAmocrm: AuthAmocrm = async (context, { code, referer }) => {
  const amocrm = requireSource(context.config, 'amocrm')
  const { auth } = amocrm
  if (auth.kind === 'token') {
    throw new UsageError(
      'auth_not_needed',
      'The configuration has a long-lived token: there is nothing to authorize.',
      {
        advice:
          'Run "hubdwh check" to see whether the token works. For OAuth put client_id, client_secret and redirect_uri under amocrm.auth instead of token.',
      },
    )
  }
  const exchange = (consent: Consent): Promise<Tokens> => storeTokens(amocrm, auth, consent, context)
  const tokens =
    code === undefined
      ? await askPerson(amocrm, auth, exchange, context)
      : await exchange({ ...pastedConsent(code, undefined), ...(referer === undefined ? {} : { referer }) })
  return tellAccount(amocrm, auth, tokens, context)
}

/** Shows the link and waits for the browser to come back, or for a person to paste where it went. */
async function askPerson(
  amocrm: AmocrmConfig,
  auth: AmocrmOauth,
  exchange: (consent: Consent) => Promise<Tokens>,
  context: Context,
): Promise<Tokens> {
  const state = context.chance.hex(32)
  const link = consentLink(amocrm.baseUrl, auth.clientId, state)
  if (!canListen(auth.redirectUri)) {
    show(
      context,
      link,
      'Then paste the whole address to which the browser was sent (or only the code), and press Enter:',
    )
    return exchange(await pasted(state, context))
  }
  const callback = await listenForConsent(auth.redirectUri, state)
  let isDone = false
  try {
    show(context, link, `Waiting for the browser at ${auth.redirectUri}; Ctrl-C ends it.`)
    openInBrowser(link, context.io)
    const tokens = await exchange(await unlessStopped(callback.consent, context.signal))
    isDone = true
    return tokens
  } finally {
    await callback.close(isDone)
  }
}

/** On stderr, where it is seen also with --json and when the output goes to a file. */
function show({ io }: Context, link: string, next: string): void {
  io.stderr.write(
    `Open this page as an administrator of the account and allow the access:\n\n  ${link}\n\n${next}\n`,
  )
}

async function pasted(state: string, { io, signal }: Context): Promise<Consent> {
  const line = await io.readLine(signal)
  if (line !== undefined && line.trim() !== '') return pastedConsent(line, state)
  throw new UsageError('code_needed', 'Nothing was pasted, and without a code there is no token.', {
    advice:
      'Run it on a terminal; or open the link, and run "hubdwh auth amocrm --code CODE --referer HOST" with what the address then holds.',
  })
}

/** Exchanges the code where the account is, and puts the pair in its place. */
async function storeTokens(
  amocrm: AmocrmConfig,
  auth: AmocrmOauth,
  { code, referer }: Consent,
  context: Context,
): Promise<Tokens> {
  context.keepSecret([code])
  const configured = configuredOrigin(amocrm.baseUrl)
  const origin = referer === undefined ? configured : trustedOrigin(referer, configured)
  const requests = tokenRequests(auth, sourceHttp(context, 'amocrm'), configured)
  // Under the lock from the beginning: a run that refreshes the old pair meanwhile must not put its own over ours.
  return withTokenLock(auth.tokenFile, { clock: context.clock, signal: context.signal }, async () => {
    await recoverTokens(auth.tokenFile)
    const tokens = await requests.exchange(origin, code, context.signal)
    await writeTokens(auth.tokenFile, tokens)
    return tokens
  })
}

/** Says whose account it is and what the token may do. The tokens are stored, whatever comes of it. */
async function tellAccount(amocrm: AmocrmConfig, auth: AmocrmOauth, tokens: Tokens, context: Context) {
  const { results, reporter, signal } = context
  const address = addressOfTokens(amocrm, tokens)
  const client = amocrmClient(amocrm, context)
  let rights: Finding | undefined
  let name: string | undefined
  try {
    const account = await client.account(signal)
    name = account.subdomain
    rights = await checkRights(client, account, context)
  } catch (error) {
    if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
    reporter.warn(`The tokens are stored, but the account could not be asked: ${error.message}`)
  }
  const account = visible(name ?? new URL(tokens.base_url).host)
  results.print(`Authorized: account ${account} (${tokens.base_url}). The tokens are in ${auth.tokenFile}.\n`)
  if (rights?.state === 'ok') results.print(`${rights.what}.\n`)
  for (const finding of [address, rights]) {
    if (finding === undefined || finding.state === 'ok') continue
    reporter.warn(`${finding.what}. ${finding.advice ?? ''}`)
  }
  return {
    json: {
      account: name ?? null,
      base_url: tokens.base_url,
      is_admin: rights === undefined ? null : rights.state === 'ok',
      token_file: auth.tokenFile,
    },
  }
}

/** What comes first: the promise, or Ctrl-C. */
function unlessStopped<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

/**
 * Both APIs on loopback, faithful to section 1 of the specification and to the amoCRM reference, down to the
 * unpleasant parts. `demo` and the tests stand on it, and users try their own config against it.
 */
import { type Clock, systemClock } from '../effects.js'
import { alaqanPrefix, answerAlaqan } from './alaqan/alaqan-api.js'
import { answerAmocrm, isAmocrmPath, isLimited } from './amocrm/amocrm-api.js'
import type { Integration } from './amocrm/oauth.js'
import { type IssuedTokens, tokens } from './amocrm/tokens.js'
import { type Answer, html, json, problem } from './answer.js'
import { answerClock, clockPath } from './clock-control.js'
import { type Api, type Fault, faultFinder, faulty } from './faults.js'
import { type FieldChange, withFieldChanges } from './field-changes.js'
import { userIds } from './generated/dictionaries.js'
import { generatedWorld } from './generated/generated-world.js'
import { rateLimit, type Verdict } from './rate-limit.js'
import type { SeenRequest } from './seen-request.js'
import { type Received, serve } from './server.js'
import type { World } from './world/world.js'

export { type Api, type Fault, type FaultKind, faultFromText, faultKinds } from './faults.js'
export { type FieldChange, fieldChangeFromText } from './field-changes.js'
export { type ArmTable, type ArmTables, generatedArm } from './generated/arm.js'
export type { GeneratedOptions } from './generated/generated-ground.js'
export { generatedWorld } from './generated/generated-world.js'
export { livelyEdits } from './lively-edits.js'
export { type MovableClock, movableClock, shiftedClock } from './movable-clock.js'
export type { SeenRequest } from './seen-request.js'
export { type Listed, listedWorld } from './world/listed-world.js'
export type { Passage, World } from './world/world.js'

export interface AlaqanOptions {
  /** Default `sandbox-key`. */
  readonly apiKey?: string
  /** Default null: no limit is documented. Over it: 429 in JSON. */
  readonly requestsPerSecond?: number | null
}

export interface AmocrmOptions extends Partial<Integration> {
  /** A long-lived token to accept; default one that is made and told as `Sandbox.token`. */
  readonly token?: string
  /** Default true. Off: filters on leads, contacts and companies are ignored without an error. */
  readonly filterAddOn?: boolean
  /** Default 7; null lifts all limits. */
  readonly requestsPerSecond?: number | null
  /** So many 429 within ten seconds turn into the block; default 10. */
  readonly blockAfter?: number
  /** Default 15. Every request during the block starts it anew. */
  readonly blockMinutes?: number
  /** Default true. False: `users` answers 403 and only `onlyOf`'s records are seen. */
  readonly isAdmin?: boolean
  /** The user whose token it is where it is not an admin's; default the generated account's second. */
  readonly onlyOf?: number
  /** Whether `filter[…][from|to]` include their bounds, which the vendor does not say; default true. */
  readonly inclusiveBounds?: boolean
  /** Whether `order[…]` does anything; default it does. */
  readonly order?: 'obeyed' | 'ignored'
  /** The host that the account has moved to: everything is 404 but the question where it is. */
  readonly movedTo?: string
}

/** A request that was answered. `status` is 0 where the connection was reset before any answer. */
export interface LoggedRequest extends SeenRequest {
  readonly status: number
}

export interface SandboxOptions {
  /** Default 0: any that is free. */
  readonly port?: number
  readonly host?: '127.0.0.1'
  /** For faults by chance and tokens; the world has a seed of its own. Default 1. */
  readonly seed?: number
  /** Default the real one. */
  readonly clock?: Clock
  /** Default `generatedWorld()`. */
  readonly world?: World
  readonly alaqan?: AlaqanOptions
  readonly amocrm?: AmocrmOptions
  readonly faults?: readonly Fault[]
  /** Fields that the APIs have added, dropped or changed in type. */
  readonly fieldChanges?: readonly FieldChange[]
  /** Runs before a request is answered: the place for edits that happen while somebody is reading. */
  readonly beforeRequest?: (request: SeenRequest, world: World) => void | Promise<void>
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a slash. */
  readonly url: string
  /** For `alaqan.base_url`: ends in `/api/astanahub/`. */
  readonly alaqanUrl: string
  /** For `amocrm.base_url`. */
  readonly amocrmUrl: string
  readonly apiKey: string
  /** The long-lived token. */
  readonly token: string
  readonly integration: Integration
  readonly world: World
  /** The last requests, oldest first, at most 100,000. */
  readonly requests: readonly LoggedRequest[]
  /** A code as the redirect would bring it: one use, 20 minutes. */
  authorizationCode(): string
  /** A pair of tokens, as after a person's authorization. */
  issueTokens(): IssuedTokens
  /** Every access token stops working now; refresh tokens go on. */
  expireAccessTokens(): void
  /** Everything that was issued stops working; only a new code helps. */
  revokeAccess(): void
  /** From now on the APIs differ in this from what they were, and in nothing else. */
  changeFields(changes: readonly FieldChange[]): void
  /** Stops listening and drops every connection. */
  close(): Promise<void>
}

const keptRequests = 100_000
const tenSeconds = 10_000

function apiOf(path: string): Api | undefined {
  if (path.startsWith(alaqanPrefix)) return 'alaqan'
  return isAmocrmPath(path) ? 'amocrm' : undefined
}

/** Percent-decoded where that is possible: logs and fault patterns are for people. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function refusal(verdict: Exclude<Verdict, 'pass'>, api: Api | undefined): Answer {
  if (api === 'alaqan') return json(429, { message: 'Too Many Attempts.' })
  return verdict === 'blocked' ? html(403, '403 Forbidden') : html(429, '429 Too Many Requests')
}

/** Starts both APIs on one port of the loopback interface. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { clock = systemClock, world = generatedWorld(), seed = 1, alaqan = {}, amocrm = {} } = options
  world.setClock(clock)
  const apiKey = alaqan.apiKey ?? 'sandbox-key'
  const integration: Integration = {
    clientId: amocrm.clientId ?? 'sandbox-client',
    clientSecret: amocrm.clientSecret ?? 'sandbox-secret',
    redirectUri: amocrm.redirectUri ?? 'http://127.0.0.1:8085/oauth',
  }
  const { filterAddOn = true, inclusiveBounds = true, order = 'obeyed', isAdmin = true } = amocrm
  const behaviour = {
    filterAddOn,
    inclusiveBounds,
    order,
    ...(isAdmin ? {} : { onlyOf: amocrm.onlyOf ?? userIds[1] ?? 0 }),
  }
  const amocrmLimit = rateLimit({
    requestsPerSecond: amocrm.requestsPerSecond === undefined ? 7 : amocrm.requestsPerSecond,
    blockAfter: amocrm.blockAfter ?? 10,
    blockWindowMs: tenSeconds,
    blockMs: (amocrm.blockMinutes ?? 15) * 60_000,
  })
  const alaqanLimit = rateLimit({
    requestsPerSecond: alaqan.requestsPerSecond ?? null,
    blockAfter: Number.POSITIVE_INFINITY,
    blockWindowMs: tenSeconds,
    blockMs: 0,
  })
  const findFaults = faultFinder(options.faults ?? [], seed)
  let fieldChanges = options.fieldChanges ?? []
  const requests: LoggedRequest[] = []
  let received = 0
  let origin = ''

  const answer = (request: Received, api: Api | undefined): Answer => {
    const now = clock.now()
    switch (api) {
      case 'alaqan': {
        const verdict = alaqanLimit.admit(now)
        if (verdict !== 'pass') return refusal(verdict, api)
        return answerAlaqan({ ...request, apiKey: request.headers['x-api-key'], now }, world.gate, apiKey)
      }
      case 'amocrm': {
        const verdict = isLimited(request.path) ? amocrmLimit.admit(now) : 'pass'
        if (verdict !== 'pass') return refusal(verdict, api)
        return answerAmocrm(request, world, {
          origin,
          integration,
          tokens: issued,
          behaviour,
          isAdmin,
          ...(amocrm.movedTo === undefined ? {} : { movedTo: amocrm.movedTo }),
        })
      }
      case undefined:
        if (request.path === clockPath) return answerClock(request, clock)
        return problem(404, 'The requested resource was not found.')
    }
  }

  const server = await serve(options.port ?? 0, options.host ?? '127.0.0.1', async request => {
    received += 1
    const api = apiOf(request.path)
    const query = decoded(request.search)
    const seen: SeenRequest = { n: received, api, method: request.method, path: request.path, query }
    await options.beforeRequest?.(seen, world)
    const faults = findFaults({
      n: seen.n,
      api,
      pathAndQuery: query === '' ? request.path : `${request.path}?${query}`,
    })
    for (const fault of faults) {
      if (fault.kind === 'slow') await clock.sleep(fault.latencyMs ?? 1000)
    }
    const kinds = faults.map(fault => fault.kind)
    const isReset = kinds.includes('reset')
    const good = isReset ? undefined : withFieldChanges(fieldChanges, request.path, answer(request, api))
    const given = good && kinds.reduce((result, kind) => faulty(kind, api, result), good)
    requests.push({ ...seen, status: given?.status ?? 0 })
    if (requests.length > keptRequests) requests.splice(0, requests.length - keptRequests)
    if (!given) return { kind: 'reset' }
    const dated = { ...given, headers: { date: new Date(clock.now()).toUTCString(), ...given.headers } }
    return { kind: kinds.includes('reset-mid-body') ? 'half' : 'whole', answer: dated, n: seen.n }
  })
  origin = server.origin
  const issued = tokens(seed, clock, () => new URL(origin).host, amocrm.token)

  return {
    url: origin,
    alaqanUrl: origin + alaqanPrefix,
    amocrmUrl: origin,
    apiKey,
    token: issued.longLived,
    integration,
    world,
    requests,
    authorizationCode: issued.newCode,
    issueTokens: issued.issue,
    expireAccessTokens: issued.expireAccessTokens,
    revokeAccess: issued.revokeAll,
    changeFields: changes => {
      fieldChanges = changes
    },
    close: server.close,
  }
}

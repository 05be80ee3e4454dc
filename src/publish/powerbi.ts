/** Power BI: the dataset is refreshed, and its end is waited for. */
import { z } from 'zod'
import type { PowerbiConfig } from '../config/config.js'
import { UnavailableError, UsageError } from '../errors.js'
import { placeId } from '../place-id.js'
import type { PublishEffects, Publisher } from './publisher.js'
import { type ServiceAnswer, serviceAt } from './service.js'

const tokenSchema = z.object({ access_token: z.string().min(1) })
const refreshSchema = z.object({
  requestId: z.string().optional(),
  /** Unknown: under way. */
  status: z.string(),
  serviceExceptionJson: z.string().nullish(),
})
const refreshesSchema = z.object({ value: z.array(refreshSchema) })
const errorSchema = z.object({
  error: z.object({ code: z.string().optional(), message: z.string().optional() }),
})
const exceptionSchema = z.object({ errorCode: z.string().optional() })

const pollEveryMs = 15_000
/** Tokens live for an hour at least; a new one costs nothing. */
const tokenLifeMs = 45 * 60_000
/** A refresh is in the history a moment after it was asked for. */
const recentRefreshes = 10

export function powerbiPublisher(config: PowerbiConfig, effects: PublishEffects): Publisher {
  const { workspaceId, datasetId, waitMinutes, apiUrl } = config
  const { clock, reporter } = effects
  const service = serviceAt({
    ...effects,
    ...{ name: 'Power BI', url: apiUrl, credential: 'publish.powerbi.client_secret' },
  })
  const dataset = `/v1.0/myorg/groups/${workspaceId}/datasets/${datasetId}`

  /** The history of refreshes; undefined where it cannot be had at the moment, which ends no refresh. */
  const history = async (
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<z.output<typeof refreshesSchema>['value'] | undefined> => {
    const path = `${dataset}/refreshes?$top=${recentRefreshes}`
    try {
      const read = refreshesSchema.safeParse((await service({ method: 'GET', path, headers }, signal)).json)
      return read.success ? read.data.value : undefined
    } catch (error) {
      if (error instanceof UnavailableError && error.code === 'publish_unavailable') return undefined
      throw error
    }
  }

  const ended = async (
    requestId: string | undefined,
    first: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<void> => {
    let headers = first
    let authorizedAt = clock.now()
    const deadline = clock.now() + waitMinutes * 60_000
    for (;;) {
      if (clock.now() - authorizedAt >= tokenLifeMs) {
        headers = await authorized(config, effects, signal)
        authorizedAt = clock.now()
      }
      const value = (await history(headers, signal)) ?? []
      const ours = requestId === undefined ? value[0] : value.find(each => each.requestId === requestId)
      if (ours && ours.status !== 'Unknown' && ours.status !== 'InProgress' && ours.status !== 'NotStarted') {
        if (ours.status === 'Completed') return
        throw refreshFailed(ours)
      }
      if (clock.now() >= deadline) {
        throw new UnavailableError(
          'publish_unavailable',
          `Power BI was still refreshing the dataset after ${waitMinutes} minutes.`,
          { advice: 'Look into the history of its refreshes, or wait longer: publish.powerbi.wait_minutes.' },
        )
      }
      await clock.sleep(Math.min(pollEveryMs, Math.max(0, deadline - clock.now())), signal)
    }
  }

  return {
    kind: 'powerbi',
    place: `the dataset ${datasetId} of Power BI`,
    id: placeId('powerbi', [workspaceId, datasetId, apiUrl]),
    refreshes: 'changes',
    publish: async (_changed, signal) => {
      const headers = await authorized(config, effects, signal)
      const asked = await service(
        {
          ...{ method: 'POST', path: `${dataset}/refreshes`, headers, accept: [400, 429] },
          // A service principal gets no mail, so another option would be refused.
          json: { notifyOption: 'NoNotification' },
        },
        signal,
      )
      if (asked.status === 429) throw quotaIsUp()
      if (asked.status === 400) {
        if (!isUnderWay(asked)) throw refused(asked)
        reporter.info('Power BI is refreshing the dataset already; its end is waited for first.')
        if (waitMinutes > 0) await ended(undefined, headers, signal)
        // What was read before our tables changed must not pass for new.
        throw new UnavailableError(
          'publish_unavailable',
          'Power BI was refreshing the dataset already, perhaps with what it was before.',
          { advice: 'It is refreshed again at the next run; to do so sooner: hubdwh publish.' },
        )
      }
      if (waitMinutes === 0) return 'a refresh was asked for'
      await ended(requestIdOf(asked), headers, signal)
      return 'the dataset was refreshed'
    },
    probe: async signal => {
      const headers = await authorized(config, effects, signal)
      const path = `${dataset}/refreshes?$top=1`
      const { json } = await service({ method: 'GET', path, headers }, signal)
      const read = refreshesSchema.safeParse(json)
      if (!read.success) throw notUnderstood()
      const newest = read.data.value[0]
      return newest
        ? `its last refresh: ${newest.status === 'Unknown' ? 'under way' : newest.status}`
        : 'was never refreshed'
    },
  }
}

/** A token of the application itself: no person has to sign in. */
async function authorized(
  { tenantId, clientId, clientSecret, loginUrl }: PowerbiConfig,
  effects: PublishEffects,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const login = serviceAt({
    ...effects,
    ...{ name: 'Microsoft Entra', url: loginUrl, credential: 'publish.powerbi.client_secret' },
  })
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: 'https://analysis.windows.net/powerbi/api/.default',
  }
  const { json } = await login({ method: 'POST', path: `/${tenantId}/oauth2/v2.0/token`, form }, signal)
  const read = tokenSchema.safeParse(json)
  if (!read.success) throw notUnderstood()
  effects.keepSecret([read.data.access_token])
  return { authorization: `Bearer ${read.data.access_token}` }
}

/** The last part of where the refresh can be looked at. */
function requestIdOf({ headers }: ServiceAnswer): string | undefined {
  const last = headers.location?.split(/[?#]/, 1)[0]?.split('/').at(-1)
  return last || headers.requestid || headers['x-ms-request-id'] || undefined
}

function isUnderWay({ json }: ServiceAnswer): boolean {
  const read = errorSchema.safeParse(json)
  return read.success && /already executing|in progress/i.test(read.data.error.message ?? '')
}

function isOverQuota({ json }: ServiceAnswer): boolean {
  const read = errorSchema.safeParse(json)
  const { code = '', message = '' } = read.success ? read.data.error : {}
  return /limit|quota/i.test(code) || /limit|quota/i.test(message)
}

function refused(asked: ServiceAnswer): UnavailableError | UsageError {
  if (isOverQuota(asked)) return quotaIsUp()
  const read = errorSchema.safeParse(asked.json)
  const { code, message } = read.success ? read.data.error : {}
  return new UsageError(
    'publish_refused',
    `Power BI refuses to refresh the dataset: ${message ?? code ?? 'it does not say why'}.`,
    {
      advice: 'Refresh it in Power BI by hand once: it says there what is missing, then try: hubdwh publish.',
    },
  )
}

function quotaIsUp(): UnavailableError {
  return new UnavailableError(
    'publish_quota',
    "Power BI's refreshes of today are used up: a shared capacity allows 8 in 24 hours, scheduled ones included.",
    {
      advice:
        'It is tried again at the next run. Run amoCRM less often, take scheduled refreshes away, or move the workspace to a Premium capacity.',
    },
  )
}

function refreshFailed({ status, serviceExceptionJson }: z.output<typeof refreshSchema>): UnavailableError {
  let code: string | undefined
  try {
    code = exceptionSchema.parse(JSON.parse(serviceExceptionJson ?? '')).errorCode
  } catch {
    // It need not say anything.
  }
  return new UnavailableError(
    'publish_unavailable',
    `Power BI's refresh of the dataset ended with ${status}${code === undefined ? '' : ` (${code})`}.`,
    { advice: 'Look into the history of its refreshes; often the gateway or its credentials are the cause.' },
  )
}

function notUnderstood(): UnavailableError {
  return new UnavailableError('publish_unavailable', 'Power BI answered in a way that is not known.', {
    advice: 'Check login_url and api_url under publish.powerbi; if they are right, report it.',
  })
}

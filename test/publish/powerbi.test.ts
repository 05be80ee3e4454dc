import { afterEach, describe, expect, it } from 'vitest'
import type { PowerbiConfig } from '../../src/config/config.js'
import { powerbiPublisher } from '../../src/publish/powerbi.js'
import { type JsonAnswer, type JsonServer, startJsonServer } from './json-server.js'
import { changed, type Opened, withPublisher } from './opened-publisher.js'

const tenant = '10000000-0000-0000-0000-000000000001'
const workspace = '20000000-0000-0000-0000-000000000002'
const dataset = '30000000-0000-0000-0000-000000000003'
const secret = 'an-invented-client-secret'
const token = 'an-invented-access-token'
const requestId = '87f31ef7-1e3a-4006-9b0b-191693e79e9e'
const refreshes = `/v1.0/myorg/groups/${workspace}/datasets/${dataset}/refreshes`

let server: JsonServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

interface Moods {
  /** The answer to a refresh that is asked for; default: accepted. */
  readonly asked?: JsonAnswer
  /** What the history says, look by look; the last stays. */
  readonly history?: readonly (readonly object[])[]
  readonly login?: JsonAnswer
}

const under = { requestId, status: 'Unknown', startTime: '2025-01-31T05:00:00Z' }
const done = { ...under, status: 'Completed', endTime: '2025-01-31T05:01:00Z' }

/** Power BI and the login before it, as their APIs are documented. */
async function powerbi({ asked, history = [[under], [done]], login }: Moods = {}): Promise<JsonServer> {
  let looks = 0
  server = await startJsonServer(({ what, headers, body }) => {
    if (what === `POST /${tenant}/oauth2/v2.0/token`) {
      if (login) return login
      const form = new URLSearchParams(body)
      const isKnown =
        form.get('grant_type') === 'client_credentials' &&
        form.get('client_secret') === secret &&
        form.get('scope') === 'https://analysis.windows.net/powerbi/api/.default'
      return isKnown
        ? { body: { token_type: 'Bearer', expires_in: 3599, access_token: token } }
        : { status: 401, body: { error: 'invalid_client', error_description: 'AADSTS7000215' } }
    }
    if (headers.authorization !== `Bearer ${token}`) return { status: 401 }
    if (what === `POST ${refreshes}`) {
      if (asked) return asked
      const isAllowed = JSON.parse(body).notifyOption === 'NoNotification'
      return isAllowed
        ? { status: 202, headers: { location: `https://api.powerbi.com${refreshes}/${requestId}` } }
        : { status: 400, body: { error: { code: 'InvalidRequest' } } }
    }
    if (what.startsWith(`GET ${refreshes}`)) {
      const value = history[Math.min(looks, history.length - 1)]
      looks += 1
      return { body: { value } }
    }
    return { status: 404 }
  })
  return server
}

function withPowerbi<T>(
  { url }: JsonServer,
  change: Partial<PowerbiConfig>,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const config: PowerbiConfig = {
    ...{ kind: 'powerbi', tenantId: tenant, clientId: tenant, clientSecret: secret },
    ...{ workspaceId: workspace, datasetId: dataset, waitMinutes: 30, loginUrl: url, apiUrl: url },
    ...change,
  }
  return withPublisher(effects => powerbiPublisher(config, effects), work)
}

const publish = (tool: JsonServer, change: Partial<PowerbiConfig> = {}): Promise<string> =>
  withPowerbi(tool, change, ({ publisher }) =>
    publisher.publish(changed('gold.amocrm_sales_funnel'), AbortSignal.timeout(60_000)),
  )

describe('Power BI', () => {
  it('refreshes the dataset, whose end is waited for', async () => {
    const tool = await powerbi({ history: [[], [under], [under], [done]] })
    await withPowerbi(tool, {}, async ({ publisher, secrets, waited }) => {
      const signal = AbortSignal.timeout(60_000)
      await expect(publisher.publish(changed('gold.x'), signal)).resolves.toBe('the dataset was refreshed')
      expect(waited()).toBe(45_000)
      expect([...secrets]).toEqual([token])
    })
  })

  it('is only asked where nobody wants to wait', async () => {
    const tool = await powerbi()
    await expect(publish(tool, { waitMinutes: 0 })).resolves.toBe('a refresh was asked for')
    expect(tool.taken().some(what => what.startsWith('GET'))).toBe(false)
  })

  it('does not take the end of another refresh for that of ours', async () => {
    const other = { requestId: 'another', status: 'Failed' }
    await expect(publish(await powerbi({ history: [[other], [under, other], [done, other]] }))).resolves.toBe(
      'the dataset was refreshed',
    )
  })

  it('whose refreshes of the day are used up says so plainly, with what to do', async () => {
    for (const asked of [
      { status: 429, body: '' },
      { status: 400, body: { error: { code: 'RefreshLimitExceeded', message: 'The limit is reached' } } },
    ]) {
      await expect(publish(await powerbi({ asked }))).rejects.toMatchObject({
        code: 'publish_quota',
        exitCode: 3,
        message: expect.stringMatching(/8 in 24 hours/),
      })
      await server?.close()
    }
  })

  it('that is refreshing already may do so with old data: it is behind until the next time', async () => {
    const message = 'Another refresh request is already executing'
    const tool = await powerbi({
      asked: { status: 400, body: { error: { code: 'InvalidRequest', message } } },
      history: [[under], [done]],
    })
    await expect(publish(tool)).rejects.toMatchObject({ code: 'publish_unavailable' })
    expect(tool.taken().filter(what => what.startsWith('GET'))).toHaveLength(2)
  })

  it('whose refresh fails tells why, as far as it says', async () => {
    const failed = {
      ...done,
      status: 'Failed',
      serviceExceptionJson: '{"errorCode":"ModelRefreshFailed_Gateway"}',
    }
    await expect(publish(await powerbi({ history: [[failed]] }))).rejects.toMatchObject({
      code: 'publish_unavailable',
      message: "Power BI's refresh of the dataset ended with Failed (ModelRefreshFailed_Gateway).",
    })
  })

  it('that does not end in time is given up', async () => {
    await withPowerbi(
      await powerbi({ history: [[under]] }),
      { waitMinutes: 2 },
      async ({ publisher, waited }) => {
        await expect(publisher.publish(changed('gold.x'), AbortSignal.timeout(60_000))).rejects.toMatchObject(
          {
            message: expect.stringMatching(/after 2 minutes/),
          },
        )
        expect(waited()).toBe(120_000)
      },
    )
  })

  it('that does not know the secret asks a person, without telling it', async () => {
    const refused = publish(await powerbi(), { clientSecret: 'another-secret' })
    await expect(refused).rejects.toMatchObject({ code: 'publish_credential_rejected', exitCode: 5 })
    await refused.catch(error => expect(`${error.message}${error.advice}`).not.toContain('another-secret'))
  })

  it('is probed without a refresh', async () => {
    const tool = await powerbi({ history: [[done]] })
    await withPowerbi(tool, {}, async ({ publisher }) => {
      await expect(publisher.probe(AbortSignal.timeout(60_000))).resolves.toBe('its last refresh: Completed')
    })
    expect(tool.taken().some(what => what === `POST ${refreshes}`)).toBe(false)
  })
})

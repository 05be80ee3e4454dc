import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type CatalogAccess, connectCatalog } from './rest-catalog.js'
import { tableRequest } from './table-request.js'

interface Reply {
  readonly status?: number
  readonly body?: unknown
}

type Answer = (request: { readonly path: string; readonly body: string } & IncomingMessage) => Reply

const servers: { close: () => void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A catalog that answers as it is told, on loopback. */
async function catalogThat(answer: Answer): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const path = request.url ?? ''
    const { status = 200, body = {} } = answer(
      Object.assign(request, { path, body: Buffer.concat(chunks).toString() }),
    )
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  servers.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

const open: CatalogAccess = { kind: 'open' }
const connect = (uri: string, access: CatalogAccess = open, warehouse = '') =>
  connectCatalog({ uri, warehouse, access })

describe('a catalog', () => {
  it('is asked under the prefix that it names, with the token', async () => {
    const asked: string[] = []
    const uri = await catalogThat(({ method, path, headers }) => {
      asked.push(`${method} ${path} ${headers.authorization}`)
      if (path.startsWith('/v1/config')) return { body: { overrides: { prefix: 'hub' }, defaults: {} } }
      return { body: { identifiers: [{ namespace: ['meta'], name: 'loads' }] } }
    })
    const catalog = await connect(uri, { kind: 'token', token: 'secret' }, 'склад 1')
    expect(await catalog.tables('meta')).toEqual(new Set(['loads']))
    expect(asked).toEqual([
      'GET /v1/config?warehouse=%D1%81%D0%BA%D0%BB%D0%B0%D0%B4%201 Bearer secret',
      'GET /v1/hub/namespaces/meta/tables Bearer secret',
    ])
  })

  it('commits several tables together only where it says so', async () => {
    const withIt = await catalogThat(() => ({
      body: { defaults: {}, overrides: {}, endpoints: ['POST /v1/{prefix}/transactions/commit'] },
    }))
    const without = await catalogThat(() => ({ body: { defaults: {}, overrides: {} } }))
    expect((await connect(withIt)).commitsTogether).toBe(true)
    expect((await connect(without)).commitsTogether).toBe(false)
  })

  it('lists tables page by page, and has none of a namespace that is not there', async () => {
    const uri = await catalogThat(({ path }) => {
      if (path.startsWith('/v1/config')) return {}
      if (path.includes('gold')) return { status: 404, body: { error: { message: 'no such namespace' } } }
      return path.includes('pageToken=2')
        ? { body: { identifiers: [{ name: 'b' }], 'next-page-token': null } }
        : { body: { identifiers: [{ name: 'a' }], 'next-page-token': '2' } }
    })
    const catalog = await connect(uri)
    expect(await catalog.tables('meta')).toEqual(new Set(['a', 'b']))
    expect(await catalog.tables('gold')).toBeUndefined()
  })

  it('may have got the table from somebody else meanwhile', async () => {
    const uri = await catalogThat(({ method }) =>
      method === 'POST' ? { status: 409, body: { error: { message: 'already exists' } } } : {},
    )
    const table = {
      schema: 'meta',
      name: 'small',
      comment: { ru: 'а', en: 'a' },
      key: [],
      partitionBy: [],
      columns: [],
    } as const
    const catalog = await connect(uri)
    await expect(catalog.createTable('meta', tableRequest(table, 'string'))).resolves.toBeUndefined()
  })

  it('gives a token for the secret of a client, which is used from then on', async () => {
    const asked: string[] = []
    const uri = await catalogThat(({ path, headers, body }) => {
      asked.push(`${path} ${headers.authorization ?? body}`)
      return path === '/v1/oauth/tokens' ? { body: { access_token: 'fresh' } } : {}
    })
    const catalog = await connect(uri, {
      kind: 'oauth2',
      clientId: 'hub',
      clientSecret: 'a+b',
      serverUri: undefined,
      scope: 'PRINCIPAL_ROLE:ALL',
    })
    expect(await catalog.pass()).toEqual({ token: 'fresh', seconds: undefined })
    expect(asked).toEqual([
      '/v1/oauth/tokens grant_type=client_credentials&client_id=hub&client_secret=a%2Bb&scope=PRINCIPAL_ROLE%3AALL',
      '/v1/config Bearer fresh',
    ])
  })

  it('that gives the client no token is told as such, with what it says of why', async () => {
    const uri = await catalogThat(() => ({
      status: 400,
      body: { error: 'invalid_scope', error_description: 'Invalid scopes: other' },
    }))
    const access = { kind: 'oauth2', clientId: 'hub', clientSecret: 's', serverUri: undefined } as const
    await expect(connect(uri, { ...access, scope: 'other' })).rejects.toMatchObject({
      code: 'catalog_refused',
      message: `${uri}/v1/oauth/tokens gives this client no token: HTTP 400, “Invalid scopes: other”.`,
      advice: expect.stringContaining('scope'),
    })
  })

  it('is asked for another token before one runs out', async () => {
    let tokens = 0
    const used: (string | undefined)[] = []
    const uri = await catalogThat(({ path, headers }) => {
      if (path !== '/v1/oauth/tokens') {
        used.push(headers.authorization)
        return path.startsWith('/v1/config') ? {} : { body: { identifiers: [] } }
      }
      tokens += 1
      return { body: { access_token: `token ${tokens}`, expires_in: tokens === 1 ? 5 : 3600 } }
    })
    const access = { kind: 'oauth2', clientId: 'hub', clientSecret: 's', serverUri: undefined } as const
    const catalog = await connect(uri, { ...access, scope: 'catalog' })
    await Promise.all([catalog.tables('meta'), catalog.tables('gold')])
    expect(used).toEqual(['Bearer token 1', 'Bearer token 2', 'Bearer token 2'])
    const pass = await catalog.pass()
    expect(pass?.token).toBe('token 2')
    expect(pass?.seconds).toBeGreaterThan(3500)
  })

  it.each([
    [
      'does not let us in',
      { status: 401, body: 'no' },
      'catalog_refused',
      /does not let this client in \(HTTP 401\)/,
    ],
    [
      'is none',
      { status: 404, body: '<html>Not here</html>' },
      'catalog_unknown',
      /There is no Iceberg REST catalog/,
    ],
    [
      "is hidden by a proxy's page",
      { body: '<html><body>Please <b>log in</b></body></html>' },
      'catalog_unusable',
      /no JSON, “Please log in”/,
    ],
    ['is another service', { body: [1] }, 'catalog_unusable', /another form than the REST specification/],
    [
      'is broken',
      { status: 500, body: { error: { message: 'database\nis gone', code: 500 } } },
      'catalog_unusable',
      /HTTP 500, “database is gone”/,
    ],
  ])('that %s is told as such', async (_, reply, code, message) => {
    const uri = await catalogThat(() => reply)
    await expect(connect(uri)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('that does not answer is unavailable', async () => {
    const uri = await catalogThat(() => ({}))
    for (const server of servers.splice(0)) server.close()
    await expect(connect(uri)).rejects.toMatchObject({
      code: 'catalog_unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('is waited for no longer than one wants', async () => {
    const stop = new AbortController()
    const uri = await catalogThat(() => {
      stop.abort(new Error('stopped'))
      return {}
    })
    const connecting = connectCatalog({ uri, warehouse: '', access: open, signal: stop.signal })
    await expect(connecting).rejects.toThrow('stopped')
  })
})

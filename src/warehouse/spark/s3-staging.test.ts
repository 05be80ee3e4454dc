import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { s3Staging } from './s3-staging.js'

/** As much of S3 as the API's documents say of putting, listing (two keys a page) and deleting objects, path style. */
async function startStorage(): Promise<{ endpoint: string; objects: Map<string, string>; stop: () => void }> {
  const objects = new Map<string, string>()
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const url = new URL(request.url ?? '', 'http://storage')
    const [, bucket, ...parts] = decodeURIComponent(url.pathname).split('/')
    const signed = request.headers.authorization ?? ''
    if (bucket === 'mute') response.writeHead(501).end()
    else if (bucket !== 'hub' || !signed.startsWith('AWS4-HMAC-SHA256 Credential=key/')) {
      response.writeHead(403, { 'content-type': 'application/xml' })
      response.end('<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>')
    } else if (request.method === 'PUT') {
      objects.set(parts.join('/'), Buffer.concat(chunks).toString())
      response.writeHead(200, { etag: '"1"' }).end()
    } else if (request.method === 'DELETE') {
      objects.delete(parts.join('/'))
      response.writeHead(204).end()
    } else {
      const prefix = url.searchParams.get('prefix') ?? ''
      const after = url.searchParams.get('continuation-token') ?? ''
      const keys = [...objects.keys()].filter(key => key.startsWith(prefix) && key > after).sort()
      const page = keys.slice(0, 2)
      const more = keys.length > 2 ? `<NextContinuationToken>${page[1]}</NextContinuationToken>` : ''
      const contents = page.map(key => `<Contents><Key>${key}</Key></Contents>`).join('')
      response.writeHead(200, { 'content-type': 'application/xml' })
      response.end(
        `<?xml version="1.0"?><ListBucketResult><IsTruncated>${keys.length > 2}</IsTruncated>${contents}${more}</ListBucketResult>`,
      )
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}`, objects, stop: () => server.close() }
}

let storage: Awaited<ReturnType<typeof startStorage>>
let folder: string
beforeEach(async () => {
  storage = await startStorage()
  folder = await mkdtemp(join(tmpdir(), 'hubdwh-s3-'))
})
afterEach(async () => {
  storage.stop()
  await rm(folder, { recursive: true, force: true })
})

const stagingIn = (bucket: string) =>
  s3Staging({
    bucket,
    prefix: 'staging/day',
    access: {
      endpoint: storage.endpoint,
      region: 'us-east-1',
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      isPathStyle: true,
    },
  })

describe('staging in storage that speaks S3', () => {
  it('puts files where Spark reads them, and takes away what belongs to a name and to a session', async () => {
    const area = await stagingIn('hub').openArea()
    await writeFile(join(folder, 'rows'), 'rows')
    const address = await area.put('rows.parquet', join(folder, 'rows'))
    expect(address).toMatch(/^s3a:\/\/hub\/staging\/day\/session-.*\/rows\.parquet$/)
    const key = address.slice('s3a://hub/'.length)
    expect(storage.objects.get(key)).toBe('rows')
    // What Spark writes into a folder.
    const made = area.folder('scope-1').slice('s3a://hub/'.length)
    for (const part of ['_SUCCESS', 'part-0', 'part-1']) storage.objects.set(`${made}/${part}`, '')
    storage.objects.set('staging/day/theirs/part-0', '')
    await area.remove(area.folder('scope-1'))
    expect([...storage.objects.keys()].sort()).toEqual([key, 'staging/day/theirs/part-0'].sort())
    await area.clear()
    expect([...storage.objects.keys()]).toEqual(['staging/day/theirs/part-0'])
  })

  it('removes what dead processes of this machine have left', async () => {
    const here = hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')
    const left = `staging/day/session-${here}-4194999-1/scope-1/part-0`
    storage.objects.set(left, '').set('staging/day/session-elsewhere-4194999-1/part-0', '')
    await stagingIn('hub').removeLeftovers()
    expect([...storage.objects.keys()]).toEqual(['staging/day/session-elsewhere-4194999-1/part-0'])
  })

  it('that refuses the keys is unavailable, and the message says why', async () => {
    const area = await stagingIn('theirs').openArea()
    await expect(area.putText('mark', 'x')).rejects.toMatchObject({
      code: 'staging_unreachable',
      message: 'The staging s3://theirs/staging/day cannot be used: Access Denied.',
    })
  })

  it('that refuses without a word is told with its status', async () => {
    const area = await stagingIn('mute').openArea()
    await expect(area.putText('mark', 'x')).rejects.toMatchObject({
      message: 'The staging s3://mute/staging/day cannot be used: it answers HTTP 501 without a word.',
    })
  })
})

/** A receiver of signed notices, on loopback: it takes what is signed with the key, fresh, and not twice. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import type { Clock } from '../../src/effects.js'

export const webhookSecret = 'a-key-of-a-webhook-that-is-long-enough'
export const webhookPath = '/services/T000/s3cr3t-path-of-the-hook'

const noticeSchema = z.object({
  version: z.literal(1),
  id: z.string(),
  kind: z.string(),
  severity: z.string(),
  causes: z.array(z.string()),
  title: z.string(),
  text: z.string(),
  commands: z.array(z.string()),
  language: z.string(),
  at: z.iso.datetime(),
})
export type ReceivedNotice = z.infer<typeof noticeSchema>

export interface WebhookServer {
  readonly url: string
  readonly notices: ReceivedNotice[]
  /** Requests as they came. */
  readonly received: { readonly headers: IncomingHttpHeaders; readonly body: string }[]
  /** Statuses of the next answers; `hang` gives none. Then whatever the signature deserves. */
  readonly moods: (number | 'hang')[]
  close(): Promise<void>
}

export async function startWebhook(clock: Clock): Promise<WebhookServer> {
  const notices: ReceivedNotice[] = []
  const received: WebhookServer['received'] = []
  const moods: WebhookServer['moods'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString()
      received.push({ headers: request.headers, body })
      const mood = moods.shift()
      if (mood === 'hang') return
      const status = mood ?? (request.url === webhookPath ? verdict(request.headers, body, clock) : 404)
      if (status === 200) notices.push(noticeSchema.parse(JSON.parse(body)))
      response
        .writeHead(status, { location: 'http://127.0.0.1:9/' })
        .end(status === 200 ? 'ok' : '<html></html>')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}${webhookPath}`,
    notices,
    received,
    moods,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What docs/notices.md tells a receiver to do. */
export function verdict(headers: IncomingHttpHeaders, body: string, clock: Clock): number {
  const timestamp = String(headers['x-hubdwh-timestamp'])
  const wanted = `sha256=${createHmac('sha256', webhookSecret).update(`${timestamp}.${body}`).digest('hex')}`
  const given = String(headers['x-hubdwh-signature'])
  const isGenuine = given.length === wanted.length && timingSafeEqual(Buffer.from(given), Buffer.from(wanted))
  const isFresh = Math.abs(clock.now() / 1000 - Number(timestamp)) <= 300
  return isGenuine && isFresh ? 200 : 401
}

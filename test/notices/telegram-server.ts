/** A server that behaves as the Bot API's documentation says, on loopback. */
import { createServer, type ServerResponse } from 'node:http'
import { z } from 'zod'

export const botToken = '123456789:AAErDdUEoaKYRXrDRyZEdkEmcJsOtokenX'
export const chatId = '-1001234567890'

const parametersSchema = z.object({
  chat_id: z.union([z.string(), z.number()]).transform(String).optional(),
  text: z.string().optional(),
  parse_mode: z.string().optional(),
})

/** How it answers: `wait` is 429 with so many seconds, `page` HTML as a proxy's, `hang` nothing at all. */
export type Mood = 'well' | 'page' | 'fault' | 'hang' | 'migrated' | 'kicked' | { readonly wait: number }

export interface TelegramServer {
  readonly url: string
  /** Texts that the chat has seen, as a person reads them. */
  readonly messages: string[]
  /** The same as they were sent. */
  readonly sources: string[]
  /** Moods of the next requests; then it is well. */
  readonly moods: Mood[]
  readonly requests: () => number
  close(): Promise<void>
}

export async function startTelegram(): Promise<TelegramServer> {
  const messages: string[] = []
  const sources: string[] = []
  const moods: Mood[] = []
  let requests = 0
  const answer = (path: string, body: string, response: ServerResponse): void => {
    const send = (status: number, value: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    const refuse = (status: number, description: string, parameters?: object) =>
      send(status, { ok: false, error_code: status, description, ...(parameters ? { parameters } : {}) })
    const mood = moods.shift() ?? 'well'
    if (mood === 'hang') return
    if (mood === 'page') {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Blocked</body></html>')
      return
    }
    if (mood === 'fault') return void refuse(502, 'Bad Gateway')
    const [, token, method] = /^\/bot([^/]+)\/(\w+)$/.exec(path) ?? []
    if (token !== botToken) return void refuse(401, 'Unauthorized')
    if (mood === 'kicked') return void refuse(403, 'Forbidden: bot was kicked from the supergroup chat')
    if (mood === 'migrated') {
      return void refuse(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: -1009876543210,
      })
    }
    if (typeof mood === 'object') {
      const description = `Too Many Requests: retry after ${mood.wait}`
      return void refuse(429, description, { retry_after: mood.wait })
    }
    if (method === 'getMe') {
      const result = { id: 123456789, is_bot: true, first_name: 'Hub', username: 'invented_hub_bot' }
      return void send(200, { ok: true, result })
    }
    const { chat_id, text = '', parse_mode } = parametersSchema.parse(JSON.parse(body))
    if (chat_id !== chatId) return void refuse(400, 'Bad Request: chat not found')
    if (method === 'getChat') return void send(200, { ok: true, result: { id: chatId, type: 'supergroup' } })
    if (text.trim() === '') return void refuse(400, 'Bad Request: message text is empty')
    const read = parse_mode === 'HTML' ? shown(text) : text
    if (read === undefined) return void refuse(400, "Bad Request: can't parse entities")
    if (read.length > 4096) return void refuse(400, 'Bad Request: message is too long')
    messages.push(read)
    sources.push(text)
    send(200, { ok: true, result: { message_id: messages.length } })
  }
  const server = createServer((request, response) => {
    requests += 1
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(Buffer.from(chunk)))
    request.on('end', () => answer(request.url ?? '', Buffer.concat(chunks).toString(), response))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    messages,
    sources,
    moods,
    requests: () => requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"' }

/** What a person reads; undefined where the HTML is not what Telegram takes. */
function shown(html: string): string | undefined {
  const open: string[] = []
  let read = ''
  for (const [piece] of html.matchAll(/<\/?[a-z]+>|&[a-z]+;|[\s\S]/g)) {
    const [, close, tag] = /^<(\/?)([a-z]+)>$/.exec(piece) ?? []
    if (tag !== undefined) {
      if (!['b', 'i', 'u', 's', 'code', 'pre'].includes(tag)) return undefined
      if (close === '') open.push(tag)
      else if (open.pop() !== tag) return undefined
    } else if (piece === '<' || piece === '>' || piece === '&') return undefined
    else if (piece.length > 1 && piece.startsWith('&')) {
      const character = entities[piece]
      if (character === undefined) return undefined
      read += character
    } else read += piece
  }
  return open.length === 0 ? read : undefined
}

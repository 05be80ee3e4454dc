import { createHmac } from 'node:crypto'

/** Lower-case hex of HMAC-SHA256 over `<timestamp>.<body>`: an old message with a new time does not fit. */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
}

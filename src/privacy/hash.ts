import { createHmac } from 'node:crypto'

/**
 * The hash that stands for a personal value (decisions "Masking"): lower-case hex of HMAC-SHA256 over the UTF-8
 * value. It is computed here and never in SQL, so that the key is in no statement, function or setting.
 */
export function maskingHash(key: string, value: string): string {
  return createHmac('sha256', key).update(value, 'utf8').digest('hex')
}

/** Tells one masking key from another without telling anything else about it; '' without a key. */
export function keyFingerprint(key: string | undefined): string {
  return key === undefined ? '' : maskingHash(key, 'hubdwh masking key fingerprint').slice(0, 16)
}

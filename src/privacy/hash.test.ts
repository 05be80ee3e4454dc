import { expect, it } from 'vitest'
import { keyFingerprint, maskingHash } from './hash.js'

it('the masking hash is HMAC-SHA256 in lower-case hex, as of RFC 4231, test case 2', () => {
  expect(maskingHash('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

it('the fingerprint of a key tells keys apart and not the key', () => {
  expect(keyFingerprint('one key')).not.toBe(keyFingerprint('another key'))
  expect(keyFingerprint('one key')).toMatch(/^[0-9a-f]{16}$/)
  expect(keyFingerprint(undefined)).toBe('')
})

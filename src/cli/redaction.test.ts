import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRedaction } from './redaction.js'

function redactionOf(...secrets: string[]) {
  const redaction = createRedaction()
  redaction.add(secrets)
  return redaction
}

describe('redaction', () => {
  it('removes a secret wherever it stands', () => {
    const { redact } = redactionOf('s3cr3t-key')
    expect(redact('GET /?key=s3cr3t-key: s3cr3t-key')).toBe('GET /?key=***: ***')
  })

  it('takes regular expression signs as they are', () => {
    expect(redactionOf('a.b*c$(').redact('a.b*c$( axbbc')).toBe('*** axbbc')
  })

  it('removes the longer of two secrets that begin alike', () => {
    expect(redactionOf('secret', 'secret-longer').redact('secret-longer')).toBe('***')
  })

  it('learns further secrets', () => {
    const redaction = redactionOf('first-secret')
    redaction.add(['second-secret'])
    expect(redaction.redact('first-secret second-secret')).toBe('*** ***')
  })

  it('leaves everything where no secret is known', () => {
    expect(redactionOf('').redact('nothing')).toBe('nothing')
  })

  const secret = fc.string({ unit: fc.constantFrom(...'abcXYZ019+/=& %"\\ж'), minLength: 8, maxLength: 60 })
  it('removes every encoded form', () => {
    fc.assert(
      fc.property(secret, fc.string({ maxLength: 5 }), (value, around) => {
        const { redact } = redactionOf(value)
        expect(redact(`x ${value}`)).not.toContain(value)
        const url = encodeURIComponent(value)
        expect(redact(`?key=${url}&`)).not.toContain(url)
        expect(redact(JSON.stringify({ key: value }))).not.toContain(JSON.stringify(value).slice(1, -1))
        const encoded = redact(Buffer.from(`${around}${value}:x`).toString('base64'))
        expect(Buffer.from(encoded.replaceAll('*', ''), 'base64').toString()).not.toContain(value)
      }),
    )
  })
})

/** Removes known secrets from text. Secrets can become known as the program goes (the configuration, OAuth). */
export interface Redaction {
  add(secrets: Iterable<string>): void
  /** The text with every known secret, as it is or encoded, replaced by `***`. */
  redact(text: string): string
}

export function createRedaction(): Redaction {
  const forms = new Set<string>()
  let pattern: RegExp | undefined
  return {
    add(secrets) {
      for (const secret of secrets) for (const form of formsOf(secret)) forms.add(form)
      // The longest first: one secret can be the beginning of another.
      const longestFirst = [...forms].sort((a, b) => b.length - a.length)
      pattern = forms.size > 0 ? new RegExp(longestFirst.map(escapeForRegExp).join('|'), 'g') : undefined
    },
    redact: text => (pattern ? text.replaceAll(pattern, '***') : text),
  }
}

/** Of a shorter secret the encoded forms are so short that they would hit innocent text. */
const leastForEncoded = 6

/** How a secret can stand in an address, a JSON text, a shell's quotes or a Basic header. */
function formsOf(secret: string): string[] {
  if (secret === '') return []
  if (secret.length < leastForEncoded) return [secret]
  const url = encodeURIComponent(secret.toWellFormed())
  const forms = [secret, url, url.replaceAll('%20', '+'), JSON.stringify(secret).slice(1, -1)]
  return [...forms, ...base64Forms(secret)]
}

/**
 * What of base64 does not depend on what stands before and after the secret: inside another text (`id:secret`) it
 * can start at any of three places of a group, and its first and last letters are mixed with its neighbours.
 */
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret)
  return [0, 1, 2].flatMap(before => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const core = encoded.slice(Math.ceil((before * 8) / 6), whole)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function escapeForRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The claims of a JWT, unverified: they only tell where else to ask, and until when it is good. */
export function claimsOf(accessToken: string): unknown {
  try {
    return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Connections that cannot be made safe: whoever answers is not known, or speaks no TLS. */
import { messageOf } from './errors.js'

/** What to do where an authority of one's own has signed the certificate, as part of a sentence. */
export const ownAuthority = 'a certificate of your own authority is named by NODE_EXTRA_CA_CERTS'

/** Whether a connection failed because of a certificate, or since only one side speaks TLS. */
export function isAboutCertificate(error: unknown): boolean {
  return /certificate|wrong version number|self-signed|altnames/i.test(messageOf(error))
}

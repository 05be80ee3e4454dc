/**
 * The authorities whose certificates this program trusts, for DuckDB: that knows the system's alone, and no environment
 * variable tells it more.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'

let made: string | undefined

/**
 * A file with Node's own authorities and those of NODE_EXTRA_CA_CERTS, gone when the process ends.
 * @param extra the file that the variable names
 * @returns undefined where it names none, or one that Node cannot read either and has said so
 */
export function authoritiesFile(extra = process.env.NODE_EXTRA_CA_CERTS): string | undefined {
  if (!extra || made !== undefined) return made
  let own: string
  try {
    own = readFileSync(extra, 'utf8')
  } catch {
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'hubdwh-authorities-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  made = join(folder, 'authorities.pem')
  writeFileSync(made, [own, ...rootCertificates, ''].join('\n'))
  return made
}

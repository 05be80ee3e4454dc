import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { expect, it } from 'vitest'
import { authoritiesFile } from './authorities.js'

it('one’s own authority is trusted beside all others', async () => {
  expect(authoritiesFile('')).toBeUndefined()
  expect(authoritiesFile('/not/here.pem')).toBeUndefined()
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-test-'))
  try {
    const own = join(folder, 'own.pem')
    await writeFile(own, 'an authority of ours')
    const file = authoritiesFile(own) ?? ''
    const text = await readFile(file, 'utf8')
    expect(text).toContain('an authority of ours\n')
    expect(text).toContain(rootCertificates[0])
    expect(authoritiesFile(own)).toBe(file)
    await rm(dirname(file), { recursive: true })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

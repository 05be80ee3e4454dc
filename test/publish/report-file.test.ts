import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { openPublishedHub, type PublishedHub } from './published-hub.js'

let hub: PublishedHub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

it('the report is made at every run, as it shows how fresh the data are, for those who may read it', async () => {
  hub = await openPublishedHub(['report: {path: ./shared/report.html, language: kk, readable_by: everyone}'])
  const path = join(hub.folder, 'shared/report.html')
  expect((await hub.hubdwh('run')).exitCode).toBe(0)
  const first = await readFile(path, 'utf8')
  expect(first).toMatch(/<html[^>]* lang="kk"/)
  expect((await stat(path)).mode & 0o777).toBe(0o644)
  hub.clock.advance(3_600_000)
  // Nothing new in the tables: the report is another, and there was nothing to do.
  expect((await hub.hubdwh('run', '--skip-code')).exitCode).toBe(99)
  expect(await readFile(path, 'utf8')).not.toBe(first)
})

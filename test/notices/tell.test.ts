/** Two at once: what one has told, the other does not. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { silentReporter, systemChance } from '../../src/effects.js'
import type { CommandResult } from '../../src/notices/command-result.js'
import { tell } from '../../src/notices/tell.js'
import { movableClock } from '../../src/sandbox/sandbox.js'
import { startWebhook, webhookSecret } from './webhook-server.js'

const now = Date.parse('2025-01-31T05:00:00Z')
const result: CommandResult = {
  command: 'run',
  ended: { code: 'disk_full', exitCode: 3 },
  failures: [],
  checks: [],
  unpublished: [],
  covered: [],
  now,
  timeZone: 'Asia/Almaty',
}

it('a cause that comes up in two places at the same time is told once', async () => {
  const clock = movableClock(now)
  const server = await startWebhook(clock)
  const landing = await mkdtemp(join(tmpdir(), 'hubdwh-tell-'))
  onTestFinished(async () => {
    await server.close()
    await rm(landing, { recursive: true })
  })
  const context = {
    channels: [{ kind: 'webhook', language: 'en', url: server.url, secret: webhookSecret }],
    landing,
    clock,
    chance: systemChance,
    reporter: silentReporter,
    signal: new AbortController().signal,
  } as const
  await Promise.all([tell(result, context), tell(result, context), tell(result, context)])
  expect(server.received).toHaveLength(1)
})

/** A publisher by itself, with a clock that waits for nobody. */
import { silentReporter } from '../../src/effects.js'
import type { PublishEffects, Publisher } from '../../src/publish/publisher.js'
import { movableClock } from '../../src/sandbox/sandbox.js'
import { withTransport } from '../../src/sources/http/transport.js'

const now = Date.parse('2025-01-31T05:00:00Z')

/** Marts that changed a moment ago. */
export function changed(...names: readonly string[]) {
  return names.map(name => ({ name, changedAt: now - 1000 }))
}

export interface Opened {
  readonly publisher: Publisher
  /** What was named a secret. */
  readonly secrets: Set<string>
  readonly said: string[]
  /** Milliseconds that were slept. */
  readonly waited: () => number
}

export async function withPublisher<T>(
  open: (effects: PublishEffects) => Publisher,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  const clock = movableClock(now)
  const secrets = new Set<string>()
  const said: string[] = []
  return withTransport(transport =>
    work({
      publisher: open({
        clock,
        transport,
        reporter: { ...silentReporter, info: message => said.push(message) },
        keepSecret: more => {
          for (const secret of more) secrets.add(secret)
        },
      }),
      secrets,
      said,
      waited: () => clock.now() - now,
    }),
  )
}

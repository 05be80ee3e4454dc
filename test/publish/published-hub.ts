/** An installation with one lead and one day at the gate, whose marts are published somewhere. */
import { listedWorld, type World } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, iins, lead } from '../runs/invented-account.js'

export interface PublishedHub extends Hub {
  /** What `hubdwh publish` says of each place. */
  publish(
    ...argv: readonly string[]
  ): Promise<{ readonly exitCode: number; readonly err: string; readonly places: unknown }>
}

export function smallAccount(): World {
  return listedWorld({
    leads: [lead({ id: 1, price: 10 }), lead({ id: 2, price: 20 })],
    visits: { '2025-01-30': gateDay(iins) },
  })
}

/** @param items of `publish:`, each as YAML in one line */
export async function openPublishedHub(
  items: readonly string[],
  { world = smallAccount(), env = {} }: { world?: World; env?: Readonly<Record<string, string>> } = {},
): Promise<PublishedHub> {
  const hub = await openHub({ world, now: '2025-01-31T05:00:00Z', startDate: '2025-01-30', env })
  await hub.configure(text => `${text}publish:\n${items.map(item => `  - ${item}\n`).join('')}`)
  return {
    ...hub,
    publish: async (...argv) => {
      const { exitCode, err, json } = await hub.hubdwh('publish', '--json', ...argv)
      return { exitCode, err, places: json.published }
    },
  }
}

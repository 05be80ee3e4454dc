import { afterEach, describe, expect, it } from 'vitest'
import { listedWorld, movableClock, type Sandbox, startSandbox } from './sandbox.js'

let sandbox: Sandbox | undefined
afterEach(() => sandbox?.close())

const start = async () => {
  const clock = movableClock('2025-02-01T03:00:00Z')
  sandbox = await startSandbox({ clock, world: listedWorld({}) })
  return { url: `${sandbox.url}/sandbox/clock`, clock }
}
const move = (url: string, body: string) => fetch(url, { method: 'POST', body })

describe("the sandbox's clock", () => {
  it('is moved by so many seconds', async () => {
    const { url, clock } = await start()
    const answer = await move(url, '{"advance_seconds": 86400}')
    expect(await answer.json()).toEqual({ now: '2025-02-02T03:00:00.000Z' })
    expect(clock.now()).toBe(Date.parse('2025-02-02T03:00:00Z'))
  })

  it('is put to an instant, also back', async () => {
    const { url } = await start()
    expect(await (await move(url, '{"now": "2025-01-01T00:00:00Z"}')).json()).toEqual({
      now: '2025-01-01T00:00:00.000Z',
    })
  })

  it('dates every answer', async () => {
    const { url } = await start()
    expect((await fetch(url)).headers.get('date')).toBe('Sat, 01 Feb 2025 03:00:00 GMT')
  })

  it('stays where it is when what is sent makes no sense', async () => {
    const { url, clock } = await start()
    for (const body of ['', 'tomorrow', '{"advance_seconds": "1"}', '{"now": "tomorrow"}', '[]']) {
      expect((await move(url, body)).status).toBe(400)
    }
    expect(clock.now()).toBe(Date.parse('2025-02-01T03:00:00Z'))
  })
})

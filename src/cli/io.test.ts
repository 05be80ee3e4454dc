import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { lineOf, type Typed } from './io.js'

/** A terminal without a screen: what is written to it has been typed, and it knows whether it holds the process. */
function terminal(): {
  readonly input: Typed
  readonly type: (text: string) => void
  readonly holds: () => boolean
} {
  let holds = true
  const stream = new PassThrough()
  const input = Object.assign(stream, {
    ref: () => {
      holds = true
    },
    unref: () => {
      holds = false
    },
  })
  return { input, type: text => stream.write(text), holds: () => holds }
}

const never = new AbortController().signal

it('a second line can be waited for, and only then the process is held', async () => {
  const { input, type, holds } = terminal()
  const first = lineOf(input, never)
  type('hub\n')
  expect(await first).toBe('hub')
  await Promise.resolve()
  expect(holds()).toBe(false)
  const second = lineOf(input, never)
  expect(holds()).toBe(true)
  type('yes\n')
  expect(await second).toBe('yes')
})

it('an input that ends gives no line', async () => {
  const { input } = terminal()
  const line = lineOf(input, never)
  input.emit('end')
  expect(await line).toBeUndefined()
})

it('a signal to stop is no empty answer', async () => {
  const { input } = terminal()
  const stop = new AbortController()
  const line = lineOf(input, stop.signal)
  stop.abort(new Error('stopped'))
  await expect(line).rejects.toThrow('stopped')
})

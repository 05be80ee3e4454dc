import { expect, test } from 'vitest'
import { noTimes, shareBetween, withTimes } from './time-sample.js'

test('a sample of many times stays small, and tells their shares', () => {
  let sample = noTimes
  for (let start = 0; start < 100_000; start += 250) {
    sample = withTimes(
      sample,
      Array.from({ length: 250 }, (_, index) => start + index),
    )
  }
  expect(sample.times.length).toBeLessThan(250)
  expect(shareBetween(sample, 0, 24_999)).toBeCloseTo(0.25, 1)
  expect(shareBetween(sample, 0, 99_999)).toBe(1)
})

test('no time is between any two where none is known', () => {
  expect(shareBetween(noTimes, 0, 1)).toBe(0)
})

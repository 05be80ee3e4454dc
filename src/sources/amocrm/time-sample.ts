/** A few of many times, evenly chosen: enough to tell which share of them lies between two seconds. */
import { z } from 'zod'

export const timeSampleSchema = z.object({
  times: z.array(z.number()),
  /** One of so many is kept. */
  stride: z.number(),
  /** How many have come since the last that was kept. */
  passed: z.number(),
})
export type TimeSample = z.infer<typeof timeSampleSchema>

const most = 200

export const noTimes: TimeSample = { times: [], stride: 1, passed: 0 }

export function withTimes(sample: TimeSample, added: readonly number[]): TimeSample {
  let { times, stride, passed } = sample
  times = [...times]
  for (const time of added) {
    passed += 1
    if (passed < stride) continue
    passed = 0
    times.push(time)
    if (times.length < most) continue
    times = times.filter((_, index) => index % 2 === 0)
    stride *= 2
  }
  return { times, stride, passed }
}

/** The share, 0 to 1, of the times from one second to another, both included. */
export function shareBetween({ times }: TimeSample, from: number, to: number): number {
  if (times.length === 0) return 0
  return times.filter(time => time >= from && time <= to).length / times.length
}

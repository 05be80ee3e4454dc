import type { Progress } from '../effects.js'

/** A step under way: how far it was when it was first told, and how far it is. */
export interface Tracked {
  readonly progress: Progress
  readonly startedAt: number
  /** What was done before the first report: a step that goes on from a checkpoint has not done that now. */
  readonly doneBefore: number
}

const barWidth = 20
const secondsInHour = 3600

/** Whether everything is done, where the total is known. */
export function isComplete({ done, total }: Progress): boolean {
  return total !== undefined && done >= total
}

/**
 * One line: label, count, and at what rate and for how long still, once that can be told.
 * @param now Unix milliseconds
 */
export function progressLine(
  { progress, startedAt, doneBefore }: Tracked,
  now: number,
  { withBar = false } = {},
): string {
  const { label, done, total, unit } = progress
  const seconds = (now - startedAt) / 1000
  const rate = seconds >= 1 ? (done - doneBefore) / seconds : 0
  const parts = [total === undefined ? `${count(done)} ${unit}` : `${count(done)} / ${count(total)} ${unit}`]
  if (total !== undefined && total > 0) parts.push(`${Math.floor((Math.min(done, total) / total) * 100)} %`)
  if (rate > 0) parts.push(`${rateText(rate)} ${unit}/s`)
  if (rate > 0 && total !== undefined && done < total) parts.push(`${duration((total - done) / rate)} left`)
  const bar = withBar && total !== undefined && total > 0 ? `${barOf(done / total)} ` : ''
  return `${label}  ${bar}${parts.join(', ')}`
}

function barOf(share: number): string {
  const full = Math.floor(Math.min(1, Math.max(0, share)) * barWidth)
  return '█'.repeat(full) + '░'.repeat(barWidth - full)
}

function count(number: number): string {
  return Math.round(number).toLocaleString('en-US').replaceAll(',', ' ')
}

function rateText(rate: number): string {
  return rate >= 10 ? count(rate) : rate.toFixed(1)
}

/** `45 s`, `3 min 5 s`, `2 h 10 min` */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < secondsInHour) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / secondsInHour)} h ${Math.floor((whole % secondsInHour) / 60)} min`
}

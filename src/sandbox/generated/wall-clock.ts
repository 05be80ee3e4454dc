import type { Day } from '../../calendar.js'

/** Minutes that local time is ahead of UTC at an instant (Unix milliseconds). */
function minutesAhead(format: Intl.DateTimeFormat, instant: number): number {
  const local = Date.parse(`${format.format(instant).replace(' ', 'T')}Z`)
  return Math.round((local - instant) / 60_000)
}

function localFormat(timeZone: string): Intl.DateTimeFormat {
  // The Swedish locale writes YYYY-MM-DD HH:MM:SS.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
}

/** What the calendar and the clock on the wall show in a zone at an instant, Unix milliseconds. */
export function wallClock(instant: number, timeZone: string): { readonly day: Day; readonly time: string } {
  const [day = '', time = ''] = localFormat(timeZone).format(instant).split(' ')
  return { day, time }
}

/** The instant, Unix seconds, at which each of the days begins in the zone. */
export function dayStarts(days: readonly Day[], timeZone: string): Float64Array {
  const format = localFormat(timeZone)
  return Float64Array.from(days, day => {
    const utcMidnight = Date.parse(`${day}T00:00:00Z`)
    // Twice: the offset must be that of the local midnight, not of the UTC one some hours off.
    const nearby = utcMidnight - minutesAhead(format, utcMidnight) * 60_000
    return (utcMidnight - minutesAhead(format, nearby) * 60_000) / 1000
  })
}

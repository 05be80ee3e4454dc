/** Instants as text: ISO 8601 with the offset of a zone, microseconds where there are any. */

/** Makes the formatter of a zone (IANA). It takes microseconds since 1970 UTC. */
export function isoFormatIn(timeZone: string): (micros: bigint) => string {
  const formatter = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  return micros => {
    const fraction = Number(((micros % 1_000_000n) + 1_000_000n) % 1_000_000n)
    const seconds = (Number(micros) - fraction) / 1_000_000
    const wallClock = formatter.format(seconds * 1000)
    const offsetMinutes = (Date.parse(`${wallClock.replace(' ', 'T')}Z`) / 1000 - seconds) / 60
    const sign = offsetMinutes < 0 ? '-' : '+'
    const [hours, minutes] = [Math.floor(Math.abs(offsetMinutes) / 60), Math.abs(offsetMinutes) % 60]
    const two = (number: number) => String(Math.round(number)).padStart(2, '0')
    const decimals = fraction === 0 ? '' : `.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`
    return `${wallClock.replace(' ', 'T')}${decimals}${sign}${two(hours)}:${two(minutes)}`
  }
}

/** Rounding as gold rounds: once, half up, from exact whole numbers (decisions, "Gold"). */

/** dividend / divisor as a whole number, half away from zero; null where there is nothing to divide by. */
export function divideHalfUp(dividend: number, divisor: number): number | null {
  if (divisor === 0) return null
  const [above, below] = [BigInt(Math.abs(dividend)), BigInt(Math.abs(divisor))]
  const rounded = Number((2n * above + below) / (2n * below))
  return dividend < 0 !== divisor < 0 ? -rounded : rounded
}

/** `part` of `whole` in hundredths of a percent: 1 of 3 is 3333. */
export function shareOf(part: number, whole: number): number | null {
  return divideHalfUp(part * 10_000, whole)
}

/** Whether a source has become slow: its rate is not documented, and slow answers come before refusals. */

/** So many answers are judged together. */
const judgedAnswers = 10
/** Slow is several times the best that was seen … */
const slowFactor = 4
/** … and slow for anyone. Milliseconds. */
const slowForAnyone = 1_000

export type Pace = 'too_early' | 'slow' | 'fine'

export interface PaceWatch {
  /** Takes the duration of an answer, milliseconds; every tenth time it says how the source does. */
  note(milliseconds: number): Pace
}

/** Medians are compared, of ten answers each: one empty day that comes at once is no measure, one long one no alarm. */
export function createPaceWatch(): PaceWatch {
  let durations: readonly number[] = []
  let best = Number.POSITIVE_INFINITY
  return {
    note: milliseconds => {
      durations = [...durations, milliseconds]
      if (durations.length < judgedAnswers) return 'too_early'
      const median = medianOf(durations)
      durations = []
      best = Math.min(best, median)
      return median > slowForAnyone && median > slowFactor * best ? 'slow' : 'fine'
    },
  }
}

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

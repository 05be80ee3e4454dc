/**
 * Mutants that change nothing, each with the reason why no data can tell it from the model. One that is caught all
 * the same, or that no longer exists, fails, so that the list stays true.
 */
export const equivalents: ReadonlyMap<string, string> = new Map([])

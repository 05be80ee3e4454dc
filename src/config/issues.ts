import type { z } from 'zod'
import type { Path } from './yaml-tree.js'

/** A zod issue brought to what a person needs: which key, and what was expected there. */
export interface Expectation {
  readonly path: Path
  readonly expected: string
  /** The key itself should not be there; otherwise its value is wrong, or it is missing. */
  readonly isUnknownKey: boolean
}

type Issue = z.core.$ZodIssue

/** What the schema expected, one by one. */
export function expectations(issues: readonly Issue[], under: Path = []): Expectation[] {
  return issues.flatMap(issue => expectation(issue, [...under, ...issue.path.map(step)]))
}

function expectation(issue: Issue, path: Path): Expectation[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => ({ path: [...path, key], expected: '', isUnknownKey: true }))
    case 'invalid_union':
      return expectations(nearest(issue.errors), path)
    default:
      return [{ path, expected: issue.message, isUnknownKey: false }]
  }
}

/** The form that the person most probably meant: the one with the fewest mistakes; of two, the later. */
function nearest(forms: readonly (readonly Issue[])[]): readonly Issue[] {
  return forms.reduce((best, form) => (weight(form) <= weight(best) ? form : best))
}

function weight(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)
}

function step(key: PropertyKey): string | number {
  return typeof key === 'number' ? key : String(key)
}

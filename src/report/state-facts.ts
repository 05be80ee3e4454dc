/** How fresh and how sound the numbers are: what `status` finds, without its sentences, which name paths of the machine. */
import { type NextStep, stateOf } from '../pipeline/status/next-steps.js'
import type { CheckStatus, Status } from '../pipeline/status/status.js'
import { isBlocking } from '../quality/failed-checks.js'
import type { StateFacts } from './report-data.js'

const checksListed = 20

export function stateFacts({ facts }: Status, steps: readonly NextStep[]): StateFacts {
  const checks = facts?.checks ?? []
  const notPassed = checks.filter(({ status }) => status !== 'passed')
  const entities = facts?.entities ?? []
  return {
    state: stateOf(steps),
    sources: (['alaqan', 'amocrm'] as const).flatMap(source => {
      const ofSource = entities.filter(entity => entity.source === source)
      if (ofSource.length === 0) return []
      const read = ofSource.flatMap(({ readUntil }) => readUntil ?? [])
      const loaded = ofSource.flatMap(({ loadedAt }) => loadedAt ?? [])
      return [
        {
          source,
          // Some entities are newer: what holds for all of them is as old as the oldest.
          readUntil: read.length === 0 ? null : Math.min(...read),
          loadedAt: loaded.length === 0 ? null : Math.max(...loaded),
          isStale: ofSource.some(({ isStale }) => isStale),
        },
      ]
    }),
    steps: [...new Set(steps.map(({ code }) => code))].flatMap(code => {
      const same = steps.filter(step => step.code === code)
      return same[0] ? [{ code, level: same[0].level, count: same.length }] : []
    }),
    checksPassed: checks.length - notPassed.length,
    checks: [...notPassed]
      .sort((a, b) => gravity(a) - gravity(b))
      .slice(0, checksListed)
      .map(check => ({
        check: check.check,
        table: check.table,
        outcome: outcomeOf(check),
        rows: check.failingRows,
      })),
  }
}

function outcomeOf(check: CheckStatus): StateFacts['checks'][number]['outcome'] {
  if (check.status === 'accepted') return 'accepted'
  return isBlocking(check) ? 'blocked' : 'warned'
}

function gravity(check: CheckStatus): number {
  return ['blocked', 'warned', 'accepted'].indexOf(outcomeOf(check))
}

/** What `rejects` does: shows what was set aside, or reads it again. */
import type { JsonObject } from '../../json.js'
import { withWarehouse } from '../../pipeline/context.js'
import { type ReplayedRejects, replayRejects as replayEach } from '../../pipeline/replay-rejects.js'
import { type RejectGroup, rejectGroups } from '../../warehouse/rejects.js'
import type { RejectsOptions } from '../commands/rejects.js'
import type { Context } from '../context.js'
import type { Outcome } from '../session.js'
import { checkJson, showFailedChecks } from './check-results.js'
import { afterFailures, buildJson, showBuilds } from './load.js'

/** `hubdwh rejects` */
export async function showRejects(context: Context, { limit, ...filter }: RejectsOptions): Promise<Outcome> {
  const groups = await withWarehouse(context, 'read', engine => rejectGroups(engine, filter, limit))
  const { results } = context
  if (groups.length === 0) {
    results.print('Nothing is set aside: every record that was received is in its table.\n')
    return { json: { rejects: [] }, nothingToDo: true }
  }
  results.table(
    ['table', 'rule', 'records', 'first set aside', 'last'].map(name => ({ name })),
    groups.map(({ table, rule, count, firstAt, lastAt }) => [table, rule, count, firstAt, lastAt]),
  )
  for (const group of groups) results.print(examplesOf(group))
  results.print('\nWhere a mapping or a rule was changed since: hubdwh rejects --replay\n')
  return { json: { rejects: groups.map(groupJson) } }
}

function examplesOf({ table, rule, examples }: RejectGroup): string {
  if (examples.length === 0) return ''
  const lines = examples.map(
    ({ loadId, detail, record, origin }) =>
      `  ${detail}: ${record}\n    ${loadId}${origin ? `, ${origin}` : ''}\n`,
  )
  return `\n${table}, ${rule}:\n${lines.join('')}`
}

function groupJson({ table, rule, count, firstAt, lastAt, examples }: RejectGroup): JsonObject {
  return {
    table,
    rule,
    count,
    first_at: firstAt,
    last_at: lastAt,
    examples: examples.map(({ loadId, detail, record, origin, rejectedAt }) => ({
      load_id: loadId,
      detail,
      record,
      origin,
      rejected_at: rejectedAt,
    })),
  }
}

/** `hubdwh rejects --replay` */
export async function replayRejects(
  context: Context,
  { limit: _, ...filter }: RejectsOptions,
): Promise<Outcome> {
  const { rejects, builds, checks, failures } = await replayEach(context, filter)
  showReplayed(context, rejects)
  if (builds.length > 0) showBuilds(context, builds)
  showFailedChecks(context, checks)
  return afterFailures(context, failures, {
    json: {
      rejects: rejects.map(({ table, rule, passed, stayed }) => ({
        table,
        rule,
        passed,
        stayed: stayed.map(each => ({ ...each })),
      })),
      models: builds.map(buildJson),
      checks: checks.map(checkJson),
    },
    nothingToDo: rejects.every(({ passed }) => passed === 0),
  })
}

function showReplayed({ results }: Context, rejects: readonly ReplayedRejects[]): void {
  if (rejects.length === 0) {
    results.print('Nothing is set aside: there is nothing to read again.\n')
    return
  }
  results.table(
    ['table', 'rule', 'passed', 'stayed', 'why'].map(name => ({ name })),
    rejects.map(({ table, rule, passed, stayed }) => [
      table,
      rule,
      passed,
      stayed.reduce((sum, { count }) => sum + count, 0),
      stayed.map(({ count, why }) => (stayed.length > 1 ? `${count}: ${why}` : why)).join('; '),
    ]),
  )
}

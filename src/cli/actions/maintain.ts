import { maintain as carryOut, type MaintainSummary } from '../../pipeline/maintain.js'
import { qualifiedName } from '../../tables/table.js'
import type { Maintain } from '../commands/maintain.js'
import type { Context } from '../context.js'

/** `hubdwh maintain` */
export const maintain: Maintain = async (context, options) => {
  const { results } = context
  const summary = await carryOut(context, options, told => show(told, context))
  const { steps, isDone, place } = summary
  const isLeft = steps !== undefined && steps.length > 0 && !isDone && !options.isDryRun
  if (isDone) results.print('\nDone.\n')
  if (isLeft) {
    results.print(
      '\nDuckDB has no procedures for that. An engine that has them, as Spark, does it with:\n\n' +
        steps.map(({ statement }) => `${statement};\n`).join(''),
    )
  }
  return {
    json: {
      warehouse: place,
      done: isDone,
      steps: (steps ?? []).map(({ table, kind, why, statement }) => ({
        table: qualifiedName(table),
        kind,
        why,
        statement,
      })),
    },
  }
}

function show({ steps, place }: MaintainSummary, { results }: Context): void {
  if (steps === undefined) {
    results.print(`${place} is a DuckDB file, which needs no care.\n`)
    return
  }
  if (steps.length === 0) {
    results.print('Nothing to do: the tables have few files, no deletions and no old snapshots.\n')
    return
  }
  results.table(
    ['table', 'what', 'why'].map(name => ({ name })),
    steps.map(({ table, kind, why }) => [qualifiedName(table), kind.replace('_', ' '), why]),
  )
}

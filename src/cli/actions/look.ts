/** What `plan` and `sql` do: they look at the warehouse and change nothing. */
import { HubdwhError, messageOf, UsageError } from '../../errors.js'
import type { JsonValue } from '../../json.js'
import { withWarehouse } from '../../pipeline/context.js'
import { entityOf, windowOf } from '../../pipeline/load-unit.js'
import { modelFunctions } from '../../pipeline/model-settings.js'
import { planEverything } from '../../pipeline/run.js'
import type { Engine, ResultStream } from '../../warehouse/engine.js'
import type { ShowPlan } from '../commands/plan.js'
import type { RunQuery } from '../commands/sql.js'

/** `hubdwh plan` */
export const plan: ShowPlan = async (context, { source }) => {
  const { units, builds } = await planEverything(context, source)
  const loads = units.map(({ unit, reason }) => ({
    source: unit.source,
    entity: entityOf(unit),
    window: windowOf(unit),
    reason,
  }))
  context.results.table(
    ['to load', 'window', 'why'].map(name => ({ name })),
    loads.map(load => [`${load.source} ${load.entity}`, load.window, load.reason]),
  )
  if (builds.length === 0) {
    context.results.print('\nNothing waits to be rebuilt; what is loaded is rebuilt after it.\n')
  } else {
    context.results.print('\n')
    context.results.table(
      ['to rebuild', 'why'].map(name => ({ name })),
      builds.map(build => [build.model, build.why]),
    )
  }
  return { json: { loads, models: builds.map(build => ({ ...build })) } }
}

/** `hubdwh sql`. The functions of the models can be called in the query. */
export const sql: RunQuery = async (context, query, use) =>
  withWarehouse(context, 'read', async engine => {
    await engine.run((await modelFunctions(context.config, engine)).statements)
    const { columns, rows } = await asked(engine, query)
    return use({ columns: columns.map(({ name }) => ({ name })), rows: jsonRows(rows) })
  })

async function asked(engine: Engine, query: string): Promise<ResultStream> {
  try {
    return await engine.stream(query)
  } catch (error) {
    if (error instanceof HubdwhError) throw error
    const message = messageOf(error)
    const isWrite = /read-only mode|read only/i.test(message)
    throw new UsageError('query_failed', isWrite ? 'The query would write; sql only reads.' : message, {
      advice: isWrite
        ? 'Use select, from, describe, show or explain.'
        : 'Tables are bronze.…, silver.…, gold.… and meta.…: hubdwh sql "show tables from silver".',
      cause: error,
    })
  }
}

async function* jsonRows(rows: ResultStream['rows']): AsyncGenerator<readonly JsonValue[]> {
  for await (const row of rows) yield row
}

/**
 * Superset: what it keeps of answers is void for the datasets that rest on changed tables, their columns are read again, and
 * the charts of dashboards are made anew before anybody asks.
 *
 * Of what its API offers only one thing makes every chart show new numbers. A kept answer belongs to the moment at which its
 * dataset was last edited, so an edit makes all of them void, whatever filters they were asked with. `cachekey/invalidate`
 * says that it has done so and finds nothing to drop, unless an administrator has set STORE_CACHE_KEYS_IN_METADATA_DB;
 * `dataset/…/refresh` reads the columns only; `warm_up_cache` renews the one answer that a chart shows without filters.
 */
import { z } from 'zod'
import type { SupersetConfig } from '../config/config.js'
import { AuthorizationError, HubdwhError, InterruptedError, UnavailableError, UsageError } from '../errors.js'
import { isJsonObject, type JsonObject } from '../json.js'
import { placeId } from '../place-id.js'
import { allTables } from '../tables/catalogue.js'
import { qualifiedName } from '../tables/table.js'
import type { PublishEffects, Publisher } from './publisher.js'
import type { Ask, ServiceAnswer } from './service.js'
import { type SupersetSession, supersetSession, understood } from './superset-session.js'

const datasetSchema = z.object({
  id: z.number(),
  table_name: z.string(),
  schema: z.string().nullish(),
  /** Of a virtual dataset; empty where it is a table. */
  sql: z.string().nullish(),
  /** JSON as text. */
  extra: z.string().nullish(),
  database: z.object({ database_name: z.string() }),
  owners: z.array(z.object({ id: z.number() })).optional(),
})
type Dataset = z.output<typeof datasetSchema>
const datasetColumns = 'id,table_name,schema,sql,extra,database.database_name,owners.id'

const chartSchema = z.object({
  id: z.number(),
  slice_name: z.string().nullish(),
  dashboards: z.array(z.object({ id: z.number() })).nullish(),
})
type Chart = z.output<typeof chartSchema>

const warmedSchema = z.object({
  result: z.array(z.object({ viz_error: z.unknown(), viz_status: z.string().nullish() })),
})

/** Reading columns is a query; so is a chart, and there may be a slow one. */
const refreshTimeoutMs = 60_000
const chartTimeoutMs = 120_000
/** So many charts in a row without an answer: Superset itself is not well. */
const patience = 2
/** So many names are shown of a list. */
const named = 5

export function supersetPublisher(config: SupersetConfig, effects: PublishEffects): Publisher {
  const { url, database } = config
  const { clock, reporter } = effects

  const datasetsOn = async (
    session: SupersetSession,
    tables: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly Dataset[]> => {
    const question = `columns:!(${datasetColumns}),order_column:table_name,order_direction:asc`
    const listed = await session.list('/api/v1/dataset/', question, datasetSchema, signal)
    const distinct = new Map(listed.map(dataset => [dataset.id, dataset]))
    return [...distinct.values()].filter(
      dataset =>
        (database === undefined || dataset.database.database_name === database) &&
        tables.some(table => restsOn(dataset, table)),
    )
  }

  return {
    kind: 'superset',
    place: `Superset at ${url}`,
    id: placeId('superset', [url, database ?? '']),
    refreshes: 'changes',
    publish: async (changed, signal) => {
      const session = supersetSession(config, effects)
      const ours = await datasetsOn(session, tablesShown, signal)
      if (ours.length === 0) return noDatasets(config)
      const behind = ours.filter(dataset => changed.some(({ name }) => restsOn(dataset, name)))
      const { outcomes, failure } = await editEach(behind, session, () => clock.now(), signal)
      const edited = outcomes.filter(({ state }) => state === 'edited').map(({ dataset }) => dataset)
      const unread: Dataset[] = []
      for (const dataset of edited) {
        if (!(await readColumns(dataset, session, signal))) unread.push(dataset)
      }
      const warmed = await warmUpAll(edited, session, signal, (done, total) => {
        reporter.progress({ label: 'warming up charts', done, total, unit: 'charts' })
      })
      const refused = outcomes.flatMap(outcome => (outcome.state === 'refused' ? [outcome] : []))
      if (refused.length > 0) throw refusal(refused)
      if (failure) throw failure
      return [
        edited.length === 0
          ? `none of its ${counted(ours.length, 'dataset')} rests on what changed`
          : `kept answers of ${counted(edited.length, 'dataset')} are void`,
        ...(unread.length === 0 ? [] : [`columns could not be read again: ${namesOf(unread.map(nameOf))}`]),
        ...warmed,
      ].join('; ')
    },
    probe: async signal => {
      const ours = await datasetsOn(supersetSession(config, effects), tablesShown, signal)
      return ours.length === 0
        ? noDatasets(config)
        : `shows ${counted(ours.length, 'dataset')} on tables of gold and silver`
    },
  }
}

const tablesShown = allTables
  .filter(({ schema }) => schema === 'gold' || schema === 'silver')
  .map(table => qualifiedName(table))

/**
 * Whether a dataset shows rows of a table: it is the table, or its SQL names it. A word too many in an SQL text costs
 * an edit, one too few would leave old numbers on a dashboard, so the schema does not matter there.
 */
function restsOn({ schema, table_name, sql }: Dataset, table: string): boolean {
  const [, tableSchema = '', name = ''] = /^(\w+)\.(\w+)$/.exec(table) ?? []
  if (sql?.trim()) return new RegExp(`\\b${name}\\b`, 'i').test(sql)
  // DuckDB's driver puts the database in front: marts.gold, "marts"."gold".
  const own = (schema ?? '').split('.').at(-1)?.replaceAll('"', '').toLowerCase()
  return own === tableSchema && table_name.toLowerCase() === name
}

/**
 * Edits one dataset after the other. One that Superset stumbles over holds up no other; where it gives no answer twice in
 * a row, it is Superset that is down.
 * @returns `failure`: what one of them ended with
 */
async function editEach(
  datasets: readonly Dataset[],
  session: SupersetSession,
  now: () => number,
  signal: AbortSignal,
): Promise<{ readonly outcomes: readonly Edited[]; readonly failure: HubdwhError | undefined }> {
  const outcomes: Edited[] = []
  let failure: HubdwhError | undefined
  let unanswered = 0
  for (const dataset of datasets) {
    try {
      outcomes.push(await edit(dataset, session, now(), signal))
      unanswered = 0
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof UsageError)) throw error
      failure ??= error
      unanswered = error instanceof UnavailableError ? unanswered + 1 : 0
      if (unanswered >= patience) break
    }
  }
  return { outcomes, failure }
}

type Edited = { readonly dataset: Dataset; readonly state: 'edited' | 'gone' } | Refused

interface Refused {
  readonly dataset: Dataset
  readonly state: 'refused'
  /** Undefined: the user has no right to. */
  readonly why: string | undefined
}

/**
 * Notes in the dataset when its data changed: the edit is what makes kept answers void.
 * @param now Unix milliseconds
 */
async function edit(
  dataset: Dataset,
  { ask }: SupersetSession,
  now: number,
  signal: AbortSignal,
): Promise<Edited> {
  const extra = extraOf(dataset)
  if (extra === undefined) return { dataset, state: 'refused', why: 'its Extra is no JSON object' }
  const json = {
    extra: JSON.stringify({ ...extra, hubdwh: { data_changed_at: new Date(now).toISOString() } }),
    // Older versions take owners away that are not named.
    ...(dataset.owners === undefined ? {} : { owners: dataset.owners.map(({ id }) => id) }),
  }
  const path = `/api/v1/dataset/${dataset.id}`
  const answer = await ask({ method: 'PUT', path, json, accept: [403, 404, 422] }, signal)
  switch (answer.status) {
    case 404:
      return { dataset, state: 'gone' }
    case 403:
      return { dataset, state: 'refused', why: undefined }
    case 422:
      return { dataset, state: 'refused', why: reasonIn(answer) }
    default:
      return { dataset, state: 'edited' }
  }
}

function extraOf({ extra }: Dataset): JsonObject | undefined {
  if (!extra?.trim()) return {}
  try {
    const parsed: unknown = JSON.parse(extra)
    return isJsonObject(parsed) ? parsed : parsed === null ? {} : undefined
  } catch {
    return undefined
  }
}

/** @returns whether it could: a table that is not there at the moment is told and changes nothing */
async function readColumns({ id }: Dataset, { ask }: SupersetSession, signal: AbortSignal): Promise<boolean> {
  const { status } = await ask(
    {
      ...{ method: 'PUT', path: `/api/v1/dataset/${id}/refresh`, json: {}, timeoutMs: refreshTimeoutMs },
      accept: [403, 404, 422, 500],
    },
    signal,
  )
  return status < 300
}

/** Those that stand on a dashboard: a chart that nobody has placed is computed when it is opened. */
async function chartsOf(
  datasets: readonly Dataset[],
  session: SupersetSession,
  signal: AbortSignal,
): Promise<readonly Chart[]> {
  const found = new Map<number, Chart>()
  for (const { id } of datasets) {
    const filters = `!((col:datasource_id,opr:eq,value:${id}),(col:datasource_type,opr:eq,value:table))`
    const question = `columns:!(id,slice_name,dashboards.id),filters:${filters},order_column:slice_name,order_direction:asc`
    for (const chart of await session.list('/api/v1/chart/', question, chartSchema, signal)) {
      if ((chart.dashboards ?? []).length > 0) found.set(chart.id, chart)
    }
  }
  return [...found.values()]
}

/** The same, of the charts of these datasets. That they cannot even be listed is told, too, and no failure. */
async function warmUpAll(
  datasets: readonly Dataset[],
  session: SupersetSession,
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<readonly string[]> {
  let charts: readonly Chart[]
  try {
    charts = await chartsOf(datasets, session, signal)
  } catch (error) {
    if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
    return [`no charts were made anew: ${error.message}`]
  }
  return warmUp(charts, session, signal, done => onProgress(done, charts.length))
}

/** @returns what became of the charts, in parts of a sentence: none of it is a failure, as no old number is shown */
async function warmUp(
  charts: readonly Chart[],
  { ask }: SupersetSession,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<readonly string[]> {
  const cold: string[] = []
  let warm = 0
  let unanswered = 0
  for (const [done, chart] of charts.entries()) {
    onProgress(done)
    const warmed = await warmUpOne(chart, ask, signal)
    if (warmed.state === 'not allowed') {
      return ['no charts were made anew: the user lacks the right "can warm up cache on Chart"']
    }
    if (warmed.state === 'warm') warm += 1
    if (warmed.state === 'cold') cold.push(`${chart.slice_name ?? chart.id} (${warmed.reason})`)
    unanswered = warmed.state === 'cold' && !warmed.isAnswered ? unanswered + 1 : 0
    if (unanswered < patience) continue
    const left = charts.length - done - 1
    if (left > 0) cold.push(`${left} more that were not tried`)
    break
  }
  onProgress(charts.length)
  return [
    ...(charts.length === 0 ? [] : [`${counted(warm, 'chart')} of dashboards made anew`]),
    ...(cold.length === 0 ? [] : [`not made: ${namesOf(cold)}`]),
  ]
}

type Warmed =
  | { readonly state: 'warm' | 'gone' | 'not allowed' }
  | { readonly state: 'cold'; readonly reason: string; readonly isAnswered: boolean }

async function warmUpOne({ id }: Chart, ask: Ask, signal: AbortSignal): Promise<Warmed> {
  const path = '/api/v1/chart/warm_up_cache'
  try {
    const answer = await ask(
      {
        ...{ method: 'PUT', path, json: { chart_id: id }, timeoutMs: chartTimeoutMs },
        accept: [400, 403, 404, 422, 500],
      },
      signal,
    )
    if (answer.status === 403) return { state: 'not allowed' }
    if (answer.status === 404) return { state: 'gone' }
    if (answer.status >= 300) return { state: 'cold', reason: reasonIn(answer), isAnswered: true }
    const error = understood(warmedSchema, answer.json, path).result[0]?.viz_error
    if (error === null || error === undefined) return { state: 'warm' }
    return { state: 'cold', reason: reasonOf(error), isAnswered: true }
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    return { state: 'cold', reason: 'no answer', isAnswered: false }
  }
}

/** Why it refuses, in its own words. */
function reasonIn({ status, json }: ServiceAnswer): string {
  const message = z.object({ message: z.unknown() })
  const read = z.union([message, z.object({ errors: z.tuple([message], z.unknown()) })]).safeParse(json)
  if (!read.success) return `answer ${status}`
  return reasonOf('errors' in read.data ? read.data.errors[0].message : read.data.message)
}

const longestReason = 100

function reasonOf(said: unknown): string {
  const text = typeof said === 'string' ? said : jsonOr(said, 'no reason')
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longestReason ? `${line.slice(0, longestReason)}…` : line
}

/** A server may nest as deep as it likes; nobody reads that. */
function jsonOr(value: unknown, otherwise: string): string {
  try {
    return JSON.stringify(value) ?? otherwise
  } catch {
    return otherwise
  }
}

function refusal(refused: readonly Refused[]): AuthorizationError | UsageError {
  const closed = refused.filter(({ why }) => why === undefined)
  if (closed.length > 0) {
    const names = namesOf(closed.map(({ dataset }) => nameOf(dataset)))
    return new AuthorizationError(
      'publish_credential_rejected',
      `Superset does not let the user edit ${counted(closed.length, 'dataset')}, so that kept answers stay: ${names}.`,
      { advice: 'Make the user one of their owners, or give it the role Admin, then try: hubdwh publish.' },
    )
  }
  const names = namesOf(refused.map(({ dataset, why }) => `${nameOf(dataset)} (${why})`))
  return new UsageError(
    'publish_refused',
    `Superset refuses to edit ${counted(refused.length, 'dataset')}, so that kept answers stay: ${names}.`,
    { advice: 'Save each of them in Superset once by hand, which shows what is wrong with it.' },
  )
}

function nameOf({ schema, table_name }: Dataset): string {
  return schema ? `${schema}.${table_name}` : table_name
}

function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, named).join(', ')
  return names.length > named ? `${shown} and ${names.length - named} more` : shown
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

function noDatasets({ database }: SupersetConfig): string {
  const where = database === undefined ? '' : ` of the database ${database}`
  return `has no dataset${where} on a table of gold or silver that the user may see; import the dashboards of superset/, or add datasets (docs/bi.md)`
}

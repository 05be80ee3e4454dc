/** The same builds on Spark, over a short history and a long one: what grows, and what statements, staging and commits cost. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sparkSection } from '../servers/config-sections.mjs'
import { startSpark } from '../servers/spark.mjs'
import { seconds } from './child.mjs'
import { increment } from './increment.mjs'
import { startStatementProxy } from './statement-proxy.mjs'

const histories = { quick: [1, 12], full: [1, 12, 120] }

/** Tables that an increment changes: Silver and Gold. */
const built = [
  'silver.alaqan_visits',
  'silver.amocrm_leads',
  'gold.alaqan_daily_attendance',
  'gold.alaqan_monthly_summary',
  'gold.amocrm_sales_funnel',
]

/** What statements are for, by how they begin; the rest prepares. */
const kinds = {
  staging: /^(insert overwrite directory|create or replace temporary view \S+( \(.*\))? using)/i,
  commits: /^(insert|merge|delete|update)\b/i,
  questions: /^(select|with|from|describe|show)\b/i,
}

/** @param {{ isQuick: boolean }} options */
export async function* spark({ isQuick }) {
  const months = histories[isQuick ? 'quick' : 'full']
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-bench-spark-'))
  try {
    const staging = join(folder, 'staging')
    await mkdir(staging)
    const server = await startSpark({
      folder,
      catalog: { hadoop: join(folder, 'tables') },
      settings: Object.assign(
        {},
        ...months.map(count => catalogSettings(catalogOf(count), join(folder, 'tables'))),
      ),
    })
    const proxy = await startStatementProxy(server)
    /** @type {Awaited<ReturnType<typeof dayOf>> | undefined} */
    let shortest
    try {
      for (const count of months) {
        const section = sparkSection({ host: server.host, port: proxy.port, staging })
        const day = await dayOf(count, [...section, `  catalog: ${catalogOf(count)}`], proxy)
        shortest ??= day
        yield* lines(count, day, shortest)
      }
    } finally {
      proxy.stop()
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * @param {number} months
 * @param {readonly string[]} warehouse
 * @param {Awaited<ReturnType<typeof startStatementProxy>>} proxy
 * @returns the milliseconds of the first transform and of the day, and what the day sent and wrote
 */
async function dayOf(months, warehouse, proxy) {
  let begunAt = 0
  const onIncrement = () => {
    begunAt = Date.now()
    proxy.forget()
  }
  return increment(
    { months, people: 20, leadsPerMonth: 600, warehouse },
    async ({ whole, steps, ask }) => ({
      wholeMs: whole.wallMs,
      dayMs: steps.reduce((sum, { wallMs }) => sum + wallMs, 0),
      sent: [...proxy.sent()],
      written: await ask(writtenSince(begunAt)),
    }),
    onIncrement,
  )
}

/**
 * @param {number} months
 * @param {Awaited<ReturnType<typeof dayOf>>} day
 * @param {Awaited<ReturnType<typeof dayOf>>} shortest that on top of the shortest history
 */
function* lines(months, { wholeMs, dayMs, sent, written }, shortest) {
  const history = `on top of ${months} month${months === 1 ? '' : 's'} on Spark`
  yield {
    what: `the first transform of everything ${history}`,
    figure: `${(wholeMs / shortest.wholeMs).toFixed(2)} × (${seconds(wholeMs)})`,
    limit: `on a month ${seconds(shortest.wholeMs)}`,
  }
  yield {
    what: `a day ${history}`,
    figure: `${(dayMs / shortest.dayMs).toFixed(2)} × (${seconds(dayMs)})`,
    limit: `on a month ${seconds(shortest.dayMs)}`,
  }
  yield {
    what: 'its statements',
    figure: `${sent.length}: ${byKind(sent)}`,
    limit: `on a month ${shortest.sent.length}`,
  }
  const [[files, bytes, partitions] = [0, 0, 0]] = written
  yield {
    what: 'written for that day',
    figure: `${files} data files of ${(Number(bytes) / 1024).toFixed(0)} KB in ${partitions} partitions of Silver and Gold`,
  }
}

/** @param {readonly import('./statement-proxy.mjs').Sent[]} sent */
function byKind(sent) {
  const kindOf = (/** @type {string} */ statement) =>
    Object.entries(kinds).find(([, pattern]) => pattern.test(statement.trimStart()))?.[0] ?? 'preparations'
  return [...Object.keys(kinds), 'preparations']
    .map(kind => {
      const those = sent.filter(({ statement }) => kindOf(statement) === kind)
      return `${those.length} ${kind} ${seconds(those.reduce((sum, { ms }) => sum + ms, 0))}`
    })
    .join(', ')
}

/** @param {number} begunAt Unix milliseconds */
function writtenSince(begunAt) {
  const snapshots = built.map(
    table => `select summary from ${table}.snapshots where unix_millis(committed_at) >= ${begunAt}`,
  )
  const sums = ['added-data-files', 'added-files-size', 'changed-partition-count'].map(
    name => `coalesce(sum(cast(summary['${name}'] as bigint)), 0)`,
  )
  return `select ${sums.join(', ')} from (${snapshots.join(' union all ')}) as commits`
}

/**
 * A catalog that is nothing but a folder.
 * @param {string} name
 * @param {string} tables
 */
function catalogSettings(name, tables) {
  const prefix = `spark.sql.catalog.${name}`
  return {
    [prefix]: 'org.apache.iceberg.spark.SparkCatalog',
    [`${prefix}.type`]: 'hadoop',
    [`${prefix}.warehouse`]: pathToFileURL(join(tables, name)).href,
  }
}

/** @param {number} months */
function catalogOf(months) {
  return `months_${months}`
}

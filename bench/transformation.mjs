/** Silver and gold in full against the same rows from SQL by hand, and within a limit of memory. */
import { mkdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { hubdwh, measured, median, seconds } from './child.mjs'
import { inFolder, startWorld } from './installation.mjs'
import { compare, exportBronze, fillBronze } from './large-bronze.mjs'

const sizes = {
  quick: { visits: 500_000, leads: 25_000, times: 1, large: 2_000_000, memory: '256MB' },
  full: { visits: 20_000_000, leads: 1_000_000, times: 1, large: 50_000_000, memory: '1GB' },
}
const goals = { ratio: 1.3, peakMb: 2048 }
const runSql = pathOf('run-sql.mjs')
const statementProbe = new URL('./statement-probe.mjs', import.meta.url).href
const statementTimes = z.record(z.string(), z.number())

/** What is written by hand, `by-hand/<name>.sql`: its tables → those of the warehouse. */
const byHand = {
  attendance: {
    source: 'alaqan',
    tables: {
      visits: 'silver.alaqan_visits',
      daily_attendance: 'gold.alaqan_daily_attendance',
      monthly_summary: 'gold.alaqan_monthly_summary',
    },
  },
  sales: {
    source: 'amocrm',
    tables: { leads: 'silver.amocrm_leads', sales_funnel: 'gold.amocrm_sales_funnel' },
  },
}

/** @param {{ isQuick: boolean }} options */
export async function* transformation({ isQuick }) {
  const { visits, leads, times, large, memory } = sizes[isQuick ? 'quick' : 'full']
  const started = await startWorld({ leads: 20, people: 1, days: 1 })
  try {
    const against = await inFolder(
      started,
      async (folder, env) => {
        await fillBronze({ folder, env, visits, leads })
        await mkdir(`${folder}/bronze`)
        await exportBronze(folder, `${folder}/bronze`)
        return [
          ...(await againstSql(`${visits} visits`, 'attendance', { folder, env, times })),
          ...(await againstSql(`${leads} leads of five versions`, 'sales', { folder, env, times })),
        ]
      },
      { isMasked: false },
    )
    yield* against
    yield await inFolder(
      started,
      async (folder, env) => {
        await fillBronze({ folder, env, visits: large, leads: 0 })
        const { wallMs, peakMb } = await transform('alaqan', { folder, env })
        return {
          what: `memory for ${large} visits, memory_limit ${memory}`,
          figure: `${Math.round(peakMb)} MB, ${seconds(wallMs)}`,
          limit: `DuckDB's part ${memory}`,
          goal: `≤ ${goals.peakMb} MB`,
          isMet: peakMb <= goals.peakMb,
        }
      },
      { isMasked: false, warehouse: ['path: ./warehouse.duckdb', `memory_limit: ${memory}`] },
    )
  } finally {
    await started.sandbox.close()
  }
}

/**
 * @param {string} what
 * @param {keyof typeof byHand} name
 * @param {{ folder: string, env: Record<string, string>, times: number }} options
 */
async function againstSql(what, name, { folder, env, times }) {
  const { source, tables } = byHand[name]
  /** @type {{ ours: import('./child.mjs').Measured & { spent: Record<string, number> }, theirs: import('./child.mjs').Measured }[]} */
  const runs = []
  for (let time = 0; time < times; time++) {
    const database = `${folder}/${name}-${time}.duckdb`
    const ours = await transform(source, { folder, env })
    const theirs = await measured([runSql, pathOf(`by-hand/${name}.sql`), database, `${folder}/bronze`])
    await compare(folder, database, tables)
    runs.push({ ours, theirs })
  }
  const ratio = median(runs.map(({ ours, theirs }) => ours.wallMs / theirs.wallMs))
  const [ours, theirs] = /** @type {const} */ (['ours', 'theirs']).map(whose => {
    const peakMb = Math.max(...runs.map(run => run[whose].peakMb))
    return `${seconds(median(runs.map(run => run[whose].wallMs)))}, ${Math.round(peakMb)} MB`
  })
  const share = (/** @type {string} */ purpose) =>
    median(runs.map(({ ours, theirs }) => (ours.spent[purpose] ?? 0) / theirs.wallMs))
  const purposes = Object.keys(runs[0]?.ours.spent ?? {})
  return [
    {
      what: `silver and gold of ${what}`,
      figure: `${ratio.toFixed(2)} × (${ours})`,
      limit: `SQL by hand over Parquet ${theirs}`,
      goal: `≤ ${goals.ratio}`,
      isMet: ratio <= goals.ratio,
    },
    {
      what: 'of that, by what the statements are for',
      figure: purposes.map(purpose => `${purpose} ${share(purpose).toFixed(2)} ×`).join(', '),
      limit: 'the same',
    },
  ]
}

/**
 * @param {string} source
 * @param {{ folder: string, env: Record<string, string> }} where
 * @returns what it took; `spent`: milliseconds that its statements took, by what they are for
 */
async function transform(source, { folder, env }) {
  const file = `${folder}/statements.json`
  const took = await measured(
    ['--import', statementProbe, hubdwh, 'transform', '--full', '--source', source, '--quiet'],
    { cwd: folder, env: { ...env, BENCH_STATEMENTS: file } },
  )
  return { ...took, spent: statementTimes.parse(JSON.parse(await readFile(file, 'utf8'))) }
}

/** @param {string} file of this folder */
function pathOf(file) {
  return fileURLToPath(new URL(file, import.meta.url))
}

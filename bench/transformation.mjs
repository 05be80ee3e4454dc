/** Silver and gold in full against the same rows from SQL by hand, and within a limit of memory. */
import { mkdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { hubdwh, measured, median } from './child.mjs'
import { inFolder, startWorld } from './installation.mjs'
import { compare, exportBronze, fillBronze } from './large-bronze.mjs'

const sizes = {
  quick: { visits: 500_000, leads: 25_000, times: 1, large: 2_000_000, memory: '256MB' },
  full: { visits: 20_000_000, leads: 1_000_000, times: 3, large: 50_000_000, memory: '1GB' },
}
const goals = { ratio: 1.3, peakMb: 2048 }
const runSql = fileURLToPath(new URL('./run-sql.mjs', import.meta.url))

const parts = {
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
    yield* inFolders(started, async (folder, env) => {
      await fillBronze({ folder, env, visits, leads })
      const bronze = `${folder}/bronze`
      await mkdir(bronze)
      await exportBronze(folder, bronze)
      const lines = []
      for (const [name, { source, tables }] of Object.entries(parts)) {
        /** @type {number[]} */
        const ratios = []
        let models = ''
        for (let time = 0; time < times; time++) {
          const database = `${folder}/${name}-${time}.duckdb`
          const ours = await measured(
            [hubdwh, 'transform', '--full', '--source', source, '--json', '--quiet'],
            {
              cwd: folder,
              env,
            },
          )
          const sql = fileURLToPath(new URL(`./by-hand/${name}.sql`, import.meta.url))
          const byHand = await measured([runSql, sql, database, bronze])
          if (time === 0) await compare(folder, database, tables)
          ratios.push(ours.wallMs / byHand.wallMs)
          models = `${(ours.wallMs / 1000).toFixed(1)} s and ${Math.round(ours.peakMb)} MB, by hand ${(byHand.wallMs / 1000).toFixed(1)} s and ${Math.round(byHand.peakMb)} MB`
        }
        const ratio = median(ratios)
        const of = name === 'attendance' ? `${visits} visits` : `${leads} leads of five versions`
        lines.push({
          what: `silver and gold of ${of}`,
          figure: `${ratio.toFixed(2)} × SQL by hand over Parquet (${models})`,
          goal: `≤ ${goals.ratio}`,
          isMet: ratio <= goals.ratio,
        })
      }
      return lines
    })
    yield* inFolders(
      started,
      async (folder, env) => {
        await fillBronze({ folder, env, visits: large, leads: 0 })
        const { wallMs, peakMb } = await measured(
          [hubdwh, 'transform', '--full', '--source', 'alaqan', '--quiet'],
          { cwd: folder, env },
        )
        return [
          {
            what: `memory for ${large} visits, memory_limit ${memory}`,
            figure: `${Math.round(peakMb)} MB, ${(wallMs / 1000).toFixed(1)} s`,
            goal: `≤ ${goals.peakMb} MB`,
            isMet: peakMb <= goals.peakMb,
          },
        ]
      },
      memory,
    )
  } finally {
    await started.sandbox.close()
  }
}

/**
 * @param {Awaited<ReturnType<typeof startWorld>>} started
 * @param {(folder: string, env: Record<string, string>) => Promise<readonly import('./bench.mjs').Line[]>} work
 * @param {string} [memory]
 */
async function* inFolders(started, work, memory) {
  yield* await inFolder(started, work, { isMasked: false, ...(memory === undefined ? {} : { memory }) })
}

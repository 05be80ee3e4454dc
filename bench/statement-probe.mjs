// Given to a process by --import: writes how long DuckDB's statements took, by what they are for, into the file that
// BENCH_STATEMENTS names, when it ends.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** By how they begin; the rest opens, commits and closes the file, and keeps the ledger. */
const purposes = {
  tables: /^(create or replace temp table|insert into (silver|gold)\.|delete from (silver|gold)\.)/,
  checks: /^select place from/,
  counts: /^select \(select count/,
}

/** @type {Record<string, number>} */
const times = { ...Object.fromEntries(Object.keys(purposes).map(purpose => [purpose, 0])), rest: 0 }
// Required, as the program does: importing it would take longer than what is measured here.
const { prototype } = createRequire(import.meta.url)('@duckdb/node-api').DuckDBConnection
const { run } = prototype
/** @param {string} sql @param {unknown[]} more */
prototype.run = async function (sql, ...more) {
  const begun = performance.now()
  try {
    return await run.call(this, sql, ...more)
  } finally {
    const purpose = Object.entries(purposes).find(([, pattern]) => pattern.test(sql))?.[0] ?? 'rest'
    times[purpose] = (times[purpose] ?? 0) + performance.now() - begun
  }
}

const path = process.env.BENCH_STATEMENTS
if (path !== undefined) process.on('exit', () => writeFileSync(path, JSON.stringify(times)))

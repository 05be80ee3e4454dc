/**
 * `npm run bench`: what limits each part of the program, measured against that limit in one run on one machine. `--quick` in
 * small sizes; names of benches for those alone. README.md tells the method.
 */
import { parseArgs } from 'node:util'
import { budget } from './budget.mjs'
import { built } from './built.mjs'
import { day } from './day.mjs'
import { extraction } from './extraction.mjs'
import { landing } from './landing.mjs'
import { spark } from './spark.mjs'
import { start } from './start.mjs'
import { transformation } from './transformation.mjs'

/** @type {typeof import('../src/cli/table.js')} */
const { renderTable } = await built('cli/table.js')

/**
 * @typedef {object} Line
 * @property {string} what
 * @property {string} figure
 * @property {string} [limit] what cannot be passed, or what the figure is set against
 * @property {string} [goal]
 * @property {boolean} [isMet] of the goal
 */

/** @type {Readonly<Record<string, (options: { isQuick: boolean }) => AsyncGenerator<Line>>>} */
const benches = { start, landing, extraction, transformation, day, budget, spark }
/** What `--quick` leaves out unless it is named: starting the server alone takes half of its three minutes. */
const slow = ['spark']

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const unknown = positionals.find(name => !Object.hasOwn(benches, name))
if (unknown !== undefined) {
  console.error(`There is no bench ${unknown}: ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
/** @type {Line[]} */
const lines = []
for (const [name, bench] of Object.entries(benches)) {
  const isWanted =
    positionals.length > 0 ? positionals.includes(name) : !(values.quick && slow.includes(name))
  if (!isWanted) continue
  for await (const line of bench({ isQuick: values.quick })) {
    console.error(`${line.what}: ${line.figure}`)
    lines.push(line)
  }
}
console.log(
  renderTable(
    ['what', 'figure', 'limit', 'goal', ''].map(name => ({ name })),
    lines.map(({ what, figure, limit = '', goal = '', isMet }) => [
      what,
      figure,
      limit,
      goal,
      isMet === undefined ? '' : isMet ? 'met' : 'MISSED',
    ]),
    { widestCell: 100 },
  ),
)

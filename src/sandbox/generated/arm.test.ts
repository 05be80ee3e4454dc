import { describe, expect, it } from 'vitest'
import { generatedArm } from './arm.js'
import { generatedGround } from './generated-ground.js'
import { generatedWorld } from './generated-world.js'

const options = { leads: 600, people: 80, from: '2025-01-01', to: '2025-03-31' }
const { service_report_v2: report, account_user: users, account_usercompany: members } = generatedArm(options)

/** How many rows each value of a column has. */
function counts(
  rows: readonly (readonly (string | number)[])[],
  column: number,
): ReadonlyMap<unknown, number> {
  const found = new Map<unknown, number>()
  for (const row of rows) found.set(row[column], (found.get(row[column]) ?? 0) + 1)
  return found
}

describe("ARM's tables of a generated world", () => {
  it('are the same for the same options', () => {
    expect(generatedArm(options)).toEqual(generatedArm(options))
    expect(generatedArm({ ...options, seed: 2 })).not.toEqual(generatedArm(options))
  })

  it('report once on each company and month, on companies of the CRM and on others', () => {
    const keys = new Set(report.rows.map(([tin, , month]) => `${tin} ${month}`))
    expect(keys.size).toBe(report.rows.length)
    expect([...counts(report.rows, 2).keys()].sort()).toEqual(['2025-01', '2025-02', '2025-03'])
    const { companies, scale } = generatedGround(options)
    const known = Array.from({ length: scale.companies }, (_, company) =>
      companies.numberOf(company)?.replace(/^0+/, ''),
    )
    const tins = [...counts(report.rows, 0).keys()]
    expect(tins.filter(tin => known.includes(String(tin))).length).toBeGreaterThan(20)
    expect(tins.filter(tin => !known.includes(String(tin)))).toHaveLength(12)
  })

  it('have numbers that lost their zeros, and companies of the CRM that share one', () => {
    const tins = [...counts(report.rows, 0).keys()].map(String)
    expect(tins.some(tin => tin.length < 12)).toBe(true)
    const { companies, scale } = generatedGround(options)
    const numbers = Array.from({ length: scale.companies }, (_, company) => companies.numberOf(company))
    const written = numbers.filter(number => number !== undefined)
    expect(new Set(written).size).toBeLessThan(written.length)
  })

  it('know most of the people at the gate, some of them in two companies', () => {
    const day = generatedWorld(options).gate.onDay('2025-03-12', Date.parse('2025-04-01T00:00:00Z'))
    const seen = day.kind === 'people' ? [...day.people].map(([iin]) => iin) : []
    const known = new Set(users.rows.map(([, iin]) => iin))
    const strangers = seen.filter(iin => !known.has(iin))
    expect(strangers.length).toBeGreaterThan(0)
    expect(strangers.length).toBeLessThan(seen.length / 3)
    const open = counts(
      members.rows.filter(row => row[4] === ''),
      1,
    )
    expect([...open.values()].filter(count => count === 2).length).toBeGreaterThan(0)
    expect(members.rows.some(row => row[4] !== '')).toBe(true)
  })
})

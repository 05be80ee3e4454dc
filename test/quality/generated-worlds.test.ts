/** What the sandbox makes up is healthy to the checks: no night is stopped, and little is told. */
import { afterEach, describe, expect, it } from 'vitest'
import { armSection, writeArmFiles } from '../../src/cli/arm-files.js'
import { isJsonObject, type JsonObject } from '../../src/json.js'
import { generatedArm, generatedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'

let hub: Hub | undefined
afterEach(async () => {
  await hub?.close()
  hub = undefined
})

/** `check table`, each once, sorted. */
function told(json: JsonObject): readonly string[] {
  const checks = Array.isArray(json.checks) ? json.checks.filter(isJsonObject) : []
  return [
    ...new Set(checks.filter(({ status }) => status !== 'passed').map(({ check }) => String(check))),
  ].sort()
}

/** Cards with mistyped numbers, people in two companies, two companies with one БИН: as in life, and on purpose. */
const meant = ['bin_of_one_company', 'iin_check_digit', 'person_in_one_company']

describe('a generated world', () => {
  it.each([1, 2])(
    'passes but for what is odd in it on purpose, night after night (seed %i)',
    async seed => {
      const world = { seed, leads: 400, people: 60, from: '2025-01-01', to: '2025-06-30' }
      hub = await openHub({
        now: '2025-07-01T03:00:00Z',
        startDate: '2025-01-01',
        world: generatedWorld(world),
      })
      const { folder } = hub
      await writeArmFiles(`${folder}/arm`, generatedArm(world))
      await hub.configure(text => `${text}${armSection('arm')}`)
      const first = await hub.hubdwh('run', '--json')
      expect(first.exitCode, first.err).toBe(0)
      expect(told(first.json).filter(check => !meant.includes(check))).toEqual([])

      hub.clock.advance(3_600_000)
      const [lead] = await hub.rows('select min(lead_id) as id from silver.amocrm_leads where not is_deleted')
      hub.world.edit('leads', Number(lead?.id), { price: 100 })
      const second = await hub.hubdwh('run', '--json')
      expect(second.exitCode, second.err).toBe(0)
      expect(told(second.json)).toEqual([])

      const whole = await hub.hubdwh('quality', '--json')
      expect(whole.exitCode, whole.err).toBe(0)
      expect(told(whole.json).filter(check => !meant.includes(check))).toEqual([])
    },
    300_000,
  )
})

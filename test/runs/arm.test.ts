/** ARM through the real command: what is said when its tables are not as the configuration says, and when nothing changed. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { type Hub, openHub } from '../hub.js'
import { gateDay, lead, pipeline, user } from './invented-account.js'
import { dumpOf } from './table-dump.js'

const iin = '850101300005'
const day = '2025-02-28'

let hub: Hub
beforeEach(async () => {
  hub = await openHub({
    now: '2025-03-01T05:00:00Z',
    startDate: day,
    world: listedWorld({
      leads: [lead({ id: 1, price: 10 })],
      users: [user(100, 'Менеджер')],
      pipelines: [pipeline(1, 'Воронка')],
      visits: { [day]: gateDay([iin]) },
    }),
  })
  await hub.configure(
    text => `${text}arm:
  service_report: {table: report.csv, tin: bin, period: month, measures: [taxes]}
  directory: {table: people.csv}
`,
  )
  await write('report.csv', 'bin,month,taxes', `${iin},2025-01,5`, `${iin},2025-02,пять`)
  await write('people.csv', 'iin,bin', `${iin},${iin}`)
})
afterEach(() => hub.close())

function write(name: string, ...lines: readonly string[]): Promise<void> {
  return writeFile(join(hub.folder, name), `${lines.join('\n')}\n`)
}

describe("a run with ARM's tables", () => {
  it('builds nothing anew where nothing changed, and says what waits where a table did', async () => {
    expect(await hub.hubdwh('run')).toMatchObject({ exitCode: 0 })
    const again = await hub.hubdwh('transform', '--json', '--skip-code')
    expect(again).toMatchObject({ exitCode: 99, json: { models: [] } })
    expect((await hub.hubdwh('plan', '--json')).json.models).toEqual([])
    await write('people.csv', 'iin,bin', `${iin},111140000008`)
    const { json } = await hub.hubdwh('plan', '--json')
    expect(json.models).toEqual([
      { model: 'silver.arm_directory', loads: 1, why: 'the tables of ARM that it reads have changed' },
    ])
  })

  it('counts the values that are no numbers, once', async () => {
    const warning = 'arm.service_report: 1 value of taxes cannot be read as numbers and count as unknown.'
    expect((await hub.hubdwh('run')).err).toContain(warning)
    expect((await hub.hubdwh('transform')).err).not.toContain(warning)
  })

  it('keeps the numbers of people out of everything but bronze', async () => {
    await write('people.csv', 'iin,bin', `${iin},${iin}`, `${iin},12`)
    const { out, err } = await hub.hubdwh('run', '--verbose')
    expect(await hub.rows('select count(*) as people from silver.arm_directory')).toEqual([{ people: 1 }])
    const kept = await dumpOf(hub, 'silver', 'gold', 'meta')
    expect([out, err, ...kept].filter(text => text.includes(iin))).toEqual([])
  })

  it('ends with 2 where a column is missing, names it, and builds what does not rest on it', async () => {
    await write('report.csv', 'bin,month,tax', `${iin},2025-01,5`)
    const { exitCode, json } = await hub.hubdwh('run', '--json')
    expect(exitCode).toBe(2)
    expect(json).toMatchObject({
      ok: false,
      error: {
        code: 'arm_column_missing',
        message:
          'arm.service_report.measures names the column taxes, which report.csv does not have. It has: bin, month, tax.',
      },
      missing: [{ source: 'arm', entity: 'arm.service_report', code: 'arm_column_missing' }],
    })
    expect(await built()).toEqual([{ residents: 0, attendance: 1, funnel: 4 }])
  })

  it('ends with 2 where a file is missing, and goes on once it is there', async () => {
    await hub.configure(text => text.replace('people.csv', 'staff.csv'))
    const { exitCode, json } = await hub.hubdwh('run', '--json')
    expect(exitCode).toBe(2)
    expect(json).toMatchObject({
      error: {
        code: 'arm_table_missing',
        message: 'arm.directory.table names staff.csv, which does not exist.',
      },
    })
    expect(await built()).toEqual([{ residents: 1, attendance: 0, funnel: 4 }])
    await write('staff.csv', 'iin,bin', `${iin},${iin}`)
    expect(await hub.hubdwh('transform')).toMatchObject({ exitCode: 0 })
    expect(await built()).toEqual([{ residents: 1, attendance: 1, funnel: 4 }])
  })

  it('tells of a file that is no table', async () => {
    await hub.configure(text => text.replace('people.csv', 'people.parquet'))
    await write('people.parquet', 'no table at all')
    const { exitCode, json } = await hub.hubdwh('run', '--json')
    expect({ exitCode, json }).toMatchObject({
      exitCode: 2,
      json: { error: { code: 'arm_table_unreadable' } },
    })
  })
})

function built() {
  return hub.rows(`
    select
      (select count(*) from gold.crm_arm_residents) as residents,
      (select count(*) from gold.alaqan_company_attendance) as attendance,
      (select count(*) from gold.amocrm_sales_funnel) as funnel`)
}

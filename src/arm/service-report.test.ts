import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../effects.js'
import { modelFolder } from '../models/definition.js'
import { readFunctions } from '../models/functions.js'
import { openScratch } from '../warehouse/duckdb/file.js'
import { findServiceReport, serviceReportSql } from './service-report.js'

it('is read of a Parquet file with numbers and instants as they are there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-arm-'))
  const engine = await openScratch({ timeZone: 'Asia/Almaty', clock: systemClock })
  onTestFinished(async () => {
    await engine.close()
    await rm(folder, { recursive: true })
  })
  const { statements } = await readFunctions(modelFolder, 'duckdb', {
    timezone: 'Asia/Almaty',
    masks: { iin: 'hash', phone: 'partial', email: 'partial' },
    maskingKey: undefined,
    customFields: { bin: [], source: [], industry: [], phone: [], email: [] },
    eventsFrom: '2024-01-01',
    measures: [],
    residentStatuses: [],
  })
  await engine.run(statements)
  const path = join(folder, 'report.parquet')
  // 20:00 in UTC on 31 January is 1 February in Almaty. A number of eleven digits has lost its zero.
  await engine.run(
    `copy (
       select 10140000004.0::double as bin, timestamptz '2025-01-31 20:00:00+00' as moment, 1.5::float as taxes
       union all
       select 111140000008, timestamptz '2025-01-31 18:00:00+00', 'nan'::float
     ) to '${path}' (format parquet)`,
  )
  const found = await findServiceReport(engine, {
    table: { kind: 'parquet', name: 'report.parquet', path },
    tin: 'BIN',
    period: 'moment',
    status: undefined,
    resident: [],
    name: undefined,
    measures: [{ column: 'taxes', aggregate: 'last' }],
  })
  const { rows } = await engine.query(
    `select tin, period, taxes from (${serviceReportSql(found)}) as reports order by row_no`,
  )
  expect(rows).toEqual([
    { tin: '010140000004', period: '2025-02-01', taxes: '1.50' },
    { tin: '111140000008', period: '2025-01-31', taxes: null },
  ])
})

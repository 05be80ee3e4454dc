import { directoryKey, findDirectory, tablesOfDirectory } from '../../arm/directory.js'
import { type ExternalTable, unreadable } from '../../arm/external-table.js'
import { doubtsAboutReport, findServiceReport, serviceReportKey } from '../../arm/service-report.js'
import type { ArmConfig } from '../../config/config.js'
import { modelFunctions } from '../../pipeline/model-settings.js'
import { warehouseOf } from '../../pipeline/warehouse-of.js'
import { openScratch } from '../../warehouse/duckdb/file.js'
import { type Engine, numberOf } from '../../warehouse/engine.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

/** Whether ARM's tables that the configuration names are there, with their columns, and how many rows they have. */
export async function* checkArm(context: Context): AsyncGenerator<Finding> {
  const { config } = context
  const { serviceReport, directory } = config.arm
  if (!serviceReport && !directory) return
  let engine: Engine
  try {
    engine = await openForReading(context)
  } catch (error) {
    yield failed('arm', error)
    return
  }
  try {
    await engine.run((await modelFunctions(config, engine)).statements)
    if (serviceReport) yield* checkReport(engine, serviceReport)
    if (directory) yield* checkDirectory(engine, directory)
  } finally {
    await engine.close()
  }
}

/** Files can be looked at before there is a warehouse. */
async function openForReading(context: Context): Promise<Engine> {
  const { config, clock, signal } = context
  const warehouse = warehouseOf(context)
  if (!(await warehouse.exists())) return openScratch({ timeZone: config.timezone, clock, signal })
  return warehouse.open({ access: 'read', patience: 0, signal })
}

async function* checkReport(
  engine: Engine,
  config: NonNullable<ArmConfig['serviceReport']>,
): AsyncGenerator<Finding> {
  try {
    const found = await findServiceReport(engine, config)
    yield await present(engine, serviceReportKey, found.external)
    for (const doubt of await doubtsAboutReport(engine, found)) {
      yield warning(
        serviceReportKey,
        doubt,
        'Correct them in the table, or leave the column out of measures.',
      )
    }
  } catch (error) {
    yield failed(serviceReportKey, unreadable(error, serviceReportKey))
  }
}

async function* checkDirectory(
  engine: Engine,
  config: NonNullable<ArmConfig['directory']>,
): AsyncGenerator<Finding> {
  try {
    const found = await findDirectory(engine, config)
    for (const [key, external] of tablesOfDirectory(found)) yield await present(engine, key, external)
  } catch (error) {
    yield failed(directoryKey, unreadable(error, directoryKey))
  }
}

async function present(engine: Engine, key: string, { table, from }: ExternalTable): Promise<Finding> {
  const rows = await numberOf(engine, `select count(*) from ${from}`)
  return rows > 0
    ? ok(key, `${table.name}: the columns are there, ${rows} rows`)
    : warning(key, `${table.name}: the columns are there, and no rows`, 'Let whoever fills that table do so.')
}

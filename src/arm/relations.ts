/**
 * What models read of ARM: temporary relations `arm_service_report` and `arm_directory`, made anew in every session
 * from the tables that the configuration names. To the models they are upstream tables `arm.service_report` and
 * `arm.directory`; what tells one content of them from another stands for a load.
 */
import type { ArmConfig } from '../config/config.js'
import type { HubdwhError } from '../errors.js'
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { directoryKey, directorySql, findDirectory } from './directory.js'
import { unreadable } from './external-table.js'
import { doubtsAboutReport, findServiceReport, serviceReportKey, serviceReportSql } from './service-report.js'

/** A part of ARM, as the configuration's key and models call it. */
export type ArmPart = typeof serviceReportKey | typeof directoryKey

export interface ArmRelations {
  /** What is configured and could be read, with a text that changes with its content. */
  readonly contents: ReadonlyMap<ArmPart, string>
  /** What is configured and could not be read. */
  readonly failures: readonly { readonly part: ArmPart; readonly error: HubdwhError }[]
}

/** The parts of ARM that are configured. */
export function configuredParts({ serviceReport, directory }: ArmConfig): readonly ArmPart[] {
  return [...(serviceReport ? [serviceReportKey] : []), ...(directory ? [directoryKey] : [])]
}

/**
 * Makes the relations of what is configured. What cannot be read is among the failures and does not hold up the rest.
 * The functions of the models must be defined in the session.
 * @param edit takes out of a relation what must not be taken in, before its content is told from another
 */
export async function makeArmRelations(
  engine: Engine,
  { serviceReport, directory }: ArmConfig,
  edit: (relation: string) => Promise<void> = async () => {},
): Promise<ArmRelations> {
  const contents = new Map<ArmPart, string>()
  const failures: { part: ArmPart; error: HubdwhError }[] = []
  const make = async (part: ArmPart, select: () => Promise<string>): Promise<void> => {
    try {
      contents.set(part, await materialized(engine, part, await select(), edit))
    } catch (thrown) {
      const error = unreadable(thrown, part)
      if (error.code === 'interrupted') throw error
      failures.push({ part, error })
    }
  }
  if (serviceReport) {
    await make(serviceReportKey, async () => serviceReportSql(await findServiceReport(engine, serviceReport)))
  }
  if (directory) {
    await make(directoryKey, async () => directorySql(await findDirectory(engine, directory)))
  }
  return { contents, failures }
}

/** What a person should know of ARM's tables though they can be used: a sentence each. */
export async function doubtsAbout(engine: Engine, part: ArmPart, arm: ArmConfig): Promise<readonly string[]> {
  if (part !== serviceReportKey || !arm.serviceReport) return []
  return doubtsAboutReport(engine, await findServiceReport(engine, arm.serviceReport))
}

async function materialized(
  engine: Engine,
  part: ArmPart,
  select: string,
  edit: (relation: string) => Promise<void>,
): Promise<string> {
  const relation = part.replace('.', '_')
  await engine.materialize(relation, select)
  await edit(relation)
  const rows = await rowsOf(
    engine,
    `select content_digest(row_as_text(held)) as content from ${relation} as held`,
  )
  return String(rows[0]?.content)
}

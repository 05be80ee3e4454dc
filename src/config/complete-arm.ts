import type { ArmConfig, ArmTable, DirectoryConfig } from './config.js'
import type { CheckedFile } from './schema.js'

type CheckedArm = CheckedFile['arm']

/** @param absolute makes a path of the file absolute */
export function toArm(
  { service_report: report, directory }: CheckedArm,
  absolute: (path: string) => string,
): ArmConfig {
  return {
    serviceReport: report && {
      table: toTable(report.table, absolute),
      tin: report.tin,
      period: report.period,
      status: report.status,
      resident: report.resident,
      name: report.name,
      measures: report.measures,
    },
    directory: directory && toDirectory(directory, absolute),
  }
}

function toDirectory(
  directory: NonNullable<CheckedArm['directory']>,
  absolute: (path: string) => string,
): DirectoryConfig {
  if ('table' in directory) {
    const { table, iin, bin, from, to } = directory
    return { kind: 'list', table: toTable(table, absolute), iin, bin, from, to }
  }
  const { users, companies } = directory
  return {
    kind: 'pair',
    users: { table: toTable(users.table, absolute), id: users.id, iin: users.iin },
    companies: {
      table: toTable(companies.table, absolute),
      userId: companies.user_id,
      bin: companies.bin,
      from: companies.from,
      to: companies.to,
    },
  }
}

function toTable(name: string, absolute: (path: string) => string): ArmTable {
  const ending = /\.(csv|parquet)$/i.exec(name)?.[1]?.toLowerCase()
  if (ending === undefined) return { kind: 'table', name }
  return { kind: ending === 'csv' ? 'csv' : 'parquet', name, path: absolute(name) }
}

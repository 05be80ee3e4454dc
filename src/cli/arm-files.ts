/** The sandbox's tables of ARM as files, and the configuration that reads them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArmTable, ArmTables } from '../sandbox/sandbox.js'
import { csvRecord } from './csv.js'

/**
 * Writes each table as a CSV file into the folder, which is made where it is missing.
 * @throws what the file system says
 */
export async function writeArmFiles(folder: string, tables: ArmTables): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const [name, { columns, rows }] of Object.entries<ArmTable>({ ...tables })) {
    const lines: readonly ArmTable['rows'][number][] = [columns, ...rows]
    const records = lines.map(row => csvRecord(row.map(value => (value === '' ? null : value))))
    await writeFile(join(folder, `${name}.csv`), records.join(''), { mode: 0o600 })
  }
}

/** The section `arm` for the files of {@link writeArmFiles}. */
export function armSection(folder: string): string {
  const file = (name: keyof ArmTables) => JSON.stringify(join(folder, `${name}.csv`))
  return `arm:
  service_report:
    table: ${file('service_report_v2')}
    tin: company_tin
    period: report_month
    name: company_name
    status: residency_status
    resident: [Резидент]
    measures: {revenue: sum, employees: last, taxes: sum}
  directory:
    users: {table: ${file('account_user')}}
    companies:
      table: ${file('account_usercompany')}
      from: valid_from
      to: valid_to
`
}

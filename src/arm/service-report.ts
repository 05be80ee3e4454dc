/**
 * ARM's report on residents, brought to one row per company and period before anything is joined to it: reports have
 * a line per service or per export, and every further line would multiply the rows of a mart.
 */
import type { Measure, ServiceReportConfig } from '../config/config.js'
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { identifier, literal } from '../warehouse/sql-text.js'
import { type ColumnNamed, type ExternalTable, findExternalTable, requireColumns } from './external-table.js'
import { asAmount, asDay, asNumber, asText } from './read-column.js'

export const serviceReportKey = 'arm.service_report' as const

export interface FoundReport {
  readonly config: ServiceReportConfig
  readonly external: ExternalTable
  readonly column: ColumnNamed
}

/**
 * Finds the report and the columns that the configuration names.
 * @throws UsageError `arm_table_missing`, `arm_table_unreadable`, `arm_column_missing`
 */
export async function findServiceReport(engine: Engine, config: ServiceReportConfig): Promise<FoundReport> {
  const external = await findExternalTable(engine, config.table, serviceReportKey)
  const { tin, period, status, name, measures } = config
  const column = requireColumns(external, serviceReportKey, [
    ['tin', tin],
    ['period', period],
    ['status', status],
    ['name', name],
    ...measures.map(measure => ['measures', measure.column] as const),
  ])
  return { config, external, column }
}

/**
 * The report as a SELECT, a row a line: tin (twelve digits), period, status, company_name, the measures, is_current,
 * tin_text, period_text, row_no (of a file), broken_rule.
 *
 * Every line has what its company's lines of that period come to together, and one of them is current. Lines that are
 * the same count once. Of different ones, each measure is brought together by its own function, `last` being the
 * greatest of them, and a status that means a resident comes first.
 */
export function serviceReportSql({ config, external, column }: FoundReport): string {
  const { tin, period, status, name, measures, resident } = config
  const rowNo = external.table.kind === 'table' ? 'cast(null as bigint)' : 'number_in_order()'
  const optional = (named: string | undefined) =>
    named === undefined ? 'cast(null as string)' : asText(column(named))
  const names = measures.map(measure => identifier(measure.column))
  const residents = resident.map(value => literal(value.trim().toLowerCase()))
  const meansResident = residents.length > 0 ? `lowered(status) in (${residents.join(', ')})` : 'true'
  const together = (measure: Measure) =>
    `, ${aggregated(measure, 'over of_period')} as ${identifier(measure.column)}`
  return `
    with lines as (
      select
        ${asNumber(column(tin), external)} as tin,
        ${asDay(column(period))} as period,
        ${optional(status)} as status,
        ${optional(name)} as company_name,
        ${asText(column(tin))} as tin_text,
        ${asText(column(period))} as period_text,
        ${rowNo} as row_no
        ${measures.map(measure => `, ${asAmount(column(measure.column))} as ${identifier(measure.column)}`).join('')}
      from ${external.from}
    ),
    judged as (
      select *, case when tin is null then 'bin_format' when period is null then 'period_invalid' end as broken_rule
      from lines
    ),
    numbered as (
      select
        *,
        row_number() over (
          partition by ${['broken_rule', 'tin', 'period', 'status', 'company_name', ...names].join(', ')}
          order by row_no
        ) as line_count
      from judged
    )
    select
      tin,
      period,
      coalesce(
        min(case when ${meansResident} then status end) over of_period,
        min(status) over of_period
      ) as status,
      min(company_name) over of_period as company_name,
      broken_rule is null
        and row_number() over (partition by broken_rule, tin, period order by line_count, row_no) = 1 as is_current,
      tin_text,
      period_text,
      row_no,
      broken_rule
      ${measures.map(together).join('')}
    from numbered
    window of_period as (partition by broken_rule, tin, period)`
}

/** A measure over different lines of one period, in a window. */
function aggregated({ column, aggregate }: Measure, window: string): string {
  const value = `case when line_count = 1 then ${identifier(column)} end`
  switch (aggregate) {
    case 'sum':
      return `try_cast(sum(${value}) ${window} as decimal(20, 2))`
    case 'avg':
      return `average_amount(sum(${value}) ${window}, count(${value}) ${window})`
    case 'min':
      return `min(${value}) ${window}`
    case 'max':
    case 'last':
      return `max(${value}) ${window}`
  }
}

/** What a person should know of the report's content though it can be used: a sentence each. */
export async function doubtsAboutReport(
  engine: Engine,
  { config, external, column }: FoundReport,
): Promise<readonly string[]> {
  const { measures } = config
  if (measures.length === 0) return []
  const counts = measures.map((measure, index) => {
    const found = column(measure.column)
    const isUnread = `${asText({ ...found, kind: 'other' })} is not null and ${asAmount(found)} is null`
    return `count(case when ${isUnread} then 1 end) as unread_${index}`
  })
  const [unread] = await rowsOf(engine, `select ${counts.join(', ')} from ${external.from}`)
  return measures.flatMap((measure, index) => {
    const count = Number(unread?.[`unread_${index}`])
    return count === 0
      ? []
      : [
          `${serviceReportKey}: ${count} ${count === 1 ? 'value' : 'values'} of ${measure.column} cannot be read as numbers and count as unknown.`,
        ]
  })
}

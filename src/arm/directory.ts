/** Who belongs to which company, from one list or from ARM's pair of tables. */
import type { DirectoryConfig, DirectoryList, DirectoryPair, Validity } from '../config/config.js'
import type { Engine } from '../warehouse/engine.js'
import { type ColumnNamed, type ExternalTable, findExternalTable, requireColumns } from './external-table.js'
import { asDay, asNumber, asText } from './read-column.js'

export const directoryKey = 'arm.directory' as const

interface Found {
  readonly external: ExternalTable
  readonly column: ColumnNamed
}

export type FoundDirectory =
  | { readonly config: DirectoryList; readonly list: Found }
  | { readonly config: DirectoryPair; readonly users: Found; readonly companies: Found }

/**
 * Finds the directory's tables and the columns that the configuration names.
 * @throws UsageError `arm_table_missing`, `arm_table_unreadable`, `arm_column_missing`
 */
export async function findDirectory(engine: Engine, config: DirectoryConfig): Promise<FoundDirectory> {
  if (config.kind === 'list') {
    const { iin, bin, from, to } = config
    const external = await findExternalTable(engine, config.table, directoryKey)
    const named = [
      ['iin', iin],
      ['bin', bin],
      ['from', from],
      ['to', to],
    ] as const
    return { config, list: { external, column: requireColumns(external, directoryKey, named) } }
  }
  const usersKey = `${directoryKey}.users`
  const users = await findExternalTable(engine, config.users.table, usersKey)
  const usersColumn = requireColumns(users, usersKey, [
    ['id', config.users.id],
    ['iin', config.users.iin],
  ])
  const companiesKey = `${directoryKey}.companies`
  const companies = await findExternalTable(engine, config.companies.table, companiesKey)
  const { userId, bin, from, to } = config.companies
  const companiesColumn = requireColumns(companies, companiesKey, [
    ['user_id', userId],
    ['bin', bin],
    ['from', from],
    ['to', to],
  ])
  return {
    config,
    users: { external: users, column: usersColumn },
    companies: { external: companies, column: companiesColumn },
  }
}

/** The tables that the directory is made of, with the configuration's keys. */
export function tablesOfDirectory(found: FoundDirectory): readonly (readonly [string, ExternalTable])[] {
  return 'list' in found
    ? [[directoryKey, found.list.external]]
    : [
        [`${directoryKey}.users`, found.users.external],
        [`${directoryKey}.companies`, found.companies.external],
      ]
}

/**
 * The directory as a SELECT, a row a line: iin and bin (twelve digits), valid_from and valid_to (the first and last
 * day, NULL for an open end), what stands there as texts, row_no (of a file), broken_rule.
 */
export function directorySql(found: FoundDirectory): string {
  return `
    select
      *,
      case
        when iin is null then 'iin_format'
        when bin is null then 'bin_format'
        when from_text is not null and valid_from is null then 'date_invalid'
        when to_text is not null and valid_to is null then 'date_invalid'
        when valid_to < valid_from then 'dates_reversed'
      end as broken_rule
    from (${'list' in found ? listSql(found.config, found.list) : pairSql(found.config, found)}) as lines`
}

function listSql(config: DirectoryList, { external, column }: Found): string {
  return `
    select
      ${asNumber(column(config.iin), external)} as iin,
      ${asText(column(config.iin))} as iin_text,
      ${companyColumns(config, { external, column })}
    from ${external.from}`
}

function pairSql(
  { users: userColumns, companies: companyNames }: DirectoryPair,
  { users, companies }: { readonly users: Found; readonly companies: Found },
): string {
  // A user is one row: an id that stands twice in ARM must not double its companies.
  return `
    select
      users.iin,
      users.iin_text,
      memberships.bin,
      memberships.bin_text,
      memberships.valid_from,
      memberships.valid_to,
      memberships.from_text,
      memberships.to_text,
      memberships.row_no
    from (
      select
        ${idText(companies.column(companyNames.userId))} as user_key,
        ${companyColumns(companyNames, companies)}
      from ${companies.external.from}
    ) as memberships
    left join (
      select
        ${idText(users.column(userColumns.id))} as user_key,
        min(${asNumber(users.column(userColumns.iin), users.external)}) as iin,
        min(${asText(users.column(userColumns.iin))}) as iin_text
      from ${users.external.from}
      group by ${idText(users.column(userColumns.id))}
    ) as users on users.user_key = memberships.user_key`
}

function companyColumns(
  { bin, from, to }: Validity & { readonly bin: string },
  { external, column }: Found,
): string {
  const day = (name: string | undefined, end: 'first' | 'last') =>
    name === undefined ? 'cast(null as date)' : asDay(column(name), end)
  const text = (name: string | undefined) =>
    name === undefined ? 'cast(null as string)' : asText(column(name))
  return `
      ${asNumber(column(bin), external)} as bin,
      ${asText(column(bin))} as bin_text,
      ${day(from, 'first')} as valid_from,
      ${day(to, 'last')} as valid_to,
      ${text(from)} as from_text,
      ${text(to)} as to_text,
      ${external.table.kind === 'table' ? 'cast(null as bigint)' : 'number_in_order()'} as row_no`
}

/** An id as a text that is the same whether it was stored as a number or as a text. */
function idText(column: Parameters<typeof asText>[0]): string {
  return `without_decimals(${asText(column)})`
}

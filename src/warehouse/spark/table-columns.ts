/** The tables of a catalog of Spark's and their columns: few statements, as each one costs. */
import { warehouseSchemas } from '../../tables/catalogue.js'
import { identifier } from '../sql-text.js'
import type { SparkConnection } from './connection.js'
import { isNotFound } from './errors.js'
import { inSparkSpelling } from './statement-text.js'

export interface SparkColumn {
  readonly name: string
  /** As Spark calls it: `decimal(5,2)`. */
  readonly type: string
}

/** Those of the warehouse's schemas that are there, `meta.loads`. */
export async function tablesIn(connection: SparkConnection): Promise<readonly string[]> {
  // A catalog that nobody has used yet may not even have a root.
  const schemas: readonly string[] = await firstTexts(connection, 'show namespaces').catch(error => {
    if (isNotFound(error)) return []
    throw error
  })
  const tables: string[] = []
  for (const schema of warehouseSchemas.filter(name => schemas.includes(name))) {
    const { rows } = await connection.ask(`show tables in ${identifier(schema)}`)
    for await (const [, name] of rows) tables.push(`${schema}.${name}`)
  }
  return tables
}

/** Whether there is a table or view of that name, `meta.loads` or with the catalog's before it. */
export async function hasTable(connection: SparkConnection, name: string): Promise<boolean> {
  const path = name.split('.').map(identifier).join('.')
  try {
    await connection.carryOut(inSparkSpelling(`describe ${path}`))
    return true
  } catch (error) {
    if (isNotFound(error)) return false
    throw error
  }
}

/** The columns of tables that are there, by one statement. */
export async function columnsOf(
  connection: SparkConnection,
  tables: readonly string[],
): Promise<ReadonlyMap<string, readonly SparkColumn[]>> {
  const found = new Map<string, SparkColumn[]>()
  if (tables.length === 0) return found
  const from = tables.map((name, at) => `${name.split('.').map(identifier).join('.')} as table_${at}`)
  // A column of our own before those of each table tells whose they are.
  const selected = tables.map((_, at) => `'' as ${identifier(`#${at}`)}, table_${at}.*`)
  const { rows } = await connection.ask(
    `describe query select ${selected.join(', ')} from ${from.join(' cross join ')}`,
  )
  let columns: SparkColumn[] = []
  for await (const [name, type] of rows) {
    const mark = /^#(\d+)$/.exec(String(name))
    if (mark) {
      columns = []
      found.set(tables[Number(mark[1])] ?? '', columns)
    } else {
      columns.push({ name: String(name), type: String(type) })
    }
  }
  return found
}

async function firstTexts(connection: SparkConnection, statement: string): Promise<readonly string[]> {
  const texts: string[] = []
  for await (const [text] of (await connection.ask(statement)).rows) texts.push(String(text))
  return texts
}

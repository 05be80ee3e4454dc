import { allTables } from '../tables/catalogue.js'
import { createSchema, createTable, type DdlEngine } from '../warehouse/ddl.js'

/** The statements that make every schema and table, each without its semicolon, in an order that works. */
export async function ddlStatements(engine: DdlEngine): Promise<readonly string[]> {
  const schemas = [...new Set(allTables.map(table => table.schema))]
  return [
    ...schemas.map(schema => createSchema(schema, { engine })),
    ...allTables.flatMap(table => createTable(table, { engine })),
  ]
}

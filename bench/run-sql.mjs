// Carries out a file of SQL in a new DuckDB file: run-sql.mjs SQL DATABASE BRONZE, the folder of the Parquet files that it reads.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

// As the program has it: importing it would take longer.
const { DuckDBInstance } = createRequire(import.meta.url)('@duckdb/node-api')

const [sql, database, bronze] = process.argv.slice(2).map(String)
const instance = await DuckDBInstance.create(database)
const connection = await instance.connect()
await connection.run("set TimeZone = 'Asia/Almaty'")
await connection.run(`set variable bronze = '${bronze}'`)
await connection.run(readFileSync(String(sql), 'utf8'))
connection.closeSync()
instance.closeSync()

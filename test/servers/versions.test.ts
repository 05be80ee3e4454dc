import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { describe, expect, it } from 'vitest'

const servers = resolve(import.meta.dirname, '../../servers')

describe('the lists of the servers', () => {
  it('name the extensions of the DuckDB that the program has', async () => {
    const list = await readFile(`${servers}/duckdb-extensions/requirements.txt`, 'utf8')
    const connection = await (await DuckDBInstance.create()).connect()
    const version = String((await connection.runAndReadAll('pragma version')).getRows()[0]?.[0])
    const listed = [...list.matchAll(/^duckdb-extension-(\w+)==(\S+)/gm)].map(line => line.slice(1, 3))
    expect(listed).toEqual(['avro', 'httpfs', 'iceberg'].map(name => [name, version.slice(1)]))
  })

  it('name the Iceberg of the Spark', async () => {
    const spark = /^pyspark==(\d+\.\d+)\./m.exec(await readFile(`${servers}/spark/requirements.txt`, 'utf8'))
    const iceberg = await readFile(`${servers}/spark/pom.xml`, 'utf8')
    expect(iceberg).toContain(`<artifactId>iceberg-spark-runtime-${spark?.[1]}_2.13</artifactId>`)
  })

  it('let Superset read files of the DuckDB that the program has', async () => {
    const list = await readFile(`${servers}/superset/requirements.txt`, 'utf8')
    const connection = await (await DuckDBInstance.create()).connect()
    const version = String((await connection.runAndReadAll('pragma version')).getRows()[0]?.[0])
    expect(/^duckdb==(\S+)/m.exec(list)?.[1]).toBe(version.slice(1))
  })

  it('name the Airflow and the providers that were asked for', async () => {
    const asked = await readFile(`${servers}/airflow/requirements.in`, 'utf8')
    const listed = await readFile(`${servers}/airflow/requirements.txt`, 'utf8')
    const pins = (list: string) => [...list.matchAll(/^[\w-]+==[\w.]+/gm)].map(String)
    expect(pins(asked)).toContain('apache-airflow==3.3.2')
    expect(pins(listed)).toEqual(expect.arrayContaining(pins(asked)))
  })
})

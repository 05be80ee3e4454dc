/** Results of Spark as the plain values of warehouse/engine.ts: pure, but for the statements that it says to ask. */
import type { ResultColumn, Value } from '../engine.js'
import { isoFormatIn } from '../instant-text.js'
import { identifier } from '../sql-text.js'
import type { ThriftColumn } from './thrift-client.js'
import type { PlainValue } from './thrift-values.js'

/** What the protocol does not tell apart, or tells as a text that cannot be read back: it has to be asked otherwise. */
export function isAmbiguous({ type }: ThriftColumn): boolean {
  return ['timestamp', 'array', 'map', 'struct', 'user_defined'].includes(type)
}

/** A query whose columns can be read back, and how. */
export interface ReadableQuery {
  readonly sql: string
  readonly columns: readonly ResultColumn[]
  readonly plain: (row: readonly PlainValue[]) => readonly Value[]
}

/**
 * Asks for instants as microseconds and for everything nested as JSON.
 * @param described the columns with Spark's names of their types, as DESCRIBE QUERY tells them; `array` will do for a list
 * @param timeZone the zone whose offset instants come out with
 */
export function readableQuery(
  sql: string,
  described: readonly ThriftColumn[],
  timeZone: string,
): ReadableQuery {
  // Columns of a query may have one name.
  const names = described.map((_, at) => `column_${at}`)
  const kinds = described.map(({ type }) => kindOf(type))
  const selected = names.map((name, at) => `${asked[kinds[at] ?? 'plain'](name)} as ${name}`)
  const formatInstant = isoFormatIn(timeZone)
  return {
    sql: `select ${selected.join(', ')} from (${sql}\n) as result(${names.join(', ')})`,
    columns: described,
    plain: row =>
      row.map((value, at): Value => {
        if (value === null) return null
        switch (kinds[at]) {
          case 'instant':
            return formatInstant(BigInt(value))
          case 'nested':
            return parsedNested(String(value))
          default:
            return value
        }
      }),
  }
}

type Kind = 'plain' | 'instant' | 'nested'

function kindOf(type: string): Kind {
  if (type === 'timestamp') return 'instant'
  return /^(array|map|struct)\b/.test(type) ? 'nested' : 'plain'
}

const asked: Readonly<Record<Kind, (name: string) => string>> = {
  plain: name => identifier(name),
  instant: name => `unix_micros(${identifier(name)})`,
  nested: name => `to_json(${identifier(name)}, map('ignoreNullFields', 'false'))`,
}

function parsedNested(text: string): Value {
  const value: Value = JSON.parse(text)
  return value
}

/**
 * The functions that statements of the program call, by one name on every engine: whatever DuckDB and Spark say in different
 * words. Every session defines them when it opens, so that they need no model; those of the models stand in
 * `models/functions/`. Names are not those of columns.
 */
import type { Engine } from './engine.js'

type Definitions = Readonly<Record<string, Readonly<Record<Engine['name'], string>>>>

const functions: Definitions = {
  /** The instant of Unix milliseconds, and back. */
  'instant_at(milliseconds)': {
    duckdb: 'make_timestamptz(cast(milliseconds as bigint) * 1000)',
    spark: 'timestamp_millis(milliseconds)',
  },
  'unix_ms(moment)': { duckdb: 'epoch_ms(moment)', spark: 'unix_millis(moment)' },
  /** The day at an instant in a zone (IANA), whichever the session's is. */
  'day_in(zone, moment)': {
    duckdb: 'cast(timezone(zone, moment) as date)',
    spark: `cast(
      convert_timezone(
        'UTC', zone, timestampadd(microsecond, unix_micros(moment), timestamp_ntz '1970-01-01 00:00:00')
      ) as date
    )`,
  },
  'start_of_day(zone, day)': {
    duckdb: 'timezone(zone, cast(day as timestamp))',
    spark: `timestamp_micros(
      timestampdiff(
        microsecond,
        timestamp_ntz '1970-01-01 00:00:00',
        convert_timezone(zone, 'UTC', cast(day as timestamp_ntz))
      )
    )`,
  },
  /** What stands at a path of a JSON text, `$.id`, as text; NULL where nothing does, or null in an object. */
  'json_text(content, path)': {
    duckdb: 'json_extract_string(content, path)',
    spark: 'get_json_object(content, path)',
  },
  /** Whether an object of JSON has a member, be it null. */
  'json_has(content, member)': {
    duckdb: 'coalesce(list_contains(json_keys(content), member), false)',
    spark: 'coalesce(array_contains(json_object_keys(content), member), false)',
  },
  /** A text as JSON has it, quoted; null for NULL. */
  'json_of_text(value)': {
    duckdb: "coalesce(cast(to_json(value) as varchar), 'null')",
    spark: 'substr(to_json(array(value)), 2, length(to_json(array(value))) - 2)',
  },
  'digits_in(value)': {
    duckdb: "regexp_replace(value, '[^0-9]', '', 'g')",
    spark: "regexp_replace(value, '[^0-9]', '')",
  },
  /** A number for each row of a file, in its order, from 1. In a SELECT list alone. */
  'number_in_order()': {
    duckdb: 'row_number() over ()',
    spark: 'row_number() over (order by monotonically_increasing_id())',
  },
  /** All values of a row, of the relation of that alias, as one text that tells it from others. */
  'row_as_text(relation)': {
    duckdb: 'cast(relation as varchar)',
    spark: "to_json(struct(relation.*), map('ignoreNullFields', 'false'))",
  },
}

/** The statements that define them, by engine. */
export const sessionFunctions: Readonly<Record<Engine['name'], string>> = {
  duckdb: definitionsFor('duckdb'),
  spark: definitionsFor('spark'),
}

function definitionsFor(engine: Engine['name']): string {
  return Object.entries(functions)
    .map(([head, bodies]) => `create or replace temp macro ${head} as ${bodies[engine]};`)
    .join('\n')
}

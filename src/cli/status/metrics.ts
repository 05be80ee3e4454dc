/** How things stand, as metrics for Prometheus. Nothing personal: names of tables, entities, rules and checks, and numbers. */
import { daysBetween } from '../../calendar.js'
import { type NextStep, stateOf } from '../../pipeline/status/next-steps.js'
import { daysOfChanges, type Status, type WarehouseFacts } from '../../pipeline/status/status.js'
import type { Metric, Sample } from './exposition.js'

const states = ['ok', 'warning', 'failed'] as const

export function metricsOf(status: Status, steps: readonly NextStep[]): readonly Metric[] {
  const { warehouse, facts, landing, token, checkedAt } = status
  const state = stateOf(steps)
  const bytes = warehouse.state === 'ready' && warehouse.bytes !== null ? [{ value: warehouse.bytes }] : []
  const end = token?.endsAt
  return [
    gauge(
      'hubdwh_up',
      'Whether the warehouse could be read (0: there is none yet, or it cannot be opened).',
      [{ value: facts ? 1 : 0 }],
    ),
    gauge('hubdwh_status_timestamp_seconds', 'When this was looked at, Unix time.', [
      { value: checkedAt / 1000 },
    ]),
    gauge(
      'hubdwh_state',
      'How things stand: 1 for the one of ok, warning, failed that holds.',
      states.map(each => ({ labels: { state: each }, value: each === state ? 1 : 0 })),
    ),
    gauge('hubdwh_warehouse_size_bytes', 'Size of the warehouse file.', bytes),
    ...(facts ? metricsOfFacts(facts) : []),
    gauge(
      'hubdwh_packages_waiting',
      'Load packages that an earlier run left and no process works on.',
      counts(
        landing.packages.filter(({ isUnderWay }) => !isUnderWay),
        ({ source, entity, state: ofPackage }) => ({ source, entity, state: ofPackage }),
      ),
    ),
    gauge('hubdwh_packages_damaged', 'Folders of the landing that hold no readable load package.', [
      { value: landing.damaged.length },
    ]),
    gauge(
      'hubdwh_token_end_timestamp_seconds',
      'When a person must sign in again, Unix time; 0 where there is no usable token.',
      token ? [{ labels: { source: 'amocrm' }, value: (end ?? 0) / 1000 }] : [],
    ),
  ]
}

function metricsOfFacts(facts: WarehouseFacts): readonly Metric[] {
  const {
    tables,
    entities,
    gaps,
    heldDays,
    rejects,
    checks,
    schemaChanges,
    openSweeps,
    unaccounted,
    erasures,
  } = facts
  const isAlaqanUsed = entities.some(({ source }) => source === 'alaqan')
  const ofAlaqan = (value: number): readonly Sample[] =>
    isAlaqanUsed ? [{ labels: { source: 'alaqan' }, value }] : []
  const ofCheck = (check: (typeof checks)[number]) => ({
    check: check.check,
    table: check.table,
    severity: check.severity,
  })
  return [
    gauge(
      'hubdwh_table_rows',
      'Rows of a table.',
      tables.map(({ table, schema, rows }) => ({ labels: { table, layer: schema }, value: rows })),
    ),
    gauge(
      'hubdwh_table_updated_timestamp_seconds',
      'When a table was last loaded or built, Unix time; absent where never.',
      tables.flatMap(({ table, schema, updatedAt }) =>
        updatedAt === null ? [] : [{ labels: { table, layer: schema }, value: Date.parse(updatedAt) / 1000 }],
      ),
    ),
    gauge(
      'hubdwh_table_behind',
      'Whether something upstream has changed that a table does not show yet.',
      tables
        .filter(({ schema }) => schema !== 'bronze')
        .map(({ table, schema, isBehind }) => ({
          labels: { table, layer: schema },
          value: isBehind ? 1 : 0,
        })),
    ),
    gauge(
      'hubdwh_source_load_timestamp_seconds',
      'When an entity of a source was last loaded, Unix time; absent where never.',
      entities.flatMap(({ source, entity, loadedAt }) =>
        loadedAt === null ? [] : [{ labels: { source, entity }, value: loadedAt / 1000 }],
      ),
    ),
    gauge(
      'hubdwh_source_read_until_timestamp_seconds',
      'Until when everything of an entity is known, Unix time: its age is time() minus this.',
      entities.flatMap(({ source, entity, readUntil }) =>
        readUntil === null ? [] : [{ labels: { source, entity }, value: readUntil / 1000 }],
      ),
    ),
    gauge(
      'hubdwh_source_stale',
      'Whether nothing newer than quality.max_age_hours is known of an entity.',
      entities.map(({ source, entity, isStale }) => ({ labels: { source, entity }, value: isStale ? 1 : 0 })),
    ),
    gauge(
      'hubdwh_missing_days',
      'Days until yesterday that no final answer is known for.',
      ofAlaqan(gaps.reduce((sum, { from, to }) => sum + daysBetween(from, to) + 1, 0)),
    ),
    gauge('hubdwh_held_days', 'Days whose newest answer is held back.', ofAlaqan(heldDays.length)),
    gauge(
      'hubdwh_rejected_records',
      'Records that are set aside, by rule.',
      rejects.map(({ table, rule, rows }) => ({ labels: { table, rule }, value: rows })),
    ),
    gauge(
      'hubdwh_check_failed',
      'Whether a check failed at its last run (0 also where a person has accepted what it found).',
      checks.map(check => ({ labels: ofCheck(check), value: check.status === 'failed' ? 1 : 0 })),
    ),
    gauge(
      'hubdwh_check_failing_rows',
      'Rows that broke a check at its last run.',
      checks.map(check => ({ labels: ofCheck(check), value: check.failingRows })),
    ),
    gauge(
      'hubdwh_check_timestamp_seconds',
      'When a check was last carried out, Unix time.',
      checks.map(check => ({ labels: ofCheck(check), value: Date.parse(check.checkedAt) / 1000 })),
    ),
    gauge(
      'hubdwh_schema_changes',
      `Changes of the fields that a source sends, noticed in the last ${daysOfChanges} days.`,
      counts(schemaChanges, ({ source, entity, change }) => ({ source, entity, change })),
    ),
    gauge(
      'hubdwh_sweep_missing_records',
      'Known records that the last reading of everything did not hold, and that have not been asked for.',
      openSweeps.map(({ entity, missing }) => ({ labels: { source: 'amocrm', entity }, value: missing })),
    ),
    gauge(
      'hubdwh_unaccounted_rows',
      'Rows unaccounted for in the last load or build of a table, which was refused.',
      unaccounted.map(({ table, difference }) => ({ labels: { table }, value: Math.abs(difference) })),
    ),
    {
      name: 'hubdwh_erasures_total',
      type: 'counter',
      help: 'People erased on demand.',
      samples: [{ value: erasures }],
    },
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, type: 'gauge', help, samples }
}

/** How many items there are with the same labels. */
function counts<Item>(
  items: readonly Item[],
  labelsOf: (item: Item) => Readonly<Record<string, string>>,
): readonly Sample[] {
  const found = new Map<string, { labels: Readonly<Record<string, string>>; value: number }>()
  for (const item of items) {
    const labels = labelsOf(item)
    const key = JSON.stringify(labels)
    found.set(key, { labels, value: (found.get(key)?.value ?? 0) + 1 })
  }
  return [...found.values()]
}

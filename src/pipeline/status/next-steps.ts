/** How things stand → what a person should do, the gravest first. Pure. */
import { type DayRange, daysBetween, toRanges } from '../../calendar.js'
import { isBlocking } from '../../quality/failed-checks.js'
import type { CheckStatus, EntityStatus, Status, WarehouseFacts } from './status.js'

/**
 * failed: data are wrong, lost or cannot be had until a person acts; warning: something is late or waits for a
 * decision; note: worth a look, and nothing is wrong.
 */
export type Level = 'failed' | 'warning' | 'note'

export interface NextStep {
  /** Stable name of the situation; docs/status.md lists all. */
  readonly code: StepCode
  readonly level: Level
  /** What is the matter, and what the command does about it. */
  readonly sentence: string
  /** To be typed as it stands. */
  readonly command: string
  /** Where more is told: a path in this project with an anchor. */
  readonly runbook: string | undefined
}

export const stepCodes = [
  'warehouse_closed',
  'warehouse_outdated',
  'nothing_loaded',
  'token_ended',
  'token_ends',
  'rows_unaccounted',
  'check_failed',
  'checks_unreadable',
  'sweep_open',
  'days_held',
  'package_damaged',
  'package_waits',
  'not_loaded',
  'source_stale',
  'days_missing',
  'tables_behind',
  'not_published',
  'check_warns',
  'rejects',
  'schema_changed',
] as const
export type StepCode = (typeof stepCodes)[number]

const visitsTable = 'bronze.alaqan_visits'

export interface StepSettings {
  /** `quality.max_age_hours` */
  readonly maxAgeHours: number
  /** An instant (Unix milliseconds) as a person reads it. */
  readonly instantText: (instant: number) => string
}

const day = 86_400_000
/** So long before a token's end a person is told. */
const warnedDays = 14
/** A longer gap is loaded with `backfill`, which goes on where it was and can be stopped. */
const longGapDays = 62

export function nextSteps(status: Status, settings: StepSettings): readonly NextStep[] {
  const { facts, warehouse } = status
  const steps = [
    ...warehouseSteps(status),
    ...tokenSteps(status, settings),
    ...(facts ? [...unaccountedSteps(facts), ...blockingSteps(facts)] : []),
    ...checksProblemSteps(status),
    ...(facts ? factSteps(facts, settings) : []),
    ...landingSteps(status, settings),
    ...unpublishedSteps(status),
  ]
  // Where nothing can be seen of the warehouse, nothing is said of what is in it.
  return warehouse.state === 'ready' ? inOrder(steps) : steps
}

function inOrder(steps: readonly NextStep[]): readonly NextStep[] {
  return [...steps].sort((a, b) => stepCodes.indexOf(a.code) - stepCodes.indexOf(b.code))
}

/** The state of everything: as grave as the gravest step. */
export function stateOf(steps: readonly NextStep[]): 'ok' | 'warning' | 'failed' {
  const levels = steps.map(({ level }) => level)
  return levels.includes('failed') ? 'failed' : levels.includes('warning') ? 'warning' : 'ok'
}

function step(
  code: StepCode,
  level: Level,
  sentence: string,
  command: string,
  runbook: string | undefined = undefined,
): NextStep {
  return { code, level, sentence, command, runbook }
}

function runbookOf(anchor: string): string {
  return `docs/runbook.md#${anchor}`
}

function warehouseSteps({ warehouse, facts, path }: Status): readonly NextStep[] {
  if (warehouse.state === 'missing') {
    return [
      step(
        'nothing_loaded',
        'warning',
        `Nothing is loaded yet: there is no warehouse at ${path}.`,
        'hubdwh run',
      ),
    ]
  }
  if (warehouse.state === 'closed') {
    const { code, message, advice } = warehouse.error
    const level = code === 'warehouse_locked' ? 'warning' : 'failed'
    const sentence = advice === undefined ? message : `${message} ${advice}`
    return [step('warehouse_closed', level, sentence, 'hubdwh status', runbookOf(`error-${code}`))]
  }
  const { tables, columns } = facts?.absent ?? { tables: [], columns: [] }
  if (columns.length > 0) {
    return [
      step(
        'warehouse_outdated',
        'failed',
        `An older version of hubdwh made this warehouse: it lacks ${listed(columns)}. What rests on that is not shown. ` +
          `Move ${path} away; a run builds it anew from the sources.`,
        'hubdwh run',
        runbookOf('warehouse-of-an-older-version'),
      ),
    ]
  }
  if (tables.length > 0) {
    return [
      step(
        'warehouse_outdated',
        'warning',
        `An older version of hubdwh made this warehouse: it lacks ${listed(tables)}. The next run makes them.`,
        'hubdwh run',
        runbookOf('warehouse-of-an-older-version'),
      ),
    ]
  }
  return []
}

function tokenSteps({ token, checkedAt }: Status, { instantText }: StepSettings): readonly NextStep[] {
  if (!token) return []
  const { endsAt, problem } = token
  const auth = 'hubdwh auth amocrm'
  const runbook = runbookOf('error-not_authorized')
  if (endsAt === null) {
    return [step('token_ended', 'failed', problem ?? 'There is no usable token for amoCRM.', auth, runbook)]
  }
  if (endsAt <= checkedAt) {
    return [
      step('token_ended', 'failed', `The token for amoCRM ended on ${instantText(endsAt)}.`, auth, runbook),
    ]
  }
  if (endsAt - checkedAt > warnedDays * day) return []
  return [
    step('token_ends', 'warning', `The token for amoCRM ends on ${instantText(endsAt)}.`, auth, runbook),
  ]
}

function unaccountedSteps({ unaccounted }: WarehouseFacts): readonly NextStep[] {
  return unaccounted.map(({ table, loadId, difference }) => {
    const rows = counted(Math.abs(difference), 'row')
    const what = difference < 0 ? `${rows} more than had come in` : `${rows} unaccounted for`
    return step(
      'rows_unaccounted',
      'failed',
      `${table}: the last ${loadId === null ? 'build' : `load (${loadId})`} was refused, ${what}. The table stays as it was. To see which rows:`,
      loadId === null ? 'hubdwh transform' : 'hubdwh run',
      runbookOf('error-rows_unaccounted'),
    )
  })
}

function blockingSteps({ checks }: WarehouseFacts): readonly NextStep[] {
  return checks.filter(isBlocking).map(check => checkStep('check_failed', 'failed', check))
}

function checkStep(code: 'check_failed' | 'check_warns', level: Level, check: CheckStatus): NextStep {
  const { table, failingRows, description, advice, isOwn } = check
  const rows = failingRows === 1 ? '1 row breaks' : `${failingRows} rows break`
  const rule = description === undefined ? '' : ` (${description.replace(/\.$/, '')})`
  const kept = code === 'check_failed' ? ' What it guards stays as it was.' : ''
  return step(
    code,
    level,
    `${table}: ${rows} ${check.check}${rule}.${kept} ${advice ?? 'The failing rows tell more.'}`,
    `hubdwh sql "select record from meta.check_failures where check_name = '${check.check}'"`,
    isOwn ? undefined : runbookOf(`check-${check.check}`),
  )
}

function checksProblemSteps({ checksProblem }: Status): readonly NextStep[] {
  if (!checksProblem) return []
  const { message, advice = '', code } = checksProblem
  return [
    step(
      'checks_unreadable',
      'failed',
      `${message} ${advice}`.trimEnd(),
      'hubdwh quality',
      runbookOf(`error-${code}`),
    ),
  ]
}

function unpublishedSteps({ unpublished }: Status): readonly NextStep[] {
  return unpublished.map(({ place, tables }) =>
    step(
      'not_published',
      'warning',
      `${place} under publish shows older data of ${counted(tables.length, 'table')}.`,
      `hubdwh publish ${place}`,
      runbookOf('error-publish_unavailable'),
    ),
  )
}

function factSteps(facts: WarehouseFacts, settings: StepSettings): readonly NextStep[] {
  const { checks, heldDays, openSweeps, tables, rejects, schemaChanges } = facts
  const isHeldUp = checks.some(isBlocking)
  const behind = tables.filter(({ isBehind }) => isBehind)
  const sweeps = openSweeps.map(({ entity, missing, startedAt }) =>
    step(
      'sweep_open',
      'warning',
      `The last reading of all ${entity} (${settings.instantText(startedAt)}) did not hold ${counted(missing, 'known record')}, ` +
        'and they have not been asked for: nothing was marked as deleted. See whether the rights of the ' +
        "token's user were narrowed (hubdwh check); if they were really deleted:",
      `hubdwh load amocrm ${entity} --full --accept`,
      runbookOf('error-sweep_stopped'),
    ),
  )
  const held = toRanges(heldDays).map(range =>
    step(
      'days_held',
      'warning',
      `The newest answer of Alaqan for ${rangeText(range)} lost most of its events and is held back until it is said again. To take it:`,
      `hubdwh load alaqan --from ${range.from} --to ${range.to} --accept`,
      runbookOf('a-day-is-held-back'),
    ),
  )
  return [
    ...sweeps,
    ...held,
    // A ledger that lacks columns tells nothing, which does not mean that nothing was loaded.
    ...(facts.absent.columns.length > 0 ? [] : [...loadingSteps(facts, settings), ...gapSteps(facts)]),
    ...(behind.length > 0 && !isHeldUp
      ? [
          step(
            'tables_behind',
            'warning',
            `${listed(behind.map(({ table }) => table))}: something upstream has changed since.`,
            'hubdwh transform',
          ),
        ]
      : []),
    ...checks
      .filter(check => check.status === 'failed' && !isBlocking(check))
      .map(check => checkStep('check_warns', 'warning', check)),
    ...(rejects.length > 0
      ? [
          step(
            'rejects',
            'note',
            `${counted(sumOf(rejects), 'record')} set aside (${listed(rulesOf(facts))}). To see why:`,
            'hubdwh rejects',
            runbookOf('records-are-set-aside'),
          ),
        ]
      : []),
    ...(schemaChanges.length > 0
      ? [
          step(
            'schema_changed',
            'note',
            `The sources send other fields than before: ${listed(
              schemaChanges.map(
                ({ source, entity, field, change }) => `${source} ${entity}.${field} ${changeText(change)}`,
              ),
            )}. Nothing is lost: the archive keeps every answer.`,
            'hubdwh sql "from meta.schema_changes order by noticed_at desc"',
            runbookOf('the-sources-send-other-fields'),
          ),
        ]
      : []),
  ]
}

/** Records a rule, the most frequent first: `iin_format 3`. */
function rulesOf({ rejects }: WarehouseFacts): readonly string[] {
  const byRule = new Map<string, number>()
  for (const { rule, rows } of rejects) byRule.set(rule, (byRule.get(rule) ?? 0) + rows)
  return [...byRule].sort(([, a], [, b]) => b - a).map(([rule, rows]) => `${rule} ${rows}`)
}

/** What was never read, and what was read too long ago. */
function loadingSteps({ entities }: WarehouseFacts, settings: StepSettings): readonly NextStep[] {
  const { maxAgeHours, instantText } = settings
  const sources = [...new Set(entities.map(({ source }) => source))]
  return sources.flatMap((source): readonly NextStep[] => {
    const all = entities.filter(
      entity => entity.source === source && !(entity.mayBeClosed && !wasLoaded(entity)),
    )
    const missing = all.filter(entity => !wasLoaded(entity))
    const stale = all.filter(entity => entity.isStale)
    const command = `hubdwh run ${source}`
    if (missing.length === all.length) {
      return [step('not_loaded', 'warning', `Nothing of ${source} is loaded yet.`, command)]
    }
    const oldest = stale.reduce((least, { readUntil }) => Math.min(least, readUntil ?? least), Infinity)
    return [
      ...(missing.length === 0
        ? []
        : [
            step(
              'not_loaded',
              'warning',
              `${source}: never loaded so far: ${listed(missing.map(({ entity }) => entity))}.`,
              command,
            ),
          ]),
      ...(stale.length === 0
        ? []
        : [
            step(
              'source_stale',
              'warning',
              `${source}: nothing newer than ${instantText(oldest)} is known (${listed(stale.map(({ entity }) => entity))}), ` +
                `and ${maxAgeHours} hours is the most that quality.max_age_hours allows. See whether the scheduled run fails:`,
              command,
              runbookOf('a-source-is-stale'),
            ),
          ]),
    ]
  })
}

function wasLoaded({ loadedAt, readUntil }: EntityStatus): boolean {
  return loadedAt !== null || readUntil !== null
}

/** The days after the newest known one are not missing but new: {@link loadingSteps} tells when they are late. */
function gapSteps({ gaps, tables }: WarehouseFacts): readonly NextStep[] {
  const newest = tables.find(({ table }) => table === visitsTable)?.until ?? ''
  const missing = gaps.filter(({ to }) => to < newest)
  if (missing.length === 0) return []
  const days = missing.reduce((sum, { from, to }) => sum + daysBetween(from, to) + 1, 0)
  const sentence = `${counted(days, 'day')} of Alaqan missing: ${listed(missing.map(rangeText))}.`
  const first = missing[0]
  const last = missing.at(-1)
  const command =
    days > longGapDays && first && last
      ? `hubdwh backfill alaqan --from ${first.from} --to ${last.to}`
      : 'hubdwh run alaqan'
  return [step('days_missing', 'warning', sentence, command, runbookOf('days-are-missing'))]
}

function landingSteps({ landing }: Status, { instantText }: StepSettings): readonly NextStep[] {
  const { packages, damaged, loaders } = landing
  const waiting = packages.filter(({ isUnderWay }) => !isUnderWay)
  const first = waiting[0]
  const died = loaders
    .filter(({ isDead }) => isDead)
    .map(({ source, entity, pid }) => `process ${pid ?? 'unknown'} died while it loaded ${source} ${entity}`)
  const stopped = died.length === 0 ? '' : ` (${died.join('; ')}; the lock it left is taken over)`
  return [
    ...damaged.map(dir =>
      step(
        'package_damaged',
        'warning',
        `${dir} is not a load package that can be read, and is left alone. Move it away: a run reads from the source what it held.`,
        'hubdwh run',
        runbookOf('error-package_damaged'),
      ),
    ),
    ...(first
      ? [
          step(
            'package_waits',
            'warning',
            `An earlier run was stopped${stopped}: ${counted(waiting.length, 'load package')} ` +
              `(${listed([...new Set(waiting.map(({ source, entity }) => `${source} ${entity}`))])}; the oldest of ${instantText(first.createdAt)}) ` +
              'wait to be gone on with.',
            'hubdwh run',
            runbookOf('a-run-was-stopped'),
          ),
        ]
      : died.length > 0
        ? [
            step(
              'package_waits',
              'note',
              `An earlier run was stopped${stopped}.`,
              'hubdwh run',
              runbookOf('a-run-was-stopped'),
            ),
          ]
        : []),
  ]
}

function changeText(change: string): string {
  return change === 'type_changed' ? 'has another type' : change
}

function sumOf(rejects: WarehouseFacts['rejects']): number {
  return rejects.reduce((sum, { rows }) => sum + rows, 0)
}

/** `1 day`, `3 days` */
function counted(count: number, what: string): string {
  return count === 1 ? `1 ${what}` : `${count} ${what}s`
}

const mostListed = 6

function listed(texts: readonly string[]): string {
  const rest = texts.length - mostListed
  return rest > 0 ? `${texts.slice(0, mostListed).join(', ')} and ${rest} more` : texts.join(', ')
}

export function rangeText({ from, to }: DayRange): string {
  return from === to ? from : `${from} to ${to}`
}

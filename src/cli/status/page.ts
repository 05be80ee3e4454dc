/** How things stand, for a person: the tables by layer, then what is not as it should be, last what to do. */
import { type NextStep, rangeText } from '../../pipeline/status/next-steps.js'
import {
  daysOfChanges,
  type Status,
  type TableStatus,
  type WarehouseFacts,
} from '../../pipeline/status/status.js'
import { renderTable } from '../table.js'
import { visible } from '../visible.js'

export interface PageSettings {
  /** The sources that the configuration has. */
  readonly sources: readonly string[]
  /** An instant (Unix milliseconds) as a person reads it. */
  readonly instantText: (instant: number) => string
  /** IANA: where those times are. */
  readonly timeZone: string
}

export function statusPage(status: Status, steps: readonly NextStep[], settings: PageSettings): string {
  const { facts } = status
  const sections = [
    ...(facts ? [...tableSections(facts, settings), ...doubtSections(facts)] : []),
    ...underWay(status),
    conclusion(status, steps, settings),
  ]
  return sections.join('\n')
}

function tableSections({ tables }: WarehouseFacts, settings: PageSettings): readonly string[] {
  const { sources, instantText } = settings
  // A mart that was never built is one that the configuration has no use for; a list never loaded is a gap.
  const shown = tables.filter(
    ({ table, schema, rows, updatedAt }) =>
      rows > 0 ||
      updatedAt !== null ||
      (schema === 'bronze' && sources.some(source => table.startsWith(`bronze.${source}_`))),
  )
  const time = (text: string | null, other: string) =>
    text === null ? other : text.includes('T') ? instantText(Date.parse(text)) : text
  const sectionOf = (schema: TableStatus['schema']): readonly string[] => {
    const ofLayer = shown.filter(table => table.schema === schema)
    if (ofLayer.length === 0) return []
    const isRead = schema === 'bronze'
    const hasRejects = ofLayer.some(({ rejects }) => rejects > 0)
    const hasBehind = ofLayer.some(({ isBehind }) => isBehind)
    return [
      renderTable(
        [
          { name: schema },
          { name: 'rows', align: 'right' },
          { name: isRead ? 'loaded' : 'built' },
          ...(isRead ? [{ name: 'read until' }] : []),
          ...(hasRejects ? [{ name: 'set aside', align: 'right' } as const] : []),
          ...(hasBehind ? [{ name: 'state' }] : []),
        ],
        ofLayer.map(table => [
          table.table.slice(schema.length + 1),
          grouped(table.rows),
          time(table.updatedAt, 'never'),
          ...(isRead ? [time(table.until, '')] : []),
          ...(hasRejects ? [table.rejects === 0 ? '' : grouped(table.rejects)] : []),
          ...(hasBehind ? [table.isBehind ? 'behind' : ''] : []),
        ]),
      ),
    ]
  }
  return [...sectionOf('bronze'), ...sectionOf('silver'), ...sectionOf('gold')]
}

function doubtSections(facts: WarehouseFacts): readonly string[] {
  const { gaps, heldDays, rejects, checks, schemaChanges, erasures } = facts
  const failed = checks.filter(({ status }) => status !== 'passed')
  return [
    ...(gaps.length === 0
      ? []
      : [`Days of Alaqan without a final answer: ${gaps.map(rangeText).join(', ')}\n`]),
    ...(heldDays.length === 0 ? [] : [`Days held back: ${heldDays.join(', ')}\n`]),
    ...(rejects.length === 0
      ? []
      : [
          renderTable(
            [{ name: 'set aside from' }, { name: 'rule' }, { name: 'records', align: 'right' }],
            rejects.map(({ table, rule, rows }) => [table, rule, grouped(rows)]),
          ),
        ]),
    ...(failed.length === 0
      ? []
      : [
          renderTable(
            [{ name: 'check' }, { name: 'table' }, { name: 'last run' }, { name: 'rows', align: 'right' }],
            failed.map(({ check, table, severity, status, failingRows }) => [
              check,
              table,
              status === 'accepted' ? 'accepted' : severity === 'block' ? 'FAILED' : 'warning',
              grouped(failingRows),
            ]),
          ),
        ]),
    ...(schemaChanges.length === 0
      ? []
      : [
          renderTable(
            [
              { name: `field (last ${daysOfChanges} days)` },
              { name: 'change' },
              { name: 'types' },
              { name: 'noticed' },
            ],
            schemaChanges.map(change => [
              `${change.source} ${change.entity}.${change.field}`,
              change.change,
              [change.typesBefore, change.typesAfter]
                .map(types => types.join(' or '))
                .filter(types => types !== '')
                .join(' → '),
              change.noticedAt.slice(0, 10),
            ]),
          ),
        ]),
    ...(erasures === 0 ? [] : [`People erased on demand: ${erasures}\n`]),
  ]
}

function underWay({ landing }: Status): readonly string[] {
  const running = landing.loaders.filter(({ isDead }) => !isDead)
  if (running.length === 0) return []
  return [
    running
      .map(
        ({ source, entity, pid, host }) =>
          `Under way: ${visible(source)} ${visible(entity)} is being loaded${pid === null ? '' : ` by process ${pid}`}${host === null ? '' : ` on ${visible(host)}`}.\n`,
      )
      .join(''),
  ]
}

function conclusion(
  { facts, checkedAt }: Status,
  steps: readonly NextStep[],
  settings: PageSettings,
): string {
  const { instantText, timeZone } = settings
  const todo = steps.filter(({ level }) => level !== 'note')
  const notes = steps.filter(({ level }) => level === 'note')
  const at = `${instantText(checkedAt)}, ${timeZone}`
  const head =
    todo.length > 0
      ? `What to do next (${at}):\n${todo.map(stepText).join('')}`
      : `All is well (${at}): ${wellText(facts, settings)}.\n`
  return notes.length === 0 ? head : `${head}\nWorth a look:\n${notes.map(stepText).join('')}`
}

function stepText({ level, sentence, command, runbook }: NextStep, index: number): string {
  const mark = level === 'failed' ? 'FAILED: ' : ''
  const more = runbook === undefined ? '' : `\n       more: ${runbook}`
  return `${String(index + 1).padStart(3)}. ${mark}${visible(sentence)}\n       ${visible(command)}${more}\n`
}

/** `30 tables; alaqan known until 2025-01-31 00:00, amocrm until 2025-01-31 09:58` */
function wellText(facts: WarehouseFacts | undefined, { sources, instantText }: PageSettings): string {
  const tables = (facts?.tables ?? []).filter(({ updatedAt }) => updatedAt !== null)
  const until = sources.flatMap(source => {
    const instants = (facts?.entities ?? []).flatMap(entity =>
      entity.source === source && entity.readUntil !== null ? [entity.readUntil] : [],
    )
    return instants.length === 0 ? [] : [`${source} known until ${instantText(Math.min(...instants))}`]
  })
  return [`${tables.length} tables up to date`, ...until].join('; ')
}

/** 1 234 567 */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

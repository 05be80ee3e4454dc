/** Causes brought to messages: a few sentences, a list where there is one, and the commands to run. */
import { createHash } from 'node:crypto'
import type { NoticeLanguage } from '../config/config.js'
import { type Cause, type CauseOf, keyOf } from './cause.js'
import { type Entry, quietUntil } from './memory.js'
import type { Wording } from './wording.js'
import { wordingEn } from './wording-en.js'
import { wordingRu } from './wording-ru.js'

export type Severity = 'error' | 'warning' | 'info'

/** One message. Every text in it is plain; each channel writes it in its own way. */
export interface Notice {
  readonly kind: Cause['kind'] | 'works_again' | 'test'
  readonly severity: Severity
  /** Of the causes in it. */
  readonly keys: readonly string[]
  readonly title: string
  readonly sentences: readonly string[]
  /** A list that a channel may cut. */
  readonly items: readonly string[]
  /** To be copied into a shell. */
  readonly commands: readonly string[]
  /** What says that items were left out. */
  readonly andMore: (count: number) => string
  readonly language: NoticeLanguage
  /** Unix milliseconds. */
  readonly at: number
  /** `2025-01-31 10:00 Asia/Almaty` */
  readonly when: string
}

/** A message with the causes that are told by it. */
export interface Told {
  readonly notice: Notice
  readonly causes: readonly Cause[]
}

const wordings: Readonly<Record<NoticeLanguage, Wording>> = { ru: wordingRu, en: wordingEn }

export interface Moment {
  /** Unix milliseconds. */
  readonly now: number
  readonly timeZone: string
}

/** The messages about causes: one a cause, but one for all checks that block, all that warn, and all days. */
export function noticesOf(
  causes: readonly Cause[],
  language: NoticeLanguage,
  moment: Moment,
): readonly Told[] {
  const wording = wordings[language]
  const told = (of: readonly Cause[], text: Text): Told => ({
    notice: complete({ ...text, keys: of.map(keyOf) }, language, moment),
    causes: of,
  })
  const together = <C extends Cause>(of: readonly C[], write: (of: readonly C[]) => Text): readonly Told[] =>
    of.length === 0 ? [] : [told(of, write(of))]
  const runs = causes.filter(isKind('run_failed'))
  const checks = causes.filter(isKind('check_failed'))
  return [
    ...runs.map(cause => told([cause], { kind: cause.kind, severity: 'error', ...wording.runFailed(cause) })),
    ...together(
      checks.filter(({ severity }) => severity === 'block'),
      of => ({ kind: 'check_failed', severity: 'error', ...wording.checksBlock(of) }),
    ),
    ...together(causes.filter(isKind('sweep_stopped')), of => ({
      kind: 'sweep_stopped',
      severity: 'error',
      ...wording.sweepStopped(of),
    })),
    ...together(causes.filter(isKind('not_published')), of => ({
      kind: 'not_published',
      severity: 'warning',
      ...wording.notPublished(of),
    })),
    ...together(causes.filter(isKind('day_held')), of => ({
      kind: 'day_held',
      severity: 'warning',
      ...wording.daysHeld(of),
    })),
    ...causes
      .filter(isKind('token_ends'))
      .map(cause => told([cause], { kind: cause.kind, severity: 'warning', ...wording.tokenEnds(cause) })),
    ...together(
      checks.filter(({ severity }) => severity === 'warn'),
      of => ({ kind: 'check_failed', severity: 'warning', ...wording.checksWarn(of) }),
    ),
  ]
}

/** The message that causes are over. */
export function worksAgain(ended: readonly Entry[], language: NoticeLanguage, moment: Moment): Notice {
  const quiet = Math.max(...ended.map(quietUntil))
  const until = quiet > moment.now ? localTime(quiet, moment.timeZone) : undefined
  const causes = ended.map(({ cause }) => cause)
  const text = wordings[language].worksAgain(causes, until)
  return complete(
    { kind: 'works_again', severity: 'info', keys: causes.map(keyOf), ...text },
    language,
    moment,
  )
}

/** What `hubdwh check --notify` sends. */
export function testNotice(language: NoticeLanguage, moment: Moment): Notice {
  return complete(
    { kind: 'test', severity: 'info', keys: [], ...wordings[language].test() },
    language,
    moment,
  )
}

/** The same for the same message: a receiver that gets it twice can tell. */
export function idOf({ kind, keys, at }: Notice): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, keys, at]))
    .digest('hex')
    .slice(0, 32)
}

type Text = Pick<Notice, 'kind' | 'severity' | 'title' | 'sentences'> &
  Partial<Pick<Notice, 'items' | 'commands'>>

function complete(
  text: Text & Pick<Notice, 'keys'>,
  language: NoticeLanguage,
  { now, timeZone }: Moment,
): Notice {
  const { andMore } = wordings[language]
  return { items: [], commands: [], ...text, andMore, language, at: now, when: localTime(now, timeZone) }
}

function isKind<Kind extends Cause['kind']>(kind: Kind) {
  return (cause: Cause): cause is CauseOf<Kind> => cause.kind === kind
}

/** `2025-01-31 10:00 Asia/Almaty` */
function localTime(instant: number, timeZone: string): string {
  // The Swedish locale writes a time as YYYY-MM-DD HH:MM.
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return `${local.format(instant)} ${timeZone}`
}

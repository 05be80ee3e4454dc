/** What a language must be able to say. Texts are plain, and made of fixed sentences, codes, names, counts and days. */
import type { Cause, CauseOf } from './cause.js'

export interface Worded {
  readonly title: string
  readonly sentences: readonly string[]
  readonly items?: readonly string[]
  readonly commands?: readonly string[]
}

export interface Wording {
  runFailed(cause: CauseOf<'run_failed'>): Worded
  checksBlock(causes: readonly CauseOf<'check_failed'>[]): Worded
  checksWarn(causes: readonly CauseOf<'check_failed'>[]): Worded
  sweepStopped(causes: readonly CauseOf<'sweep_stopped'>[]): Worded
  notPublished(causes: readonly CauseOf<'not_published'>[]): Worded
  daysHeld(causes: readonly CauseOf<'day_held'>[]): Worded
  tokenEnds(cause: CauseOf<'token_ends'>): Worded
  /** @param quietUntil a local time until which a repetition is not told */
  worksAgain(causes: readonly Cause[], quietUntil: string | undefined): Worded
  test(): Worded
  andMore(count: number): string
}

/** What helps against an error, as a command. */
export function commandsAfter({ code, exitCode, command }: CauseOf<'run_failed'>): readonly string[] {
  const again = `hubdwh ${command}`
  switch (code) {
    case 'not_authorized':
    case 'refresh_token_rejected':
    case 'redirect_uri_mismatch':
    case 'integration_rejected':
      return ['hubdwh auth amocrm']
    case 'rows_unaccounted':
    case 'bug':
      return [`${again} --verbose`]
    default:
      return exitCode === 3 ? ['hubdwh status', again] : ['hubdwh check', again]
  }
}

/** Names of sources as their vendors write them. */
export function sourceName(source: string): string {
  if (source === 'alaqan') return 'Alaqan'
  return source === 'amocrm' ? 'amoCRM' : source
}

/** The command that accepts a day. @param anyDay what stands for the day where there are several */
export function acceptDay(day: string | undefined, anyDay: string): string {
  return `hubdwh load alaqan --from ${day ?? anyDay} --to ${day ?? anyDay} --accept`
}

/** What `publish` does, and what `run` and `forget` do after gold: places that show the marts are brought up to date. */
import {
  AuthorizationError,
  HubdwhError,
  InterruptedError,
  UnavailableError,
  UsageError,
} from '../../errors.js'
import type { JsonObject } from '../../json.js'
import { areas } from '../../notices/cause.js'
import { type Published, publish as publishMarts } from '../../publish/publish.js'
import type { MakeReport } from '../../publish/report-file.js'
import type { PublishMarts, PublishOptions } from '../commands/publish.js'
import type { Context } from '../context.js'
import { describeFailure } from '../failure.js'
import { noticing } from '../noticing.js'
import type { Outcome } from '../session.js'

/** `hubdwh publish` */
export const publish: PublishMarts = noticing(
  ({ kinds }: PublishOptions, { publish: places }) => ({
    command: 'publish',
    covers: places
      .map(({ kind }) => kind)
      .filter(kind => kinds.length === 0 || kinds.includes(kind))
      .map(areas.publish),
  }),
  async (context, { kinds, full }) => {
    const missing = kinds.find(kind => !context.config.publish.some(place => place.kind === kind))
    if (missing !== undefined) throw notConfigured(missing)
    const published = await publishTo(context, { kinds, full })
    const outcome: Outcome = {
      json: { published: published.map(each => publishedJson(each, context.redact)) },
      nothingToDo: published.every(({ tables }) => tables.length === 0),
      work: { published },
    }
    if (published.length === 0) context.results.print(`${whyNothing(context)}\n`)
    return withGravest(context, errorsOf(published), outcome)
  },
)

/** The outcome where places that are behind are a failure: all are told, and of several the one that a person must act on counts. */
export function withGravest(context: Context, errors: readonly HubdwhError[], outcome: Outcome): Outcome {
  const gravest = gravestOf(errors)
  if (!gravest) return outcome
  const options = { verbose: false, redact: context.redact }
  for (const error of errors) context.io.stderr.write(`${describeFailure(error, options).text}\n`)
  const { json, exitCode } = describeFailure(gravest, options)
  return { ...outcome, json: { ...outcome.json, ...json }, exitCode }
}

/** Publishes and shows what became of each place. Throws nothing that a place does. */
export async function publishTo(
  context: Context,
  { kinds, full }: PublishOptions,
): Promise<readonly Published[]> {
  const makeReport: MakeReport = async language =>
    (await import('../../report/report.js')).reportHtml(context, { language })
  const published = await publishMarts(context, { kinds, isFull: full, makeReport })
  const { results } = context
  if (published.some(({ state }) => state !== 'unchanged')) {
    results.table(
      ['published', 'new tables', 'what'].map(name => ({ name })),
      published.map(({ place, tables, what, state, error }) => [
        place,
        tables.length,
        (what && context.redact(what)) ??
          (state === 'unchanged' ? 'was up to date' : `behind (${error?.code})`),
      ]),
    )
  }
  return published
}

/**
 * The same for a command whose own work is done: that nothing could be published (another process publishes, the disk is
 * full) is told by the error that it returns, and takes nothing from what the command has to tell.
 */
export async function publishAfter(
  context: Context,
): Promise<{ readonly published: readonly Published[]; readonly error?: HubdwhError }> {
  try {
    return { published: await publishTo(context, { kinds: [], full: false }) }
  } catch (error) {
    if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
    return { published: [], error }
  }
}

/** Tells of places that are behind where that is no failure of the command. */
export function warnOfBehind(
  { reporter }: Context,
  { published, error: failure }: Awaited<ReturnType<typeof publishAfter>>,
): void {
  if (failure) reporter.warn(`Nothing was published: ${failure.message} ${failure.advice ?? ''}`.trimEnd())
  for (const { place, error } of published) {
    if (error) reporter.warn(`${place} shows older data: ${error.message} ${error.advice ?? ''}`.trimEnd())
  }
}

function notConfigured(kind: string): UsageError {
  return new UsageError('place_not_configured', `There is no ${kind} under publish in the configuration.`, {
    advice: 'Add it, as docs/bi.md shows, or leave the name away to publish to all places.',
  })
}

function whyNothing({ config }: Context): string {
  return config.publish.length === 0
    ? 'Nowhere to publish to: the configuration names no place under publish (docs/bi.md).'
    : 'Nothing to publish: nothing was ever loaded. Load something first: hubdwh run'
}

export function errorsOf(published: readonly Published[]): readonly HubdwhError[] {
  return published.flatMap(({ error }) => error ?? [])
}

/** What a person must act on comes before what only time can mend. */
function gravestOf(errors: readonly HubdwhError[]): HubdwhError | undefined {
  return (
    errors.find(error => error instanceof UsageError) ??
    errors.find(error => error instanceof AuthorizationError) ??
    errors.find(error => !(error instanceof UnavailableError)) ??
    errors[0]
  )
}

/** @param redact removes known secrets: a server may quote them in what it says */
export function publishedJson(
  { kind, place, state, tables, what, error }: Published,
  redact: (text: string) => string,
): JsonObject {
  return {
    kind,
    place,
    state,
    tables: [...tables],
    what: what === undefined ? null : redact(what),
    error: error ? { code: error.code, message: redact(error.message) } : null,
  }
}

/** Why a person is told something. A cause holds codes, names of entities, checks and tables, counts and days: nothing personal. */
import { z } from 'zod'

const severity = z.enum(['block', 'warn'])

export const causeSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('run_failed'),
    /** The source; `all` where the command as a whole could not go on. */
    subject: z.string(),
    /** Of the error. */
    code: z.string(),
    exitCode: z.number(),
    /** Without arguments: `load alaqan`. */
    command: z.string(),
    /** What could not be had or built; empty where nothing was. */
    entities: z.array(z.string()).readonly(),
    area: z.string(),
  }),
  z.strictObject({
    kind: z.literal('check_failed'),
    check: z.string(),
    table: z.string(),
    severity,
    failingRows: z.number(),
  }),
  z.strictObject({ kind: z.literal('sweep_stopped'), entity: z.string() }),
  /** A place of `publish:` (`superset`) shows older marts than there are. */
  z.strictObject({
    kind: z.literal('not_published'),
    place: z.string(),
    /** Of the error. */
    code: z.string(),
    exitCode: z.number(),
  }),
  /** The newest answer about this day at the gate waits to be said again or accepted. */
  z.strictObject({ kind: z.literal('day_held'), day: z.string() }),
  /** `way`: a long-lived token, or the refresh token of OAuth. `endsOn`: a day in the configured zone. */
  z.strictObject({
    kind: z.literal('token_ends'),
    source: z.string(),
    way: z.enum(['token', 'oauth']),
    endsOn: z.string(),
  }),
])

export type Cause = Readonly<z.infer<typeof causeSchema>>
export type CauseOf<Kind extends Cause['kind']> = Extract<Cause, { kind: Kind }>

/** The same for the same cause at every run: what is remembered as told. */
export function keyOf(cause: Cause): string {
  switch (cause.kind) {
    case 'run_failed':
      return `run_failed:${cause.subject}:${cause.code}`
    case 'check_failed':
      return `check_failed:${cause.check}:${cause.table}`
    case 'sweep_stopped':
      return `sweep_stopped:${cause.entity}`
    case 'not_published':
      return `not_published:${cause.place}:${cause.code}`
    case 'day_held':
      return `day_held:${cause.day}`
    case 'token_ends':
      return `token_ends:${cause.source}`
  }
}

/** What a command must go through to its end for the cause to be over, where it does not come up again. */
export function areaOf(cause: Cause): string {
  switch (cause.kind) {
    case 'run_failed':
      return cause.area
    case 'check_failed':
      return areas.check(cause)
    case 'sweep_stopped':
      return areas.sweep(cause.entity)
    case 'not_published':
      return areas.publish(cause.place)
    case 'day_held':
      return areas.heldDays
    case 'token_ends':
      return areas.token(cause.source)
  }
}

export const areas = {
  /** The command itself, with the source that it was given. */
  command: (command: string) => `command:${command}`,
  load: (source: string) => `load:${source}`,
  build: (source: string) => `build:${source}`,
  check: ({ check, table }: { readonly check: string; readonly table: string }) => `check:${check}:${table}`,
  sweep: (entity: string) => `sweep:${entity}`,
  publish: (place: string) => `publish:${place}`,
  heldDays: 'held_days',
  token: (source: string) => `token:${source}`,
}

/**
 * Whether its end is worth a message. That a day was accepted or a token renewed, a person has done; that a warning is
 * not repeated does not mean that the rows are mended.
 */
export function isEndTold(cause: Cause): boolean {
  switch (cause.kind) {
    case 'run_failed':
    case 'sweep_stopped':
    case 'not_published':
      return true
    case 'check_failed':
      return cause.severity === 'block'
    case 'day_held':
    case 'token_ends':
      return false
  }
}

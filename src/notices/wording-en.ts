import type { Cause, CauseOf } from './cause.js'
import { acceptDay, commandsAfter, sourceName, type Wording } from './wording.js'

/** What happened, by the error's code. */
const sentences: Readonly<Record<string, string>> = {
  account_not_paid: 'The account is not paid.',
  address_not_allowed: 'The address of this machine is not among those that the account allows.',
  blocked: 'The source blocks this program for a while, as too much was asked of it.',
  bug: 'Something happened that should not: please report it, with the trace that --verbose shows.',
  check_invalid: 'A check of your own is not written as checks must be.',
  credential_rejected: 'The key or token is not accepted: it is wrong, has ended or was revoked.',
  disk_full: 'The disk is full.',
  forbidden: 'The token lacks rights.',
  integration_rejected: 'amoCRM does not accept the integration: client_id or client_secret is wrong.',
  locked: 'Another process is at it already.',
  memory_full: 'There was too little memory to build the tables.',
  malformed_answer: 'The source answered with something other than what was agreed.',
  not_authorized: 'There is no token for amoCRM: a person must authorize.',
  not_writable: 'A file or folder cannot be written: permission denied.',
  publish_credential_rejected: 'A place of publish: does not let us in.',
  publish_quota: 'The refreshes that Power BI allows in a day are used up.',
  publish_refused: 'A place of publish: refuses what it is asked.',
  publish_unavailable: 'A place of publish: gives no answer.',
  redirected: 'The address in the configuration leads elsewhere.',
  refresh_token_rejected: 'amoCRM no longer accepts the refresh token: a person must authorize anew.',
  rows_unaccounted: 'Rows were received that are neither stored nor set aside: nothing was taken over.',
  source_unavailable: 'The source gives no answer.',
  told_to_wait: 'The source asks to be left alone for a while.',
  warehouse_locked: 'Another process holds the warehouse.',
  warehouse_missing: 'There is no warehouse where the configuration says.',
  warehouse_unreadable: 'The warehouse cannot be opened.',
}

/** Where the code has no sentence: what the exit code means. */
function family(exitCode: number): string {
  switch (exitCode) {
    case 1:
      return 'Something happened that should not: please report it.'
    case 2:
      return 'Something in the configuration or the installation must be put right.'
    case 4:
      return 'The data did not pass a check that keeps wrong numbers out.'
    case 5:
      return 'A credential must be put right by a person.'
    default:
      return 'Something is unavailable now; trying again later can help.'
  }
}

const rows = (count: number): string => (count === 1 ? '1 row' : `${count} rows`)

function checkItem({ check, table, failingRows }: CauseOf<'check_failed'>): string {
  return `${check}, ${table}: ${rows(failingRows)}`
}

function ofCause(cause: Cause): string {
  switch (cause.kind) {
    case 'run_failed':
      return `${cause.subject === 'all' ? `hubdwh ${cause.command}` : sourceName(cause.subject)} (${cause.code})`
    case 'check_failed':
      return `check ${cause.check}, ${cause.table}`
    case 'sweep_stopped':
      return `comparison of ${cause.entity}`
    case 'not_published':
      return `publishing to ${cause.place}`
    case 'day_held':
      return cause.day
    case 'token_ends':
      return `token of ${sourceName(cause.source)}`
  }
}

export const wordingEn: Wording = {
  runFailed: cause => ({
    title:
      cause.subject === 'all'
        ? `"hubdwh ${cause.command}" failed`
        : `${sourceName(cause.subject)}: not everything was loaded or built`,
    sentences: [
      sentences[cause.code] ?? family(cause.exitCode),
      `Error ${cause.code}, exit code ${cause.exitCode}, command "hubdwh ${cause.command}".`,
    ],
    items: cause.entities,
    commands: commandsAfter(cause),
  }),
  checksBlock: causes => ({
    title: causes.length === 1 ? 'A check failed' : `${causes.length} checks failed`,
    sentences: ['What they guard stays as it was: the marts show their last good state.'],
    items: causes.map(checkItem),
    commands: ['hubdwh quality'],
  }),
  checksWarn: causes => ({
    title: causes.length === 1 ? 'A check warns' : `${causes.length} checks warn`,
    sentences: ['The data were taken over; have a look at these rows.'],
    items: causes.map(checkItem),
    commands: ['hubdwh quality'],
  }),
  sweepStopped: causes => ({
    title: 'amoCRM no longer shows many known records',
    sentences: [
      'Nothing was marked as deleted: it looks as if the owner of the token has lost rights.',
      'If the records were really deleted, the second command takes that over.',
    ],
    items: causes.map(({ entity }) => entity),
    commands: ['hubdwh check', ...causes.map(({ entity }) => `hubdwh load amocrm ${entity} --full --accept`)],
  }),
  notPublished: causes => ({
    title: 'The marts are new, but not everywhere where they are shown',
    sentences: [
      'The data themselves are in place. What could not be brought up to date is tried again at the next run.',
    ],
    items: causes.map(({ place, code }) => `${place} (${code})`),
    commands: ['hubdwh publish', 'hubdwh check'],
  }),
  daysHeld: causes => ({
    title: causes.length === 1 ? 'Alaqan: a day is held back' : `Alaqan: ${causes.length} days are held back`,
    sentences: [
      'The new answer about the day holds far less than is known. The old one stays until the next answer says the same, or a person accepts it.',
    ],
    items: causes.map(({ day }) => day),
    commands: [acceptDay(causes.length === 1 ? causes[0]?.day : undefined, 'DAY')],
  }),
  tokenEnds: ({ source, way, endsOn }) => ({
    title: `${sourceName(source)}: the token ends on ${endsOn}`,
    sentences: [
      way === 'token'
        ? 'After that nothing can be loaded. Make a new long-lived token in amoCRM and put it into .env.'
        : 'It is renewed by every run on a new day, and has not been for long. If runs do not renew it, authorize anew.',
    ],
    commands: way === 'token' ? ['hubdwh check'] : ['hubdwh auth amocrm'],
  }),
  worksAgain: (causes, quietUntil) => ({
    title: 'Works again',
    sentences: quietUntil ? [`Should it happen again before ${quietUntil}, there is no new message.`] : [],
    items: causes.map(ofCause),
  }),
  test: () => ({
    title: 'A test',
    sentences: ['Notices of hubdwh arrive here. Nothing has happened.'],
  }),
  andMore: count => `and ${count} more`,
}

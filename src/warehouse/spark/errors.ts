/** What Spark's server says, as errors that tell a person what to do. */
import { ownAuthority } from '../../certificates.js'
import { AuthorizationError, HubdwhError, UnavailableError, UsageError } from '../../errors.js'
import { StatementError, ThriftLostError, ThriftRefusedError, ThriftUnsafeError } from './thrift-errors.js'

/** The longest part of a statement that is shown. */
const shownLength = 300

/**
 * @param place the server, for messages
 * @param statement what was asked, where it was one
 */
export function understoodOf(place: string, error: unknown, statement?: string): unknown {
  if (error instanceof HubdwhError) return error
  if (error instanceof ThriftRefusedError) {
    return new AuthorizationError('spark_refused', `The Spark server ${place} does not let this user in.`, {
      advice:
        'Check warehouse.spark.auth: user and password, or "auth: nosasl" where the server says so, and "tls: true" where it speaks TLS; then run "hubdwh check".',
      cause: error,
    })
  }
  if (error instanceof ThriftUnsafeError) {
    return new UnavailableError(
      'spark_unreachable',
      `The connection to the Spark server ${place} cannot be made safe: ${error.message.trim()}.`,
      {
        advice: `Check warehouse.spark.host, port and tls; ${ownAuthority}. Then run "hubdwh check".`,
        cause: error,
      },
    )
  }
  if (error instanceof ThriftLostError) {
    return new UnavailableError(
      'spark_unreachable',
      `The Spark server ${place} is not there: ${error.message}.`,
      {
        advice:
          'Check warehouse.spark.host and port, and whether the Thrift server runs; then run the same command again.',
        cause: error,
      },
    )
  }
  if (error instanceof StatementError) return ofStatement(place, error, statement)
  return error
}

function ofStatement(place: string, error: StatementError, statement: string | undefined): Error {
  const said = sentenceOf(error.message)
  if (isConflict(error.message)) {
    return new UnavailableError('commit_conflict', `Somebody else keeps changing the tables of ${place}.`, {
      advice: 'Nothing was half-written. Run the same command again when the other one is done.',
      cause: error,
    })
  }
  const asked = statement === undefined ? '' : ` The statement was: ${shortened(statement)}`
  // SQLSTATE 42 and 22: what was asked, or the data it meets, and no fault of the server that could pass.
  if (/SQLSTATE: (42|22)/.test(error.message)) return new Error(`${said}${asked}`, { cause: error })
  return new UnavailableError('spark_failed', `Spark could not do it: ${said}${asked}`, {
    advice: 'Look at the server and at the storage of its tables, then run the same command again.',
    cause: error,
  })
}

export function stagingUnseen(place: string, error: unknown): UsageError {
  return new UsageError('staging_unseen', `Spark does not see what is put into the staging ${place}.`, {
    advice:
      'Name a folder under warehouse.spark.staging that this machine and all of Spark see under one path, or an address s3://bucket/folder. Nothing was written.',
    cause: error,
  })
}

export function catalogMissing(place: string, catalog: string, error: unknown): UsageError {
  return new UsageError('catalog_unknown', `The Spark server ${place} has no catalog ${catalog}.`, {
    advice:
      'Check warehouse.spark.catalog, and spark.sql.catalog.… in the settings of the server; then run "hubdwh check".',
    cause: error,
  })
}

/** Whether the server has no table, schema or namespace of that name. */
export function isNotFound(error: unknown): boolean {
  const said = error instanceof Error ? error.cause : undefined
  return (
    said instanceof StatementError &&
    /TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NoSuchTableException|NoSuchNamespaceException/.test(
      said.message,
    )
  )
}

function isConflict(message: string): boolean {
  return /CommitFailedException|ValidationException: (Found conflicting|Cannot commit|Missing required files)|CommitStateUnknownException/.test(
    message,
  )
}

/** What Spark says, without the names of Java's classes and of what follows the first sentence. */
function sentenceOf(message: string): string {
  const [first = '', second = ''] = message
    .replace(/^(?:(?:[\w$]+\.)+[\w$]+: )*Error running query: /, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
  const plain = (line: string) =>
    line
      .replace(/^\[[A-Z_.]+\] (?:[\w$]+\.)+[\w$]*(?:Exception|Error): ?/, '')
      .replace(/^(?:[\w$]+\.)+[\w$]*(?:Exception|Error): ?/, '')
  return (plain(first) || plain(second)).replace(/\s*SQLSTATE: \w+.*$/, '').trim()
}

function shortened(statement: string): string {
  const text = statement.replaceAll(/\s+/g, ' ').trim()
  return text.length <= shownLength ? text : `${text.slice(0, shownLength)}…`
}

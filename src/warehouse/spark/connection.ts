/**
 * The way to Spark of one session: statements are sent, results come back as plain values, and where the connection breaks
 * off another one takes its place, with the same temporary views.
 */
import { InterruptedError, UnavailableError } from '../../errors.js'
import type { ResultColumn, Value } from '../engine.js'
import { understoodOf } from './errors.js'
import { inSparkSpelling } from './statement-text.js'
import type { ThriftColumn, ThriftResult, ThriftSession } from './thrift-client.js'
import { ThriftLostError } from './thrift-errors.js'
import type { PlainValue } from './thrift-values.js'
import { isAmbiguous, readableQuery } from './values.js'

export interface ConnectionOptions {
  /** The server, for messages. */
  readonly place: string
  /** IANA: how instants are shown. */
  readonly timeZone: string
  readonly signal?: AbortSignal | undefined
  readonly connect: () => Promise<ThriftSession>
}

/** What a query answers with. */
export interface Answer {
  readonly columns: readonly ResultColumn[]
  /** In the order of the columns; to be read before the next statement. */
  readonly rows: AsyncIterable<readonly Value[]>
}

export interface SparkConnection {
  /** Carries out a statement that is in Spark's spelling, and that answers nothing of interest. */
  carryOut(statement: string): Promise<void>
  /**
   * Answers a query that is in the program's spelling.
   * @param isReadable ask at once in the way in which every type can be read back: only queries can, and it costs a
   *   statement more; else it is asked again where it turns out that one must
   */
  ask(
    query: string,
    how?: { readonly limit?: AbortSignal | undefined; readonly isReadable?: boolean },
  ): Promise<Answer>
  /** Makes a temporary view, also after a reconnect. @param statement in the program's spelling */
  makeView(name: string, statement: string): Promise<void>
  /** The session that stands now, for whoever comes next. */
  last(): ThriftSession
}

/**
 * @throws UnavailableError `spark_unreachable`, `spark_failed`, `commit_conflict`; `spark_connection_lost` where it broke off
 *   during a statement that cannot be sent again: the unit of work is to be done again
 */
export async function sparkConnection(options: ConnectionOptions): Promise<SparkConnection> {
  const { place, signal, timeZone } = options
  let session = await options.connect()
  const views = new Map<string, string>()

  const reconnect = async (): Promise<void> => {
    await session.close()
    session = await options.connect()
    for (const view of views.values()) await drained(await session.execute(view))
  }

  const send = async (statement: string, limit?: AbortSignal): Promise<ThriftResult> => {
    const stop = limit && signal ? AbortSignal.any([limit, signal]) : (limit ?? signal)
    const refuseWhereStopped = () => {
      limit?.throwIfAborted()
      if (signal?.aborted) throw new InterruptedError()
    }
    refuseWhereStopped()
    try {
      if (!session.isOpen) await reconnect()
      try {
        return await session.execute(statement, stop)
      } catch (error) {
        if (!(error instanceof ThriftLostError)) throw error
        refuseWhereStopped()
        await reconnect()
        if (!isRepeatable(statement)) throw lostWithin(place, error)
        return await session.execute(statement, stop)
      }
    } catch (error) {
      refuseWhereStopped()
      throw understoodOf(place, error, statement)
    }
  }

  const askReadable = async (query: string, limit: AbortSignal | undefined): Promise<Answer> => {
    const described: ThriftColumn[] = []
    const { portions } = await send(inSparkSpelling(`describe query ${query}`), limit)
    for await (const portion of portions) {
      for (const [name, type] of portion) described.push({ name: String(name), type: String(type) })
    }
    return askNested(query, described, limit)
  }

  const askNested = async (
    query: string,
    described: readonly ThriftColumn[],
    limit: AbortSignal | undefined,
  ): Promise<Answer> => {
    const { sql, columns, plain } = readableQuery(query, described, timeZone)
    const result = await send(inSparkSpelling(sql), limit)
    return { columns, rows: rowsOf(result, place, plain) }
  }

  return {
    carryOut: async statement => drained(await send(statement)),
    ask: async (query, { limit, isReadable = false } = {}) => {
      if (isReadable) return askReadable(query, limit)
      const result = await send(inSparkSpelling(query), limit)
      if (result.columns.some(isAmbiguous)) {
        await drained(result)
        // What the protocol calls a timestamp can have a zone or none.
        const isKnown = result.columns.every(({ type }) => type !== 'timestamp')
        return isKnown ? askNested(query, result.columns, limit) : askReadable(query, limit)
      }
      return { columns: result.columns, rows: rowsOf(result, place, row => row) }
    },
    makeView: async (name, text) => {
      const statement = inSparkSpelling(text)
      await drained(await send(statement))
      views.set(name, statement)
    },
    last: () => session,
  }
}

async function* rowsOf(
  { portions }: ThriftResult,
  place: string,
  plain: (row: readonly PlainValue[]) => readonly Value[],
): AsyncGenerator<readonly Value[], void, undefined> {
  try {
    for await (const portion of portions) for (const row of portion) yield plain(row)
  } catch (error) {
    // Some rows may have gone on already, so that the query cannot be asked again from here.
    throw error instanceof ThriftLostError ? lostWithin(place, error) : understoodOf(place, error)
  }
}

async function drained({ portions }: ThriftResult): Promise<void> {
  for await (const _ of portions);
}

/** Whether doing it twice is as good as doing it once. */
function isRepeatable(statement: string): boolean {
  return /^[\s(]*(select|with|from|values|table|describe|show|explain|delete|drop|insert\s+overwrite|create)\b/i.test(
    statement,
  )
}

function lostWithin(place: string, cause: unknown): UnavailableError {
  return new UnavailableError(
    'spark_connection_lost',
    `The connection to the Spark server ${place} broke off amid a statement.`,
    { advice: 'Run the same command again: what was half done is done anew.', cause },
  )
}

/**
 * A session with a server that speaks HiveServer2's protocol: Spark's Thrift server, or Kyuubi. One statement at a time;
 * the driver brings the protocol, what it says is understood here.
 */
import { isIP } from 'node:net'
import hive from 'hive-driver'
import { isAboutCertificate } from '../../certificates.js'
import { messageOf } from '../../errors.js'
import { StatementError, ThriftLostError, ThriftRefusedError, ThriftUnsafeError } from './thrift-errors.js'
import { columnValues, type PlainValue } from './thrift-values.js'

export interface ThriftAddress {
  readonly host: string
  readonly port: number
  /** Who connects; the password is empty where the server asks for none. Undefined: the server does without SASL. */
  readonly user: { readonly name: string; readonly password: string } | undefined
  /** The certificate is verified. */
  readonly isTls: boolean
}

export interface ThriftColumn {
  readonly name: string
  /** Spark's name of the type; `timestamp` also where it has no zone, and bare `array`, `map`, `struct`. */
  readonly type: string
}

/** What a statement answers with. Values in the order of the columns. */
export interface ThriftResult {
  readonly columns: readonly ThriftColumn[]
  /** The rows, in portions; to be read before the next statement. */
  readonly portions: AsyncIterable<readonly (readonly PlainValue[])[]>
}

export interface ThriftSession {
  /** Whether the connection still stands. */
  readonly isOpen: boolean
  /**
   * Carries out one statement.
   * @param signal cancels it; what is thrown then is whatever the server says
   * @throws ThriftLostError where the connection broke off, {@link StatementError} where the server refused or failed
   */
  execute(statement: string, signal?: AbortSignal): Promise<ThriftResult>
  /** Lets this process end though the connection is open, or not. */
  keepProcess(isKept: boolean): void
  close(): Promise<void>
}

/** Rows that are asked for at a time. */
const portionRows = 10_000
/** How long to wait for a server to answer at all, milliseconds: some only wake up then. */
const connectTimeoutMs = 30_000

const { TCLIService, TCLIService_types: types } = hive.thrift

/**
 * @param settings of Spark for the session
 * @param catalog the current catalog
 * @throws ThriftLostError, ThriftRefusedError, StatementError where there is no such catalog
 */
export async function openThrift(
  { host, port, user, isTls }: ThriftAddress,
  { settings, catalog }: { readonly settings: Readonly<Record<string, string>>; readonly catalog: string },
): Promise<ThriftSession> {
  const { connections, auth } = hive
  const client = new hive.HiveClient(TCLIService, types)
  const provider = new connections.TcpConnection()
  const authentication = user
    ? // A server that asks for no password refuses an empty one all the same.
      new auth.PlainTcpAuthentication({ username: user.name, password: user.password || 'none' })
    : new auth.NoSaslAuthentication()
  const connecting = client.connect(
    {
      host,
      port,
      // An address in numbers is no name of a server.
      options: { ssl: isTls, rejectUnauthorized: true, ...(isIP(host) === 0 ? { servername: host } : {}) },
    },
    provider,
    authentication,
  )
  await withinTime(connecting, host, port).catch(error => {
    throw understood(error)
  })
  const connection = provider.getConnection()
  // Whoever connects again must say who they are, which this class does not do.
  connection.forceClose = true
  const lost = new Promise<never>((_, reject) => {
    const end = (why: unknown) => reject(new ThriftLostError(messageOf(why)))
    client.on('error', end)
    client.on('close', () => end('the server closed the connection'))
  })
  // Somebody else waits for each answer.
  lost.catch(() => {})
  let isOpen = true
  lost.catch(() => {
    isOpen = false
  })
  const ask = async <T>(question: Promise<T>): Promise<T> => {
    try {
      return await Promise.race([question, lost])
    } catch (error) {
      throw understood(error)
    }
  }
  const session = await ask(
    client.openSession({
      client_protocol: types.TProtocolVersion.HIVE_CLI_SERVICE_PROTOCOL_V10,
      ...(user ? { username: user.name, password: user.password } : {}),
      configuration: {
        'use:database': catalog,
        ...Object.fromEntries(
          Object.entries(settings).map(([name, value]) => [`set:hiveconf:${name}`, value]),
        ),
      },
    }),
  ).catch(error => {
    client.close()
    throw error
  })

  return {
    get isOpen() {
      return isOpen
    },
    execute: async (statement, signal) => {
      signal?.throwIfAborted()
      const operation = await ask(session.executeStatement(statement, { runAsync: true }))
      const cancel = () => void operation.cancel().catch(() => {})
      signal?.addEventListener('abort', cancel)
      try {
        await finish(operation, ask)
      } catch (error) {
        await ask(operation.close()).catch(() => {})
        throw error
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
      operation.setMaxRows(portionRows)
      await ask(operation.fetch())
      const columns = (operation.getSchema()?.columns ?? []).map(columnOf)
      if (columns.length > 0) return { columns, portions: portionsOf(operation, ask) }
      await ask(operation.close())
      return { columns, portions: noRows() }
    },
    keepProcess: isKept => {
      const socket = connection.connection
      if (isKept) socket.ref()
      else socket.unref()
    },
    close: async () => {
      if (isOpen) await ask(session.close()).catch(() => {})
      isOpen = false
      client.close()
    },
  }
}

type Ask = <T>(question: Promise<T>) => Promise<T>
type Operation = Awaited<ReturnType<Awaited<ReturnType<hive.HiveClient['openSession']>>['executeStatement']>>

/** The server answers when the statement has ended, or after some seconds. */
async function finish(operation: Operation, ask: Ask): Promise<void> {
  const { TOperationState: state } = types
  for (;;) {
    const { operationState, errorMessage } = await ask(operation.status(false))
    switch (operationState) {
      case state.INITIALIZED_STATE:
      case state.PENDING_STATE:
      case state.RUNNING_STATE:
        continue
      case state.FINISHED_STATE:
        return
      default:
        throw new StatementError(errorMessage ?? 'The statement was cancelled.')
    }
  }
}

async function* portionsOf(
  operation: Operation,
  ask: Ask,
): AsyncGenerator<readonly (readonly PlainValue[])[], void, undefined> {
  try {
    for (;;) {
      const sets = operation.getData()
      operation.flush()
      let rows = 0
      for (const set of sets) {
        const columns = (set.columns ?? []).map(columnValues)
        const count = columns[0]?.length ?? 0
        rows += count
        if (count > 0)
          yield Array.from({ length: count }, (_, at) => columns.map(values => values[at] ?? null))
      }
      // Spark says that there is more as long as it has not answered with nothing.
      if (rows === 0 || rows < portionRows) return
      await ask(operation.fetch())
    }
  } finally {
    await ask(operation.close()).catch(() => {})
  }
}

async function* noRows(): AsyncGenerator<readonly (readonly PlainValue[])[], void, undefined> {}

const typeNames = new Map<number, string>(
  Object.entries(types.TTypeId).map(([name, id]) => [Number(id), name.replace(/_TYPE$/, '').toLowerCase()]),
)

function columnOf({
  columnName,
  typeDesc,
}: {
  columnName: string
  typeDesc: { types: { primitiveEntry?: { type: number } }[] }
}): ThriftColumn {
  const id = typeDesc.types[0]?.primitiveEntry?.type
  return { name: columnName, type: typeNames.get(Number(id)) ?? 'string' }
}

async function withinTime<T>(connecting: Promise<T>, host: string, port: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ThriftLostError(`${host}:${port} has not answered for ${connectTimeoutMs / 1000} s`)),
      connectTimeoutMs,
    )
  })
  try {
    return await Promise.race([connecting, late])
  } finally {
    clearTimeout(timer)
  }
}

function understood(error: unknown): Error {
  if (error instanceof ThriftLostError || error instanceof StatementError) return error
  const message = messageOf(error)
  if (error instanceof Error && /^Authentication error/.test(message)) return new ThriftRefusedError(message)
  // What the server says is no Error but only looks like one.
  const isSaid = typeof error === 'object' && error !== null && 'code' in error && 'message' in error
  if (isSaid && !(error instanceof Error)) return new StatementError(String(error.message))
  if (isAboutCertificate(error)) {
    return new ThriftUnsafeError(/wrong version/.test(message) ? 'the server speaks no TLS there' : message)
  }
  return new ThriftLostError(message)
}

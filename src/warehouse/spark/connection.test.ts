import { describe, expect, it } from 'vitest'
import { InterruptedError } from '../../errors.js'
import { sparkConnection } from './connection.js'
import type { ThriftSession } from './thrift-client.js'
import { StatementError, ThriftLostError } from './thrift-errors.js'

/** A server that notes what it is asked, and whose connection breaks off at the statements that are told. */
function serverThat(breaksAt: readonly string[] = []) {
  const asked: string[] = []
  const breaking = [...breaksAt]
  let sessions = 0
  const connect = async (): Promise<ThriftSession> => {
    sessions += 1
    const number = sessions
    let isOpen = true
    return {
      get isOpen() {
        return isOpen
      },
      execute: async (statement, signal) => {
        asked.push(`${number}: ${statement}`)
        if (signal?.aborted) throw new StatementError('The statement was cancelled.')
        const at = breaking.indexOf(statement)
        if (at !== -1) {
          breaking.splice(at, 1)
          isOpen = false
          throw new ThriftLostError('read ECONNRESET')
        }
        return { columns: [{ name: 'n', type: 'int' }], portions: once([[number]]) }
      },
      keepProcess: () => {},
      close: async () => {
        isOpen = false
      },
    }
  }
  return { asked, connect }
}

async function* once(rows: readonly (readonly number[])[]) {
  yield rows
}

async function* brokenOff() {
  yield [[1]]
  throw new ThriftLostError('read ECONNRESET')
}

const open = (connect: () => Promise<ThriftSession>, signal?: AbortSignal) =>
  sparkConnection({ place: 'spark', timeZone: 'Asia/Almaty', connect, signal })

describe('a connection that breaks off', () => {
  it('is made again with its views, and a query is asked again', async () => {
    const { asked, connect } = serverThat(['select 1'])
    const connection = await open(connect)
    await connection.makeView('scope', 'create or replace temporary view "scope" as select 1')
    const { rows } = await connection.ask('select 1')
    const answered: unknown[] = []
    for await (const row of rows) answered.push(row)
    expect(answered).toEqual([[2]])
    expect(asked).toEqual([
      '1: create or replace temporary view `scope` as select 1',
      '1: select 1',
      '2: create or replace temporary view `scope` as select 1',
      '2: select 1',
    ])
  })

  it('during an append leaves the unit of work to be done again, since nobody knows whether it was done', async () => {
    const { asked, connect } = serverThat(['insert into meta.loads values (1)'])
    const connection = await open(connect)
    await expect(connection.carryOut('insert into meta.loads values (1)')).rejects.toMatchObject({
      code: 'spark_connection_lost',
    })
    await connection.carryOut('delete from meta.loads')
    expect(asked).toEqual(['1: insert into meta.loads values (1)', '2: delete from meta.loads'])
  })

  it('amid the rows of an answer leaves the unit of work to be done again', async () => {
    const { connect } = serverThat()
    const connection = await open(async () => ({
      ...(await connect()),
      execute: async () => ({ columns: [{ name: 'n', type: 'int' }], portions: brokenOff() }),
    }))
    const { rows } = await connection.ask('select n from many')
    const read = async () => {
      for await (const _ of rows);
    }
    await expect(read()).rejects.toMatchObject({ code: 'spark_connection_lost' })
  })

  it('again and again is unavailable', async () => {
    const { connect } = serverThat(['select 1', 'select 1'])
    const connection = await open(connect)
    await expect(connection.ask('select 1')).rejects.toMatchObject({ code: 'spark_unreachable' })
  })
})

describe('a statement', () => {
  it('is not sent after Ctrl-C', async () => {
    const { asked, connect } = serverThat()
    const stopping = new AbortController()
    const connection = await open(connect, stopping.signal)
    stopping.abort()
    await expect(connection.carryOut('select 1')).rejects.toBeInstanceOf(InterruptedError)
    expect(asked).toEqual([])
  })

  it('ends with the reason of its limit where that is reached', async () => {
    const { connect } = serverThat()
    const connection = await open(connect)
    const limit = AbortSignal.abort(new Error('too long'))
    await expect(connection.ask('select 1', { limit })).rejects.toThrow('too long')
  })
})

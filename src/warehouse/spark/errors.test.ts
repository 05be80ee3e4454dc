import { describe, expect, it } from 'vitest'
import { AuthorizationError, HubdwhError, UnavailableError, UsageError } from '../../errors.js'
import { isNotFound, understoodOf } from './errors.js'
import { StatementError, ThriftLostError, ThriftRefusedError, ThriftUnsafeError } from './thrift-errors.js'

const place = 'spark.example.kz:10000'
const said = (message: string, statement = 'select 1') =>
  understoodOf(place, new StatementError(message), statement)

describe('what Spark says', () => {
  it('is one sentence with the statement, without the names of Java’s classes', () => {
    const error = said(
      'Error running query: [PARSE_SYNTAX_ERROR] org.apache.spark.sql.catalyst.parser.ParseException: \n' +
        "[PARSE_SYNTAX_ERROR] Syntax error at or near 'rule'. SQLSTATE: 42601 (line 74, pos 9)\n\n== SQL ==\nselect\n",
      'select\n  rule rule rule',
    )
    expect(error).toMatchObject({
      message:
        "[PARSE_SYNTAX_ERROR] Syntax error at or near 'rule'. The statement was: select rule rule rule",
    })
    expect(error).not.toBeInstanceOf(HubdwhError)
  })

  it('can pass by itself where it is about the server, and is no defect then', () => {
    const error = said(
      'org.apache.hive.service.cli.HiveSQLException: Error running query: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 failed\n\tat org.apache.spark…',
    )
    expect(error).toBeInstanceOf(UnavailableError)
    expect(error).toMatchObject({
      code: 'spark_failed',
      message:
        'Spark could not do it: Job aborted due to stage failure: Task 0 failed The statement was: select 1',
    })
  })

  it('is a conflict where somebody else has changed the table meanwhile', () => {
    for (const reason of [
      'org.apache.iceberg.exceptions.ValidationException: Found conflicting files that can contain records matching true',
      'org.apache.iceberg.exceptions.CommitFailedException: Requirement failed: branch main has changed',
    ]) {
      expect(said(`Error running query: ${reason}`)).toMatchObject({ code: 'commit_conflict' })
    }
  })

  it('shows the beginning of a long statement', () => {
    const error = said('Error running query: java.lang.RuntimeException: no', `select ${'x'.repeat(1000)}`)
    expect(String(error).length).toBeLessThan(420)
  })

  it('tells a table that is not there', () => {
    const missing = 'Error running query: [TABLE_OR_VIEW_NOT_FOUND] … SQLSTATE: 42P01'
    expect(isNotFound(said(missing))).toBe(true)
    expect(isNotFound(said('Error running query: java.io.IOException: no route'))).toBe(false)
  })
})

describe('a server', () => {
  it('that is away is unavailable, one that lets nobody in wants a person', () => {
    expect(understoodOf(place, new ThriftLostError('connect ECONNREFUSED'))).toBeInstanceOf(UnavailableError)
    expect(understoodOf(place, new ThriftRefusedError('no'))).toBeInstanceOf(AuthorizationError)
  })

  it('whose certificate is not trusted is told as such, with what to do about an authority of one’s own', () => {
    expect(understoodOf(place, new ThriftUnsafeError('self-signed certificate in chain'))).toMatchObject({
      code: 'spark_unreachable',
      message: `The connection to the Spark server ${place} cannot be made safe: self-signed certificate in chain.`,
      advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    })
  })

  it('leaves errors that are understood already as they are', () => {
    const error = new UsageError('table_columns', 'other columns')
    expect(understoodOf(place, error)).toBe(error)
  })
})

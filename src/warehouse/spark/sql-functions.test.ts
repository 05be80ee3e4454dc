import { describe, expect, it } from 'vitest'
import { sessionFunctions } from './sql-functions.js'

/** What a statement becomes where these functions were defined before it. */
function unfolded(statement: string, ...definitions: readonly string[]): readonly string[] {
  const functions = sessionFunctions()
  for (const definition of definitions) {
    expect(functions.unfold(`create or replace temp macro ${definition};`)).toEqual([])
  }
  return functions.unfold(statement)
}

describe('a call', () => {
  it('is replaced by the body, with the arguments in it', () => {
    expect(
      unfolded('select Local_Year(leads.created_at) as year', 'local_year(moment) as year(moment)'),
    ).toEqual(['select year(leads.created_at) as year'])
  })

  it('stays one thing, whatever stands around it and in it', () => {
    expect(unfolded('select 2 * plus(1 + 2, not (a)) as x', 'plus(left, right) as left * right')).toEqual([
      'select 2 * ((1 + 2) * (not (a))) as x',
    ])
  })

  it('in another function, or in an argument, is replaced too', () => {
    expect(
      unfolded('select twice(twice(a.b))', 'once(x) as abs(x)', 'twice(value) as once(value) || once(value)'),
    ).toEqual(['select (abs((abs(a.b) || abs(a.b))) || abs((abs(a.b) || abs(a.b))))'])
  })

  it('of a function over a table is replaced by its SELECT', () => {
    expect(unfolded('select * from measures() as m', 'measures() as table select 1 as "a""b"')).toEqual([
      'select * from (select 1 as "a""b") as m',
    ])
  })

  it('inside a lambda is replaced as well', () => {
    expect(unfolded('select filter(xs, x -> is_wanted(x))', 'is_wanted(item) as item > 0')).toEqual([
      'select filter(xs, x -> (item > 0))'.replace('item', 'x'),
    ])
  })

  it('is what stands in no text, comment or quoted name, and follows no point', () => {
    const sql = `select 'f(1)', "f(1)", s.f(1), f -- f(1)\n from f`
    expect(unfolded(sql, 'f(x) as x + 1')).toEqual([sql])
  })

  it('replaces no field, text or other function that is called as a parameter', () => {
    expect(unfolded('select g(a)', 'g(value) as value(value).value || \'value\' || "value"')).toEqual([
      `select (value(a).value || 'value' || "value")`,
    ])
  })

  it('does not mix up the names of two functions', () => {
    expect(
      unfolded('select outer_one(a, b)', 'inner_one(y) as x + y', 'outer_one(x, y) as inner_one(x)'),
    ).toEqual(['select (x + a)'])
  })

  it('takes brackets, commas and texts in an argument for what they are', () => {
    expect(unfolded(`select f(g(1, 2), 'a,)''b', [1, 2])`, 'f(a, b, c) as h(c, b, a)')).toEqual([
      `select h(([1, 2]), 'a,)''b', g(1, 2))`,
    ])
  })

  it('with another number of arguments is refused', () => {
    expect(() => unfolded('select f(1, 2)', 'f(x) as x')).toThrow('The function f takes 1 arguments, not 2.')
  })

  it('of a function by itself is refused', () => {
    expect(() => unfolded('select f(1)', 'f(x) as f(x)')).toThrow('The function f rests on itself.')
  })
})

describe('a text of several statements', () => {
  it('is taken apart, whatever stands in its texts and comments', () => {
    expect(unfolded("select ';' -- one; two\n;\n/* ; */ select 2;\n-- the end;\n")).toEqual([
      "select ';'",
      'select 2',
    ])
  })

  it('may define a function and call it, and another one in its place', () => {
    const functions = sessionFunctions()
    expect(
      functions.unfold(
        "create or replace temp macro checked_table() as 'a'; select checked_table(); create or replace temp macro checked_table() as 'b'",
      ),
    ).toEqual(["select 'a'"])
    expect(functions.unfold('select checked_table()')).toEqual(["select 'b'"])
  })

  it('keeps a backslash', () => {
    expect(unfolded(String.raw`select '\'; select '\d'`)).toEqual([
      String.raw`select '\'`,
      String.raw`select '\d'`,
    ])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { literal } from '../sql-text.js'
import { inSparkSpelling } from './statement-text.js'

/** What Spark reads in a text of its own: a backslash takes the next character as it is, as far as we write it. */
function readBySpark(text: string): string {
  return text.slice(1, -1).replaceAll(/\\([\s\S])/g, '$1')
}

describe('a statement in Spark’s spelling', () => {
  it('has texts and names in quotes as Spark writes them', () => {
    expect(inSparkSpelling(`select 'it''s \\d' as "a ""name""" from "t\`"`)).toBe(
      "select 'it\\'s \\\\d' as `a \"name\"` from `t```",
    )
  })

  it('leaves comments, numbers and signs as they are', () => {
    const sql = `select 1.50, a.b -- it's "so"\n from t /* 'x' */ where a <> b`
    expect(inSparkSpelling(sql)).toBe(sql)
  })

  it('says the same text, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const spelled = inSparkSpelling(literal(text))
        expect(readBySpark(spelled)).toBe(text)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { lookupIn, parseDotEnv } from './variables.js'

describe('a .env file', () => {
  it.each([
    ['A=1', '1'],
    ['export A=1', '1'],
    ['  A = 1  ', '1'],
    ['A=a#b', 'a#b'],
    ['A=a # comment', 'a'],
    ['A=# comment', ''],
    ['A="a # b" # comment', 'a # b'],
    ["A='a\"b'", 'a"b'],
    ['A=a=b==', 'a=b=='],
    ['A="unclosed', '"unclosed'],
    ['A=', ''],
    ['A=1\nA=2', '2'],
    ['\uFEFFA=1\r\nB=2', '1'],
    ['A=$B', '$B'],
    ['A=ключ', 'ключ'],
  ])('%j gives %j', (text, value) => {
    expect(parseDotEnv(text).values.get('A')).toBe(value)
  })

  it('tells the lines that it does not understand', () => {
    expect(parseDotEnv('A=1\n\n# fine\nno sign\n1A=2\n').strangeLines).toEqual([4, 5])
  })
})

describe('a variable', () => {
  const dotEnv = parseDotEnv('A=file\nB=file\n')
  it.each([
    ['A', 'environment'],
    ['B', 'file'],
    ['C', undefined],
    ['toString', undefined],
  ])('%s is %s', (name, value) => {
    expect(lookupIn({ A: 'environment', B: ' ' }, dotEnv)(name)).toBe(value)
  })
})

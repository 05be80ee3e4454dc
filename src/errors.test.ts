/** Whoever meets an error is told what to do: each has advice, also those that are met once in years. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const src = import.meta.dirname
const families = /new (?:UsageError|UnavailableError|AuthorizationError|CheckFailedError)\(/g

/** From a bracket to the one that closes it; brackets within texts do not count. */
function upToClosing(text: string): string {
  let depth = 0
  for (const { 0: token, index } of text.matchAll(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|[()]/g)) {
    if (token === '(') depth += 1
    if (token === ')') depth -= 1
    if (depth === 0) return text.slice(0, index)
  }
  return text
}

function errorsIn(text: string): readonly string[] {
  // Apostrophes and brackets of sentences in backquotes would confuse the count.
  const plain = text.replaceAll(/`(?:\\.|[^`\\])*`/g, '``')
  return [...plain.matchAll(families)].map(match => upToClosing(plain.slice(match.index)))
}

const errors = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .flatMap(name => errorsIn(readFileSync(join(src, name), 'utf8')).map(error => ({ name, error })))

it('every expected error says what to do; only wrong usage may leave it to the help of its command', () => {
  expect(errors.length).toBeGreaterThan(100)
  const silent = errors.filter(({ error }) => !error.includes('advice') && !error.includes("'usage'"))
  expect(silent).toEqual([])
})

it('an error without advice would be noticed', () => {
  const [silent, talking] = errorsIn(
    "new UsageError('a', `It's (so.`)\nnew UsageError('b', 'x', { advice: 'Do (it.' })",
  )
  expect(silent).not.toContain('advice')
  expect(talking).toContain('advice')
})

/** docs/runbook.md has an entry for everything that hubdwh can end with, and for nothing else. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ExitCode } from '../../src/errors.js'
import { builtInChecks, parseCheck } from '../../src/quality/check.js'

const project = resolve(import.meta.dirname, '../..')
const runbook = readFileSync(join(project, 'docs/runbook.md'), 'utf8')
const anchors = [...runbook.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id)

/** What is anchored under this prefix, sorted. */
function entries(prefix: string): readonly string[] {
  return anchors
    .filter(id => id.startsWith(prefix))
    .map(id => id.slice(prefix.length))
    .sort()
}

function sourceTexts(): readonly string[] {
  const src = join(project, 'src')
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => readFileSync(join(src, name), 'utf8'))
}

/** The first argument of every expected error, also where it is one of two, and of the classes derived from them. */
const firstArgument = /(?:new [A-Z]\w+Error\(|\bsuper\()\s*((?:[^,()]*\?[^,()]*)|'[^']*')\s*,/g

function codesInSource(): readonly string[] {
  const codes = sourceTexts().flatMap(text =>
    [...text.matchAll(firstArgument)].flatMap(([, argument = '']) =>
      [...argument.replace(/^[^?]*\?/, '').matchAll(/'([a-z][a-z0-9_]*)'/g)].map(([, code = '']) => code),
    ),
  )
  return [...new Set(codes)].sort()
}

describe('docs/runbook.md', () => {
  it('has no anchor twice', () => {
    expect(anchors).toEqual([...new Set(anchors)])
  })

  it('has an entry for each exit code', () => {
    expect(entries('exit-')).toEqual(Object.values(ExitCode).map(String).sort())
  })

  it('has an entry for each code of an error: <a id="error-CODE"></a>', () => {
    expect(codesInSource()).toContain('forbidden')
    expect(codesInSource()).toContain('interrupted')
    expect(entries('error-')).toEqual(codesInSource())
  })

  it('has an entry for each check: <a id="check-NAME"></a>', () => {
    const names = readdirSync(builtInChecks, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.sql'))
      .map(name => {
        const file = join(builtInChecks, name)
        return parseCheck(file, readFileSync(file, 'utf8'), false).name
      })
    expect(entries('check-')).toEqual(names.sort())
  })

  it('has every entry that the program points to', () => {
    const texts = [...sourceTexts(), ...sqlTexts()]
    const pointed = texts.flatMap(text => [
      ...[...text.matchAll(/runbookOf\('([a-z0-9_-]+)'\)/g)].map(([, id = '']) => id),
      ...[...text.matchAll(/docs\/runbook\.md#([a-z0-9_-]+)/g)].map(([, id = '']) => id),
    ])
    expect(pointed.length).toBeGreaterThan(5)
    expect(pointed.filter(id => !anchors.includes(id))).toEqual([])
  })

  it('says each thing in Russian, too', () => {
    const sections = runbook.split(/^### /m).slice(1)
    expect(sections.length).toBeGreaterThan(20)
    expect(
      sections
        .filter(section => !/^_По-русски:_ [А-ЯЁ«`]/m.test(section))
        .map(section => section.split('\n', 1)[0]),
    ).toEqual([])
  })
})

function sqlTexts(): readonly string[] {
  return readdirSync(builtInChecks, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.sql'))
    .map(name => readFileSync(join(builtInChecks, name), 'utf8'))
}

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Which folder of src may import which (docs/architecture.md). A folder may always import itself and the files that
 * stand in src itself, which import no folder.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  tables: [],
  config: [],
  privacy: [],
  landing: [],
  sandbox: [],
  notices: ['config', 'sources'],
  sources: ['tables', 'privacy'],
  warehouse: ['tables'],
  arm: ['config', 'warehouse'],
  models: ['tables', 'warehouse', 'privacy'],
  quality: ['tables', 'warehouse'],
  catalogue: ['tables', 'models', 'quality', 'sources'],
  pipeline: ['config', 'sources', 'landing', 'tables', 'warehouse', 'models', 'quality', 'privacy', 'arm'],
  publish: ['config', 'sources', 'landing', 'tables', 'warehouse', 'models', 'pipeline'],
  report: ['tables', 'warehouse', 'quality', 'pipeline'],
  cli: [
    'publish',
    'config',
    'sources',
    'landing',
    'tables',
    'warehouse',
    'models',
    'quality',
    'pipeline',
    'sandbox',
    'notices',
    'arm',
    'report',
  ],
}

const src = resolve(import.meta.dirname, '../src')

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map(name => join(folder, name))
}

const folderOf = (file: string): string | undefined => {
  const parts = relative(src, file).split('/')
  return parts.length > 1 ? parts[0] : undefined
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path = '']) =>
    resolve(dirname(file), path.replace(/\.js$/, '.ts')),
  )
}

describe('the folders of src', () => {
  const files = filesUnder(src)
  const folders = new Set(files.flatMap(file => folderOf(file) ?? []))

  it('all have a rule', () => {
    expect([...folders].sort()).toEqual(Object.keys(mayImport).sort())
  })

  it.each([...folders])('%s imports only what it may', folder => {
    const allowed = new Set([folder, ...(mayImport[folder] ?? [])])
    const forbidden = files
      .filter(file => folderOf(file) === folder)
      .flatMap(file =>
        importsOf(file).flatMap(imported => {
          const target = folderOf(imported)
          return target === undefined || allowed.has(target)
            ? []
            : [`${relative(src, file)} imports ${relative(src, imported)}`]
        }),
      )
    expect(forbidden).toEqual([])
  })

  it('are not imported by the files that all of them share', () => {
    const shared = files.filter(file => folderOf(file) === undefined)
    const forbidden = shared.flatMap(file =>
      importsOf(file).flatMap(imported => (folderOf(imported) ? [`${file} imports ${imported}`] : [])),
    )
    expect(forbidden).toEqual([])
  })
})

describe('servers', () => {
  it('knows nothing of the program', () => {
    const folder = resolve(import.meta.dirname, '../servers')
    const imported = readdirSync(folder)
      .filter(name => name.endsWith('.mjs'))
      .flatMap(name => [
        ...readFileSync(join(folder, name), 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g),
      ])
      .map(([, path = '']) => path)
    expect(imported).toContain('./fetch.mjs')
    expect(imported.filter(path => !/^(node:|\.\/[\w-]+\.mjs$|@duckdb\/node-api$)/.test(path))).toEqual([])
  })
})

describe("the report's page", () => {
  it('knows nothing of the warehouse: it imports what needs neither Node nor an engine', () => {
    const page = resolve(src, 'report/page')
    const reached = new Set<string>()
    const follow = (file: string): void => {
      if (reached.has(file)) return
      reached.add(file)
      const text = readFileSync(file, 'utf8').replaceAll(/import type .*|type \w+/g, '')
      for (const [, path = ''] of text.matchAll(/from '(\.[^']+)'/g)) {
        follow(resolve(dirname(file), path.replace(/\.js$/, '.ts')))
      }
    }
    for (const file of filesUnder(page)) follow(file)
    const elsewhere = [...reached]
      .map(file => relative(src, file))
      .filter(file => !file.startsWith('report/'))
    expect(elsewhere.sort()).toEqual(['calendar.ts', 'json.ts'])
  })
})

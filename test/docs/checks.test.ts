import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Check, readChecks } from '../../src/quality/check.js'

const page = readFileSync(new URL('../../docs/checks.md', import.meta.url), 'utf8')

/** The line of docs/checks.md about a check. */
function lineOf({ name, tables, severity, description }: Check): string {
  const schemas = [...new Set(tables.map(table => table.split('.')[0]))].join(', ')
  const guarded =
    tables.length > 3
      ? `${tables.length} tables of ${schemas}`
      : tables.map(table => `\`${table}\``).join(', ')
  return `| \`${name}\` | ${guarded} | ${severity} | ${description.replaceAll('|', '\\|')} |`
}

it('the page of checks lists every built-in check as its file says, and no other', async () => {
  const checks = await readChecks({ own: { path: '/there is no such folder', isNamed: false }, severity: {} })
  const listed = page.split('\n').filter(line => /^\| `[a-z_]+` \|.*\| (block|warn) \|/.test(line))
  expect(listed).toEqual(checks.map(lineOf))
})

import { expect, it } from 'vitest'
import { commandName, quotedForShell } from './command-name.js'

it.each([
  [
    'installed, its folder in PATH',
    '/usr/local/bin/hubdwh',
    '/usr/bin:/usr/local/bin',
    '/home/aigul',
    'hubdwh',
  ],
  ['in a checkout, from its folder', '/srv/hub/bin/hubdwh', '/usr/bin', '/srv/hub', './bin/hubdwh'],
  ['in a checkout, from elsewhere', '/srv/hub/bin/hubdwh', '/usr/bin', '/home/aigul', '/srv/hub/bin/hubdwh'],
  ['in a folder with a space', '/srv/my hub/bin/hubdwh', undefined, '/', "'./srv/my hub/bin/hubdwh'"],
  ['started by something else', '/srv/hub/dist/test.js', '/usr/bin', '/srv/hub', 'hubdwh'],
  ['of which nothing is known', undefined, '/usr/bin', '/srv/hub', 'hubdwh'],
])('a program %s', (_, script, path, cwd, name) => {
  expect(commandName({ script, path, cwd })).toBe(name)
})

it('a quotation mark in a path stays one word', () => {
  expect(quotedForShell("/srv/the hub's")).toBe("'/srv/the hub'\\''s'")
})

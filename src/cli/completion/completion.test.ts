/** The scripts are carried out by the shells themselves; a shell that this machine has not is left out. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Shell } from '../commands/completion.js'
import { fakeIo } from '../fake-io.js'
import { main } from '../main.js'
import { createProgram } from '../program.js'

const run = promisify(execFile)
const isThere = (shell: Shell) => spawnSync(shell, ['-c', 'exit 0']).status === 0

/** A folder with the script, a configuration and a folder with a space in its name. */
async function folderWith(shell: Shell): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-completion-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const io = fakeIo()
  expect(await main(['completion', shell], io)).toBe(0)
  await writeFile(join(folder, 'script'), io.out())
  await writeFile(join(folder, 'trial.yaml'), '')
  await mkdir(join(folder, 'my data'))
  return folder
}

/**
 * How a shell is brought to tell what it offers for the last of the words. zsh completes only at a prompt, so there the
 * functions of its completion system are such as print what they are given.
 */
const asked: Readonly<Record<Shell, (words: readonly string[]) => readonly string[]>> = {
  bash: words => [
    '--norc',
    '-c',
    `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hubdwh; printf '%s\\n' "\${COMPREPLY[@]}"`,
    'bash',
    ...words,
  ],
  zsh: words => [
    '-f',
    '-c',
    `compdef() { }; compset() { }
     compadd() { print -l -- \${(M)\${(@P)2}:#\${current}*} }
     _describe() { local list=$argv[-1]; print -l -- \${(M)\${(@)\${(@P)list}%%:*}:#\${current}*} }
     _files() { if [[ $1 == -/ ]]; then print -l -- \${current}*(N/); else print -l -- \${current}*(N); fi }
     source ./script
     words=("$@") CURRENT=$#; _hubdwh`,
    'zsh',
    ...words,
  ],
  fish: words => ['--no-config', '-c', `source ./script; complete -C '${words.join(' ')}'`],
}

async function offered(shell: Shell, ...words: readonly string[]): Promise<readonly string[]> {
  const folder = await folderWith(shell)
  const home = join(folder, '.home')
  const { stdout } = await run(shell, asked[shell](words), {
    cwd: folder,
    // fish writes beside its configuration.
    env: { ...process.env, HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home },
  })
  // fish tells the meaning behind a tab.
  return stdout.split('\n').flatMap(line => (line === '' ? [] : (line.split('\t')[0] ?? [])))
}

describe.each(['bash', 'zsh', 'fish'] as const)('%s', shell => {
  const inShell = it.skipIf(!isThere(shell))

  inShell('takes the script without a complaint', async () => {
    const folder = await folderWith(shell)
    expect(await run(shell, ['-n', 'script'], { cwd: folder })).toEqual({ stdout: '', stderr: '' })
  })

  inShell('offers every command', async () => {
    const { commands } = createProgram('0', async () => {})
    const names = commands.map(command => command.name())
    expect(await offered(shell, 'hubdwh', '')).toEqual(expect.arrayContaining(names))
  })

  inShell.each([
    ['a command', ['st'], ['status']],
    ['a subcommand', ['load', 'al'], ['alaqan']],
    ['a subcommand after an option of all', ['--quiet', 'load', 'amo'], ['amocrm']],
    ['a subcommand after an option with a value', ['--config', 'run', 'auth', ''], ['amocrm']],
    ['an argument of a few', ['run', 'ama'], []],
    ['an argument of a few', ['run', 'amo'], ['amocrm']],
    ['the layer', ['transform', 'g'], ['gold']],
    ['an entity', ['load', 'amocrm', 'le'], ['leads', 'leads_bin']],
    ['a second entity', ['load', 'amocrm', 'leads', '--full', 'cat'], ['catalog_elements', 'catalogs']],
    ['an option', ['load', 'amocrm', '--f'], ['--full']],
    ['an option of all', ['status', '--conf'], ['--config']],
    ['the value of an option', ['ddl', '--engine', 'tr'], ['trino']],
    [
      'a table',
      ['quality', '--table', 'gold.amocrm_sales'],
      ['gold.amocrm_sales_funnel', 'gold.amocrm_sales_funnel_residents'],
    ],
    ['a check', ['run', '--accept', 'iin'], ['iin_check_digit']],
    ['a shell', ['completion', 'z'], ['zsh']],
    ['a command to be helped with', ['help', 'tra'], ['transform']],
    ['nothing where a day is wanted', ['load', 'alaqan', '--from', 'a'], []],
    ['nothing in place of another argument', ['run', 'alaqan', 'a'], []],
    ['an option after several values', ['sandbox', '--faults', '503', 'slow', '--see'], ['--seed']],
    ['an option after a value that may be missing', ['demo', '--iceberg', '--sta'], ['--staging']],
  ])('offers %s: %j', async (_, words, expected) => {
    expect([...(await offered(shell, 'hubdwh', ...words))].sort()).toEqual(expected)
  })

  inShell('offers files for a configuration', async () => {
    expect(await offered(shell, 'hubdwh', '--config', 'tri')).toEqual(['trial.yaml'])
  })

  inShell('offers folders, also with a space in their names, and no files', async () => {
    const [folder] = await offered(shell, 'hubdwh', 'sandbox', '--write', '')
    expect(folder?.replace(/\/$/, '')).toMatch(/^my\\? data$/)
    expect(await offered(shell, 'hubdwh', 'sandbox', '--write', 'tri')).toEqual([])
  })
})

describe.skipIf(!isThere('bash'))('bash', () => {
  it('has --name=value as three words', async () => {
    expect(await offered('bash', 'hubdwh', 'ddl', '--engine', '=', 'sp')).toEqual(['spark'])
    expect(await offered('bash', 'hubdwh', 'ddl', '--engine', '=')).toEqual(['duckdb', 'spark', 'trino'])
    expect(await offered('bash', 'hubdwh', '--config', '=', 'x.yaml', 'stat')).toEqual(['status'])
  })
})

it('needs neither a configuration nor a warehouse', async () => {
  const io = fakeIo({ cwd: '/no/such/folder' })
  expect(await main(['completion', 'fish', '--json'], io)).toBe(0)
  expect(JSON.parse(io.out())).toMatchObject({ ok: true, shell: 'fish' })
})

import { writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { configTemplate, envTemplate } from '../../config/template.js'
import { messageOf, UnavailableError, UsageError } from '../../errors.js'
import type { Outcome, RunAction, Session } from '../session.js'

/** `hubdwh init` */
export function addInit(program: Command, run: RunAction): void {
  program
    .command('init')
    .summary('write a commented hubdwh.yaml and .env.example')
    .description(
      'Writes a commented configuration and a .env.example beside it. Overwrites nothing without --force.',
    )
    .option('--force', 'overwrite what is there')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh init                        writes ./hubdwh.yaml and ./.env.example
  hubdwh init --config conf/dwh.yaml`,
    )
    .action(({ force = false }: { force?: boolean }, command: Command) =>
      run(command, session => init(session, force)),
    )
}

async function init({ io, options, results }: Session, force: boolean): Promise<Outcome> {
  const config = resolve(io.cwd, options.config)
  const example = join(dirname(config), '.env.example')
  await write(config, configTemplate(), force)
  try {
    await write(example, envTemplate(), force)
  } catch (error) {
    // The example is a convenience: one that is there already does no harm.
    if (!(error instanceof UsageError)) throw error
  }
  const shown = (path: string) => relative(io.cwd, path) || path
  results.print(`Wrote ${shown(config)} and ${shown(example)}.
Next:
  1. Copy ${shown(example)} to ${shown(join(dirname(config), '.env'))} and fill it in.
  2. Put your amoCRM account's address into ${shown(config)}, or remove the source that you do not use.
  3. hubdwh check
`)
  return { json: { config, env_example: example } }
}

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(path, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') {
      throw new UsageError('file_exists', `${path} is there already.`, {
        advice: 'Edit it, name another with --config FILE, or overwrite it with --force.',
        cause,
      })
    }
    throw new UnavailableError('file_not_written', `${path} cannot be written: ${messageOf(cause)}.`, {
      advice: 'Choose a folder that exists and that you may write to.',
      cause,
    })
  }
}

/** What `init` does: it leads from nothing to a first run. */
import { access, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import {
  configTemplate,
  envTemplate,
  exampleAmocrmUrl,
  keyVariables,
  variablesOf,
} from '../../config/template.js'
import { lookupIn, parseDotEnv } from '../../config/variables.js'
import { privateFile } from '../../durable-file.js'
import { messageOf, UnavailableError, UsageError } from '../../errors.js'
import { quotedForShell } from '../command-name.js'
import type { Init } from '../commands/init.js'
import { leaveOutOfGit } from '../git-ignore.js'
import { askWhatIsUnknown } from '../init-questions.js'

/** `hubdwh init` */
export const init: Init = async (session, { force, ...told }) => {
  const { io, options, results, signal } = session
  const config = resolve(io.cwd, options.config)
  // Nobody answers questions for an answer that is then refused.
  if (!force && (await exists(config))) throw fileExists(config)
  const { alaqanUrl, amocrmUrl, startDate, unused } = await askWhatIsUnknown(told, io, signal)
  const folder = dirname(config)
  const env = join(folder, '.env')
  const example = join(folder, '.env.example')
  const keys = Object.fromEntries(keyVariables.map(name => [name, io.chance.hex(32)]))
  // The secrets come first: a configuration that is there is taken for a first step that is done.
  const isNewEnv = await writeNew(env, envTemplate(keys, unused), privateFile)
  const lookup = lookupIn(io.env, parseDotEnv(await readFile(env, 'utf8')))
  const template = configTemplate({
    ...(alaqanUrl === undefined ? {} : { alaqanUrl }),
    amocrmUrl,
    startDate,
    unused,
    hasErasureKey: lookup('HUBDWH_ERASURE_KEY') !== undefined,
  })
  if (force) await write(config, template)
  else if (!(await writeNew(config, template))) throw fileExists(config)
  // The example is a convenience: one that is there already does no harm.
  if (force) await write(example, envTemplate({}, unused))
  else await writeNew(example, envTemplate({}, unused))
  const ignored = await leaveOutOfGit(folder, ['/.env', '/data/'])

  const used = (['alaqan', 'amocrm'] as const).filter(source => !unused.includes(source))
  const needed = [...used.map(source => variablesOf[source]), keyVariables[0]]
  const missing = needed.filter(name => lookup(name) === undefined)
  const shown = (path: string) => {
    const near = relative(io.cwd, path)
    return near.startsWith('..') ? path : near
  }
  const isExample = used.includes('amocrm') && amocrmUrl === exampleAmocrmUrl
  results.print(
    [
      `Wrote ${shown(config)} (the settings) and ${shown(example)} (which secrets there are, for colleagues).`,
      isNewEnv
        ? `Wrote ${shown(env)} (your secrets; the keys that mask personal data are in it already).`
        : `Left ${shown(env)} as it was.`,
      ...(ignored === undefined ? [] : [`Added .env and data/ to ${shown(ignored)}.`]),
      '',
      ...nextSteps({
        env: shown(env),
        missing,
        addressIn: isExample ? shown(config) : undefined,
        program: io.command,
        command:
          options.config === 'hubdwh.yaml'
            ? io.command
            : `${io.command} --config ${quotedForShell(options.config)}`,
      }),
      '',
    ].join('\n'),
  )
  return { json: { config, env, env_example: example, gitignore: ignored ?? null, missing } }
}

const whereToGet: Readonly<Record<string, string>> = {
  [variablesOf.alaqan]: "the key of Alaqan's API, from whoever runs it",
  [variablesOf.amocrm]: 'amoCRM: Settings, Integrations, your integration, Keys: a long-lived token',
  [keyVariables[0]]: 'a key for masking: openssl rand -hex 32',
}

interface Steps {
  readonly env: string
  /** Variables without a value. */
  readonly missing: readonly string[]
  /** The configuration, where amoCRM's address has yet to be put in. */
  readonly addressIn: string | undefined
  /** This program, as it is called from here. */
  readonly program: string
  /** The same with the configuration that was written. */
  readonly command: string
}

function nextSteps({ env, missing, addressIn, program, command }: Steps): readonly string[] {
  const steps = [
    ...(addressIn === undefined
      ? []
      : [`Put your account's address into ${addressIn}, in place of ${exampleAmocrmUrl}.`]),
    ...(missing.length === 0
      ? []
      : [
          [
            `Put into ${env}:`,
            ...missing.map(name => `       ${name.padEnd(18)}  ${whereToGet[name] ?? ''}`),
          ].join('\n'),
        ]),
    `${command} check     is everything in place, and what to do if not`,
    `${command} plan      what the first run would fetch`,
    `${command} run       load and build everything`,
    `${command} status    what is there, and what to do next`,
  ]
  return [
    'Next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    '',
    `Keep a copy of the two keys in ${env} where backups of secrets are: with others, all hashes change and erased people`,
    'are no longer known. No credentials yet? With invented data:',
    `  ${program} sandbox --write try`,
  ]
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

function fileExists(path: string): UsageError {
  return new UsageError('file_exists', `${path} is there already.`, {
    advice:
      'Edit it and run "hubdwh check", name another with --config FILE, or overwrite it with "hubdwh init --force".',
  })
}

/** @returns false where the file is there already; it is left as it was */
async function writeNew(path: string, text: string, mode = 0o666): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode })
    return true
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false
    throw notWritten(path, cause)
  }
}

async function write(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw notWritten(path, cause)
  }
}

function notWritten(path: string, cause: unknown): UnavailableError {
  return new UnavailableError('file_not_written', `${path} cannot be written: ${messageOf(cause)}.`, {
    advice: 'Choose a folder that exists and that you may write to: hubdwh init --config FOLDER/hubdwh.yaml.',
    cause,
  })
}

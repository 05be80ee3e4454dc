import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { messageOf, UsageError } from '../errors.js'
import { checkConfig } from './check.js'
import type { LoadedConfig } from './config.js'
import { ConfigError } from './mistake.js'
import { type DotEnv, lookupIn, parseDotEnv } from './variables.js'

/** What loading a configuration needs of the world. */
export interface ConfigEffects {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The folder that a relative path of the configuration file is relative to. */
  readonly cwd: string
  /** A file's text; undefined where there is no such file. */
  readonly readText: (path: string) => Promise<string | undefined>
}

/**
 * Reads, completes and checks a configuration, whole, before anything runs. Paths in it are relative to its folder.
 * @param file as the person named it
 * @throws ConfigError (`config_invalid`) with every mistake at once
 * @throws UsageError (`config_missing`, `config_unreadable`) where there is no file to read
 */
export async function loadConfig(file: string, effects: ConfigEffects): Promise<LoadedConfig> {
  const path = resolve(effects.cwd, file)
  const text = await readOr(effects, path, file)
  if (text === undefined) {
    throw new UsageError('config_missing', `There is no configuration ${file}.`, {
      advice: 'Write one with "hubdwh init", or name another with --config FILE.',
    })
  }
  const envFile = join(dirname(path), '.env')
  const dotEnv = parseDotEnv((await readOr(effects, envFile, envFile)) ?? '')
  const result = checkConfig(text, { file: path, envFile, lookup: lookupIn(effects.env, dotEnv) })
  if (!result.ok) throw new ConfigError(file, result.mistakes)
  return { ...result.loaded, warnings: [...strangeLines(envFile, dotEnv), ...result.loaded.warnings] }
}

async function readOr(effects: ConfigEffects, path: string, name: string): Promise<string | undefined> {
  try {
    return await effects.readText(path)
  } catch (cause) {
    throw new UsageError('config_unreadable', `${name} cannot be read: ${messageOf(cause)}.`, {
      advice: 'Give the user that runs hubdwh the right to read that file, then run "hubdwh check".',
      cause,
    })
  }
}

function strangeLines(envFile: string, { strangeLines }: DotEnv): string[] {
  if (strangeLines.length === 0) return []
  return [`${envFile}: line ${strangeLines.join(', ')} is not NAME=value and is ignored.`]
}

/** The real reader of {@link ConfigEffects.readText}. */
export async function readTextFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

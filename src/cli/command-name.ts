import { basename, delimiter, dirname, relative } from 'node:path'

/**
 * How a person calls this program again, so that the commands that it names can be copied as they are: by its name
 * where its folder is in PATH, else by its path.
 * @param script the absolute path of what was started; absent where nothing is known
 * @param path the environment's PATH
 * @param cwd the absolute path of the folder in which it will be called
 */
export function commandName({
  script,
  path = '',
  cwd,
}: {
  readonly script: string | undefined
  readonly path?: string | undefined
  readonly cwd: string
}): string {
  if (script === undefined || basename(script) !== 'hubdwh') return 'hubdwh'
  if (path.split(delimiter).includes(dirname(script))) return 'hubdwh'
  const from = relative(cwd, script)
  return quotedForShell(from.startsWith('..') ? script : `./${from}`)
}

/** A word as a shell takes it for one. */
export function quotedForShell(word: string): string {
  return /^[\w./:@%+=~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

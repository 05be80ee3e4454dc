/** Keeps secrets and data out of version control where a configuration is made inside a git repository. */
import { access, appendFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/**
 * Adds patterns to the .gitignore of a folder, unless the folder is in no repository or they are ignored already.
 * @param patterns of this folder alone, as `/.env` or `/data/`
 * @returns the .gitignore that was added to; undefined where there was nothing to do, or it cannot be written
 */
export async function leaveOutOfGit(
  folder: string,
  patterns: readonly string[],
): Promise<string | undefined> {
  const folders = await foldersOfRepository(folder)
  if (folders === undefined) return undefined
  const [own = [], ...above] = await Promise.all(folders.map(linesOfGitignore))
  // One that begins with a slash means its own folder alone.
  const known = [...own, ...above.flat().filter(line => !line.startsWith('/'))]
  const missing = patterns.filter(pattern => !known.some(line => isSame(line, pattern)))
  if (missing.length === 0) return undefined
  const file = join(folder, '.gitignore')
  const before = await readText(file)
  const start = before === '' || before.endsWith('\n') ? before : `${before}\n`
  const added = [...(start === '' ? [] : ['']), '# Secrets and data of hubdwh.', ...missing, ''].join('\n')
  try {
    await appendFile(file, start.slice(before.length) + added)
    return file
  } catch {
    // A courtesy: a configuration is not refused because of it.
    return undefined
  }
}

/** The folder and those above it up to the repository's root; undefined outside of one. */
async function foldersOfRepository(folder: string): Promise<readonly string[] | undefined> {
  const folders: string[] = []
  for (let current = folder; ; current = dirname(current)) {
    folders.push(current)
    if (await isThere(join(current, '.git'))) return folders
    if (dirname(current) === current) return undefined
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function linesOfGitignore(folder: string): Promise<readonly string[]> {
  return (await readText(join(folder, '.gitignore'))).split('\n').map(line => line.trim())
}

/** Spellings of one name. A pattern that means it in another way only costs a line that changes nothing. */
function isSame(line: string, pattern: string): boolean {
  const plain = (text: string) => text.replace(/^(\*\*)?\//, '').replace(/\/?\*{0,2}$/, '')
  return plain(line) === plain(pattern)
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

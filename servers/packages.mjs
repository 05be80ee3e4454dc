/**
 * Packages by the clients of their registries, Maven and pip: whoever has mirrors, proxies and certificates has set them
 * up there. What comes is held against the checksums of this repository.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool } from './tool.mjs'

const copyJars = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

/**
 * Puts the jars that a folder's `pom.xml` asks for into another folder.
 * @param {string} list a folder with `pom.xml` and `jars.sha256`
 * @param {string} folder
 * @throws {Error} where one is missing, too many, or not the one that was listed
 */
export async function bringJars(list, folder) {
  const args = ['-B', '-q', '-f', join(list, 'pom.xml'), copyJars]
  await runTool(
    'mvn',
    [...args, '-DincludeScope=runtime', `-DoutputDirectory=${folder}`],
    'Install Apache Maven 3.8 or newer: it brings the jars.',
  )
  await compareSums(folder, await readFile(join(list, 'jars.sha256'), 'utf8'))
}

/**
 * Puts what a list of packages holds into a folder, laid out as Python would have it.
 * @param {string} requirements the list's path; all packages with their hashes, which pip compares
 * @param {string} folder
 */
export async function unpackWheels(requirements, folder) {
  await pip('install', '--only-binary', ':all:', '--target', folder, '-r', requirements)
}

/**
 * Puts the packages of a list into a folder as they are, sources rather than wheels.
 * @param {string} requirements the list's path; all packages with their hashes, which pip compares
 * @param {string} folder
 */
export async function bringSources(requirements, folder) {
  await pip('download', '--no-binary', ':all:', '--dest', folder, '-r', requirements)
}

/**
 * Makes a virtual environment of a folder, with what a list of packages holds. It may be moved: its Python finds the packages
 * wherever it stands, and only the scripts beside it do not.
 * @param {string} requirements the list's path; all packages with their hashes, which pip compares
 * @param {string} folder
 * @param {readonly string[]} [fromSources] packages of which there are no wheels; they are built
 * @returns {Promise<void>}
 */
export async function makeEnvironment(requirements, folder, fromSources = []) {
  await runTool(
    systemPython,
    ['-m', 'venv', folder],
    'Install Python 3.11 or newer with venv, or name it with PYTHON.',
  )
  const sources = fromSources.flatMap(name => ['--no-binary', name])
  const install = ['install', '--only-binary', ':all:', ...sources, '--no-compile', '-r', requirements]
  await pipOf(environmentPython(folder), ...install)
}

/**
 * The Python of a virtual environment.
 * @param {string} folder
 */
export function environmentPython(folder) {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
}

/**
 * The version of the system's Python, such as 3.11.
 * @returns {Promise<string>}
 */
export async function pythonVersion() {
  const script = 'import sys; print("%d.%d" % sys.version_info[:2])'
  return (await runTool(systemPython, ['-c', script], 'Install Python, or name it with PYTHON.')).trim()
}

const systemPython = process.env.PYTHON ?? 'python3'

/** @param {readonly string[]} args */
async function pip(...args) {
  await pipOf(systemPython, ...args)
}

/**
 * @param {string} python
 * @param {readonly string[]} args
 */
async function pipOf(python, ...[command, ...args]) {
  const always = ['--quiet', '--no-deps', '--require-hashes', '--disable-pip-version-check']
  await runTool(
    python,
    ['-m', 'pip', command ?? '', ...always, ...args],
    'Install Python 3.9 or newer with pip, or name it with PYTHON: pip brings the packages.',
  )
}

/**
 * Compares the files of a folder with their list.
 * @param {string} folder
 * @param {string} list as `sha256sum *` prints it
 */
async function compareSums(folder, list) {
  const listed = new Map(
    list
      .trimEnd()
      .split('\n')
      .map(line => [line.slice(66), line.slice(0, 64)]),
  )
  const names = await readdir(folder)
  const wrong = names.filter(name => !listed.has(name)).map(name => `${name} is not listed`)
  for (const [name, sum] of listed) {
    if (!names.includes(name)) wrong.push(`${name} is missing`)
    else if ((await sumOf(join(folder, name))) !== sum) wrong.push(`${name} has another checksum`)
  }
  if (wrong.length > 0) throw new Error(`The jars are not those of jars.sha256: ${wrong.join('; ')}.`)
}

/** @param {string} path */
async function sumOf(path) {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

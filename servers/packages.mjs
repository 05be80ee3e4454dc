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
 * Installs a list of packages into a folder, which `PYTHONPATH` can then name. Those that come as sources are built.
 * @param {string} requirements the list's path; all packages with their hashes, which pip compares
 * @param {string} folder
 */
export async function installPackages(requirements, folder) {
  await pip('install', '--target', folder, '-r', requirements)
}

/**
 * Puts the packages of a list into a folder as they are, sources rather than wheels.
 * @param {string} requirements the list's path; all packages with their hashes, which pip compares
 * @param {string} folder
 */
export async function bringSources(requirements, folder) {
  await pip('download', '--no-binary', ':all:', '--dest', folder, '-r', requirements)
}

/** The Python that is used: `PYTHON` names another one. */
export function python() {
  return process.env.PYTHON ?? 'python3'
}

/** @param {readonly string[]} args */
async function pip(...[command, ...args]) {
  const always = ['--quiet', '--no-deps', '--require-hashes', '--disable-pip-version-check']
  await runTool(
    python(),
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

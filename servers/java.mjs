/** The Java that runs the servers. */
import { join } from 'node:path'
import { runTool } from './tool.mjs'

const oldest = 17

/**
 * The path of `java`, from `JAVA_HOME` where that is set.
 * @returns {Promise<string>}
 * @throws {Error} where there is none, or an older one than Spark runs with
 */
export async function findJava() {
  const home = process.env.JAVA_HOME
  const java = home ? join(home, 'bin/java') : 'java'
  const advice = `The servers need Java ${oldest} or newer: install it, or name its folder with JAVA_HOME.`
  const said = await runTool(java, ['-version'], advice)
  // Java 8 calls itself 1.8.
  const version = Number(/version "(?:1\.)?(\d+)/.exec(said)?.[1])
  if (!(version >= oldest)) throw new Error(`${java} is Java ${version}. ${advice}`)
  return java
}

/** Other programs, run to their end. */
import { spawn } from 'node:child_process'

/**
 * Runs a program and waits for its end.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} advice what to do where there is no such program, as a sentence
 * @param {Readonly<Record<string, string>>} [env] further environment variables
 * @returns {Promise<string>} what it wrote, stdout and stderr
 * @throws {Error} where it cannot be started or fails; the message ends with the last lines that it wrote
 */
export function runTool(command, args, advice, env = {}) {
  return new Promise((resolve, reject) => {
    let written = ''
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } })
    /** @param {Buffer} chunk */
    const hear = chunk => {
      written += chunk.toString('utf8')
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', error => reject(new Error(`${command} cannot be run: ${error.message}. ${advice}`)))
    child.on('close', code => {
      if (code === 0) resolve(written)
      else reject(new Error(`${command} ${args.join(' ')} failed:\n${lastLines(written, 20)}`))
    })
  })
}

/**
 * @param {string} text
 * @param {number} count
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

/**
 * Runs a program for as long as this process's stdin stays open. The other end is held by the process that wants the
 * program: when that one ends, however it ends, the program ends too.
 *
 * `node guard.mjs <program> <argument>…`; stdout and stderr become the program's. Ends with the program's exit code.
 */
import { spawn } from 'node:child_process'

/** How long a program has to end by itself, milliseconds. */
const patience = 10_000

const [program = '', ...args] = process.argv.slice(2)
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] })
child.on('error', error => {
  console.error(error.message)
  process.exit(1)
})
child.on('exit', code => process.exit(code ?? 1))

const stop = () => {
  child.kill('SIGTERM')
  setTimeout(() => child.kill('SIGKILL'), patience)
}
process.stdin.on('close', stop)
process.stdin.resume()
for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, stop)

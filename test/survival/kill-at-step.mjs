/**
 * Preloaded into the real command (node --import): kills it with SIGKILL at its n-th durable step, a write, a rename,
 * a statement that changes the warehouse. KILL_AT_STEP: n, counted from 1. KILL_AFTER_US: absent, the step does not
 * happen, save for the first half of a write; else it is begun and so many microseconds later the process is gone.
 * STEPS_FILE: where the steps' names go when the process ends by itself.
 */
import fs from 'node:fs'
import fsPromises from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { DuckDBConnection } from '@duckdb/node-api'

const killAt = Number(process.env.KILL_AT_STEP ?? 'NaN')
const delay = Number(process.env.KILL_AFTER_US ?? 'NaN')
const steps = []

function die() {
  process.kill(process.pid, 'SIGKILL')
}

function dieLater() {
  const end = performance.now() + delay / 1000
  // Spinning, so that only what is under way outside of JavaScript goes on.
  while (performance.now() < end);
  die()
}

/** Counts the calls of a method; the one that is chosen ends the process. */
function watch(owner, name, { isStep = () => true, half } = {}) {
  const original = owner[name]
  owner[name] = function (...args) {
    if (!isStep(...args)) return original.apply(this, args)
    steps.push(name)
    const isLast = steps.length === killAt
    if (isLast && Number.isNaN(delay)) {
      half?.(this, args)
      die()
    }
    const result = original.apply(this, args)
    if (isLast) dieLater()
    return result
  }
}

function writeHalf(handle, [bytes, offset = 0, length = bytes.length, position = null]) {
  if (typeof bytes !== 'string') fs.writeSync(handle.fd, bytes, offset, Math.floor(length / 2), position)
}

const probe = await fsPromises.open(new URL(import.meta.url))
const fileHandle = Object.getPrototypeOf(probe)
await probe.close()
watch(fileHandle, 'write', { half: writeHalf })
for (const name of ['writeFile', 'sync', 'truncate']) watch(fileHandle, name)
for (const name of ['mkdir', 'rename', 'link', 'unlink', 'rm', 'writeFile']) watch(fsPromises, name)
syncBuiltinESMExports()
const changesSomething = sql =>
  /^\s*(attach|detach|begin|commit|create|insert|delete|update|alter)\b/i.test(sql)
watch(DuckDBConnection.prototype, 'run', { isStep: changesSomething })

const file = process.env.STEPS_FILE
if (file) process.on('exit', () => fs.writeFileSync(file, JSON.stringify(steps)))

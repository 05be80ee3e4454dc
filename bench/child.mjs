/** Whole processes, measured: what a person waits for, what the processor does, and the most memory that is held. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const probe = new URL('./usage-probe.mjs', import.meta.url).href
export const hubdwh = new URL('../bin/hubdwh', import.meta.url).pathname
const usage = z.object({ cpuMs: z.number(), peakKb: z.number(), writtenKb: z.number() })

/**
 * @typedef {object} Measured
 * @property {number} wallMs
 * @property {number} cpuMs of all threads
 * @property {number} peakMb resident
 * @property {number} writtenMb to disk
 * @property {string} out
 */

/**
 * Runs Node with these arguments.
 * @param {readonly string[]} argv
 * @param {{ cwd?: string, env?: Record<string, string>, endsWith?: readonly number[] }} [options] `endsWith`: exit codes that are well
 * @returns {Promise<Measured>}
 */
export async function measured(argv, { cwd, env = {}, endsWith = [0] } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'hubdwh-bench-usage-'))
  try {
    const file = join(folder, 'usage.json')
    const begun = performance.now()
    const child = spawn(process.execPath, ['--import', probe, ...argv], {
      ...(cwd === undefined ? {} : { cwd }),
      env: { PATH: process.env.PATH, HOME: folder, ...env, BENCH_USAGE: file },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', text => {
      out += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      err += text
    })
    const [exitCode] = await once(child, 'close')
    const wallMs = performance.now() - begun
    if (!endsWith.includes(Number(exitCode)))
      throw new Error(`${argv.join(' ')} ended with ${exitCode}:\n${err}`)
    const { cpuMs, peakKb, writtenKb } = usage.parse(JSON.parse(await readFile(file, 'utf8')))
    return { wallMs, cpuMs, peakMb: peakKb / 1024, writtenMb: writtenKb / 1024, out }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @param {readonly number[]} values at least one */
export function median(values) {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1] ?? 0, sorted[middle] ?? 0]
  return (low + high) / 2
}

/** For a person. @param {number} milliseconds */
export function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(1)} s`
}

import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { recordAll } from './recording.js'

const folder = resolve(import.meta.dirname, '../../node_modules/.cache/hubdwh-mutation')

/** Records the cases once, before mutants are tried on them. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('recordings', await recordAll(folder))
}

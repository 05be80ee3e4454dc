import { resolve } from 'node:path'
import type { TestProject } from 'vitest/node'
import { prepareRecordings } from './recording.js'

const folder = resolve(import.meta.dirname, '../../node_modules/.cache/hubdwh-mutation')

/** Says where the cases are recorded, before they are. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('recordingFolder', folder)
  project.provide('recordings', await prepareRecordings(folder))
}

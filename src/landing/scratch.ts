/** Rows and rejects that are wanted on disk for a moment only, in a folder of their own beside the packages. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFolder, privateFile, systemDisk } from '../durable-file.js'
import type { BronzeRow } from '../extraction.js'
import { type LockOptions, withLock } from '../lock.js'
import type { RowsFile } from '../rows-file.js'
import { openAppended } from './appended-file.js'
import { gzip, lineFile } from './line-file.js'
import type { KeptReject } from './read-records.js'

/** The files of one load. */
export interface ScratchFiles {
  /** As a package has them. */
  readonly rows: RowsFile
  readonly rejected: RowsFile
  addRow(row: BronzeRow): Promise<void>
  addReject(reject: KeptReject): Promise<void>
  /** Afterwards the files are whole. */
  close(): Promise<void>
}

export function scratchFolder(root: string): string {
  return join(root, '.replay')
}

/** Removes what a killed process has left of it. */
export async function removeScratch(root: string): Promise<void> {
  await rm(scratchFolder(root), { recursive: true, force: true })
}

/**
 * Makes the folder for the work and removes it after it: it holds personal data.
 * @param root the landing folder
 * @throws UnavailableError `locked` while another process uses it
 */
export async function withScratch<T>(
  root: string,
  options: Omit<LockOptions, 'purpose'>,
  work: (open: (name: string) => Promise<ScratchFiles>) => Promise<T>,
): Promise<T> {
  await createPrivateFolder(root)
  const lock = { ...options, purpose: 'reading the archive again' }
  return withLock(`${scratchFolder(root)}.lock`, lock, async () => {
    await removeScratch(root)
    await createPrivateFolder(scratchFolder(root))
    try {
      return await work(name => openScratch(join(scratchFolder(root), name)))
    } finally {
      await removeScratch(root)
    }
  })
}

async function openScratch(path: string): Promise<ScratchFiles> {
  const open = async (file: string) => {
    // A gzip file without a single member is no gzip file to those who read it.
    const empty = await gzip('')
    await writeFile(file, empty, { mode: privateFile })
    const appended = await openAppended(systemDisk, file, empty.length)
    return { file, appended, lines: lineFile(appended, gzip) }
  }
  const rows = await open(`${path}.rows.ndjson.gz`)
  const rejects = await open(`${path}.rejects.ndjson.gz`)
  return {
    get rows() {
      return { path: rows.file, longest: rows.lines.longest }
    },
    get rejected() {
      return { path: rejects.file, longest: rejects.lines.longest }
    },
    addRow: row => rows.lines.add(row),
    addReject: reject => rejects.lines.add(reject),
    close: async () => {
      for (const { lines, appended } of [rows, rejects]) {
        await lines.flush()
        await appended.close()
      }
    },
  }
}

/** Writing to disk so that a power cut or `kill -9` leaves the old content or the new one, never half of it. */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UnavailableError, UsageError } from './errors.js'

/** The part of a file handle that is written through; tests bring their own to play a full disk. */
export interface DiskFile {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>
  truncate(length: number): Promise<void>
  sync(): Promise<void>
  stat(): Promise<{ readonly size: number }>
  close(): Promise<void>
}

/** How files are opened for writing. */
export interface Disk {
  open(path: string, flags: string, mode: number): Promise<DiskFile>
}

export const systemDisk: Disk = { open }

/** Only the owner may read: packages and token files hold personal data and secrets. */
export const privateFile = 0o600
export const privateFolder = 0o700

/**
 * Replaces the file's content in one step: a temporary file, fsync, rename, fsync of the folder.
 * @throws UnavailableError `disk_full`; UsageError `not_writable`
 */
export async function writeDurably(path: string, content: string, disk: Disk = systemDisk): Promise<void> {
  const draft = `${path}.draft`
  try {
    const file = await disk.open(draft, 'w', privateFile)
    try {
      await writeAll(file, Buffer.from(content), 0)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw diskError(error, path)
  }
}

/** Everyone on the machine may read: what another program fetches, and nothing personal or secret. */
const publicFile = 0o644

/**
 * Replaces, in one step, a file that other users' programs read. Nothing secret may stand in it.
 * @param mode who can read it, whatever the process's umask; by default everyone
 * @throws UnavailableError `disk_full`; UsageError `not_writable`
 */
export async function writeForOthers(path: string, content: string, mode = publicFile): Promise<void> {
  const draft = `${path}.draft`
  try {
    const file = await open(draft, 'w', mode)
    try {
      await file.writeFile(content)
      // The mode of a new file is narrowed by the process's umask.
      await file.chmod(mode)
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw diskError(error, path)
  }
}

/** Writes all bytes from a position on; the system may take fewer at a time than it is given. */
export async function writeAll(file: DiskFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}

/** Makes what was created or renamed in the folder outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Creates the folder and those above it, readable by the owner only. */
export async function createPrivateFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: privateFolder })
  } catch (error) {
    throw diskError(error, path)
  }
}

/** The error of a file operation in words that a person can act on; an unknown one comes back as it is. */
export function diskError(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UnavailableError('disk_full', `The disk is full: ${path} could not be written.`, {
        advice: 'Free some space, then run the same command again: it goes on from the last checkpoint.',
        cause: error,
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UsageError('not_writable', `${path} cannot be written: permission denied.`, {
        advice:
          'Give the user that runs hubdwh the right to write there, or name another folder in the config.',
        cause: error,
      })
    default:
      return error
  }
}

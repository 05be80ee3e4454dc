import { type Disk, diskError, privateFile, writeAll } from '../durable-file.js'
import { damagedError } from './manifest.js'

/** A file that only grows, and whose length is known to be good. */
export interface AppendedFile {
  /** Bytes written so far; where the next ones go. */
  readonly length: number
  append(bytes: Uint8Array): Promise<void>
  /** Brings everything appended to the disk itself. */
  sync(): Promise<void>
  /** Cuts off what was appended beyond the length. */
  cutTo(length: number): Promise<void>
  close(): Promise<void>
}

/**
 * Opens a file to append behind its first `length` bytes; what lies beyond them is the unfinished work of a
 * killed process and is cut off.
 * @throws UnavailableError `package_damaged` when the file is shorter than that
 */
export async function openAppended(disk: Disk, path: string, length: number): Promise<AppendedFile> {
  const file = await disk.open(path, 'r+', privateFile).catch((error: unknown) => {
    throw damagedError(`${path} cannot be opened`, error)
  })
  const { size } = await file.stat()
  if (size < length) {
    await file.close()
    throw damagedError(`${path} has ${size} bytes, its manifest says ${length}`)
  }
  let end = length
  const cutTo = async (to: number): Promise<void> => {
    await file.truncate(to)
    end = to
  }
  await cutTo(length)
  return {
    get length() {
      return end
    },
    append: async bytes => {
      try {
        await writeAll(file, bytes, end)
      } catch (error) {
        throw diskError(error, path)
      }
      end += bytes.length
    },
    sync: async () => {
      try {
        await file.sync()
      } catch (error) {
        throw diskError(error, path)
      }
    },
    cutTo,
    close: () => file.close(),
  }
}

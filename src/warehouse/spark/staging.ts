/**
 * Where files are handed over to Spark, and where it keeps what a session has made: a folder that both see, under a path
 * that means the same to both, or storage that speaks S3. It holds personal data as received for as long as the session lasts.
 */
import { chmod, copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { diskError } from '../../durable-file.js'
import { isRunning } from '../../lock.js'

/** The part of the staging that belongs to one session. */
export interface StagingArea {
  /** Puts a file there. @returns the address under which Spark reads it */
  put(name: string, localPath: string): Promise<string>
  /** The same with a text. */
  putText(name: string, content: string): Promise<string>
  /** The address of a folder that is not there yet, for Spark to write into. */
  folder(name: string): string
  /** Takes away a folder or file by its address; one that is not there is no mistake. */
  remove(address: string): Promise<void>
  /** Takes away everything. */
  clear(): Promise<void>
}

export interface Staging {
  /** For a person. */
  readonly place: string
  openArea(): Promise<StagingArea>
  /** Takes away what processes of this machine have left that were killed. */
  removeLeftovers(): Promise<void>
}

/** Readable and writable for the owner and the group: Spark may run as another user of it. */
const sharedFolder = 0o770
const sharedFile = 0o660

const prefix = `session-${hostname().replaceAll(/[^A-Za-z0-9.]/g, '_')}-`
let sessions = 0

/** A name that no other session has. */
export function sessionName(): string {
  sessions += 1
  return `${prefix}${process.pid}-${sessions}`
}

/** Whether a session has that name whose process, one of this machine, is dead. */
export function isAbandoned(name: string): boolean {
  if (!name.startsWith(prefix)) return false
  const pid = Number(name.slice(prefix.length).split('-')[0])
  return pid !== process.pid && !isRunning(pid)
}

/**
 * A folder of a file system.
 * @param root absolute, the same for Spark
 */
export function folderStaging(root: string): Staging {
  return {
    place: root,
    openArea: async () => {
      const path = join(root, sessionName())
      const within = async <T>(work: () => Promise<T>): Promise<T> => {
        try {
          return await work()
        } catch (error) {
          throw diskError(error, path)
        }
      }
      await within(async () => {
        await mkdir(root, { recursive: true })
        await rm(path, { recursive: true, force: true })
        await mkdir(path)
        // The mode of a new folder is narrowed by the process's umask.
        await chmod(path, sharedFolder)
      })
      const address = (name: string) => `file:${join(path, name)}`
      const pathOf = (name: string) => name.slice('file:'.length)
      return {
        put: (name, localPath) =>
          within(async () => {
            await copyFile(localPath, join(path, name))
            await chmod(join(path, name), sharedFile)
            return address(name)
          }),
        putText: (name, content) =>
          within(async () => {
            await writeFile(join(path, name), content, { mode: sharedFile })
            return address(name)
          }),
        folder: address,
        remove: file => rm(pathOf(file), { recursive: true, force: true }),
        clear: () => rm(path, { recursive: true, force: true }),
      }
    },
    removeLeftovers: async () => {
      const names = await readdir(root).catch(() => [])
      for (const name of names.filter(isAbandoned))
        await rm(join(root, name), { recursive: true, force: true })
    },
  }
}

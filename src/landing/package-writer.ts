/** Writes one load package. What counts is what its last durable checkpoint covers. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPrivateFolder, type Disk, privateFile, systemDisk } from '../durable-file.js'
import { type Clock, systemClock } from '../effects.js'
import type { Answer, AnswerMessage, ExtractionMessage, RecordsMessage } from '../extraction.js'
import type { JsonValue } from '../json.js'
import { acquireLock } from '../lock.js'
import { joinedShapes, type Shapes } from '../record-shape.js'
import { indexEntry } from './answer-index.js'
import { type AppendedFile, openAppended } from './appended-file.js'
import { gzip, type LineFile, lineFile, memberOf } from './line-file.js'
import { type LoadPackage, lockOptions, lockPath, packageFiles, packageIn } from './load-package.js'
import { type Counts, type Manifest, readManifest, writeManifest } from './manifest.js'

/** Takes the messages of an extraction, one after the other: await each call before the next. */
export interface PackageWriter {
  /** Where the extraction must go on; null where nothing was kept yet. */
  readonly cursor: JsonValue
  /** What has been taken so far, also what no checkpoint covers yet. */
  readonly counts: Counts
  /** Keeps a message. A checkpoint becomes durable now if the last durable one is old enough. */
  take(message: ExtractionMessage): Promise<void>
  /** Keeps an answer that could not be used as evidence, outside the archive; returns the file's path. */
  keepFailed(answer: Answer): Promise<string>
  /** Makes everything taken durable and the package whole: state `extracted`. Then closes. */
  finish(): Promise<LoadPackage>
  /** Lets go of the package; it stays at its last checkpoint, from which a later writer goes on. */
  close(): Promise<void>
}

export interface WriterOptions {
  readonly clock?: Clock
  readonly disk?: Disk
  /** A checkpoint that comes sooner after a durable one is only remembered. Milliseconds. */
  readonly durableEveryMs?: number
}

const indexText = async (text: string): Promise<Uint8Array> => Buffer.from(text)

/**
 * Opens a package for writing and cuts off what its last checkpoint does not cover.
 * @throws UnavailableError `locked` while another process writes it, `package_damaged`, `disk_full`
 */
export async function openWriter(
  target: Pick<LoadPackage, 'dir'>,
  options: WriterOptions = {},
): Promise<PackageWriter> {
  const { dir } = target
  const { clock = systemClock, disk = systemDisk, durableEveryMs = 5_000 } = options
  const lock = await acquireLock(lockPath(dir), lockOptions(dir))
  const opened: AppendedFile[] = []
  const closeAll = async (): Promise<void> => {
    for (const file of opened) await file.close()
    await lock.release()
  }
  try {
    // Read after the lock is held: another process may have carried the package on.
    const manifest = await readManifest(dir)
    if (manifest.state !== 'extracting') throw new Error(`${manifest.loadId} is already ${manifest.state}`)
    const openFile = async (name: keyof Manifest['lengths']): Promise<AppendedFile> => {
      const file = await openAppended(disk, join(dir, packageFiles[name]), manifest.lengths[name])
      opened.push(file)
      return file
    }
    const files: Files = {
      answers: await openFile('answers'),
      index: await openFile('index'),
      rows: await openFile('rows'),
      rejects: await openFile('rejects'),
    }
    return packageWriter({ dir, files, closeAll, clock, disk, durableEveryMs }, manifest)
  } catch (error) {
    await closeAll()
    throw error
  }
}

type Files = Readonly<Record<keyof Manifest['lengths'], AppendedFile>>

interface Workshop {
  readonly dir: string
  readonly files: Files
  readonly closeAll: () => Promise<void>
  readonly clock: Clock
  readonly disk: Disk
  readonly durableEveryMs: number
}

function packageWriter(shop: Workshop, opened: Manifest): PackageWriter {
  const { dir, files, clock } = shop
  const index = lineFile(files.index, indexText)
  const rows = lineFile(files.rows, gzip)
  const rejects = lineFile(files.rejects, gzip)
  let durable = opened
  let counts = opened.counts
  let shapes: Shapes = opened.shapes ?? {}
  let watermark = opened.watermark
  let durableAt = clock.now()
  /** A checkpoint behind which nothing has been taken: it can still be made durable. */
  let pending: { readonly cursor: JsonValue } | undefined
  let state: 'open' | 'broken' | 'closed' = 'open'

  /** Nothing is known of lines that an earlier version kept. */
  function longestLines(): Pick<Manifest, 'longestLines'> {
    const before = opened.longestLines
    if (before === undefined) return {}
    return {
      longestLines: {
        rows: Math.max(before.rows, rows.longest),
        rejects: Math.max(before.rejects, rejects.longest),
      },
    }
  }

  async function commit(change: Partial<Manifest>): Promise<void> {
    for (const lines of [index, rows, rejects]) await lines.flush()
    for (const file of Object.values(files)) await file.sync()
    const lengths = {
      answers: files.answers.length,
      index: files.index.length,
      rows: files.rows.length,
      rejects: files.rejects.length,
    }
    const next: Manifest = { ...durable, counts, lengths, ...longestLines(), shapes, watermark, ...change }
    await writeManifest(dir, next, shop.disk)
    durable = next
    durableAt = clock.now()
    pending = undefined
  }

  /** After a failed write nothing more may be kept, and what is half written goes: a full disk gets room. */
  async function orBreak<T>(work: () => Promise<T>): Promise<T> {
    if (state !== 'open') throw new Error(`the writer of ${opened.loadId} is ${state}`)
    try {
      return await work()
    } catch (error) {
      state = 'broken'
      await cutToCheckpoint(files, durable).catch(() => {})
      throw error
    }
  }

  async function close(): Promise<void> {
    if (state === 'closed') return
    const last = pending
    try {
      if (state === 'open' && last) await orBreak(() => commit({ cursor: last.cursor }))
    } finally {
      state = 'closed'
      await shop.closeAll()
    }
  }

  async function take(message: ExtractionMessage): Promise<void> {
    switch (message.type) {
      case 'answer':
        pending = undefined
        counts = await keepAnswer(message, files.answers, index, counts)
        counts = await keepRecords(message, { rows, rejects }, counts)
        shapes = joinedShapes(shapes, message.shapes)
        return
      case 'records':
        pending = undefined
        counts = await keepRecords(message, { rows, rejects }, counts)
        shapes = joinedShapes(shapes, message.shapes)
        return
      case 'checkpoint':
        if (clock.now() - durableAt >= shop.durableEveryMs) await commit({ cursor: message.cursor })
        else pending = { cursor: message.cursor }
        return
      case 'watermark':
        watermark = message.watermark
        return
      case 'notice':
        return
    }
  }

  return {
    get cursor() {
      return durable.cursor
    },
    get counts() {
      return counts
    },
    take: message => orBreak(() => take(message)),
    keepFailed: answer => keepFailedAnswer(dir, answer),
    finish: async () => {
      await orBreak(() => commit({ state: 'extracted', extractedAt: clock.now() }))
      await close()
      return packageIn(dir, durable)
    },
    close,
  }
}

async function keepAnswer(
  { answer, received, repeated, erased = 0 }: AnswerMessage,
  archive: AppendedFile,
  index: LineFile,
  counts: Counts,
): Promise<Counts> {
  const offset = archive.length
  for (const piece of await memberOf(answer.body)) await archive.append(piece)
  await index.add(indexEntry(answer, repeated, offset, archive.length - offset, erased))
  return {
    ...counts,
    requests: counts.requests + 1,
    records: counts.records + received,
    repeated: counts.repeated + repeated.length,
    ...withErased((counts.erased ?? 0) + erased),
  }
}

/** Counts of a package without erased people say nothing of them. */
function withErased(erased: number): Pick<Counts, 'erased'> {
  return erased > 0 ? { erased } : {}
}

/** Keeps records of the answer that has been kept last. */
async function keepRecords(
  message: Pick<RecordsMessage, 'rows' | 'rejects'>,
  lines: { readonly rows: LineFile; readonly rejects: LineFile },
  counts: Counts,
): Promise<Counts> {
  const answer = counts.requests - 1
  for (const row of message.rows) await lines.rows.add(row)
  for (const reject of message.rejects) await lines.rejects.add({ ...reject, answer })
  return {
    ...counts,
    rows: counts.rows + message.rows.length,
    rejects: counts.rejects + message.rejects.length,
  }
}

async function cutToCheckpoint(files: Files, { lengths }: Manifest): Promise<void> {
  await files.answers.cutTo(lengths.answers)
  await files.index.cutTo(lengths.index)
  await files.rows.cutTo(lengths.rows)
  await files.rejects.cutTo(lengths.rejects)
}

/** The newest failure replaces the one before: a source that fails for days must not fill the disk. */
async function keepFailedAnswer(dir: string, answer: Answer): Promise<string> {
  const folder = join(dir, 'failed')
  await rm(folder, { recursive: true, force: true })
  await createPrivateFolder(folder)
  const path = join(folder, 'answer.gz')
  await writeFile(path, await memberOf(answer.body), { mode: privateFile })
  const { request, status, receivedAt } = answer
  const about = JSON.stringify({ request, status, receivedAt })
  await writeFile(join(folder, 'answer.json'), about, { mode: privateFile })
  return path
}

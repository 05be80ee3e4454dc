/**
 * Writing a load package anew without something. The new package is made whole beside the old one and then takes its
 * place; whatever is killed in between is brought to its end by {@link finishRewriting}.
 */
import { existsSync } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { AnswerBody } from '../answer-body.js'
import { privateFile, privateFolder, syncFolder, systemDisk } from '../durable-file.js'
import type { JsonObject } from '../json.js'
import { withLock } from '../lock.js'
import { type IndexEntry, sha256 } from './answer-index.js'
import { type AppendedFile, openAppended } from './appended-file.js'
import { gzip, lineFile, memberOf } from './line-file.js'
import {
  type LoadPackage,
  lockOptions,
  lockPath,
  packageFiles,
  packageFolders,
  rewrittenPrefix,
} from './load-package.js'
import { damagedError, type Manifest, writeManifest } from './manifest.js'
import { type ArchivedAnswer, readAnswers, readIndex } from './read-answers.js'
import { type KeptReject, readRejects, readRows } from './read-records.js'

/** What is to become of a package's answers and records. */
export interface PackageEdit {
  /** @returns undefined where the answer stays as it is */
  answer(answer: ArchivedAnswer): Promise<EditedAnswer | undefined>
  /** @returns the row itself where it stays as it is, undefined where it goes */
  row(row: JsonObject): JsonObject | undefined
}

export interface EditedAnswer extends Pick<IndexEntry, 'facts' | 'repeated'> {
  readonly body: AnswerBody
  /** How many records have been taken out of it. */
  readonly erased: number
  /** What is left of its rejects, where they stand now. */
  readonly rejects: (before: readonly KeptReject[]) => readonly KeptReject[]
}

/** What rewriting a package came to. */
export interface RewrittenPackage {
  readonly answers: number
  readonly rows: number
  readonly rejects: number
}

const replaced = '.replaced-'

/**
 * Writes a package anew where the edit changes anything in it. The caller sees to it that nobody loads from it.
 * @returns undefined where nothing had to be changed
 * @throws UnavailableError `package_damaged`, `locked`
 */
export async function rewritePackage(
  whole: LoadPackage,
  edit: PackageEdit,
): Promise<RewrittenPackage | undefined> {
  const changes = await changesIn(whole, edit)
  if (!changes) return undefined
  return withLock(lockPath(whole.dir), lockOptions(whole.dir), async () => {
    const draft = join(dirname(whole.dir), `${rewrittenPrefix}${basename(whole.dir)}`)
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { mode: privateFolder })
    const outcome = await writeDraft(whole, draft, edit, changes)
    await syncFolder(draft)
    await swap(whole.dir, draft)
    return outcome
  })
}

async function swap(dir: string, draft: string): Promise<void> {
  const parent = dirname(dir)
  const away = join(parent, `${replaced}${basename(dir)}`)
  await rename(dir, away)
  await rename(draft, dir)
  await syncFolder(parent)
  await rm(away, { recursive: true, force: true })
}

/**
 * Brings to its end what was killed while packages were rewritten, and removes what else killed processes have left
 * in hidden folders. Nobody may be working with the packages meanwhile.
 */
export async function finishRewriting(root: string): Promise<void> {
  for (const dir of await packageFolders(root, {}, 'leftovers')) await settleLeftover(dir)
}

/** Puts a rewritten package into its place where the old one has left it already; removes anything else. */
export async function settleLeftover(dir: string): Promise<void> {
  const name = basename(dir)
  const place = join(dirname(dir), name.slice(rewrittenPrefix.length))
  // Its manifest is written last.
  const isWhole = name.startsWith(rewrittenPrefix) && existsSync(join(dir, 'manifest.json'))
  if (!isWhole || existsSync(place)) return rm(dir, { recursive: true, force: true })
  await rename(dir, place)
  await syncFolder(dirname(dir))
}

interface Changes {
  readonly answers: ReadonlySet<number>
}

/** A first look, which writes nothing: most packages stay as they are. */
async function changesIn(whole: LoadPackage, edit: PackageEdit): Promise<Changes | undefined> {
  const answers = new Set<number>()
  for await (const answer of readAnswers(whole)) {
    if (await edit.answer(answer)) answers.add(answer.number)
  }
  if (answers.size > 0 || (await hasTail(whole))) return { answers }
  for await (const row of readRows(whole)) if (edit.row(row) !== row) return { answers }
  return undefined
}

/** Whether a killed extraction has left something behind the last checkpoint. */
async function hasTail({ dir, manifest }: LoadPackage): Promise<boolean> {
  for (const name of ['answers', 'index', 'rows', 'rejects'] as const) {
    if ((await stat(join(dir, packageFiles[name]))).size > manifest.lengths[name]) return true
  }
  return false
}

async function writeDraft(
  whole: LoadPackage,
  draft: string,
  edit: PackageEdit,
  changes: Changes,
): Promise<RewrittenPackage> {
  const files = {
    answers: await emptyFile(draft, 'answers'),
    index: await emptyFile(draft, 'index'),
    rows: await emptyFile(draft, 'rows'),
    rejects: await emptyFile(draft, 'rejects'),
  }
  try {
    const edited = await copyAnswers(whole, edit, changes, files)
    const records = await copyRecords(whole, edit, edited, files)
    for (const file of Object.values(files)) await file.sync()
    const { counts } = whole.manifest
    const repeated = counts.repeated - edited.repeatedLess
    const { rows, rejects, longestLines } = records
    const erased = counts.records - rows - rejects - repeated
    const lengths = {
      answers: files.answers.length,
      index: files.index.length,
      rows: files.rows.length,
      rejects: files.rejects.length,
    }
    await writeManifest(draft, {
      ...whole.manifest,
      counts: { ...counts, rows, rejects, repeated, ...(erased > 0 ? { erased } : {}) },
      lengths,
      longestLines,
    })
    return {
      answers: changes.answers.size,
      rows: counts.rows - rows,
      rejects: counts.rejects - rejects,
    }
  } finally {
    for (const file of Object.values(files)) await file.close()
  }
}

type Files = Readonly<Record<keyof Manifest['lengths'], AppendedFile>>

async function emptyFile(draft: string, name: keyof Manifest['lengths']): Promise<AppendedFile> {
  const path = join(draft, packageFiles[name])
  await (await open(path, 'wx', privateFile)).close()
  const file = await openAppended(systemDisk, path, 0)
  // A gzip file without a single member is no gzip file to those who read it.
  if (name === 'rows' || name === 'rejects') await file.append(await gzip(''))
  return file
}

interface EditedAnswers {
  readonly rejects: ReadonlyMap<number, EditedAnswer['rejects']>
  /** So many records less come again. */
  readonly repeatedLess: number
}

async function copyAnswers(
  whole: LoadPackage,
  edit: PackageEdit,
  changes: Changes,
  files: Files,
): Promise<EditedAnswers> {
  const rejects = new Map<number, EditedAnswer['rejects']>()
  let repeatedLess = 0
  const index = lineFile(files.index, async text => Buffer.from(text))
  const entries: IndexEntry[] = []
  for await (const entry of readIndex(whole)) entries.push(entry)
  const archive = await open(join(whole.dir, packageFiles.answers), 'r')
  try {
    for await (const answer of readAnswers(whole)) {
      const entry = entries[answer.number]
      if (!entry) throw damagedError(`The index in ${whole.dir} ends before its archive`)
      const offset = files.answers.length
      const edited = changes.answers.has(answer.number) ? await edit.answer(answer) : undefined
      if (!edited) {
        const member = Buffer.alloc(entry.length)
        await archive.read(member, 0, entry.length, entry.offset)
        await files.answers.append(member)
        await index.add({ ...entry, offset })
        continue
      }
      for (const piece of await memberOf(edited.body)) await files.answers.append(piece)
      rejects.set(answer.number, edited.rejects)
      repeatedLess += entry.repeated.length - edited.repeated.length
      await index.add({
        ...entry,
        offset,
        length: files.answers.length - offset,
        sha256: Buffer.isBuffer(edited.body) ? sha256(edited.body) : edited.body.sha256,
        facts: edited.facts,
        repeated: edited.repeated,
        erased: (entry.erased ?? 0) + edited.erased,
      })
    }
    await index.flush()
  } finally {
    await archive.close()
  }
  return { rejects, repeatedLess }
}

async function copyRecords(
  whole: LoadPackage,
  edit: PackageEdit,
  edited: EditedAnswers,
  files: Files,
): Promise<Required<Pick<Manifest, 'longestLines'>> & { readonly rows: number; readonly rejects: number }> {
  const rows = lineFile(files.rows, gzip)
  let kept = 0
  for await (const row of readRows(whole)) {
    const clean = edit.row(row)
    if (clean === undefined) continue
    await rows.add(clean)
    kept += 1
  }
  await rows.flush()
  const byAnswer = new Map<number, KeptReject[]>()
  for await (const reject of readRejects(whole)) {
    byAnswer.set(reject.answer, [...(byAnswer.get(reject.answer) ?? []), reject])
  }
  const rejects = lineFile(files.rejects, gzip)
  let left = 0
  for (const [answer, before] of byAnswer) {
    for (const reject of edited.rejects.get(answer)?.(before) ?? before) {
      await rejects.add(reject)
      left += 1
    }
  }
  await rejects.flush()
  return {
    rows: kept,
    rejects: left,
    longestLines: { rows: rows.longest, rejects: rejects.longest },
  }
}

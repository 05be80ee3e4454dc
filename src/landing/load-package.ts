/** Load packages as folders: making, finding, opening and removing them. */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createPrivateFolder, diskError, privateFile, privateFolder, syncFolder } from '../durable-file.js'
import { type Chance, type Clock, systemChance, systemClock } from '../effects.js'
import { UnavailableError, UsageError } from '../errors.js'
import type { JsonValue } from '../json.js'
import { type LockOptions, withLock } from '../lock.js'
import { gzip } from './line-file.js'
import { type Manifest, type PackageState, readManifest, writeManifest } from './manifest.js'
import { removeScratch, scratchFolder } from './scratch.js'

/** A load package on disk: `<landing.path>/<source>/<entity>/<load_id>/`. */
export interface LoadPackage {
  readonly dir: string
  readonly manifest: Manifest
  /** Newline-delimited JSON, gzip in one or more members; at least an empty one. Rows of the bronze table. */
  readonly rowsPath: string
  /** The same for rejects: `{rule, detail, record, position, answer}`. */
  readonly rejectsPath: string
}

/** A folder that should hold a package and does not. */
export interface DamagedPackage {
  readonly dir: string
  readonly error: unknown
}

export interface NewPackage {
  readonly source: string
  readonly entity: string
  /** The bronze table, without its schema. */
  readonly table: string
  readonly window: JsonValue
  /** What the pipeline asked for, without personal data. */
  readonly plan: JsonValue
}

export interface LandingEffects {
  readonly clock: Clock
  readonly chance: Chance
}

const systemEffects: LandingEffects = { clock: systemClock, chance: systemChance }

/** The files of a package, by what they hold. */
export const packageFiles = {
  answers: 'answers.gz',
  index: 'answers.ndjson',
  rows: 'rows.ndjson.gz',
  rejects: 'rejects.ndjson.gz',
} as const

/**
 * Makes an empty package in state `extracting`. It appears with its manifest in one step: a process that is
 * killed meanwhile leaves a folder whose name starts with a dot, which {@link sweepArchive} removes.
 */
export async function createPackage(
  root: string,
  wanted: NewPackage,
  effects: LandingEffects = systemEffects,
): Promise<LoadPackage> {
  const createdAt = effects.clock.now()
  const source = pathSafe(wanted.source)
  const entity = pathSafe(wanted.entity)
  const loadId = `${source}-${entity}-${stamp(createdAt)}-${effects.chance.hex(3)}`
  const parent = join(root, source, entity)
  await createPrivateFolder(parent)
  const draft = join(parent, `.${loadId}`)
  const dir = join(parent, loadId)
  // A gzip file without a single member is no gzip file to those who read it.
  const empty = await gzip('')
  const manifest: Manifest = {
    formatVersion: 1,
    loadId,
    source,
    entity,
    table: wanted.table,
    window: wanted.window,
    plan: wanted.plan,
    state: 'extracting',
    cursor: null,
    counts: { requests: 0, records: 0, rows: 0, rejects: 0, repeated: 0 },
    lengths: { answers: 0, index: 0, rows: empty.length, rejects: empty.length },
    longestLines: { rows: 0, rejects: 0 },
    watermark: null,
    createdAt,
    extractedAt: null,
    loadedAt: null,
  }
  try {
    await mkdir(draft, { mode: privateFolder })
    const file = (name: string, bytes: Uint8Array | string): Promise<void> =>
      writeFile(join(draft, name), bytes, { mode: privateFile, flush: true })
    await file(packageFiles.answers, '')
    await file(packageFiles.index, '')
    await file(packageFiles.rows, empty)
    await file(packageFiles.rejects, empty)
    await writeManifest(draft, manifest)
    await rename(draft, dir)
    await syncFolder(parent)
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    throw diskError(error, dir)
  }
  return packageIn(dir, manifest)
}

/**
 * Opens the package in this folder for reading.
 * @throws UnavailableError `package_damaged`
 */
export async function openPackage(dir: string): Promise<LoadPackage> {
  return packageIn(dir, await readManifest(dir))
}

export interface PackageFilter {
  readonly source?: string
  readonly entity?: string
  readonly state?: PackageState
}

/**
 * The package of a load that the warehouse holds.
 * @returns undefined where the archive no longer has it
 * @throws UnavailableError `package_damaged`
 */
export async function findLoaded(
  root: string,
  { source, entity, loadId }: Pick<Manifest, 'source' | 'entity' | 'loadId'>,
): Promise<LoadPackage | undefined> {
  const waiting = join(root, source, entity, loadId)
  for (const dir of [archivedDir(waiting), waiting]) if (await isFolder(dir)) return openPackage(dir)
  return undefined
}

/** Where packages lie once the warehouse holds them: a run looks only at the others, however long the history is. */
const archive = 'loaded'

/**
 * The packages under a landing folder, oldest first. A damaged one does not hide the others: it comes back
 * with its error. A folder that does not exist holds no packages.
 */
export async function listPackages(root: string, filter: PackageFilter = {}): Promise<PackageList> {
  const waiting = await openAll(await packageFolders(root, filter))
  const isArchiveWanted = filter.state === undefined || filter.state === 'loaded'
  const archived = isArchiveWanted ? await openAll(await archiveFolders(root, filter)) : nothing
  const packages = [...waiting.packages, ...archived.packages]
    .filter(({ manifest }) => filter.state === undefined || manifest.state === filter.state)
    .sort(
      (a, b) =>
        a.manifest.createdAt - b.manifest.createdAt || (a.manifest.loadId < b.manifest.loadId ? -1 : 1),
    )
  return { packages, damaged: [...waiting.damaged, ...archived.damaged] }
}

/**
 * The packages that the warehouse does not hold yet, oldest first, as {@link listPackages} tells them. One that is
 * loaded, and whose run was killed before it was put away, is put away now.
 */
export async function listUnfinished(
  root: string,
  filter: Pick<PackageFilter, 'source' | 'entity'>,
): Promise<PackageList> {
  const { packages, damaged } = await openAll(await packageFolders(root, filter))
  const unfinished: LoadPackage[] = []
  for (const found of packages) {
    if (found.manifest.state === 'loaded') await putAway(found)
    else unfinished.push(found)
  }
  return {
    packages: unfinished.sort((a, b) => a.manifest.createdAt - b.manifest.createdAt),
    damaged,
  }
}

/** The packages that the warehouse does not hold yet, oldest first. Only looks. */
export async function listWaiting(root: string): Promise<PackageList> {
  const { packages, damaged } = await openAll(await packageFolders(root, {}))
  return {
    packages: packages
      .filter(({ manifest }) => manifest.state !== 'loaded')
      .sort((a, b) => a.manifest.createdAt - b.manifest.createdAt),
    damaged,
  }
}

export interface PackageList {
  readonly packages: readonly LoadPackage[]
  readonly damaged: readonly DamagedPackage[]
}

const nothing: PackageList = { packages: [], damaged: [] }

async function openAll(dirs: readonly string[]): Promise<PackageList> {
  const packages: LoadPackage[] = []
  const damaged: DamagedPackage[] = []
  for (const dir of dirs) {
    try {
      packages.push(await openPackage(dir))
    } catch (error) {
      damaged.push({ dir, error })
    }
  }
  return { packages, damaged }
}

/**
 * Notes that the warehouse holds the package, and puts it away into the archive. Doing it again changes nothing.
 * @param loadedAt Unix milliseconds
 */
export async function markLoaded(loadPackage: LoadPackage, loadedAt: number): Promise<LoadPackage> {
  const { dir } = loadPackage
  if (await isFolder(archivedDir(dir))) return openPackage(archivedDir(dir))
  const loaded = await withLock(lockPath(dir), lockOptions(dir), async () => {
    const manifest = await readManifest(dir)
    if (manifest.state === 'extracting') {
      throw new Error(`${manifest.loadId} is not whole yet and cannot have been loaded`)
    }
    if (manifest.state === 'loaded') return manifest
    const noted: Manifest = { ...manifest, state: 'loaded', loadedAt }
    await writeManifest(dir, noted)
    return noted
  })
  return putAway(packageIn(dir, loaded))
}

async function putAway({ dir, manifest }: LoadPackage): Promise<LoadPackage> {
  const away = archivedDir(dir)
  if (away === dir) return packageIn(dir, manifest)
  await createPrivateFolder(dirname(away))
  await rename(dir, away)
  await syncFolder(dirname(away))
  await syncFolder(dirname(dir))
  return packageIn(away, manifest)
}

/** Where a package lies once it is loaded. */
function archivedDir(dir: string): string {
  const parent = dirname(dir)
  return basename(parent) === archive ? dir : join(parent, archive, basename(dir))
}

/**
 * Removes a package with all it holds.
 * @throws UnavailableError `locked` while another process writes it
 */
export async function discard(loadPackage: Pick<LoadPackage, 'dir'>): Promise<void> {
  const { dir } = loadPackage
  await withLock(lockPath(dir), lockOptions(dir), async () => {
    // Out of sight in one step, so that nobody meets a package that is half removed.
    const away = join(dirname(dir), `.discarded-${basename(dir)}`)
    await rename(dir, away)
    await rm(away, { recursive: true, force: true })
  })
}

/**
 * Removes packages that were loaded `keepDays` ago or earlier (0: all that are loaded), and what killed processes left behind.
 * @param now Unix milliseconds
 * @returns the load ids of the removed packages
 */
export async function sweepArchive(root: string, keepDays: number, now: number): Promise<readonly string[]> {
  const day = 86_400_000
  const oldest = now - keepDays * day
  // A package was loaded after it was made, so that the name alone tells of most that they stay.
  const perhapsOld = (await archiveFolders(root, {})).filter(dir => (madeAt(basename(dir)) ?? 0) <= oldest)
  const removed: string[] = []
  for (const old of (await openAll(perhapsOld)).packages) {
    const { loadedAt, loadId } = old.manifest
    if (loadedAt === null || loadedAt > oldest) continue
    // One that is being used now can go the next time.
    if (!(await discarded(old))) continue
    removed.push(loadId)
  }
  for (const dir of await packageFolders(root, {}, 'leftovers')) {
    if ((await stat(dir)).mtimeMs < now - day && !isRewritten(dir)) {
      await rm(dir, { recursive: true, force: true })
    }
  }
  const scratch = await stat(scratchFolder(root)).catch(() => undefined)
  if (scratch && scratch.mtimeMs < now - day) await removeScratch(root)
  return removed
}

async function discarded(old: LoadPackage): Promise<boolean> {
  try {
    await discard(old)
    return true
  } catch (error) {
    if (error instanceof UnavailableError && error.code === 'locked') return false
    throw error
  }
}

/** How the folder of a package begins that was written anew and has not taken its place yet. */
export const rewrittenPrefix = '.rewritten-'

/** It may be all that is left of its package: only who rewrites packages can tell. */
function isRewritten(dir: string): boolean {
  return basename(dir).startsWith(rewrittenPrefix)
}

export function lockPath(dir: string): string {
  return join(dir, 'lock')
}

export function lockOptions(dir: string): LockOptions {
  return { purpose: `the load package ${basename(dir)}` }
}

export function packageIn(dir: string, manifest: Manifest): LoadPackage {
  return {
    dir,
    manifest,
    rowsPath: join(dir, packageFiles.rows),
    rejectsPath: join(dir, packageFiles.rejects),
  }
}

/** The folders of waiting packages; or the hidden ones, also of the archive, that killed processes have left. */
export async function packageFolders(
  root: string,
  filter: PackageFilter,
  kind: 'packages' | 'leftovers' = 'packages',
): Promise<string[]> {
  const found: string[] = []
  const entities = await entityFolders(root, filter)
  const parents = kind === 'packages' ? entities : [...entities, ...entities.map(dir => join(dir, archive))]
  for (const parent of parents) {
    for (const name of await folders(parent)) {
      if (name !== archive && name.startsWith('.') === (kind === 'leftovers')) found.push(join(parent, name))
    }
  }
  return found
}

async function archiveFolders(root: string, filter: PackageFilter): Promise<string[]> {
  const found: string[] = []
  for (const parent of await entityFolders(root, filter)) {
    const away = join(parent, archive)
    for (const name of await folders(away)) {
      if (!name.startsWith('.')) found.push(join(away, name))
    }
  }
  return found
}

async function entityFolders(root: string, filter: PackageFilter): Promise<string[]> {
  const found: string[] = []
  for (const source of filter.source ? [filter.source] : await folders(root)) {
    for (const entity of filter.entity ? [filter.entity] : await folders(join(root, source))) {
      found.push(join(root, source, entity))
    }
  }
  return found
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true
}

async function folders(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

function pathSafe(name: string): string {
  if (/^[a-z0-9_]+$/.test(name)) return name
  throw new UsageError('bad_name', `${JSON.stringify(name)} cannot be the name of a source or an entity.`, {
    advice: 'Use lower-case letters, digits and underscores.',
  })
}

/** `20250131T021500Z` */
function stamp(instant: number): string {
  return `${new Date(instant).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}

/** When a package was made, from its load id; Unix milliseconds. */
function madeAt(loadId: string): number | undefined {
  const [, date = '', time = ''] = /-(\d{8})T(\d{6})Z-[0-9a-f]+$/.exec(loadId) ?? []
  const instant = Date.parse(
    `${date.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3')}T${time.replace(/(\d\d)(\d\d)(\d\d)/, '$1:$2:$3')}Z`,
  )
  return Number.isNaN(instant) ? undefined : instant
}

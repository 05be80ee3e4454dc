/** Load packages as folders: making, finding, opening and removing them. */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createPrivateFolder, diskError, privateFile, privateFolder, syncFolder } from '../durable-file.js'
import { type Chance, type Clock, systemChance, systemClock } from '../effects.js'
import { UsageError } from '../errors.js'
import type { JsonValue } from '../json.js'
import { type LockOptions, withLock } from '../lock.js'
import { gzip } from './line-file.js'
import { type Manifest, type PackageState, readManifest, writeManifest } from './manifest.js'

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
 * The packages under a landing folder, oldest first. A damaged one does not hide the others: it comes back
 * with its error. A folder that does not exist holds no packages.
 */
export async function listPackages(
  root: string,
  filter: PackageFilter = {},
): Promise<{ readonly packages: readonly LoadPackage[]; readonly damaged: readonly DamagedPackage[] }> {
  const packages: LoadPackage[] = []
  const damaged: DamagedPackage[] = []
  for (const dir of await packageFolders(root, filter)) {
    try {
      const found = await openPackage(dir)
      if (filter.state === undefined || found.manifest.state === filter.state) packages.push(found)
    } catch (error) {
      damaged.push({ dir, error })
    }
  }
  packages.sort(
    (a, b) => a.manifest.createdAt - b.manifest.createdAt || (a.manifest.loadId < b.manifest.loadId ? -1 : 1),
  )
  return { packages, damaged }
}

/**
 * Notes that the warehouse holds the package. Doing it again changes nothing.
 * @param loadedAt Unix milliseconds
 */
export async function markLoaded(loadPackage: LoadPackage, loadedAt: number): Promise<LoadPackage> {
  return withLock(lockPath(loadPackage.dir), lockOptions(loadPackage.dir), async () => {
    const manifest = await readManifest(loadPackage.dir)
    if (manifest.state === 'extracting') {
      throw new Error(`${manifest.loadId} is not whole yet and cannot have been loaded`)
    }
    if (manifest.state === 'loaded') return packageIn(loadPackage.dir, manifest)
    const loaded: Manifest = { ...manifest, state: 'loaded', loadedAt }
    await writeManifest(loadPackage.dir, loaded)
    return packageIn(loadPackage.dir, loaded)
  })
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
  const { packages } = await listPackages(root, { state: 'loaded' })
  const removed: string[] = []
  for (const old of packages) {
    const { loadedAt, loadId } = old.manifest
    if (loadedAt === null || loadedAt > now - keepDays * day) continue
    await discard(old)
    removed.push(loadId)
  }
  for (const dir of await packageFolders(root, {}, 'leftovers')) {
    if ((await stat(dir)).mtimeMs < now - day) await rm(dir, { recursive: true, force: true })
  }
  return removed
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

async function packageFolders(
  root: string,
  filter: PackageFilter,
  kind: 'packages' | 'leftovers' = 'packages',
): Promise<string[]> {
  const found: string[] = []
  for (const source of filter.source ? [filter.source] : await folders(root)) {
    for (const entity of filter.entity ? [filter.entity] : await folders(join(root, source))) {
      for (const name of await folders(join(root, source, entity))) {
        if (name.startsWith('.') === (kind === 'leftovers')) found.push(join(root, source, entity, name))
      }
    }
  }
  return found
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

/**
 * Erasing a person: out of the landing, Bronze, Silver, Gold and `meta`, for good. The person is remembered first, by
 * hashes, so that whatever comes after, a kill or a load, can only bring the erasure to its end.
 */
import { HubdwhError, InterruptedError, UnavailableError } from '../errors.js'
import { discard } from '../landing/load-package.js'
import type { BuildOutcome } from '../models/build.js'
import type { Model } from '../models/definition.js'
import { type ErasedPeople, erasedPeople, erasureKeyFingerprint, markHash } from '../privacy/erased-people.js'
import {
  type ErasedPerson,
  type ErasureRegister,
  marksOf,
  withPerson,
  writeRegister,
} from '../privacy/erasure-register.js'
import type { Engine } from '../warehouse/engine.js'
import { instantLiteral, literal } from '../warehouse/sql-text.js'
import { type PipelineContext, warehouseExists, withWarehouse } from './context.js'
import { currentRegister, requireErasureKey } from './erased.js'
import { type ArchiveErasure, eraseFromLanding } from './forget-archive.js'
import { type BronzeErasure, eraseFromBronze, type Subject } from './forget-bronze.js'
import { withoutLoads } from './forget-locks.js'
import { contactMarks } from './forget-marks.js'
import { configuredModels } from './model-settings.js'
import { transform } from './transform.js'
import { warehouseOf } from './warehouse-of.js'

export type { Subject }

/** What was found and erased, by layer; no person. */
export interface ForgetOutcome {
  readonly archive: Omit<ArchiveErasure, 'unreadable' | 'alone'>
  readonly bronze: Pick<BronzeErasure, 'deleted' | 'changed'>
  readonly rejects: number
  readonly checkFailures: number
  /** Rows taken away or replaced in silver and in gold. */
  readonly silver: number
  readonly gold: number
  /** Whether anything of the person was there. */
  readonly isFound: boolean
  /** Whether the person had been erased before. */
  readonly wasErased: boolean
}

/**
 * Erases a person. Carried out again it finishes what was interrupted, and changes nothing else.
 * @throws UsageError `erasure_key_missing`, `erasure_key_changed`; UnavailableError `locked`, `warehouse_locked`,
 *   `archive_unreadable` where packages cannot be read and so may still hold the person
 */
export async function forget(context: PipelineContext, subject: Subject): Promise<ForgetOutcome> {
  requireErasureKey(context.config, await currentRegister(context))
  return withoutLoads(context, () => forgetNow(context, subject))
}

async function forgetNow(context: PipelineContext, subject: Subject): Promise<ForgetOutcome> {
  const { config, clock, reporter } = context
  const landing = config.landing.path
  // Again, now that nobody else can write it.
  const before = (await currentRegister(context)) ?? emptyRegister(requireErasureKey(config, undefined))
  const key = requireErasureKey(config, before)
  const person = await personOf(context, subject, key)
  const known = before.people.find(({ kind, hash }) => kind === person.kind && hash === person.hash)
  const register = withPerson(before, person)
  await writeRegister(landing, register)
  const erased = erasedPeople(register.people.map(marksOf), key)

  reporter.info('Erasing from the landing')
  const archive = await eraseFromLanding(landing, {
    erased,
    digestKey: config.privacy.iin === 'hash' ? config.privacy.key : undefined,
    lastFour: subject.kind === 'iin' ? subject.iin.slice(-4) : undefined,
  })
  const inWarehouse = (await warehouseExists(context))
    ? await eraseFromWarehouse(context, subject, erased, archive.alone)
    : nothingInWarehouse
  const { unreadable, alone, ...found } = archive
  for (const each of alone) await discard(each)
  const isFound = [...Object.values(found), ...Object.values(inWarehouse)].some(count => count > 0)
  const outcome: ForgetOutcome = {
    archive: found,
    bronze: { deleted: inWarehouse.deleted, changed: inWarehouse.changed },
    rejects: inWarehouse.rejects,
    checkFailures: inWarehouse.checkFailures,
    silver: inWarehouse.silver,
    gold: inWarehouse.gold,
    isFound,
    wasErased: known !== undefined,
  }
  const isFinished = known !== undefined && known.finishedAt !== null && !isFound
  if ((await warehouseExists(context)) && !isFinished) {
    const entry =
      register.people.find(each => each.kind === person.kind && each.hash === person.hash) ?? person
    await withWarehouse(context, 'write', engine =>
      rememberIn(engine, entry, register.keyFingerprint, outcome, clock.now()),
    )
    reporter.info('Writing the warehouse anew, so that nothing is left in free blocks or older versions')
    await warehouseOf(context).purge(context.signal)
  }
  if (unreadable.length > 0) throw archiveUnreadable(unreadable)
  await writeRegister(landing, withPerson(register, { ...person, finishedAt: clock.now() }))
  return outcome
}

function emptyRegister(key: string): ErasureRegister {
  return { formatVersion: 1, keyFingerprint: erasureKeyFingerprint(key), people: [] }
}

async function personOf(context: PipelineContext, subject: Subject, key: string): Promise<ErasedPerson> {
  const times = { erasedAt: context.clock.now(), finishedAt: null }
  if (subject.kind === 'iin') {
    return { kind: 'iin', hash: markHash(key, 'iin', subject.iin), marks: {}, ...times }
  }
  const marks = await contactMarks(context, subject.id, key)
  return { kind: 'contact', hash: markHash(key, 'contact', String(subject.id)), marks, ...times }
}

function archiveUnreadable(dirs: readonly string[]): UnavailableError {
  return new UnavailableError(
    'archive_unreadable',
    `These packages cannot be read and may still hold the person: ${dirs.join(', ')}. Everything else is erased.`,
    { advice: 'Remove them, or restore them from a backup, and run the same command again.' },
  )
}

interface WarehouseErasure extends BronzeErasure {
  readonly silver: number
  readonly gold: number
}

const nothingInWarehouse: WarehouseErasure = {
  deleted: 0,
  changed: 0,
  rejects: 0,
  checkFailures: 0,
  silver: 0,
  gold: 0,
}

async function eraseFromWarehouse(
  context: PipelineContext,
  subject: Subject,
  erased: ErasedPeople,
  alone: ArchiveErasure['alone'],
): Promise<WarehouseErasure> {
  const { config, clock, reporter } = context
  const models = await configuredModels(config)
  reporter.info('Erasing from the warehouse')
  const bronze = await withWarehouse(context, 'write', async engine => {
    await warehouseOf(context).dropLeftovers()
    return eraseFromBronze(engine, {
      subject,
      erased,
      alone: alone.map(({ manifest }) => manifest.loadId),
      models,
      maskingKey: config.privacy.key,
      landing: config.landing.path,
      now: clock.now(),
    })
  })
  const builds = await rebuild(context)
  const removedIn = (layer: Model['layer']): number =>
    builds.filter(({ model }) => model.startsWith(`${layer}.`)).reduce((sum, { removed }) => sum + removed, 0)
  return { ...bronze, silver: removedIn('silver'), gold: removedIn('gold') }
}

/**
 * Brings silver and gold up to date. A check that would hold back a table, and a source that is no longer configured,
 * must not keep the person there: what the usual way leaves is built without them.
 */
async function rebuild(context: PipelineContext): Promise<readonly BuildOutcome[]> {
  const { reporter } = context
  const builds: BuildOutcome[] = []
  const options = { source: undefined, layer: undefined, isFull: false, accepted: [] }
  try {
    builds.push(...(await transform(context, options)).builds)
  } catch (error) {
    if (!(error instanceof HubdwhError) || error instanceof InterruptedError) throw error
    reporter.warn(error.message)
  }
  const { builds: unchecked, failures } = await transform(context, { ...options, isErasure: true })
  for (const { model } of unchecked) {
    reporter.warn(`${model} was rebuilt without its checks: an erasure is held up by none.`)
  }
  const [failure] = failures
  if (failure) throw failure.error
  builds.push(...unchecked)
  return builds
}

/** The record of the erasure: how much, and no person. */
async function rememberIn(
  engine: Engine,
  { kind, hash, marks }: ErasedPerson,
  keyFingerprint: string,
  { archive, bronze, rejects, checkFailures, silver, gold }: ForgetOutcome,
  now: number,
): Promise<void> {
  const counts = { archive, bronze, silver, gold, rejects, check_failures: checkFailures }
  const values = [kind, hash, JSON.stringify(counts)].map(literal).join(', ')
  await engine.run(
    `insert into meta.erasures (kind, subject_hash, erased, erased_at, marks, key_fingerprint)
     values (${values}, ${instantLiteral(now)}, ${literal(JSON.stringify(marks))}, ${literal(keyFingerprint)})`,
  )
}

/** Who was erased, as a load has to know it before it asks a source for anything. */
import type { Config } from '../config/config.js'
import { UsageError } from '../errors.js'
import { type ErasedPeople, erasedPeople, erasureKeyFingerprint } from '../privacy/erased-people.js'
import {
  type ErasureRegister,
  marksIn,
  marksOf,
  readRegister,
  withPerson,
  writeRegister,
} from '../privacy/erasure-register.js'
import { metaErasures } from '../tables/meta.js'
import { qualifiedName } from '../tables/table.js'
import { type Engine, rowsOf } from '../warehouse/engine.js'
import { type PipelineContext, warehouseExists, withWarehouse } from './context.js'

/**
 * The people who must not come back; undefined where nobody was ever erased. Ask for it while holding the lock of what
 * is to be loaded: an erasure takes the same locks.
 * @throws UsageError `erasure_key_missing`, `erasure_key_changed`; UnavailableError `register_unreadable`
 */
export async function readErased(context: PipelineContext): Promise<ErasedPeople | undefined> {
  const register = await readRegister(context.config.landing.path)
  if (!register || register.people.length === 0) return undefined
  const key = requireErasureKey(context.config, register)
  return erasedPeople(register.people.map(marksOf), key)
}

/**
 * The register of the landing; where that was lost, it is written anew from what the warehouse remembers. Ask for it at
 * the beginning of a command: it may have to open the warehouse.
 */
export async function currentRegister(context: PipelineContext): Promise<ErasureRegister | undefined> {
  const { path } = context.config.landing
  const register = await readRegister(path)
  if (register || !(await warehouseExists(context))) return register
  const remembered = await withWarehouse(context, 'read', registerIn)
  if (remembered) await writeRegister(path, remembered)
  return remembered
}

/** The register as the warehouse remembers it; undefined where it remembers nobody. */
async function registerIn(engine: Engine): Promise<ErasureRegister | undefined> {
  // An older version, which could erase nobody, has made a warehouse without it.
  const columns = (await engine.presentColumns()).get(qualifiedName(metaErasures)) ?? []
  if (!['marks', 'key_fingerprint'].every(name => columns.includes(name))) return undefined
  const rows = await rowsOf(
    engine,
    'select kind, subject_hash, marks, key_fingerprint, erased_at from meta.erasures order by erased_at',
  )
  let register: ErasureRegister | undefined
  for (const row of rows) {
    const erasedAt = Date.parse(String(row.erased_at))
    register = withPerson(
      register ?? { formatVersion: 1, keyFingerprint: String(row.key_fingerprint), people: [] },
      {
        kind: row.kind === 'iin' ? 'iin' : 'contact',
        hash: String(row.subject_hash),
        marks: marksIn(String(row.marks)),
        erasedAt,
        finishedAt: erasedAt,
      },
    )
  }
  return register
}

/** Gets ready for loads: sees to it that the register is there, and says where an erasure has not come to its end. */
export async function prepareErased(context: PipelineContext): Promise<void> {
  const register = await currentRegister(context)
  if (!register?.people.some(({ finishedAt }) => finishedAt === null)) return
  context.reporter.warn(
    'The erasure of a person was begun and did not come to its end: run hubdwh forget for that person again.',
  )
}

const howToMakeOne = 'openssl rand -hex 32'

/**
 * The key under which erased people are remembered.
 * @param register what is remembered so far
 */
export function requireErasureKey(config: Config, register: ErasureRegister | undefined): string {
  const key = config.privacy.erasureKey
  if (key === undefined) {
    throw register === undefined
      ? new UsageError(
          'erasure_key_missing',
          'Erased people are remembered under a key of its own, and the configuration has no privacy.erasure_key.',
          {
            advice: `Make one (${howToMakeOne}), put it into .env as HUBDWH_ERASURE_KEY and write erasure_key: \${HUBDWH_ERASURE_KEY} under privacy: in ${config.file}. Never change it.`,
          },
        )
      : new UsageError(
          'erasure_key_missing',
          'People were erased, and without privacy.erasure_key nobody can say whether a source shows them again.',
          {
            advice: `Put the key with which they were erased into .env as HUBDWH_ERASURE_KEY and write erasure_key: \${HUBDWH_ERASURE_KEY} under privacy: in ${config.file}.`,
          },
        )
  }
  if (register !== undefined && register.keyFingerprint !== erasureKeyFingerprint(key)) {
    throw new UsageError(
      'erasure_key_changed',
      'privacy.erasure_key is another than the one with which people were erased: none of them would be recognised.',
      {
        advice:
          'Put the former key back. It is never rotated: the people themselves would be needed for that.',
      },
    )
  }
  return key
}

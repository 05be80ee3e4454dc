/**
 * The list of those who were erased: a file in the landing folder, hashes only. It is written before anything is
 * erased, so that neither a kill in the middle nor a warehouse rebuilt from the archive brings a person back.
 */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { createPrivateFolder, writeDurably } from '../durable-file.js'
import { UnavailableError } from '../errors.js'
import type { MarkHashes } from './erased-people.js'

const hashes = z.array(z.string()).optional()

const marksSchema = z.strictObject({ phone: hashes, email: hashes, name: hashes, near: hashes })

const personSchema = z.strictObject({
  kind: z.enum(['iin', 'contact']),
  /** HMAC-SHA256 under the erasure key. */
  hash: z.string(),
  /** Other hashes by which the person is known: phones, e-mails, names, and records around the person. */
  marks: marksSchema,
  /** Unix milliseconds, like the next. */
  erasedAt: z.number(),
  /** When the erasure came to its end; null: it was begun and has to be carried out again. */
  finishedAt: z.number().nullable(),
})
export type ErasedPerson = Readonly<z.infer<typeof personSchema>>

const registerSchema = z.strictObject({
  formatVersion: z.literal(1),
  /** Tells whether the configured erasure key is the one that the hashes were made with. */
  keyFingerprint: z.string(),
  people: z.array(personSchema),
})
export type ErasureRegister = Readonly<z.infer<typeof registerSchema>>

/** Where the register is. @param landing the landing folder */
export function registerPath(landing: string): string {
  return join(landing, 'erased.json')
}

/**
 * The register; undefined where nobody was ever erased.
 * @throws UnavailableError `register_unreadable`: without it nobody could say who must not come back
 */
export async function readRegister(landing: string): Promise<ErasureRegister | undefined> {
  const path = registerPath(landing)
  if (!existsSync(path)) return undefined
  try {
    return registerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    throw new UnavailableError('register_unreadable', `The list of erased people ${path} cannot be read.`, {
      advice: 'Restore it from a backup; or remove it: the next command writes it anew from the warehouse.',
      cause: error,
    })
  }
}

/** Replaces the register in one step; afterwards it is on the disk. */
export async function writeRegister(landing: string, register: ErasureRegister): Promise<void> {
  await createPrivateFolder(landing)
  await writeDurably(registerPath(landing), `${JSON.stringify(register, undefined, 2)}\n`)
}

/** The hashes of a person by kind, as the predicate takes them. */
export function marksOf({ kind, hash, marks }: ErasedPerson): MarkHashes {
  return { ...withoutUndefined(marks), [kind]: [hash] }
}

/** The marks in a JSON text, as the warehouse keeps them. */
export function marksIn(text: string): ErasedPerson['marks'] {
  return marksSchema.parse(JSON.parse(text))
}

/** The register with this person in it: new, or with what is known of the person now. */
export function withPerson(register: ErasureRegister, person: ErasedPerson): ErasureRegister {
  const known = register.people.find(({ kind, hash }) => kind === person.kind && hash === person.hash)
  const others = register.people.filter(each => each !== known)
  if (!known) return { ...register, people: [...others, person] }
  const both = (one: readonly string[] = [], other: readonly string[] = []) => [
    ...new Set([...one, ...other]),
  ]
  const marks = {
    phone: both(known.marks.phone, person.marks.phone),
    email: both(known.marks.email, person.marks.email),
    name: both(known.marks.name, person.marks.name),
    near: both(known.marks.near, person.marks.near),
  }
  return { ...register, people: [...others, { ...person, marks, erasedAt: known.erasedAt }] }
}

function withoutUndefined(marks: ErasedPerson['marks']): MarkHashes {
  return Object.fromEntries(Object.entries(marks).filter(([, of]) => of !== undefined))
}

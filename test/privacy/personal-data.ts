/** Every personal value that the sources told, and a search for any of them in any encoding. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject, type JsonValue } from '../../src/json.js'
import { listPackages } from '../../src/landing/load-package.js'
import { readAnswers } from '../../src/landing/read-answers.js'

export interface PersonalData {
  /** ИИН, also misread ones, and phones: digits alone, nine or more. */
  readonly numbers: ReadonlySet<string>
  /** Lower case. */
  readonly emails: ReadonlySet<string>
  /** Of contacts, first and last name. */
  readonly names: ReadonlySet<string>
}

const fewestDigits = 9
const emailPattern = /[^\s@,;:<>"'()\\[\]{}=]+@[^\s@,;:<>"'()\\[\]{}=]+/g

/** Collects them from the verbatim answers under a landing folder. */
export async function personalDataIn(landing: string): Promise<PersonalData> {
  const found = { numbers: new Set<string>(), emails: new Set<string>(), names: new Set<string>() }
  const { packages } = await listPackages(landing)
  for (const each of packages) {
    for await (const { body } of readAnswers(each)) {
      const text = body.toString('utf8')
      if (text === '') continue
      const json: JsonValue = JSON.parse(text)
      collect(json, found)
      if (each.manifest.source === 'alaqan') collectPeople(json, found.numbers)
      if (each.manifest.entity === 'contacts') collectNames(json, found.names)
    }
  }
  return found
}

function collectPeople(json: JsonValue, numbers: Set<string>): void {
  const people = isJsonObject(json) && isJsonObject(json.data) ? Object.keys(json.data) : []
  for (const key of people) addNumber(key, numbers)
}

function collectNames(json: JsonValue, names: Set<string>): void {
  if (Array.isArray(json)) for (const item of json) collectNames(item, names)
  if (!isJsonObject(json)) return
  const { name } = json
  if ('first_name' in json && typeof name === 'string' && name.trim().includes(' ')) names.add(name.trim())
  for (const item of Object.values(json)) collectNames(item, names)
}

function collect(json: JsonValue, found: { numbers: Set<string>; emails: Set<string> }): void {
  if (typeof json === 'string')
    for (const email of json.match(emailPattern) ?? []) found.emails.add(email.toLowerCase())
  if (Array.isArray(json)) for (const item of json) collect(item, found)
  if (!isJsonObject(json)) return
  const isPhone = json.field_code === 'PHONE'
  const isNumber = typeof json.field_name === 'string' && /ИИН|БИН/.test(json.field_name)
  if ((isPhone || isNumber) && Array.isArray(json.values)) {
    for (const entry of json.values) {
      const value = isJsonObject(entry) ? entry.value : undefined
      if (typeof value !== 'string' && typeof value !== 'number') continue
      if (isPhone || isPersonNumber(String(value))) addNumber(String(value), found.numbers)
    }
  }
  for (const item of Object.values(json)) collect(item, found)
}

/** A sole proprietor's БИН is his ИИН. */
function isPersonNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '').padStart(12, '0')
  return digits.length === 12 && /^\d{4}[0-3]/.test(digits)
}

function addNumber(text: string, numbers: Set<string>): void {
  // What follows a phone, as an extension, is no part of it.
  const [main = ''] = text.split(/доб|ext/)
  const digits = main.replace(/\D/g, '')
  if (digits.length >= fewestDigits) numbers.add(digits)
}

/** What of the personal data a text holds: plain, in URLs, in base64, in hex, escaped as in JSON, or as UTF-16. */
export function personalIn(
  text: string,
  data: PersonalData,
  wanted: 'with names' | 'without names',
): string[] {
  const found = new Set<string>()
  for (const reading of readings(text)) {
    for (const number of numbersIn(reading, data.numbers)) found.add(number)
    for (const email of reading.toLowerCase().match(emailPattern) ?? [])
      if (data.emails.has(email)) found.add(email)
    if (wanted === 'with names') for (const name of data.names) if (reading.includes(name)) found.add(name)
  }
  return [...found]
}

/** Which of these secrets a text holds, in the same encodings. */
export function secretsIn(text: string, secrets: readonly string[]): string[] {
  const all = [...readings(text)]
  return secrets.filter(secret => all.some(reading => reading.includes(secret)))
}

function numbersIn(text: string, numbers: ReadonlySet<string>): string[] {
  const lengths = new Set([...numbers].map(number => number.length))
  const found: string[] = []
  for (const form of [text, text.replace(/(?<=\d)[ ()\-.]+(?=\d)/g, '')]) {
    for (const [run] of form.matchAll(/\d{9,}/g)) {
      for (const length of lengths) {
        for (let at = 0; at + length <= run.length; at += 1) {
          const part = run.slice(at, at + length)
          if (numbers.has(part)) found.push(part)
        }
      }
    }
  }
  return found
}

function* readings(text: string): Generator<string> {
  yield text
  yield text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  yield text.replace(/(%[0-9a-f]{2})+/gi, encoded => {
    try {
      return decodeURIComponent(encoded)
    } catch {
      return encoded
    }
  })
  yield text.replaceAll('\u0000', '')
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{12,}/g)) {
    for (const offset of [0, 1, 2, 3]) yield Buffer.from(run.slice(offset), 'base64').toString('utf8')
  }
  for (const [run] of text.matchAll(/(?:[0-9a-f]{2}){9,}/gi)) yield Buffer.from(run, 'hex').toString('utf8')
}

/** All files under a folder, relative. */
export async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

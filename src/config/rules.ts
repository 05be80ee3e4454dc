import { isJsonObject } from '../json.js'
import type { Path } from './yaml-tree.js'

/** A rule that the file breaks. */
export interface BrokenRule {
  readonly path: Path
  /** What to say was found, where the value at the path itself does not say it. */
  readonly found?: string
  readonly expected: string
}

/** How to make a key; part of every message that asks for one. */
export const howToMakeKey =
  'make one with "openssl rand -hex 32" or node -e "console.log(crypto.randomBytes(32).toString(\'hex\'))"'

/**
 * What joins several keys. Looks at the file's raw values, so that these mistakes are told
 * along with those of single keys.
 */
export function brokenRules(file: unknown): BrokenRule[] {
  if (!isJsonObject(file)) return []
  const rules: BrokenRule[] = []
  if (!('alaqan' in file) && !('amocrm' in file)) {
    rules.push({ path: [], found: 'no source', expected: 'a section "alaqan", "amocrm" or both' })
  }
  const hashed = hashedKeys(file.privacy)
  if (hashed.length > 0 && (valueAt(file, ['privacy', 'key']) ?? null) === null) {
    const expected = `key: \${HUBDWH_PRIVACY_KEY}, as ${hashed.join(', ')} is hashed; ${howToMakeKey} and put it into .env`
    rules.push({ path: ['privacy', 'key'], found: 'nothing', expected })
  }
  if (valueAt(file, ['arm', 'service_report', 'resident']) !== undefined) {
    const path = ['arm', 'service_report', 'status']
    const expected = 'the column of the status, as resident: names values of it'
    if ((valueAt(file, path) ?? null) === null) rules.push({ path, found: 'nothing', expected })
  }
  rules.push(...rulesOfWarehouse(file.warehouse))
  const [key, erasureKey] = ['key', 'erasure_key'].map(name => valueAt(file, ['privacy', name]))
  if (typeof erasureKey === 'string' && erasureKey === key) {
    const expected = `another value than privacy.key: that one is rotated, this one never; ${howToMakeKey}`
    rules.push({ path: ['privacy', 'erasure_key'], found: 'the value of privacy.key', expected })
  }
  return rules
}

function rulesOfWarehouse(warehouse: unknown): readonly BrokenRule[] {
  const rules: BrokenRule[] = []
  const iceberg = valueAt(warehouse, ['iceberg'])
  const isSpark = valueAt(warehouse, ['engine']) === 'spark'
  const has = (key: string) => (valueAt(warehouse, [key]) ?? null) !== null
  if (isSpark && !has('spark')) {
    const expected = 'spark: {host: …, staging: …}, as engine is spark'
    rules.push({ path: ['warehouse', 'spark'], found: 'nothing', expected })
  }
  if (!isSpark && has('spark')) {
    const expected = 'engine: spark, as there is a section spark'
    rules.push({ path: ['warehouse', 'engine'], found: 'duckdb', expected })
  }
  const places = [
    { key: 'path', is: 'path, a DuckDB file' },
    { key: 'iceberg', is: 'iceberg, a catalog' },
    { key: 'spark', is: 'spark, a catalog of Spark' },
  ].filter(({ key }) => has(key))
  const [first] = places
  if (first && places.length > 1) {
    const expected = `either ${places.map(({ is }) => is).join(', or ')}: the tables are in one place`
    rules.push({ path: ['warehouse', first.key], expected })
  }
  if (isSpark && valueAt(warehouse, ['time_as']) === 'time') {
    const expected = 'string: Spark cannot read a table with a column of type time'
    rules.push({ path: ['warehouse', 'time_as'], expected })
  }
  if (isSpark && has('memory_limit')) {
    const expected = 'left out: Spark has memory settings of its own'
    rules.push({ path: ['warehouse', 'memory_limit'], expected })
  }
  if (isJsonObject(iceberg) && iceberg.token !== undefined && iceberg.oauth2 !== undefined) {
    const expected = 'either token or oauth2'
    rules.push({ path: ['warehouse', 'iceberg', 'oauth2'], found: 'both token and oauth2', expected })
  }
  return rules
}

function hashedKeys(privacy: unknown): string[] {
  const { iin = 'hash', phone, email } = isJsonObject(privacy) ? privacy : {}
  return Object.entries({ iin, phone, email })
    .filter(([, mask]) => mask === 'hash')
    .map(([name]) => name)
}

function valueAt(file: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (isJsonObject(value) ? value[key] : undefined), file)
}

import { isJsonObject, type JsonObject, type JsonValue } from '../../json.js'
import type { ListEndpoint } from './lists.js'

/** What the bin keeps of a lead: everything else is null there (reference: "Deletions and merges"). */
const keptInBin: ReadonlySet<string> = new Set(['id', 'updated_at', 'updated_by', 'account_id'])

/** A lead's row in the recycle bin. */
export function binRow(value: JsonValue): JsonValue {
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      name === 'is_deleted' ? true : keptInBin.has(name) ? field : null,
    ]),
  )
}

/** Copied field by field: deleting from a copy would make every record slow to encode. */
function without(object: JsonObject, left: readonly string[]): Record<string, JsonValue> {
  const copy: Record<string, JsonValue> = {}
  for (const name in object) {
    const value = object[name]
    if (value !== undefined && !left.includes(name)) copy[name] = value
  }
  return copy
}

/** How a list's generated records look to a request: with links, without what only `with` would bring. */
export function presenter(
  endpoint: ListEndpoint,
  asked: ReadonlySet<string>,
  selfHref: (id: JsonValue) => string,
): (value: JsonValue) => JsonValue {
  const leftEmbedded = endpoint.embeddedWith.filter(name => !asked.has(name))
  const leftFields = endpoint.fieldsWith.filter(name => !asked.has(name))
  return value => {
    if (!isJsonObject(value)) return value
    const shown = without(value, leftFields)
    if (isJsonObject(value._embedded)) shown._embedded = without(value._embedded, leftEmbedded)
    shown._links = { self: { href: selfHref(value.id ?? null) } }
    return shown
  }
}

/** The account: what stands under `_embedded` only where `with` names it. */
export function presentedAccount(
  account: JsonObject,
  asked: ReadonlySet<string>,
  isFilterOn: boolean,
  isLiteral: boolean,
): JsonObject {
  const filter = asked.has('is_api_filter_enabled') ? { is_api_filter_enabled: isFilterOn } : {}
  if (isLiteral) return { ...filter, ...account }
  const embedded = isJsonObject(account._embedded) ? account._embedded : {}
  return {
    ...account,
    ...filter,
    _embedded: Object.fromEntries(Object.entries(embedded).filter(([name]) => asked.has(name))),
  }
}

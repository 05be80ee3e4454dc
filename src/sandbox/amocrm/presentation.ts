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

/** A generated record as a request sees it: with links, without what only `with` would bring. */
export function presented(
  endpoint: ListEndpoint,
  value: JsonValue,
  asked: ReadonlySet<string>,
  selfHref: (id: JsonValue) => string,
): JsonValue {
  if (!isJsonObject(value)) return value
  const shown: Record<string, JsonValue> = { ...value }
  for (const field of endpoint.fieldsWith) {
    if (!asked.has(field)) delete shown[field]
  }
  if (isJsonObject(value._embedded)) {
    const embedded: Record<string, JsonValue> = { ...value._embedded }
    for (const name of endpoint.embeddedWith) {
      if (!asked.has(name)) delete embedded[name]
    }
    shown._embedded = embedded
  }
  shown._links = { self: { href: selfHref(value.id ?? null) } }
  return shown
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

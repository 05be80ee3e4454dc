import type { JsonObject, JsonValue } from '../../json.js'

/** One member of `custom_fields_values`. `values` holds whole value objects. */
export function fieldValue(
  id: number,
  name: string,
  type: string,
  values: readonly JsonObject[],
  code: string | null = null,
): JsonObject {
  return {
    field_id: id,
    field_name: name,
    field_code: code,
    field_type: type,
    is_computed: false,
    values,
  }
}

/** One member of `custom_fields_values` with a single plain value. */
export function plainValue(id: number, name: string, type: string, value: JsonValue): JsonObject {
  return fieldValue(id, name, type, [{ value }])
}

/** The list, or null where it is empty: so amoCRM tells that no field is filled in. */
export function orNull(values: readonly JsonObject[]): readonly JsonObject[] | null {
  return values.length === 0 ? null : values
}

/**
 * `${NAME}` inside YAML. In a flow mapping (`{key: ${NAME}}`) braces are YAML's own, so every reference is marked
 * before parsing with characters of the private use area that mean nothing to YAML, one for one, so that
 * positions stay true.
 */

const open = '\uE000\uE001'
const close = '\uE002'
const inText = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
const marked = /\uE000\uE001([A-Za-z_][A-Za-z0-9_]*)\uE002/g

/** Marks every `${NAME}` of a text. The result has the same length. */
export function markReferences(text: string): string {
  return text.replaceAll(inText, `${open}$1${close}`)
}

/** The text as the person wrote it. */
export function showReferences(text: string): string {
  return text.replaceAll(marked, (_, name: string) => `\${${name}}`)
}

/** The names that a marked text refers to, in order. */
export function referencesIn(text: string): readonly string[] {
  return [...text.matchAll(marked)].map(([, name]) => name ?? '')
}

/** Whether a marked text is one reference and nothing else. */
export function isOneReference(text: string): boolean {
  return referencesIn(text).length === 1 && text.replace(marked, '') === ''
}

/** Puts the values in; `value` is asked once for each reference. */
export function resolveReferences(text: string, value: (name: string) => string): string {
  return text.replaceAll(marked, (_, name: string) => value(name))
}

/** Whether a marked text holds a `${` that is no reference: `${}`, `${A-B}`, `${A:-default}`. */
export function hasBrokenReference(text: string): boolean {
  return text.includes('${')
}

import { plainText } from './table.js'

/**
 * One record of RFC 4180, with its line end (CRLF). A field is quoted where it holds a comma, a quote or a line
 * break; a missing value is an empty field, an empty text is `""`.
 */
export function csvRecord(values: readonly unknown[]): string {
  return `${values.map(field).join(',')}\r\n`
}

function field(value: unknown): string {
  const text = plainText(value)
  if (text === undefined) return ''
  const isPlain = text !== '' && !/[",\r\n]/.test(text) && text === text.trim()
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}

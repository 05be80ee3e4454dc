/** How control characters are written, by code point. */
const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

// Controls (a terminal obeys them), marks that turn the direction of text, separators of lines, what no one can
// see, and surrogates without their half.
const unseen =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** A text for a line of a terminal: what steers the terminal or cannot be seen is written as an escape. */
export function visible(text: string): string {
  return text.replaceAll(unseen, character => {
    const code = character.charCodeAt(0)
    return names[character] ?? (code < 0x100 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`)
  })
}

/** The same for a text of several lines: its line feeds stay. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n')
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}

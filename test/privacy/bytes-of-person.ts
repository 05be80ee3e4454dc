/** A search for a person in the bytes of files, also in what is compressed in them, in any usual encoding. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Every way in which a text can stand in a file. */
export function formsOf(text: string): readonly Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le')
  const escaped = [...text].map(letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')
  const cyrillicEscaped = text.replaceAll(
    /[^ -~]/g,
    letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return [
    Buffer.from(text),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(escaped),
    Buffer.from(cyrillicEscaped),
    Buffer.from(encodeURIComponent(text)),
    Buffer.from(encodeURIComponent(text).replaceAll('%20', '+')),
    Buffer.from(Buffer.from(text).toString('hex')),
    ...[0, 1, 2].map(offset => base64Core(text, offset)),
  ]
}

/** What of base64 does not depend on the text's neighbours. */
function base64Core(text: string, before: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
  const encoded = bytes.toString('base64').replace(/=+$/, '')
  return Buffer.from(encoded.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)))
}

/** The files under a folder that hold any of these texts: as they are, or within a gzip member. */
export async function filesThatHold(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const forms = texts.flatMap(formsOf)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found: string[] = []
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    const name = path.slice(folder.length + 1)
    if (forms.some(form => Buffer.from(name).includes(form))) found.push(`the name ${name}`)
    if (!entry.isFile()) continue
    const bytes = await readFile(path)
    const readings = [bytes, ...membersIn(bytes)]
    if (readings.some(reading => forms.some(form => reading.includes(form)))) found.push(name)
  }
  return found
}

/** Every gzip member in the bytes, wherever it begins. */
function* membersIn(bytes: Buffer): Generator<Buffer> {
  const magic = Buffer.from([0x1f, 0x8b, 0x08])
  for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
    try {
      yield gunzipSync(bytes.subarray(at))
    } catch {
      // It only looked like one, or it is cut off.
    }
  }
}

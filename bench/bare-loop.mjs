// Fetches the pages that a file lists, one after the other, and throws the bodies away; or, where a second path is given, reads
// them and packs them into it: the least that an extractor must do that keeps what it was told.
import { once } from 'node:events'
import { createWriteStream, readFileSync } from 'node:fs'
import { constants, createGzip } from 'node:zlib'
import { Agent, request } from 'undici'

const [list, archive] = process.argv.slice(2)
const { urls, headers } = JSON.parse(readFileSync(String(list), 'utf8'))
const dispatcher = new Agent()
const packed = archive === undefined ? undefined : createGzip({ level: constants.Z_BEST_SPEED })
const written = packed ? once(packed.pipe(createWriteStream(String(archive))), 'close') : undefined
let bytes = 0
for (const url of urls) {
  const { statusCode, body } = await request(url, {
    dispatcher,
    headers: { 'accept-encoding': 'gzip', ...headers },
  })
  if (statusCode >= 400) throw new Error(`${statusCode} for ${url}`)
  if (packed) {
    const text = await body.text()
    if (text !== '') JSON.parse(text)
    bytes += text.length
    if (!packed.write(text)) await once(packed, 'drain')
  } else {
    for await (const chunk of body) bytes += chunk.length
  }
}
packed?.end()
await written
await dispatcher.close()
console.log(JSON.stringify({ pages: urls.length, bytes }))

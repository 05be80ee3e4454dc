// Fetches the pages that a file lists, one after the other, and throws the bodies away.
import { readFileSync } from 'node:fs'
import { Agent, request } from 'undici'

const { urls, headers } = JSON.parse(readFileSync(String(process.argv[2]), 'utf8'))
const dispatcher = new Agent()
let bytes = 0
for (const url of urls) {
  const { statusCode, body } = await request(url, {
    dispatcher,
    headers: { 'accept-encoding': 'gzip', ...headers },
  })
  if (statusCode >= 400) throw new Error(`${statusCode} for ${url}`)
  for await (const chunk of body) bytes += chunk.length
}
await dispatcher.close()
console.log(JSON.stringify({ pages: urls.length, bytes }))

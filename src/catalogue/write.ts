/** Writes docs/catalogue.html: npm run docs */
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { cataloguePage } from './page.js'

await writeFile(fileURLToPath(new URL('../../docs/catalogue.html', import.meta.url)), await cataloguePage())

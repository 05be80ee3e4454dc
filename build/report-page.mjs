/**
 * Puts together what the report's page is made of: its script, with Observable Plot, and its style, as two files that
 * src/report/render.ts writes into the page.
 */
import { readFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const project = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const { metafile } = await build({
  absWorkingDir: project,
  entryPoints: { 'report-page': 'src/report/page/main.ts', 'report-style': 'src/report/page/report.css' },
  outdir: 'dist/report',
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['es2022', 'chrome111', 'firefox121', 'safari16.4'],
  // The page has no character of its own but the data's: its script can be read whatever it was saved as.
  charset: 'ascii',
  legalComments: 'none',
  metafile: true,
  write: true,
  logLevel: 'warning',
  banner: { js: `/*\n${await licenses()}*/` },
})

const bytes = Object.values(metafile.outputs).reduce((sum, output) => sum + output.bytes, 0)
if (bytes > 800_000) throw new Error(`The report's page takes ${bytes} bytes without any data.`)

/** The notices that the licenses of what is bundled ask for: each text once, with those who hold the rights. */
async function licenses() {
  const { metafile: inputs } = await build({
    absWorkingDir: project,
    entryPoints: ['src/report/page/main.ts'],
    bundle: true,
    format: 'iife',
    metafile: true,
    write: false,
    logLevel: 'error',
  })
  const names = new Set(
    Object.keys(inputs.inputs).flatMap(path => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  /** @type {Map<string, string[]>} */
  const byText = new Map()
  for (const name of [...names].sort()) {
    const folder = join(project, 'node_modules', name)
    const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    const whole = await licenseIn(folder)
    const holders = [...whole.matchAll(/^\s*Copyright.*$/gim)].map(([line]) => line.trim())
    const text = whole
      .replace(/^\s*Copyright.*$/gim, '')
      .replace(/\s+/g, ' ')
      .trim()
    const line = `${name} ${version} (${license}). ${holders.join(' ')}`.trim()
    byText.set(text, [...(byText.get(text) ?? []), line])
  }
  return [...byText]
    .map(([text, lines]) => `${lines.join('\n')}\n${text}\n`)
    .join('\n')
    .replaceAll('*/', '* /')
}

/** @param {string} folder */
async function licenseIn(folder) {
  for (const name of ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license']) {
    const text = await readFile(join(folder, name), 'utf8').catch(() => undefined)
    if (text !== undefined) return text
  }
  return ''
}

/** The report's data as a page: one file, which needs nothing beside it and asks the network for nothing. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { packed } from './packed-rows.js'
import type { ReportData } from './report-data.js'
import { wordingIn } from './wording.js'

/** What the page is made of besides its data; `npm run build` puts it together. */
interface PageParts {
  readonly script: string
  readonly style: string
}

let parts: Promise<PageParts> | undefined

/** The page as HTML. */
export async function renderReport(data: ReportData): Promise<string> {
  parts ??= readParts()
  const { script, style } = await parts
  const { title, noScript } = wordingIn(data.language)
  // Nothing but the two texts of this very page may run or style it, and nothing may be fetched.
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  return `<!doctype html>
<html lang="${data.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="hubdwh">
<title>${escapedHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<noscript><p>${escapedHtml(noScript)}</p></noscript>
<script type="application/json" id="data">${jsonInHtml(packed(data))}</script>
<script>${script}</script>
</body>
</html>
`
}

async function readParts(): Promise<PageParts> {
  const [script, style] = await Promise.all([readPart('report-page.js'), readPart('report-style.css')])
  return { script, style }
}

/** From `dist`, where this file runs from `src`, as in tests, too. */
function readPart(name: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`../../dist/report/${name}`, import.meta.url)), 'utf8')
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}

/** JSON that ends no script element and opens none, whatever its texts are. */
export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

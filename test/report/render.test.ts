/** The page as a file: what it may do, what a name in it can do, and how great it gets. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { unpacking } from '../../src/report/packed-rows.js'
import { renderReport } from '../../src/report/render.js'
import { smallEnough } from '../../src/report/report.js'
import type { ReportData } from '../../src/report/report-data.js'
import { greatestReport, smallReport } from './invented-report.js'

/** The data as a browser reads them: up to the first end of a script. */
function dataIn(html: string): unknown {
  return JSON.parse(
    /<script type="application\/json" id="data">(.*?)<\/script/s.exec(html)?.[1] ?? '',
    unpacking,
  )
}

function withClient(name: string): ReportData {
  const { sales } = smallReport
  if (!sales) throw new Error('The invented report has sales.')
  const top = sales.clients.top.map(client => ({ ...client, name }))
  return { ...smallReport, sales: { ...sales, clients: { ...sales.clients, top } } }
}

describe('the page', () => {
  it('may run its own script and style alone, and fetch nothing', async () => {
    const html = await renderReport(smallReport)
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]
    const hash = (text = '') => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
    const [script] = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text)
    const [style] = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text)
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(style)}`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(html).not.toMatch(/(?:src|href)="(?!#)/)
    expect(style).not.toMatch(/url\(|@import/)
  })

  it('names those whose work it holds', async () => {
    const html = await renderReport(smallReport)
    expect(html).toMatch(/@observablehq\/plot [\d.]+ \(ISC\)\. Copyright/)
    expect(html).toMatch(/d3-scale [\d.]+ \(ISC\)\. Copyright/)
    expect(html).toContain('Permission to use, copy, modify')
  })

  it.each([
    '</script><script>alert(1)</script>',
    '<!-- <script>',
    ']]>',
    '\u2028\u2029',
    '"\\"',
    '&lt;b&gt; &amp;',
    '\ud800',
    '‮gnirts a',
    '👩‍👩‍👧 ТОО',
  ])('holds a name as it is, whatever it is: %s', async name => {
    const html = await renderReport(withClient(name))
    expect(dataIn(html)).toMatchObject({ sales: { clients: { top: [{ name }] } } })
    expect(html.match(/<script/gi)?.length).toBe((await renderReport(smallReport)).match(/<script/gi)?.length)
  })

  it('opens in the language that was asked for', async () => {
    expect(await renderReport({ ...smallReport, language: 'kk' })).toMatch(
      /<html lang="kk">[\s\S]*<title>Келушілер/,
    )
  })

  it('is less than 2 MB with eleven years of everything', async () => {
    const html = await renderReport(greatestReport())
    const bytes = Buffer.byteLength(html)
    expect(bytes).toBeLessThan(2_000_000)
    // Else the report above is not the greatest, and says nothing.
    expect(bytes).toBeGreaterThan(1_200_000)
  })

  it('covers fewer years where all of them would not fit', async () => {
    const tried: number[] = []
    const made = await smallEnough(async months => {
      tried.push(months)
      // Two bytes a letter.
      return 'ы'.repeat(months * 20_000)
    })
    expect(tried).toEqual([132, 84, 48])
    expect(made.length).toBe(48 * 20_000)
  })
})

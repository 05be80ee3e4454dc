/** The report in a browser, in the words of who looks at it. */

import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

export interface OpenedPage {
  readonly page: Page
  /** What the browser complained of: errors, refused styles or scripts, requests beyond the file. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

export interface PageOptions {
  /** With `#`. */
  readonly hash?: string
  readonly device?: 'desktop' | 'phone'
  readonly theme?: 'light' | 'dark'
}

const devices: Readonly<Record<'desktop' | 'phone', BrowserContextOptions>> = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
}

export async function openPage(
  browser: Browser,
  path: string,
  { hash = '', device = 'desktop', theme = 'light' }: PageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    ...devices[device],
    colorScheme: theme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', message => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  page.on('request', request => {
    if (!request.url().startsWith(pathToFileURL(path).href)) complaints.push(`asked for ${request.url()}`)
  })
  await page.goto(`${pathToFileURL(path).href}${hash}`)
  return { page, complaints, close: () => context.close() }
}

/** The number that a card shows, without what makes it readable; null for a dash. */
export async function cardNumber(page: Page, id: string): Promise<number | null> {
  return numberIn((await page.locator(`#card-${id} .value`).textContent()) ?? '')
}

/** 1 234,5 %, ₸1,234 and −3 as numbers. */
export function numberIn(text: string): number | null {
  const bare = text.replaceAll(/[\s\u00a0\u202f₸%]/g, '')
  if (bare === '—') return null
  // English groups by commas, which are followed by three digits; elsewhere a comma is the decimal one.
  const plain = /^\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare) ? bare.replaceAll(',', '') : bare.replace(',', '.')
  return Number(plain)
}

/** The cells of a table's row that begins with a name. */
export async function cellsOf(page: Page, block: string, name: string): Promise<readonly string[]> {
  const row = page
    .locator(`#${block} tr`)
    .filter({ has: page.locator('th[scope=row]', { hasText: name }) })
    .first()
  return (await row.locator('td').allTextContents()).map(text =>
    text.replaceAll(/[\u00a0\u202f]/g, ' ').trim(),
  )
}

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[]
}

const axeSource = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds against WCAG 2.2 AA and good practice: the rule and where. */
export async function accessibilityProblems(page: Page): Promise<readonly string[]> {
  // It is evaluated by the browser's own protocol: the page's policy would not let it in.
  await page.evaluate(await axeSource)
  const violations: readonly Violation[] = await page.evaluate(
    `axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
       .then(({violations}) => violations)`,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
  )
}

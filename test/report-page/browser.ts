/** A real Chromium: the system's own, or the one that CHROME_PATH names. */
import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** @throws Error that says how to have one, where there is none and none can be installed */
export async function openBrowser(): Promise<Browser> {
  const path = (await foundBrowser()) ?? (await installedBrowser())
  if (path === undefined) {
    throw new Error(
      'There is no Chromium on this machine. Install one (Debian: apt-get install chromium), or name one with CHROME_PATH.',
    )
  }
  // A container's own sandbox refuses root another one; the pages are the report's alone.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: path, args })
}

async function foundBrowser(): Promise<string | undefined> {
  const named = process.env.CHROME_PATH
  for (const path of named === undefined ? places : [named]) {
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return path
  }
  if (named !== undefined) throw new Error(`CHROME_PATH names ${named}, which cannot be run.`)
  return undefined
}

/** On Debian, where we may. */
async function installedBrowser(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const run = promisify(execFile)
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  try {
    await run('apt-get', ['update', '-qq'], options)
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], options)
  } catch {
    return undefined
  }
  return foundBrowser()
}

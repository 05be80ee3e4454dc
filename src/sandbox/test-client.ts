/** Asks a sandbox the way the tests like to: one call, the status, the headers and whatever the body was. */
import { isJsonObject, type JsonObject, type JsonValue } from '../json.js'
import type { Sandbox } from './sandbox.js'

export interface Told {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly json: JsonObject
}

function parsed(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) ? value : {}
  } catch {
    return {}
  }
}

async function told(response: Response): Promise<Told> {
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    text,
    json: parsed(text),
  }
}

/** GET of a path, or of an absolute URL, with the long-lived token and the API key (or other headers). */
export async function ask(
  sandbox: Sandbox,
  path: string,
  headers: Readonly<Record<string, string>> = {
    authorization: `Bearer ${sandbox.token}`,
    'x-api-key': sandbox.apiKey,
  },
): Promise<Told> {
  return told(await fetch(new URL(path, sandbox.url), { headers, redirect: 'manual' }))
}

/** POST of JSON, or of any text, to `/oauth2/access_token`. */
export async function askToken(sandbox: Sandbox, body: JsonObject | string): Promise<Told> {
  return told(
    await fetch(new URL('/oauth2/access_token', sandbox.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  )
}

/** The rows of a page, whatever list it is. */
export function rowsOf(page: Told): readonly JsonObject[] {
  const embedded = page.json._embedded
  const [rows] = isJsonObject(embedded) ? Object.values(embedded) : []
  return Array.isArray(rows) ? rows.filter(isJsonObject) : []
}

/** The ids of a page's rows, in order. */
export function idsOf(page: Told): readonly JsonValue[] {
  return rowsOf(page).map(row => row.id ?? null)
}

/** Where the page says the next one is. */
export function nextOf(page: Told): string | undefined {
  const links = page.json._links
  const next = isJsonObject(links) ? links.next : undefined
  return isJsonObject(next) && typeof next.href === 'string' ? next.href : undefined
}

/** All rows of a list, by following the links. */
export async function allRows(sandbox: Sandbox, path: string): Promise<readonly JsonObject[]> {
  const rows: JsonObject[] = []
  for (let url: string | undefined = path; url !== undefined; ) {
    const page: Told = await ask(sandbox, url)
    rows.push(...rowsOf(page))
    url = nextOf(page)
  }
  return rows
}

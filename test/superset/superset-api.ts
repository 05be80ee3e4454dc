/** Superset's API as a person's browser uses it: dashboards are imported and looked at. */
import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** What a chart shows. */
export interface Shown {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** It was computed before. */
  readonly isKept: boolean
}

export interface Account {
  readonly user: string
  readonly password: string
}

export interface SupersetApi {
  /** Imports a zip of dashboards. */
  importDashboards(zip: string): Promise<void>
  /** The titles of all dashboards. */
  dashboards(): Promise<readonly string[]>
  /** The names of all charts. */
  charts(): Promise<readonly string[]>
  /** Opens a chart as it stands on its dashboard. */
  look(chart: string): Promise<Shown>
  /** Adds a user with one of the standard roles. */
  addUser(account: Account & { readonly role: 'Alpha' | 'Gamma' }): Promise<void>
  /** Makes a user the one owner of every dataset. */
  giveDatasetsTo(user: string): Promise<void>
  /** When each dataset was last edited, by its name. */
  edits(): Promise<Readonly<Record<string, string>>>
}

export async function signInTo(url: string, { user, password }: Account): Promise<SupersetApi> {
  const login = await fetch(`${url}/api/v1/security/login`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ username: user, password, provider: 'db' }),
  })
  const { access_token } = z.object({ access_token: z.string() }).parse(await login.json())
  const authorization = { authorization: `Bearer ${access_token}` }
  const asked = await fetch(`${url}/api/v1/security/csrf_token/`, { headers: authorization })
  const { result: csrf } = z.object({ result: z.string() }).parse(await asked.json())
  const cookie = asked.headers
    .getSetCookie()
    .map(line => line.split(';', 1)[0])
    .join('; ')
  const headers = { ...authorization, cookie, 'x-csrftoken': csrf, referer: url }

  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const answer = await fetch(`${url}/api/v1/${path}`, { headers })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`Superset answered ${answer.status} to ${path}: ${text}`)
    return schema.parse(JSON.parse(text))
  }
  const send = async (method: 'POST' | 'PUT', path: string, value: object): Promise<void> => {
    const answer = await fetch(`${url}/api/v1/${path}`, {
      ...{ method, headers: { ...headers, 'content-type': 'application/json' } },
      body: JSON.stringify(value),
    })
    if (!answer.ok) throw new Error(`Superset answered ${answer.status} to ${path}: ${await answer.text()}`)
  }
  /** The number of what has this name. */
  const idOf = async (path: string, column: string, name: string): Promise<number> => {
    const { result } = await get(`${path}?q=(filters:!((col:${column},opr:eq,value:${name})))`, idsSchema)
    const [found] = result
    if (!found) throw new Error(`There is no ${name} among ${path}.`)
    return found.id
  }
  const datasets = async () => (await get('dataset/?q=(page_size:100)', datasetsSchema)).result
  const chartLines = async () => (await get(`chart/?q=(page_size:100)`, chartsSchema)).result

  return {
    importDashboards: async zip => {
      const body = new FormData()
      body.set('formData', new Blob([await readFile(zip)], { type: 'application/zip' }), 'dashboards.zip')
      body.set('passwords', '{}')
      body.set('overwrite', 'true')
      const answer = await fetch(`${url}/api/v1/dashboard/import/`, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`The import was refused: ${await answer.text()}`)
    },
    dashboards: async () => {
      const { result } = await get('dashboard/', dashboardsSchema)
      return result.map(({ dashboard_title }) => dashboard_title)
    },
    charts: async () => (await chartLines()).map(({ slice_name }) => slice_name),
    look: async name => {
      const chart = (await chartLines()).find(({ slice_name }) => slice_name === name)
      if (!chart) throw new Error(`There is no chart ${name}.`)
      const { result } = await get(`chart/${chart.id}/data/`, dataSchema)
      const [shown] = result
      if (!shown) throw new Error(`${name} shows nothing.`)
      return { rows: shown.data, isKept: shown.is_cached === true }
    },
    addUser: async ({ role, ...account }) =>
      send('POST', 'security/users/', {
        ...{ username: account.user, password: account.password, email: `${account.user}@example.kz` },
        ...{ first_name: 'Invented', last_name: role, active: true },
        roles: [await idOf('security/roles/', 'name', role)],
      }),
    giveDatasetsTo: async owner => {
      const owners = [await idOf('security/users/', 'username', owner)]
      for (const { id } of await datasets()) await send('PUT', `dataset/${id}`, { owners })
    },
    edits: async () =>
      Object.fromEntries(
        (await datasets()).map(({ table_name, changed_on_utc }) => [table_name, changed_on_utc]),
      ),
  }
}

const idsSchema = z.object({ result: z.array(z.object({ id: z.number() })) })
const chartsSchema = z.object({ result: z.array(z.object({ id: z.number(), slice_name: z.string() })) })
const dashboardsSchema = z.object({ result: z.array(z.object({ dashboard_title: z.string() })) })
const dataSchema = z.object({
  result: z.array(
    z.object({ data: z.array(z.record(z.string(), z.unknown())), is_cached: z.boolean().nullish() }),
  ),
})
const datasetsSchema = z.object({
  result: z.array(z.object({ id: z.number(), table_name: z.string(), changed_on_utc: z.string() })),
})

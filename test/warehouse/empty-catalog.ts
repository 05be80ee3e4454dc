import { z } from 'zod'

const namespaceList = z.object({ namespaces: z.array(z.array(z.string())) })
const tableList = z.object({ identifiers: z.array(z.object({ name: z.string() })) })

/** Takes all tables out of an Iceberg REST catalog; their files stay. */
export async function emptyCatalog(uri: string): Promise<void> {
  const ask = async (method: 'GET' | 'DELETE', path: string): Promise<unknown> => {
    const response = await fetch(`${uri}/v1/namespaces${path}`, { method })
    if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status}`)
    return method === 'GET' ? response.json() : response.arrayBuffer()
  }
  for (const [namespace = ''] of namespaceList.parse(await ask('GET', '')).namespaces) {
    const { identifiers } = tableList.parse(await ask('GET', `/${namespace}/tables`))
    for (const { name } of identifiers) await ask('DELETE', `/${namespace}/tables/${name}`)
    await ask('DELETE', `/${namespace}`)
  }
}

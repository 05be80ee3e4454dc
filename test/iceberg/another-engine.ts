/** What another engine says to the same catalog, by Iceberg's REST specification. */
import { z } from 'zod'
import { allTables } from '../../src/tables/catalogue.js'
import { qualifiedName, type Table } from '../../src/tables/table.js'

const field = z.looseObject({
  id: z.number(),
  name: z.string(),
  required: z.boolean(),
  type: z.unknown(),
  doc: z.string().optional(),
})
export type Field = z.output<typeof field>

const partitionField = z.object({ 'source-id': z.number(), name: z.string(), transform: z.string() })
const answer = z.object({
  'metadata-location': z.string(),
  metadata: z.object({
    'format-version': z.number(),
    'last-column-id': z.number(),
    'current-schema-id': z.number(),
    schemas: z.array(z.looseObject({ 'schema-id': z.number(), fields: z.array(field) })),
    'default-spec-id': z.number(),
    'partition-specs': z.array(z.object({ 'spec-id': z.number(), fields: z.array(partitionField) })),
    properties: z.record(z.string(), z.string()),
  }),
})

/** A table as the catalog reports it. */
export interface Reported {
  readonly version: number
  readonly fields: readonly Field[]
  readonly partitions: readonly { readonly column: string; readonly transform: string }[]
  readonly properties: Readonly<Record<string, string>>
  /** Another one after each change. */
  readonly metadata: string
}

export async function reported(catalog: string, table: Table): Promise<Reported> {
  const { metadata, 'metadata-location': location } = await ask(catalog, table)
  const fields = currentFields(metadata)
  const spec = metadata['partition-specs'].find(each => each['spec-id'] === metadata['default-spec-id'])
  return {
    version: metadata['format-version'],
    fields,
    partitions: (spec?.fields ?? []).map(part => ({
      column: fields.find(({ id }) => id === part['source-id'])?.name ?? '?',
      transform: part.transform,
    })),
    properties: metadata.properties,
    metadata: location,
  }
}

/** Names of the columns that a table has now. */
export async function columnsIn(catalog: string, table: Table): Promise<readonly string[]> {
  return (await reported(catalog, table)).fields.map(({ name }) => name)
}

/** Which state each table is in: the same until somebody changes it. */
export async function tablesAsTheyAre(catalog: string): Promise<Readonly<Record<string, string>>> {
  const states: Record<string, string> = {}
  for (const table of allTables) states[qualifiedName(table)] = (await reported(catalog, table)).metadata
  return states
}

/** Gives a table other columns. */
export async function changeColumns(
  catalog: string,
  table: Table,
  change: (fields: readonly Field[]) => readonly Field[],
): Promise<void> {
  const { metadata } = await ask(catalog, table)
  const fields = change(currentFields(metadata))
  const schema = { type: 'struct', 'schema-id': metadata['current-schema-id'] + 1, fields }
  const response = await fetch(address(catalog, table), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      requirements: [],
      updates: [
        {
          action: 'add-schema',
          schema,
          'last-column-id': Math.max(...fields.map(({ id }) => id), metadata['last-column-id']),
        },
        { action: 'set-current-schema', 'schema-id': -1 },
      ],
    }),
  })
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
}

function currentFields(metadata: z.output<typeof answer>['metadata']): readonly Field[] {
  return metadata.schemas.find(each => each['schema-id'] === metadata['current-schema-id'])?.fields ?? []
}

async function ask(catalog: string, table: Table): Promise<z.output<typeof answer>> {
  const response = await fetch(address(catalog, table))
  if (!response.ok) throw new Error(`HTTP ${response.status}: ${await response.text()}`)
  return answer.parse(await response.json())
}

function address(catalog: string, { schema, name }: Table): string {
  return `${catalog}/v1/namespaces/${schema}/tables/${name}`
}

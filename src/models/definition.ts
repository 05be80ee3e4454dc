/**
 * A model is a SELECT in a `.sql` file whose leading comment declares, under its description and in YAML, what a
 * change upstream makes it rebuild. The format is told in docs/models.md.
 */
import { readdir, readFile } from 'node:fs/promises'
import { z } from 'zod'
import { parseSqlFile } from '../sql-file.js'
import { tableNamed } from '../tables/catalogue.js'
import { withMeasures } from '../tables/measures.js'
import { qualifiedName, type Table } from '../tables/table.js'

export type PersonalKind = 'iin' | 'phone' | 'email'

export interface Staging {
  readonly sql: string
  /** Columns whose values are hashed, with the kind that says whether they are. */
  readonly hash: ReadonlyMap<string, PersonalKind>
  /**
   * SELECT of the Bronze rows in scope, a row each, under columns that name it and that the staged rows have too;
   * undefined where a Bronze row becomes several staged ones, which are then what is received.
   */
  readonly received: string | undefined
  /** Whether its rows can break rules: `rule`, `detail`, `record`, `origin`, `load_id` are columns then. */
  readonly judges: boolean
}

export interface Model {
  readonly name: string
  readonly layer: 'silver' | 'gold'
  /** Whose it is; ARM's own tables belong to no source that is loaded. */
  readonly source: 'alaqan' | 'amocrm' | 'arm'
  readonly table: Table
  readonly description: string
  readonly sql: string
  readonly staging: Staging | undefined
  /** The columns by which it is rebuilt; none where it is always compared as a whole. */
  readonly scope: readonly string[]
  /** The parts of ARM without which it is not built: `arm.service_report`. */
  readonly needs: readonly string[]
  /** Upstream table → SELECT of the scopes that its `changes` touch. */
  readonly rebuild: ReadonlyMap<string, string>
  /** A number in SQL: how many staged rows are not in the table because a newer or equal one is. */
  readonly superseded: string | undefined
  /** SELECT of the staged rows that the table holds, under the table's key and whatever else names them. */
  readonly kept: string
}

const headerSchema = z.strictObject({
  reads: z.string().optional(),
  scope: z.array(z.string()).optional(),
  needs: z.array(z.string()).default([]),
  rebuild: z.record(z.string(), z.string()).default({}),
  hash: z.record(z.string(), z.enum(['iin', 'phone', 'email'])).default({}),
  received: z.string().optional(),
  superseded: z.string().optional(),
  kept: z.string().default('select * from staged where is_current'),
})

interface ModelFile {
  readonly name: string
  readonly description: string
  readonly header: z.infer<typeof headerSchema>
  readonly sql: string
}

/** The folder of models that belongs to this program. */
export const modelFolder = new URL('../../models/', import.meta.url)

/**
 * All models of a folder, upstream before downstream.
 * @param measures the measures that the configuration takes from ARM's report
 * @throws Error naming the file whose declaration cannot be read, or models that rest on each other in a circle
 */
export async function readModels(
  folder: URL = modelFolder,
  measures: readonly string[] = [],
): Promise<readonly Model[]> {
  const staging = new Map((await sqlFiles(folder, 'staging')).map(file => [file.name, file]))
  const files = [...(await sqlFiles(folder, 'silver')), ...(await sqlFiles(folder, 'gold'))]
  return inOrder(files.map(file => modelOf(file, staging, measures)))
}

async function sqlFiles(folder: URL, layer: string): Promise<readonly ModelFile[]> {
  const names = (await readdir(new URL(`${layer}/`, folder))).filter(name => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async name =>
      parseModelFile(
        `${layer}.${name.slice(0, -'.sql'.length)}`,
        await readFile(new URL(`${layer}/${name}`, folder), 'utf8'),
      ),
    ),
  )
}

/** Reads a model's file. */
export function parseModelFile(name: string, text: string): ModelFile {
  const { description, declaration, sql } = parseSqlFile(name, text)
  const header = headerSchema.safeParse(declaration)
  if (!header.success) throw new Error(`${name}: ${z.prettifyError(header.error)}`)
  return { name, description, header: header.data, sql }
}

function modelOf(
  file: ModelFile,
  stagings: ReadonlyMap<string, ModelFile>,
  measures: readonly string[],
): Model {
  const { name, header, description, sql } = file
  const stagingFile = header.reads === undefined ? undefined : stagings.get(header.reads)
  if (header.reads !== undefined && !stagingFile) throw new Error(`${name}: ${header.reads} does not exist`)
  const scope = header.scope ?? stagingFile?.header.scope
  if (!scope) throw new Error(`${name}: neither it nor its staging declares a scope`)
  const table = withMeasures(tableNamed(name), measures)
  const rebuild = new Map([
    ...Object.entries(stagingFile?.header.rebuild ?? {}),
    ...Object.entries(header.rebuild),
  ])
  return {
    name,
    layer: table.schema === 'silver' ? 'silver' : 'gold',
    source: sourceOf(table),
    table,
    description,
    sql,
    staging: stagingFile && stagingOf(stagingFile),
    scope,
    needs: [...new Set([...header.needs, ...[...rebuild.keys()].filter(isOfArm)])],
    rebuild,
    superseded: header.superseded,
    kept: header.kept,
  }
}

function sourceOf({ name }: Table): Model['source'] {
  if (name.startsWith('alaqan_')) return 'alaqan'
  return name.startsWith('arm_') ? 'arm' : 'amocrm'
}

/** Whether an upstream table is one of ARM's, which the program makes anew in every session. */
export function isOfArm(upstream: string): boolean {
  return upstream.startsWith('arm.')
}

function stagingOf({ header, sql }: ModelFile): Staging {
  return {
    sql,
    hash: new Map(Object.entries(header.hash)),
    received: header.received,
    judges: /\bas rule\b/.test(sql),
  }
}

function inOrder(models: readonly Model[]): readonly Model[] {
  const ordered: Model[] = []
  const waiting = new Map(models.map(model => [model.name, model]))
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(model =>
      [...model.rebuild.keys()].every(upstream => upstream === model.name || !waiting.has(upstream)),
    )
    if (ready.length === 0)
      throw new Error(`These models rest on each other: ${[...waiting.keys()].join(', ')}`)
    for (const model of ready) {
      waiting.delete(model.name)
      ordered.push(model)
    }
  }
  return ordered
}

/** The models that read a table directly. */
export function downstreamOf(models: readonly Model[], table: Table): readonly Model[] {
  return models.filter(model => model.rebuild.has(qualifiedName(table)))
}

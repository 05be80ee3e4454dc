/** What the catalogue says about each table, gathered from where the program itself takes it. */
import { type Model, readModels } from '../models/definition.js'
import { builtInChecks, type Check, readChecks } from '../quality/check.js'
import { type Entity, entityNamed, entityNames } from '../sources/amocrm/entities.js'
import { allTables } from '../tables/catalogue.js'
import { type Column, qualifiedName, type Table, type Text } from '../tables/table.js'
import { type ColumnOrigin, finalExpressions } from './column-origin.js'
import { checksInRussian, modelsInRussian } from './russian.js'

/** Something outside of the warehouse that a table is filled from. */
export interface Origin {
  readonly name: string
  readonly kind: 'alaqan' | 'amocrm' | 'arm'
}

export interface CatalogueCheck {
  readonly name: string
  readonly severity: Check['severity']
  readonly description: Text
}

export interface CatalogueColumn extends Column {
  readonly isKey: boolean
  readonly isPartition: boolean
  readonly origin: ColumnOrigin | undefined
}

export interface Entry {
  readonly table: Table
  readonly name: string
  readonly columns: readonly CatalogueColumn[]
  /** Of a model: the file under models/, and what a row is. */
  readonly model: { readonly file: string; readonly description: Text } | undefined
  readonly origins: readonly Origin[]
  /** Tables that it is made of, upstream before downstream. */
  readonly reads: readonly string[]
  readonly readBy: readonly string[]
  readonly checks: readonly CatalogueCheck[]
}

/** Every table with everything that is known about it, upstream before downstream. */
export async function catalogueEntries(): Promise<readonly Entry[]> {
  const models = await readModels()
  const checks = await readChecks({ own: { path: builtInChecks, isNamed: false }, severity: {} })
  const reads = new Map(models.map(model => [model.name, upstreamOf(model)]))
  return allTables.map(table => {
    const name = qualifiedName(table)
    const model = models.find(candidate => candidate.name === name)
    const upstream = reads.get(name) ?? []
    return {
      table,
      name,
      columns: columnsOf(table, model),
      model: model && {
        file: `models/${model.name.replace('.', '/')}.sql`,
        description: { en: model.description, ru: modelsInRussian[name] ?? model.description },
      },
      origins: [...originsOf(name), ...upstream.filter(isOfArm).map(armOrigin)],
      reads: upstream.filter(other => !isOfArm(other)),
      readBy: models.map(reader => reader.name).filter(reader => reads.get(reader)?.includes(name)),
      checks: checks
        .filter(check => check.tables.includes(name))
        .map(({ name: check, severity, description }) => ({
          name: check,
          severity,
          description: { en: description, ru: checksInRussian[check] ?? description },
        })),
    }
  })
}

const known = new Set(allTables.map(qualifiedName))

/** What a model declares that it is rebuilt after, and what else its SQL names; the ledger, which all name, left out. */
function upstreamOf({ name, rebuild, sql, staging }: Model): readonly string[] {
  const text = `${staging?.sql ?? ''}\n${sql}`.replaceAll(/--.*/g, '')
  const named = [...text.matchAll(/\b(?:bronze|silver|gold|meta)\.\w+/g)].map(([table]) => table)
  const upstream = new Set([...rebuild.keys(), ...named.filter(table => known.has(table))])
  const order = [...allTables.map(qualifiedName), ...[...upstream].filter(isOfArm).sort()]
  return order.filter(table => upstream.has(table) && table !== name && table !== 'meta.loads')
}

function isOfArm(name: string): boolean {
  return name.startsWith('arm.')
}

/** `arm.service_report` is a key of the configuration; the table behind it is the users' own. */
function armOrigin(name: string): Origin {
  return { name, kind: 'arm' }
}

const alaqanEndpoints = ['employees/byDate', 'employees/byIin']

function originsOf(name: string): readonly Origin[] {
  if (['bronze.alaqan_visits', 'meta.alaqan_answers'].includes(name)) {
    return alaqanEndpoints.map(path => ({ name: `GET /${path}`, kind: 'alaqan' as const }))
  }
  const paths = entitiesOf(name).flatMap(pathsOf)
  return [...new Set(paths)].map(path => ({ name: `GET ${path}`, kind: 'amocrm' as const }))
}

function entitiesOf(name: string): readonly Entity[] {
  return entityNames.map(entityNamed).filter(({ table }) => qualifiedName(table) === name)
}

/** A number that no catalog has, to find where a path names one. */
const anyCatalog = 987_654_321

function pathsOf({ lists }: Entity): readonly string[] {
  const all = typeof lists === 'function' ? lists([anyCatalog]) : lists
  return all.map(({ path }) => path.replace(`${anyCatalog}`, '{id}'))
}

function columnsOf(table: Table, model: Model | undefined): readonly CatalogueColumn[] {
  const expressions = model && finalExpressions(model.sql)
  return table.columns.map(column => ({
    ...column,
    isKey: (table.recordKey ?? table.key).includes(column.name),
    isPartition: table.partitionBy.includes(column.name),
    origin: model
      ? expressions?.has(column.name)
        ? { kind: 'expression', sql: expressions.get(column.name) ?? '' }
        : undefined
      : bronzeOrigin(table, column.name),
  }))
}

/** Columns that the load writes, of itself. */
const ofTheLoad: readonly string[] = [
  ...['load_date', 'loaded_at', 'load_id', 'endpoint', 'event_no', 'row_source', 'observed_at', 'row_hash'],
]

const fieldsOfVisits: Readonly<Record<string, string>> = {
  visit_date: 'data.{date}',
  iin: 'data.{iin}',
  event: 'event',
  event_time: 'time',
  raw_json: '[…]',
}

function bronzeOrigin(table: Table, column: string): ColumnOrigin | undefined {
  if (table.schema !== 'bronze') return undefined
  if (ofTheLoad.includes(column)) return { kind: 'load' }
  const [entity] = entitiesOf(qualifiedName(table))
  if (!entity) return { kind: 'field', path: fieldsOfVisits[column] ?? column }
  const lists = typeof entity.lists === 'function' ? entity.lists([anyCatalog]) : entity.lists
  if (lists.some(list => Object.hasOwn(list.columns ?? {}, column))) return { kind: 'path' }
  const isKept = table.columns.some(({ name, isExtra }) => name === 'is_deleted' && isExtra)
  if (column === 'is_deleted' && isKept) return { kind: 'load' }
  return { kind: 'field', path: entity.fields[column]?.path ?? column }
}

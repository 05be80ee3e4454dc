import type { metaTables } from '../tables/meta.js'
import type { Text } from '../tables/table.js'

type MetaName = (typeof metaTables)[number]['name']

const loading: Text = {
  ru: 'каждая загрузка: run, load, backfill',
  en: 'every load: run, load, backfill',
}
const building: Text = { ru: 'каждый пересчёт: run, transform', en: 'every build: run, transform' }
const checking: Text = {
  ru: 'каждая проверка: run, transform, quality',
  en: 'every check: run, transform, quality',
}

/** Which commands write a table of meta. */
export const writtenBy: Readonly<Record<MetaName, Text>> = {
  loads: loading,
  alaqan_answers: loading,
  rejects: {
    ru: 'загрузка и пересчёт; rejects --replay убирает то, что прошло',
    en: 'loads and builds; rejects --replay takes away what passes',
  },
  reconciliation: { ru: 'каждая загрузка и каждый пересчёт', en: 'every load and every build' },
  model_loads: building,
  pending_scopes: building,
  models: building,
  table_changes: building,
  checks: checking,
  check_failures: checking,
  schema_fields: loading,
  schema_changes: loading,
  erasures: { ru: 'forget', en: 'forget' },
}

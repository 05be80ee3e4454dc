import { expect, it } from 'vitest'
import type { Table } from '../../tables/table.js'
import { mergeStatement } from './merge.js'

const text = { ru: 'т', en: 't' }
const table: Table = {
  schema: 'gold',
  name: 'small',
  comment: text,
  key: ['id'],
  partitionBy: [],
  columns: [
    { name: 'id', type: 'int', comment: text, isExtra: false },
    { name: 'at', type: 'time', comment: text, isExtra: false },
  ],
}

it('takes rows away by their key and lets others come, which match nothing', () => {
  expect(mergeStatement(table, 'removed', 'added').replaceAll(/\s+/g, ' ')).toBe(
    'merge into gold.small as target using ( ' +
      'select "id", "at", false as "#goes" from added union all ' +
      'select distinct "id", cast(null as STRING) as "at", true as "#goes" from removed ) as source ' +
      'on target."id" = source."id" and source."#goes" ' +
      'when matched then delete ' +
      'when not matched and not source."#goes" ' +
      'then insert ("id", "at") values (source."id", source."at")',
  )
})

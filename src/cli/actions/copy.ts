import { copyWarehouse } from '../../pipeline/copy.js'
import type { Copy } from '../commands/copy.js'

/** `hubdwh copy` */
export const copy: Copy = async (context, { config }) => {
  const { from, to, tables, leftToBuild } = await copyWarehouse(context, config)
  const { results } = context
  results.table(
    [{ name: 'table' }, { name: 'rows' }, { name: 'was there' }],
    tables
      .filter(({ rows }) => rows > 0)
      .map(({ table, rows, wasThere }) => [table, rows, wasThere ? 'yes' : '']),
  )
  if (leftToBuild.length > 0) results.print(`\nThe next run builds: ${leftToBuild.join(', ')}\n`)
  results.print(`\n${from} is copied to ${to}; every table is equal.\n`)
  return {
    json: {
      from,
      to,
      tables: tables.map(({ table, rows, wasThere }) => ({ table, rows, was_there: wasThere })),
      left_to_build: [...leftToBuild],
    },
  }
}

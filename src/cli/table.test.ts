import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { renderTable } from './table.js'

const lines = (text: string) => text.split('\n').slice(0, -1)

describe('a table', () => {
  it('aligns columns, numbers at the right, missing values as NULL', () => {
    const table = renderTable(
      [{ name: 'company' }, { name: 'leads' }, { name: 'revenue', align: 'right' }],
      [
        ['ТОО Пример', 12, '1500000'],
        ['', 3, null],
      ],
    )
    expect(lines(table)).toEqual([
      'company     leads  revenue',
      '──────────  ─────  ───────',
      'ТОО Пример     12  1500000',
      '                3     NULL',
    ])
  })

  it('without rows is its heading', () => {
    expect(lines(renderTable([{ name: 'a' }], []))).toEqual(['a', '─'])
  })

  it('shows days, lists, big numbers and structures', () => {
    const row = [new Date(0), [1, 2], 12345678901234567890n, { a: 1n }, true]
    const [, , line] = lines(
      renderTable(
        row.map((_, index) => ({ name: `c${index}` })),
        [row],
      ),
    )
    expect(line?.split(/ {2,}/)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '[1,2]',
      '12345678901234567890',
      '{"a":"1"}',
      'true',
    ])
  })

  it('escapes what steers a terminal, breaks lines or turns text around', () => {
    const table = renderTable([{ name: 'a\u001b[31m' }], [['x\ny\t\u0007\u202ez\u2028\ud800']])
    expect(lines(table)).toHaveLength(3)
    expect(table).toContain('a\\x1b[31m')
    expect(table).toContain('x\\ny\\t\\x07\\u202ez\\u2028\\ud800')
  })

  it('cuts a cell that is too wide, whole characters only', () => {
    const family = '👨‍👩‍👧'
    const [, , cell] = lines(renderTable([{ name: 'a' }], [[family.repeat(10)]], { widestCell: 6 }))
    expect(cell).toBe(`${family.repeat(2)}…`)
  })

  it('has columns of one width, whatever stands in it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), { minLength: 1 }),
        rows => {
          const table = lines(
            renderTable([{ name: 'a' }, { name: 'b', align: 'right' }], rows, { widestCell: 10 }),
          )
          expect(table).toHaveLength(rows.length + 2)
          const rule = stringWidth(table[1] ?? '')
          for (const line of table) expect(stringWidth(line)).toBeLessThanOrEqual(rule)
        },
      ),
    )
  })
})

/** The relations of amoCRM's entities as a drawing; the list beside it says the same in words. */
import { type ErdEntity, type ErdRelation, erdEntities, erdRelations } from './erd.js'
import { anchorOf, both, bothIn, escaped, linkTo } from './markup.js'

const width = 200
const head = 26
const line = 20
const size = { width: 890, height: 480 }

export function erdDrawing(): string {
  return [
    `<svg class="erd" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="group" aria-label="ERD: ${escaped(erdEntities.map(({ name }) => name).join(', '))}">`,
    '<defs><marker id="one" viewBox="0 0 12 12" refX="12" refY="6" markerWidth="12" markerHeight="12" orient="auto"><path d="M7 1V11M1 6H12"/></marker>',
    '<marker id="many" viewBox="0 0 12 12" refX="12" refY="6" markerWidth="12" markerHeight="12" orient="auto-start-reverse"><path d="M1 6L12 1M1 6L12 11M1 6H12"/></marker></defs>',
    ...erdRelations.map(lineOf),
    ...erdEntities.map(boxOf),
    '</svg>',
  ].join('\n')
}

function lineOf({ from, to, field, cardinality, line: corners }: ErdRelation): string {
  const points = corners.map(([x, y]) => `${x},${y}`).join(' ')
  const end = cardinality === 'N:M' ? 'many' : 'one'
  return (
    `<polyline class="relation" points="${points}" marker-start="url(#many)" marker-end="url(#${end})">` +
    `<title>${escaped(`${from}.${field} → ${to} (${cardinality})`)}</title></polyline>`
  )
}

function boxOf({ title, table, fields, x, y }: ErdEntity): string {
  const height = head + fields.length * line + 6
  return [
    `<a class="node silver" href="#${anchorOf(table)}"><title>${escaped(table)}</title>`,
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="4"/>`,
    `<path d="M${x} ${y + head}H${x + width}"/>`,
    bothIn(title, `x="${x + 10}" y="${y + 18}" font-weight="bold"`),
    ...fields.map(
      (field, index) => `<text x="${x + 10}" y="${y + head + 16 + index * line}">${escaped(field)}</text>`,
    ),
    '</a>',
  ].join('')
}

/** The relations in words, for whoever does not see the drawing. */
export function erdTable(): string {
  const tableOf = (name: string) => erdEntities.find(entity => entity.name === name)?.table ?? name
  const rows = erdRelations.map(
    ({ from, field, to, cardinality, meaning }) =>
      `<tr><td>${linkTo(tableOf(from))}</td><td><code>${escaped(field)}</code></td><td>${linkTo(tableOf(to))}</td>` +
      `<td>${cardinality}</td><td>${both(meaning)}</td></tr>`,
  )
  const headings = [
    { ru: 'Из', en: 'From' },
    { ru: 'Поле', en: 'Field' },
    { ru: 'В', en: 'To' },
    { ru: 'Сколько', en: 'How many' },
    { ru: 'Смысл', en: 'Meaning' },
  ]
  return [
    '<div class="scroll"><table>',
    `<thead><tr>${headings.map(heading => `<th scope="col">${both(heading)}</th>`).join('')}</tr></thead>`,
    `<tbody>${rows.join('\n')}</tbody></table></div>`,
  ].join('\n')
}

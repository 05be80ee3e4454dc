/** The lineage as a drawing: readable without a script, where each box leads to its table. */
import type { Text } from '../tables/table.js'
import type { Layer, Lineage, LineageNode } from './lineage.js'
import { anchorOf, bothIn, escaped } from './markup.js'

const box = { width: 226, height: 24 }
const gap = { x: 64, y: 10 }
const margin = { x: 8, top: 34, bottom: 8 }

const layerNames: Readonly<Record<Layer, Text>> = {
  source: { ru: 'Источники', en: 'Sources' },
  bronze: { ru: 'Bronze: как получено', en: 'Bronze: as received' },
  silver: { ru: 'Silver: очищено', en: 'Silver: cleaned' },
  gold: { ru: 'Gold: витрины', en: 'Gold: marts' },
}

const title: Text = {
  ru: 'Происхождение данных: от источников через Bronze и Silver к витринам',
  en: 'Lineage: from the sources through Bronze and Silver to the marts',
}

export function lineageDrawing(lineage: Lineage): string {
  const { nodes, edges, columns } = lineage
  const tallest = Math.max(...columns.map((_, column) => inColumn(nodes, column)))
  const height = margin.top + tallest * (box.height + gap.y) + margin.bottom
  const width = 2 * margin.x + columns.length * box.width + (columns.length - 1) * gap.x
  const place = new Map(nodes.map(node => [node.id, positionOf(node, nodes, height)]))
  const lines = edges.flatMap(({ from, to }) => {
    const [start, end] = [place.get(from), place.get(to)]
    return start && end
      ? [
          `<path class="edge" data-from="${escaped(from)}" data-to="${escaped(to)}" d="${curve(start, end)}"/>`,
        ]
      : []
  })
  const headings = columns.flatMap((layer, column) =>
    columns.indexOf(layer) === column
      ? [bothIn(layerNames[layer], `x="${leftOf(column)}" y="20" font-weight="bold"`)]
      : [],
  )
  return [
    `<svg class="lineage" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="group" aria-label="${escaped(`${title.ru} / ${title.en}`)}">`,
    ...headings,
    ...lines,
    ...nodes.map(node => boxOf(node, place.get(node.id) ?? { x: 0, y: 0 })),
    '</svg>',
  ].join('\n')
}

interface Point {
  readonly x: number
  readonly y: number
}

function inColumn(nodes: readonly LineageNode[], column: number): number {
  return nodes.filter(node => node.column === column).length
}

function leftOf(column: number): number {
  return margin.x + column * (box.width + gap.x)
}

/** The boxes of a column share its height evenly. */
function positionOf({ column, row }: LineageNode, nodes: readonly LineageNode[], height: number): Point {
  const room = (height - margin.top - margin.bottom) / inColumn(nodes, column)
  return { x: leftOf(column), y: Math.round(margin.top + room * (row + 0.5) - box.height / 2) }
}

/** From the right of a box to the left of another; lines that go far bend far. */
function curve(from: Point, to: Point): string {
  const [startX, startY] = [from.x + box.width, from.y + box.height / 2]
  const [endX, endY] = [to.x, to.y + box.height / 2]
  const bend = Math.round(Math.max(gap.x, endX - startX) / 2)
  return `M${startX} ${startY}C${startX + bend} ${startY} ${endX - bend} ${endY} ${endX} ${endY}`
}

/** What stands in a box: the whole name is its title. */
function shownName({ id, layer }: LineageNode): string {
  if (layer === 'source') return id.replace('GET /', '').replace('api/v4/', '')
  return id.startsWith('meta.') ? id : id.slice(id.indexOf('.') + 1)
}

function boxOf(node: LineageNode, { x, y }: Point): string {
  const { id, layer, kind } = node
  const isTable = layer !== 'source'
  const picture = [
    `<title>${escaped(id)}</title>`,
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="4"/>`,
    `<text x="${x + 8}" y="${y + 16}">${escaped(shownName(node))}</text>`,
  ].join('')
  const attributes = `class="node ${layer} of-${kind}" data-id="${escaped(id)}"`
  return isTable
    ? `<a ${attributes} href="#${anchorOf(id)}">${picture}</a>`
    : `<g ${attributes} tabindex="0">${picture}</g>`
}

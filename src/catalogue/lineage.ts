/** Where the boxes of the lineage drawing stand: a column for each step from the sources to the marts. */
import type { Entry, Origin } from './entries.js'

export type Layer = 'source' | 'bronze' | 'silver' | 'gold'

export interface LineageNode {
  readonly id: string
  readonly layer: Layer
  /** Whose data it holds. */
  readonly kind: Origin['kind']
  /** From the left, from 0. */
  readonly column: number
  /** From the top of its column, from 0. */
  readonly row: number
}

export interface LineageEdge {
  readonly from: string
  readonly to: string
}

export interface Lineage {
  readonly nodes: readonly LineageNode[]
  readonly edges: readonly LineageEdge[]
  /** The layer of each column. */
  readonly columns: readonly Layer[]
}

interface Unplaced {
  readonly id: string
  readonly layer: Layer
  readonly kind: Origin['kind']
}

/** Lays out what is read from where. The same entries always give the same drawing. */
export function lineageOf(entries: readonly Entry[]): Lineage {
  const drawn = entries.filter(({ origins, reads }) => origins.length > 0 || reads.length > 0)
  const origins = new Map(drawn.flatMap(entry => entry.origins).map(origin => [origin.name, origin]))
  const nodes: readonly Unplaced[] = [
    ...[...origins.values()].map(({ name, kind }) => ({ id: name, kind, layer: 'source' as const })),
    ...drawn.map(({ table, name }) => ({ id: name, kind: kindOf(table.name), layer: layerOf(table.schema) })),
  ]
  const edges = drawn.flatMap(({ name, origins, reads }) =>
    [...origins.map(origin => origin.name), ...reads].map(from => ({ from, to: name })),
  )
  return placed(nodes, edges)
}

function kindOf(table: string): Origin['kind'] {
  if (table.startsWith('alaqan_')) return 'alaqan'
  return table.startsWith('arm_') || table.startsWith('crm_arm') ? 'arm' : 'amocrm'
}

/** What meta holds of Alaqan's answers is read beside Bronze. */
function layerOf(schema: Entry['table']['schema']): Layer {
  return schema === 'meta' ? 'bronze' : schema
}

const layers: readonly Layer[] = ['source', 'bronze', 'silver', 'gold']

function placed(nodes: readonly Unplaced[], edges: readonly LineageEdge[]): Lineage {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const step = (node: Unplaced): number => {
    const before = edges
      .filter(({ to }) => to === node.id)
      .flatMap(({ from }) => byId.get(from) ?? [])
      .filter(({ layer }) => layer === node.layer)
    return before.length === 0 ? 0 : 1 + Math.max(...before.map(step))
  }
  const steps = new Map(nodes.map(node => [node.id, step(node)]))
  const columns = layers.flatMap(layer => {
    const inLayer = nodes.filter(node => node.layer === layer)
    const count = 1 + Math.max(...inLayer.map(({ id }) => steps.get(id) ?? 0))
    return Array.from({ length: count }, (_, index) => ({
      layer,
      nodes: inLayer.filter(({ id }) => steps.get(id) === index),
    }))
  })
  const ordered = untangled(
    columns.map(column => column.nodes.map(({ id }) => id)),
    edges,
  )
  return {
    columns: columns.map(({ layer }) => layer),
    edges,
    nodes: ordered.flatMap((ids, column) =>
      ids.flatMap((id, row) => {
        const node = byId.get(id)
        return node ? [{ ...node, column, row }] : []
      }),
    ),
  }
}

const sweeps = 12

/** Orders each column by where its neighbours stand, to and fro, so that few lines cross. */
function untangled(columns: readonly (readonly string[])[], edges: readonly LineageEdge[]) {
  const order = columns.map(column => [...column])
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const place = new Map<string, number>()
    const note = () => {
      for (const column of order) {
        for (const [row, id] of column.entries()) place.set(id, (row + 0.5) / column.length)
      }
    }
    const isForward = sweep % 2 === 0
    const indices = [...order.keys()]
    for (const index of isForward ? indices : indices.reverse()) {
      note()
      const neighbours = (id: string) =>
        edges.flatMap(({ from, to }) => (isForward ? to === id && [from] : from === id && [to]) || [])
      const wanted = (id: string) => {
        const places = neighbours(id).flatMap(other => place.get(other) ?? [])
        return places.length === 0
          ? (place.get(id) ?? 0)
          : places.reduce((sum, value) => sum + value, 0) / places.length
      }
      order[index] = (order[index] ?? []).toSorted((a, b) => wanted(a) - wanted(b))
    }
  }
  return order
}

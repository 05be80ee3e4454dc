import { isJsonObject } from '../json.js'
import { drawing, pick, Stream } from './generated/draw.js'
import { lostStatus, pipelines, wonStatus } from './generated/pipelines.js'
import type { SeenRequest } from './seen-request.js'
import type { World } from './world/world.js'

const everyLead = {
  place: 'list',
  sortBy: 'id',
  descending: false,
  ranges: [],
  conditions: [],
} as const

/**
 * An account in which people work while it is being read: before a request, now and then, a lead moves on, gets
 * another price, is deleted or comes back. For `SandboxOptions.beforeRequest`.
 * @param perRequest how many edits a request brings on average, e.g. 0.2
 * @param seed the same seed and the same requests bring the same edits
 */
export function livelyEdits(perRequest: number, seed = 1): (request: SeenRequest, world: World) => void {
  const draw = drawing(seed, Stream.life)
  const editOne = (world: World, key: number) => {
    const { leads } = world.collections
    const place = Math.floor(draw(key, 1) * leads.count(everyLead))
    const { rows } = leads.list(everyLead, place, 1)
    const [lead] = rows
    if (!isJsonObject(lead) || typeof lead.id !== 'number') return
    const what = draw(key, 2)
    if (what < 0.5) {
      const pipeline = pipelines.find(({ id }) => id === lead.pipeline_id)
      const statuses = [...(pipeline?.statuses.map(([id]) => id) ?? []), wonStatus, lostStatus]
      world.edit('leads', lead.id, { status_id: pick(statuses, draw(key, 3)) })
    } else if (what < 0.9) {
      world.edit('leads', lead.id, { price: Math.round(draw(key, 3) * 200) * 10_000 })
    } else if (what < 0.96) world.remove('leads', lead.id)
    else {
      world.remove('leads', lead.id)
      world.restore('leads', lead.id)
    }
  }
  return (request, world) => {
    const whole = Math.floor(perRequest)
    const edits = whole + (draw(request.n, 0) < perRequest - whole ? 1 : 0)
    for (let edit = 0; edit < edits; edit += 1) editOne(world, request.n * 64 + edit)
  }
}

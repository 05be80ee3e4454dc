import { type Draw, drawing, integer, Stream } from './draw.js'
import { lostStatus, type Pipeline, pipelines, wonStatus } from './pipelines.js'
import type { WorkingTime } from './working-time.js'

/** A stay in a status, from an instant (Unix seconds) on. */
export interface Stay {
  readonly status: number
  readonly at: number
}

/** What happened to a lead from its creation to the end of the world. Instants are Unix seconds. */
export interface LeadHistory {
  readonly pipeline: Pipeline
  readonly createdAt: number
  /** The first stay begins at `createdAt`. */
  readonly stays: readonly Stay[]
  readonly closedAt: number | null
  readonly updatedAt: number
  readonly isDeleted: boolean
}

export interface LeadHistories {
  createdAt(lead: number): number
  /** Whether the lead ends in the recycle bin. */
  isDeleted(lead: number): boolean
  of(lead: number): LeadHistory
}

const day = 86_400
const Question = {
  created: 1,
  pipeline: 2,
  firstStatus: 3,
  touch: 4,
  touchTime: 5,
  massEdit: 6,
  deleted: 7,
  deletedTime: 8,
  /** And so on, four a step. */
  steps: 20,
} as const

function pipelineFor(share: number): Pipeline {
  let rest = share
  for (const pipeline of pipelines) {
    rest -= pipeline.share
    if (rest < 0) return pipeline
  }
  return pipelines[0] ?? failWithoutPipelines()
}

function failWithoutPipelines(): never {
  throw new RangeError('The generated account has no pipelines.')
}

/**
 * Leads come in by working time and walk through their pipeline, a share being lost at every stage. Somebody once
 * changed a share of all leads in one second (reference: "a mass edit gives thousands one `updated_at`").
 */
export function leadHistories(
  seed: number,
  leads: number,
  time: WorkingTime,
  shares: { readonly massEdited: number; readonly deleted: number },
): LeadHistories {
  const draw: Draw = drawing(seed, Stream.lead)
  const massEditAt = time.at(0.6)
  const createdAt = (lead: number) => time.at((lead + draw(lead, Question.created)) / leads)

  const isDeleted = (lead: number) => draw(lead, Question.deleted) < shares.deleted

  return {
    createdAt,
    isDeleted,
    of: lead => {
      const created = createdAt(lead)
      const pipeline = pipelineFor(draw(lead, Question.pipeline))
      let stage = draw(lead, Question.firstStatus) < 0.7 ? 0 : 1
      const stays: Stay[] = [{ status: pipeline.statuses[stage]?.[0] ?? 0, at: created }]
      let at = created
      let closedAt: number | null = null
      for (let step = 0; closedAt === null; step += 1) {
        const question = Question.steps + 4 * step
        const isForgotten = draw(lead, question + 3) < 0.02
        if (isForgotten) break
        const wait = day * (0.1 + 26 * draw(lead, question) ** 2.5)
        const moved = time.officeHour(at + wait, draw(lead, question + 1))
        at = moved > at ? moved : at + 900 + integer(draw(lead, question + 1), 3600)
        if (at > time.end) break
        const outcome = draw(lead, question + 2)
        const next = stage + (outcome > 0.92 ? 2 : 1)
        const isLost = outcome < 0.13
        if (!isLost) stage = next
        const status = isLost ? lostStatus : (pipeline.statuses[stage]?.[0] ?? wonStatus)
        if (status === wonStatus || status === lostStatus) closedAt = at
        stays.push({ status, at })
      }
      let updatedAt = stays.at(-1)?.at ?? created
      const later = (question: number, days: number) =>
        time.soonAfter(updatedAt, day * days, draw(lead, question) ** 2)
      if (draw(lead, Question.touch) < 0.5) updatedAt = later(Question.touchTime, 20)
      if (created < massEditAt && draw(lead, Question.massEdit) < shares.massEdited) {
        updatedAt = Math.max(updatedAt, massEditAt)
      }
      const isBinned = isDeleted(lead)
      if (isBinned) updatedAt = later(Question.deletedTime, 40)
      return { pipeline, createdAt: created, stays, closedAt, updatedAt, isDeleted: isBinned }
    },
  }
}

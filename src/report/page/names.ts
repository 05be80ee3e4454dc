/** How pipelines, managers and periods are called. */
import { putTogether } from '../report-data.js'
import type { Months } from '../totals.js'
import type { View } from './view.js'

export function pipelineName({ data, wording }: View, place: number): string {
  const pipeline = data.sales?.funnel.pipelines[place]
  if (pipeline?.id === putTogether) return wording.otherPipelines
  return textOr(pipeline?.name, wording.unnamed)
}

/** Two people of one name are told apart by their number in amoCRM. */
export function managerName({ data, wording, format }: View, place: number): string {
  const facts = data.sales?.managers
  const manager = facts?.managers[place]
  if (manager?.id === putTogether) return wording.others(format.number(facts?.others ?? 0))
  if (manager?.id === 0) return wording.nobody
  const name = textOr(manager?.name, wording.unnamed)
  const isShared = (facts?.managers.filter(other => other.name === manager?.name).length ?? 0) > 1
  return isShared ? `${name} #${manager?.id}` : name
}

export function periodName({ format }: View, { from, to }: Months): string {
  return from === to ? format.month(from) : `${format.shortMonth(from)} – ${format.shortMonth(to)}`
}

function textOr(text: string | null | undefined, otherwise: string): string {
  return text === null || text === undefined || text.trim() === '' ? otherwise : text
}

/**
 * Which answer of Alaqan about a day is in force (decisions "Silver: Alaqan"): the newest byDate answer is the
 * whole truth about its day, but one that has lost most of the day is held back until it is said again.
 */

/** What the ledger knows of an answer to byDate. */
export interface KnownAnswer {
  readonly digest: string
  readonly events: number
  /** The load that holds its rows. */
  readonly rowsLoadId: string
}

/** What is known about one day before an answer comes. */
export interface KnownDay {
  /** The newest answer that was not held back. */
  readonly inForce: KnownAnswer | undefined
  /** The newest answer, where it was held back. */
  readonly held: KnownAnswer | undefined
}

export interface Judgement {
  /** accepted: in force now; unchanged: what is in force was said again; held: waits to be said again. */
  readonly verdict: 'accepted' | 'unchanged' | 'held'
  readonly rowsLoadId: string
}

const fewestEventsToDoubt = 20
const shareToBelieve = 5

/**
 * @param answer what came, in the load that would hold its rows
 * @param isInsisted a person said that this answer is right (`--accept`)
 */
export function judgeAnswer(answer: KnownAnswer, day: KnownDay, isInsisted: boolean): Judgement {
  const { inForce, held } = day
  if (inForce?.digest === answer.digest) return { verdict: 'unchanged', rowsLoadId: inForce.rowsLoadId }
  if (held?.digest === answer.digest) return { verdict: 'accepted', rowsLoadId: held.rowsLoadId }
  const isDoubtful =
    inForce !== undefined &&
    inForce.events >= fewestEventsToDoubt &&
    answer.events * shareToBelieve < inForce.events
  return { verdict: isDoubtful && !isInsisted ? 'held' : 'accepted', rowsLoadId: answer.rowsLoadId }
}

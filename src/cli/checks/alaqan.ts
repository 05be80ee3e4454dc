import { yesterday } from '../../calendar.js'
import type { AlaqanConfig } from '../../config/config.js'
import { sourceHttp } from '../../pipeline/source-http.js'
import { createAlaqanClient } from '../../sources/alaqan/client.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

/** A person waits: fewer tries than a run makes. */
export const attemptsOfCheck = 3

/** Asks Alaqan for yesterday: address and key are right, and there is something. */
export async function checkAlaqan(alaqan: AlaqanConfig, context: Context): Promise<Finding> {
  const subject = 'alaqan key'
  const { clock, signal, config } = context
  const day = yesterday(clock.now(), config.timezone)
  try {
    const http = { ...sourceHttp(context, 'alaqan'), attempts: attemptsOfCheck }
    const client = createAlaqanClient(alaqan, http)
    const { people } = (await client.byDate(day, signal)).survey
    if (people > 0) return ok(subject, `accepted; ${people} people on ${day}`)
    return warning(
      subject,
      `accepted, but there are no visits on ${day}`,
      'Fine after a day off; otherwise ask Alaqan.',
    )
  } catch (error) {
    return failed(subject, error)
  }
}

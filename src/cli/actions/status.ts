/** What `status` does: it looks at everything and changes nothing. */
import { resolve } from 'node:path'
import { writeForOthers } from '../../durable-file.js'
import { sourcesIn } from '../../pipeline/source.js'
import { nextSteps } from '../../pipeline/status/next-steps.js'
import { readStatus } from '../../pipeline/status/read-status.js'
import { placesBehind } from '../../publish/publish.js'
import type { ShowStatus } from '../commands/status.js'
import { describeFailure } from '../failure.js'
import { expositionText } from '../status/exposition.js'
import { statusJson } from '../status/json.js'
import { metricsOf } from '../status/metrics.js'
import { statusPage } from '../status/page.js'
import { requireWritablePlace } from '../writable-place.js'

/** `hubdwh status` */
export const status: ShowStatus = async (context, { prometheus }) => {
  const { config, io, results, redact, reporter } = context
  const path = prometheus === undefined ? undefined : resolve(io.cwd, prometheus)
  if (path !== undefined) {
    await requireWritablePlace(path, {
      content: 'the metrics',
      advice: "Name a file in the folder that node_exporter's --collector.textfile.directory names.",
    })
  }
  const found = { ...(await readStatus(context)), unpublished: await placesBehind(context) }
  const instantText = instantIn(config.timezone)
  const steps = nextSteps(found, { maxAgeHours: config.quality.maxAgeHours, instantText })
  if (path !== undefined) {
    if (!path.endsWith('.prom')) {
      reporter.warn(`${path} does not end in .prom: node_exporter reads no other file.`)
    }
    await writeForOthers(path, expositionText(metricsOf(found, steps)))
  }
  const settings = { sources: sourcesIn(config), instantText, timeZone: config.timezone }
  results.print(redact(statusPage(found, steps, settings)))
  const json = statusJson(found, steps)
  if (found.warehouse.state !== 'closed') return { json }
  const failure = describeFailure(found.warehouse.error, { verbose: false, redact })
  io.stderr.write(`${failure.text}\n`)
  return { json: { ...json, ...failure.json }, exitCode: failure.exitCode }
}

/** `2025-01-31 10:00` in the zone. */
function instantIn(timeZone: string): (instant: number) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return instant => format.format(instant)
}

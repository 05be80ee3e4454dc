import { withPublishers } from '../../publish/publishers.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok } from './finding.js'

/** Whether each place of `publish:` could be brought up to date. */
export async function checkPublish(context: Context): Promise<readonly Finding[]> {
  return withPublishers(context, async open => {
    const findings: Finding[] = []
    for (const config of context.config.publish) {
      const subject = `publish ${config.kind}`
      const { place, probe } = open(config)
      try {
        findings.push(ok(subject, `${place}: ${await probe(context.signal)}`))
      } catch (error) {
        findings.push(failed(subject, error))
      }
    }
    return findings
  })
}

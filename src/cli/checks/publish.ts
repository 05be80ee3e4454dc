import { openPublisher } from '../../publish/publishers.js'
import { withTransport } from '../../sources/http/transport.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok } from './finding.js'

/** Whether each place of `publish:` could be brought up to date. */
export async function checkPublish(context: Context): Promise<readonly Finding[]> {
  const { config, clock, reporter, keepSecret, signal } = context
  return withTransport(async transport => {
    const findings: Finding[] = []
    for (const place of config.publish) {
      const subject = `publish ${place.kind}`
      const publisher = openPublisher(place, context, {
        ...{ clock, reporter, transport, keepSecret },
        makeReport: async () => '',
      })
      try {
        findings.push(ok(subject, `${publisher.place}: ${await publisher.probe(signal)}`))
      } catch (error) {
        findings.push(failed(subject, error))
      }
    }
    return findings
  })
}

import type { NoticeChannelConfig } from '../../config/config.js'
import type { Channel } from '../../notices/channel.js'
import { openChannel, usualTimeoutMs } from '../../notices/channels.js'
import { testNotice } from '../../notices/notice.js'
import { withTransport } from '../../sources/http/transport.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

/**
 * Whether each channel of `notify:` would take a message.
 * @param isSending sends each a test instead
 */
export async function checkNotices(context: Context, isSending: boolean): Promise<readonly Finding[]> {
  const { config, clock, chance } = context
  return withTransport(async transport => {
    const findings: Finding[] = []
    for (const channelConfig of config.notify) {
      const effects = { clock, chance, transport, timeoutMs: usualTimeoutMs }
      const channel = await openChannel(channelConfig, effects)
      findings.push(await checkChannel(channel, channelConfig, context, isSending))
    }
    return findings
  })
}

async function checkChannel(
  channel: Channel,
  { language }: NoticeChannelConfig,
  { config, clock, signal }: Context,
  isSending: boolean,
): Promise<Finding> {
  const subject = `notices by ${channel.name}`
  try {
    if (!isSending) return ok(subject, await channel.probe(signal))
    const moment = { now: clock.now(), timeZone: config.timezone }
    const remark = await channel.send(testNotice(language, moment), signal)
    if (remark === undefined) return ok(subject, 'a test was sent')
    return warning(subject, `a test was sent, but: ${remark}`, 'Look at this channel under notify:.')
  } catch (error) {
    return failed(subject, error)
  }
}

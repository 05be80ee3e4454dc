import type { Context } from '../context.js'
import { checkAlaqan } from './alaqan.js'
import { checkAmocrm } from './amocrm.js'
import { checkArm } from './arm.js'
import { type Finding, ok, warning } from './finding.js'
import { checkNotices } from './notices.js'
import { checkPrivacy } from './privacy.js'
import { checkPublish } from './publish.js'
import { checkLanding, checkTimeZone, checkWarehouse } from './storage.js'

export interface CheckOptions {
  /** Sends a test notice to every channel, instead of only looking whether it would be taken. */
  readonly isNotifying: boolean
}

/** Looks at everything that a run needs, cheapest first, and tells each finding as it comes. Changes nothing. */
export async function* checkAll(context: Context, { isNotifying }: CheckOptions): AsyncGenerator<Finding> {
  const { config } = context
  yield ok('config', config.file)
  yield checkPrivacy(context)
  yield checkTimeZone(context)
  yield await checkWarehouse(context)
  yield await checkLanding(context)
  yield* checkArm(context)
  if (config.alaqan) yield await checkAlaqan(config.alaqan, context)
  if (config.amocrm) yield* checkAmocrm(config.amocrm, context)
  yield* await checkPublish(context)
  if (config.notify.length > 0) yield* await checkNotices(context, isNotifying)
  else if (isNotifying) yield warning('notices', 'nobody is told anything', 'Name a channel under notify:.')
}

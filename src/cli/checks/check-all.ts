import type { Context } from '../context.js'
import { checkAlaqan } from './alaqan.js'
import { checkAmocrm } from './amocrm.js'
import { type Finding, ok } from './finding.js'
import { checkPrivacy } from './privacy.js'
import { checkLanding, checkTimeZone, checkWarehouse } from './storage.js'

/** Looks at everything that a run needs, cheapest first, and tells each finding as it comes. Changes nothing. */
export async function* checkAll(context: Context): AsyncGenerator<Finding> {
  const { config } = context
  yield ok('config', config.file)
  yield checkPrivacy(context)
  yield checkTimeZone(context)
  yield await checkWarehouse(context)
  yield await checkLanding(context)
  if (config.alaqan) yield await checkAlaqan(config.alaqan, context)
  if (config.amocrm) yield* checkAmocrm(config.amocrm, context)
}

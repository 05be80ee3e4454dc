import { constants, existsSync } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from '../../errors.js'
import { warehouseOf } from '../../pipeline/warehouse-of.js'
import type { Context } from '../context.js'
import { type Finding, failed, ok, warning } from './finding.js'

/** Whether the warehouse can be opened, or made where there is none yet. Makes nothing. */
export async function checkWarehouse(context: Context): Promise<Finding> {
  const subject = 'warehouse'
  const { warehouse: where } = context.config
  const warehouse = warehouseOf(context)
  const path = where.kind === 'file' ? where.path : undefined
  try {
    if (!(await warehouse.exists())) return await notYetMade(warehouse.place, path)
    const engine = await warehouse.open({ access: 'read', patience: 0, signal: context.signal })
    await engine.close()
  } catch (error) {
    const finding = failed(subject, error)
    return {
      ...finding,
      state: finding.what.includes('in use by another process') ? 'warning' : finding.state,
    }
  }
  const problem = path === undefined ? undefined : await whyNotWritable(path)
  return problem === undefined
    ? ok(subject, `${warehouse.place} opens`)
    : notUsable(subject, problem, 'Give the user that runs hubdwh the right to write it.')
}

async function notYetMade(place: string, path: string | undefined): Promise<Finding> {
  const subject = 'warehouse'
  if (path === undefined) return ok(subject, `${place} answers; its tables will be made by the first run`)
  const problem = await whyNotWritable(dirname(path), { folder: true })
  return problem === undefined
    ? ok(subject, `${path} will be made by the first run`)
    : notUsable(subject, problem, 'Choose another warehouse.path, or give the right to write there.')
}

/** Whether load packages can be kept. Makes nothing. */
export async function checkLanding({ config }: Context): Promise<Finding> {
  const problem = await whyNotWritable(config.landing.path, { folder: true })
  return problem === undefined
    ? ok('landing folder', config.landing.path)
    : notUsable('landing folder', problem, 'Choose another landing.path, or give the right to write there.')
}

/** Whether this machine knows Kazakhstan's change of zone on 2024-03-01; reference kazakhstan, "Time zone". */
export function checkTimeZone({ config }: Context): Finding {
  const { timezone } = config
  const hour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Almaty', hour: '2-digit' }).format(
    Date.UTC(2024, 2, 2),
  )
  if (hour === '05') return ok('time zone', timezone)
  return warning(
    'time zone',
    'this machine does not know that Kazakhstan is at UTC+5 since 2024-03-01: times would be an hour off',
    'Update Node.js (its time zone data must be 2024a or later).',
  )
}

function notUsable(subject: string, what: string, advice: string): Finding {
  return { subject, state: 'failed', what, advice, exitCode: 2 }
}

/** Why a path, or the first folder above it that exists, cannot be written to; undefined where it can. */
async function whyNotWritable(path: string, { folder = false } = {}): Promise<string | undefined> {
  let existing = path
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing)
  try {
    const mustBeFolder = folder || existing !== path
    if (mustBeFolder && !(await stat(existing)).isDirectory()) return `${existing} is no folder`
    await access(existing, constants.W_OK)
    return undefined
  } catch (error) {
    return `${existing} cannot be written to: ${messageOf(error)}`
  }
}

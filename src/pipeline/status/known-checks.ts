import type { Config } from '../../config/config.js'
import { HubdwhError } from '../../errors.js'
import { type Check, readChecks } from '../../quality/check.js'

export type KnownCheck = Pick<Check, 'name' | 'tables' | 'severity' | 'description' | 'advice' | 'isOwn'>

/** The checks that are on, or why they cannot be read: that must not keep the rest from being told. */
export async function knownChecks({ quality }: Config): Promise<readonly KnownCheck[] | HubdwhError> {
  try {
    return await readChecks({ own: quality.checks, severity: quality.severity })
  } catch (error) {
    if (error instanceof HubdwhError) return error
    throw error
  }
}

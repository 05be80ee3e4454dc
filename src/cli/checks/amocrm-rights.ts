import { AuthorizationError } from '../../errors.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import type { Account, AmocrmClient } from '../../sources/amocrm/client.js'
import { type Finding, failed, ok, warning } from './finding.js'

const notAdminAdvice =
  'Have an administrator of the account make the token: with another only what that user may see is loaded, without any error, and names of managers are missing.'

/** Rights show in the list of users: closed to all but administrators, and to external integrations. */
export async function checkRights(
  client: AmocrmClient,
  { currentUserId }: Account,
  { signal }: { readonly signal: AbortSignal },
): Promise<Finding> {
  const subject = 'amocrm rights'
  try {
    let target: string | undefined = '/api/v4/users?limit=250'
    while (target !== undefined) {
      const { records, next } = await client.page(target, 'users', signal)
      const isAdmin = records.map(user => adminRight(user, currentUserId)).find(right => right !== undefined)
      if (isAdmin === true) return ok(subject, "the token is an administrator's")
      if (isAdmin === false) return warning(subject, "the token is not an administrator's", notAdminAdvice)
      target = next
    }
    return ok(subject, 'users can be read')
  } catch (error) {
    if (!(error instanceof AuthorizationError)) return failed(subject, error)
    return warning(
      subject,
      "users cannot be read: the token is not an administrator's, or belongs to an external integration",
      notAdminAdvice,
    )
  }
}

/** Whether the user whose token it is may do everything; undefined for other users. */
function adminRight(user: JsonValue, currentUserId: number | undefined): boolean | undefined {
  if (!isJsonObject(user) || currentUserId === undefined || user.id !== currentUserId) return undefined
  return isJsonObject(user.rights) && typeof user.rights.is_admin === 'boolean'
    ? user.rights.is_admin
    : undefined
}

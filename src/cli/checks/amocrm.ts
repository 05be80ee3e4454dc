import type { AmocrmConfig } from '../../config/config.js'
import { AuthorizationError } from '../../errors.js'
import { isJsonObject, type JsonValue } from '../../json.js'
import { sourceHttp } from '../../pipeline/source-http.js'
import { type Account, type AmocrmClient, createAmocrmClient } from '../../sources/amocrm/client.js'
import type { Context } from '../context.js'
import { attemptsOfCheck } from './alaqan.js'
import { findMappedFields, type MappedField, readFieldDefinitions } from './custom-fields.js'
import { type Finding, failed, ok, warning } from './finding.js'

/** A clock further off than this would shift watermarks, milliseconds. */
const toleratedSkew = 60_000

/** A client for a person who waits. */
export function amocrmClient(amocrm: AmocrmConfig, context: Context): AmocrmClient {
  return createAmocrmClient(amocrm, { ...sourceHttp(context, 'amocrm'), attempts: attemptsOfCheck })
}

/** Token, account, rights, paid filters, zone and custom fields. Where the token is refused, nothing more is asked. */
export async function* checkAmocrm(amocrm: AmocrmConfig, context: Context): AsyncGenerator<Finding> {
  const client = amocrmClient(amocrm, context)
  let account: Account
  try {
    account = await client.account(context.signal)
  } catch (error) {
    yield failed('amocrm token', error)
    return
  }
  const name = account.subdomain === undefined ? 'the account has no name' : `account ${account.subdomain}`
  yield ok('amocrm token', `accepted; ${name}`)
  yield await checkRights(client, account, context)
  yield filters(account)
  yield zone(account, context)
  yield* skew(account, context)
  try {
    const definitions = await readFieldDefinitions(client, context.signal)
    yield* findMappedFields(amocrm.customFields, definitions).map(mappedField)
  } catch (error) {
    yield failed('amocrm custom fields', error)
  }
}

const notAdminAdvice =
  'Have an administrator of the account make the token: with another only what that user sees is loaded, without any error.'

/** Rights show in the list of users: closed to all but administrators, and to external integrations. */
async function checkRights(
  client: AmocrmClient,
  { currentUserId }: Account,
  { signal }: Context,
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
      "users cannot be read: the token is not an administrator's, or belongs to an external integration; names of managers will be missing",
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

function filters({ isFilterEnabled }: Account): Finding {
  const subject = 'amocrm filter add-on'
  if (isFilterEnabled === true) return ok(subject, 'on: a run reads what changed')
  return warning(
    subject,
    isFilterEnabled === false ? 'off' : 'the account does not say whether it is on',
    'Nothing is lost without it: runs read newest first until they meet what is known, which takes more requests. It is an option of the account’s plan.',
  )
}

function zone({ timezone }: Account, { config }: Context): Finding {
  const subject = 'amocrm time zone'
  if (timezone === undefined || timezone === config.timezone) return ok(subject, timezone ?? 'not told')
  return warning(
    subject,
    `the account’s is ${timezone}, the warehouse’s ${config.timezone}`,
    'Days and months of the marts are in the warehouse’s zone, so they differ from amoCRM’s own reports around midnight.',
  )
}

function skew({ serverTime }: Account, { clock }: Context): Finding[] {
  const difference = serverTime === undefined ? 0 : Math.abs(serverTime - clock.now())
  if (difference <= toleratedSkew) return []
  const what = `differs from amoCRM’s by ${Math.round(difference / 1000)} s`
  return [warning('clock of this machine', what, 'Set it by NTP.')]
}

function mappedField({ purpose, owner, wanted, found }: MappedField): Finding {
  const subject = `${owner}: ${purpose}`
  if (found) return ok(subject, `field ${found.id} "${found.name}"`)
  return warning(
    subject,
    `no field ${wanted.join(', ')} among the custom fields of ${owner}`,
    `Its column will be empty. "hubdwh discover" lists the fields; name the right one under amocrm.custom_fields.${purpose}.`,
  )
}

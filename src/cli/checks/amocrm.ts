import type { AmocrmConfig } from '../../config/config.js'
import { exampleAmocrmUrl } from '../../config/template.js'
import { UsageError } from '../../errors.js'
import { sourceHttp } from '../../pipeline/source-http.js'
import { type Account, type AmocrmClient, createAmocrmClient } from '../../sources/amocrm/client.js'
import type { Context } from '../context.js'
import { attemptsOfCheck } from './alaqan.js'
import { checkRights } from './amocrm-rights.js'
import { checkTokenFile } from './amocrm-tokens.js'
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
  if (amocrm.baseUrl === exampleAmocrmUrl) {
    yield failed('amocrm address', stillTheExample(context))
    return
  }
  yield* await checkTokenFile(amocrm, context)
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
  yield* currency(amocrm, account)
  yield* skew(account, context)
  try {
    const definitions = await readFieldDefinitions(client, context.signal)
    yield* findMappedFields(amocrm.customFields, definitions).map(mappedField)
  } catch (error) {
    yield failed('amocrm custom fields', error)
  }
}

/** Somebody's account may have that name: a token is not shown to it. */
function stillTheExample({ config }: Context): UsageError {
  return new UsageError('example_address', `The address is still that of the example, ${exampleAmocrmUrl}.`, {
    advice: `Put your account's own under amocrm.base_url in ${config.file}, then run "hubdwh check" again.`,
  })
}

function filters({ isFilterEnabled }: Account): Finding {
  const subject = 'amocrm filter add-on'
  if (isFilterEnabled === true) return ok(subject, 'on: a run reads what changed')
  return warning(
    subject,
    isFilterEnabled === false ? 'off' : 'the account does not say whether it is on',
    'Nothing is lost without it: a run then reads newest first down to what it knows, so what changed in the overlap is read again (a handful of requests on a quiet account), and a reading that is broken off begins at the top again. It is a paid option of the account’s plan.',
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

function currency(amocrm: AmocrmConfig, account: Account): Finding[] {
  if (account.currency === undefined || account.currency === amocrm.currency) return []
  return [
    warning(
      'amocrm currency',
      `the account’s is ${account.currency}, the configuration’s ${amocrm.currency}`,
      `The report would show prices with the wrong sign. Write "currency: ${account.currency}" under amocrm.`,
    ),
  ]
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

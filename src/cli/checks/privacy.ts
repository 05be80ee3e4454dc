import type { Context } from '../context.js'
import { type Finding, ok, warning } from './finding.js'

/** How personal data is masked. That the key is there where it is needed, the configuration's own check has seen. */
export function checkPrivacy({ config }: Context): Finding {
  const { iin, phone, email, key } = config.privacy
  const masks = `iin ${iin}, phone ${phone}, email ${email}${key === undefined ? '' : '; the key is set'}`
  const unmasked = Object.entries({ iin, phone, email })
    .filter(([, mask]) => mask === 'none')
    .map(([name]) => name)
  if (unmasked.length === 0) return ok('personal data', masks)
  const advice = 'Mask it under privacy:, unless the owner of the data has agreed (Law No. 94-V).'
  return warning(
    'personal data',
    `${masks}: ${unmasked.join(', ')} will stand unmasked in silver and gold`,
    advice,
  )
}

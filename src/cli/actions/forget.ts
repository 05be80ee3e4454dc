/** What `forget` does, and how it tells it: in numbers, never whom. */
import { forget as forgetPerson } from '../../pipeline/forget.js'
import type { Forget } from '../commands/forget.js'
import { publishedJson, publishTo, withGravest } from './publish.js'

/** `hubdwh forget` */
export const forget: Forget = async (context, subject) => {
  const { archive, bronze, silver, gold, rejects, checkFailures, isFound, wasErased } = await forgetPerson(
    context,
    subject,
  )
  const { results } = context
  if (isFound) {
    results.table(
      [{ name: 'erased from' }, { name: 'what' }, { name: 'how much' }],
      [
        ['archive', 'packages of the person alone', archive.removed],
        ['archive', 'packages written anew', archive.packages],
        ['bronze', 'rows', bronze.deleted],
        ['bronze', 'rows of others, stars in place of the person', bronze.changed],
        ['silver', 'rows', silver],
        ['gold', 'rows', gold],
        ['meta', 'records set aside', rejects],
        ['meta', 'rows that failed a check', checkFailures],
      ],
    )
  } else if (wasErased) results.print('Nothing was left: the person had been erased before.\n')
  else results.print('Nothing was found. The person is remembered all the same, and will not be loaded.\n')
  // Copies and caches of the marts still show the person.
  const published = await publishTo(context, { kinds: [], full: false })
  return withGravest(context, published, {
    json: {
      found: isFound,
      erased_before: wasErased,
      erased: {
        archive: { ...archive },
        bronze: { ...bronze },
        silver,
        gold,
        rejects,
        check_failures: checkFailures,
      },
      published: published.map(publishedJson),
    },
  })
}

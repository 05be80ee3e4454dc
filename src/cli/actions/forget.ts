/** What `forget` does, and how it tells it: in numbers, never whom. */
import { UsageError } from '../../errors.js'
import { forget as forgetPerson } from '../../pipeline/forget.js'
import { orphanedCopies } from '../../publish/publish.js'
import type { Forget } from '../commands/forget.js'
import { errorsOf, publishAfter, publishedJson, withGravest } from './publish.js'

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
  const { published, error } = await publishAfter(context)
  const orphans = (await orphanedCopies(context)).map(copyRemains)
  return withGravest(context, [...errorsOf(published), ...(error ? [error] : []), ...orphans], {
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
      published: published.map(each => publishedJson(each, context.redact)),
    },
  })
}

/** Its warehouse is gone, so that nothing can make it anew without the person. */
function copyRemains(path: string): UsageError {
  return new UsageError(
    'copy_remains',
    `${path} was made of a warehouse that is gone, and may still show the person.`,
    {
      advice: 'Remove it, or build the warehouse anew with "hubdwh run", which replaces it.',
    },
  )
}

/** What `init` asks on a terminal: only what it cannot find out and no option has told. Enter takes the usual answer. */
import { type Day, isDay } from '../calendar.js'
import { alaqanAddress, amocrmAddress } from '../config/addresses.js'
import { exampleAmocrmUrl, type TemplateSource, usualStartDate } from '../config/template.js'
import { UsageError } from '../errors.js'
import { wrongOption } from './arguments.js'
import type { InitOptions } from './commands/init.js'
import type { Io } from './io.js'

export interface Answers {
  /** undefined: the usual one. */
  readonly alaqanUrl: string | undefined
  readonly amocrmUrl: string
  readonly startDate: Day
  readonly unused: readonly TemplateSource[]
}

type Person = Pick<Io, 'readLine' | 'stderr' | 'isInteractive'>

/**
 * @param told what the options have said
 * @throws UsageError `usage` where an address is none, or nothing is left to load from
 */
export async function askWhatIsUnknown(
  told: Omit<InitOptions, 'force'>,
  io: Person,
  signal: AbortSignal,
): Promise<Answers> {
  const ask = asking(io, signal)
  const amocrm =
    told.amocrm === undefined
      ? await ask<string | false>({
          question: `Address of your amoCRM account, as example.amocrm.ru; "no" if it is not used [to be put in later]: `,
          usual: exampleAmocrmUrl,
          read: text => (/^(no|n|нет)$/i.test(text) ? false : amocrmUrlIn(text)),
        })
      : told.amocrm !== false && required('--amocrm', amocrmUrlIn(told.amocrm))
  const alaqan =
    told.alaqan === undefined
      ? await ask<boolean>({
          question: 'Is the access control system Alaqan used? [yes]: ',
          usual: true,
          read: readYesOrNo,
        })
      : typeof told.alaqan === 'string'
        ? required('--alaqan', addressOf(alaqanAddress.safeParse(told.alaqan)))
        : told.alaqan
  if (alaqan === false && amocrm === false) {
    throw new UsageError('usage', 'Neither Alaqan nor amoCRM is used: nothing is left to load from.', {
      advice: 'Run "hubdwh init" again and name one of them: --alaqan, or --amocrm URL.',
    })
  }
  const startDate =
    told.startDate ??
    (await ask<Day>({
      question: `First day of the history, YYYY-MM-DD [${usualStartDate}]: `,
      usual: usualStartDate,
      read: text => (isDay(text) ? text : { expected: 'a day that exists, as 2024-01-31' }),
    }))
  return {
    alaqanUrl: typeof alaqan === 'string' ? alaqan : undefined,
    amocrmUrl: amocrm === false ? exampleAmocrmUrl : amocrm,
    startDate,
    unused: [
      ...(alaqan === false ? ['alaqan' as const] : []),
      ...(amocrm === false ? ['amocrm' as const] : []),
    ],
  }
}

interface Refused {
  readonly expected: string
}

interface Question<Answer> {
  readonly question: string
  readonly usual: Answer
  readonly read: (text: string) => Answer | Refused
}

/** Asks until the answer is one; without a person, and where the input ends, the usual answer holds. */
function asking({ readLine, stderr, isInteractive }: Person, signal: AbortSignal) {
  return async <Answer extends string | boolean>({
    question,
    usual,
    read,
  }: Question<Answer>): Promise<Answer> => {
    while (isInteractive) {
      stderr.write(question)
      const typed = (await readLine(signal))?.trim() ?? ''
      if (typed === '') break
      const answer = read(typed)
      if (!isRefused(answer)) return answer
      stderr.write(`  That is not it; expected ${answer.expected}.\n`)
    }
    return usual
  }
}

function isRefused(answer: string | boolean | Refused): answer is Refused {
  return typeof answer === 'object'
}

function required<Value>(option: string, value: Value | Refused): Value {
  if (typeof value === 'object' && value !== null && 'expected' in value)
    throw wrongOption(option, `expected ${value.expected}`)
  return value
}

function readYesOrNo(text: string): boolean | Refused {
  if (/^(y|yes|д|да)$/i.test(text)) return true
  if (/^(n|no|н|нет)$/i.test(text)) return false
  return { expected: 'yes or no' }
}

/** People type what stands in the browser, with or without https://, often with the page behind it; or the name alone. */
function amocrmUrlIn(text: string): string | Refused {
  const named = /^[a-z0-9-]+$/i.test(text) ? `${text}.amocrm.ru` : text
  const address = /^[a-z]+:\/\//i.test(named) ? named : `https://${named}`
  const url = URL.canParse(address) ? new URL(address) : undefined
  const origin =
    url?.hostname.endsWith('.amocrm.ru') || url?.hostname.endsWith('.kommo.com') ? url.origin : address
  return addressOf(amocrmAddress.safeParse(origin))
}

function addressOf(
  result:
    | { readonly success: true; readonly data: string }
    | {
        readonly success: false
        readonly error: { readonly issues: readonly { readonly message: string }[] }
      },
): string | Refused {
  return result.success ? result.data : { expected: result.error.issues[0]?.message ?? 'an address' }
}

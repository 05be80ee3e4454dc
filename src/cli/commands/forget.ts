import type { Command } from 'commander'
import { UsageError } from '../../errors.js'
import { iinArgument, wrongOption } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

/** Whom to erase. Personal data. */
export type ForgetOptions =
  | { readonly kind: 'iin'; readonly iin: string }
  | { readonly kind: 'contact'; readonly id: number }

export type Forget = (context: Context, options: ForgetOptions) => Promise<Outcome>

interface Flags {
  readonly iin?: string
  readonly contact?: string
  readonly yes?: true
}

/** `hubdwh forget --iin IIN`, `hubdwh forget --contact ID` */
export function addForget(program: Command, run: RunAction, forget: Forget): void {
  program
    .command('forget')
    .summary('erase a person for good')
    .description(
      'Erases a person from the archive, bronze, silver, gold and what was set aside, and sees to it that no later ' +
        'load brings the person back. It cannot be undone.',
    )
    .option('--iin <iin>', 'the person with this ИИН; "-": the first line of the input is the ИИН')
    .option('--contact <id>', 'the contact of amoCRM with this id')
    .option('--yes', 'do not ask')
    .addHelpText(
      'after',
      `
Needs privacy.erasure_key in the configuration. Nothing is loaded meanwhile.

Examples:
  hubdwh forget --iin -            asks for the ИИН, so that it stands in no history of commands
  hubdwh forget --contact 5001
  hubdwh forget --contact 5001 --yes`,
    )
    .action((flags: Flags, command: Command) =>
      run(command, async session => {
        const wanted = { ...readSubject(flags), isTyped: flags.iin === '-' }
        const context = await openContext(session)
        if (flags.yes !== true && !context.io.isInteractive) throw confirmationMissing()
        const subject = wanted.isTyped ? { kind: 'iin' as const, iin: await typedIin(context) } : wanted
        // An ИИН is said nowhere, whatever fails.
        if (subject.kind === 'iin') context.keepSecret([subject.iin])
        if (flags.yes !== true) await confirm(context)
        return forget(context, subject)
      }),
    )
}

function readSubject({ iin, contact }: Flags): ForgetOptions {
  if ((iin === undefined) === (contact === undefined)) {
    throw new UsageError('usage', 'It must be said whom to erase: either --iin or --contact.', {
      advice: 'See "hubdwh forget --help".',
    })
  }
  if (iin !== undefined) return { kind: 'iin', iin: iin === '-' ? iin : iinArgument(iin) }
  const id = Number(contact)
  // What was typed is not repeated: it can be an ИИН that belongs to the other option.
  if (!/^\d{1,10}$/.test(contact ?? '') || id < 1)
    throw wrongOption('--contact', 'a contact has a whole number as id')
  return { kind: 'contact', id }
}

async function typedIin({ io, signal }: Context): Promise<string> {
  if (io.isInteractive) io.stderr.write('ИИН: ')
  return iinArgument((await io.readLine(signal))?.trim() ?? '')
}

const agreement = 'erase'

async function confirm({ io, signal }: Context): Promise<void> {
  io.stderr.write(
    'Everything about this person goes from the archive, bronze, silver, gold and the rejects, and no later load will\n' +
      'bring it back. Texts of others in which the person is named get stars. This cannot be undone.\n' +
      `Type "${agreement}" to go on: `,
  )
  const answer = (await io.readLine(signal))?.trim()
  if (answer === agreement) return
  throw new UsageError('not_confirmed', 'Nothing was erased.', {
    advice: `Run the command again and type ${agreement}, or give --yes.`,
  })
}

function confirmationMissing(): UsageError {
  return new UsageError(
    'confirmation_missing',
    'Nobody is there to be asked whether the person is to be erased.',
    {
      advice: 'Run it on a terminal, or give --yes: hubdwh forget --contact ID --yes.',
    },
  )
}

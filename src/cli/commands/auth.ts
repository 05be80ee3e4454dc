import type { Command } from 'commander'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface AuthOptions {
  /** The code of a redirection, or the whole address that holds it. */
  readonly code?: string
  /** The account's host, where the code is good. */
  readonly referer?: string
}

export type AuthAmocrm = (context: Context, options: AuthOptions) => Promise<Outcome>

/** `hubdwh auth amocrm` */
export function addAuth(program: Command, run: RunAction, authAmocrm: AuthAmocrm): void {
  const auth = program
    .command('auth')
    .summary('authorize at amoCRM')
    .description('Gets the first tokens of a source that a person must let us in to.')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh auth amocrm
  hubdwh auth amocrm --help`,
    )
  auth
    .command('amocrm')
    .summary('OAuth: shows the link, takes the code, stores the tokens')
    .description(
      'Shows the page on which an administrator of the account allows the access, takes the code that it brings (from the browser where redirect_uri is on this machine, else pasted) and stores the tokens in amocrm.auth.token_file. A long-lived token needs none of this.',
    )
    .option('--code <code>', 'for servers: the code, or the whole address that amoCRM redirected to')
    .option('--referer <host>', 'with --code: the account’s host as the redirection told it')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh auth amocrm
  hubdwh auth amocrm --code def502… --referer example.amocrm.ru`,
    )
    .action((options: AuthOptions, command: Command) =>
      run(command, async session => authAmocrm(await openContext(session), options)),
    )
}

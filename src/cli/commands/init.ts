import type { Command } from 'commander'
import type { Day } from '../../calendar.js'
import { dayArgument } from '../arguments.js'
import type { Outcome, RunAction, Session } from '../session.js'

/** What is known before anybody is asked; undefined: not said. */
export interface InitOptions {
  /** Overwrites the configuration and the example, never `.env`. */
  readonly force: boolean
  /** Alaqan's address as it was typed; true: the usual one; false: not used. */
  readonly alaqan: string | boolean | undefined
  /** The account's address as it was typed; false: not used. */
  readonly amocrm: string | false | undefined
  /** First day of the history. */
  readonly startDate: Day | undefined
}

export type Init = (session: Session, options: InitOptions) => Promise<Outcome>

interface Flags {
  readonly force?: true
  readonly alaqan?: string | boolean
  readonly amocrm?: string | false
  readonly startDate?: Day
}

/** `hubdwh init` */
export function addInit(program: Command, run: RunAction, init: Init): void {
  program
    .command('init')
    .summary('write a configuration, make keys, and say what comes next')
    .description(
      'Writes a commented hubdwh.yaml, .env with new keys and room for your credentials, and .env.example beside them. On ' +
        'a terminal it asks what it cannot find out and no option has told; elsewhere it asks nothing. Overwrites nothing.',
    )
    .option('--amocrm <url>', "your account's address, as https://example.amocrm.ru")
    .option('--no-amocrm', 'amoCRM is not used')
    .option('--alaqan [url]', "Alaqan is used; its API's address where it is another")
    .option('--no-alaqan', 'Alaqan is not used')
    .option('--start-date <day>', 'first day of the history, YYYY-MM-DD', dayArgument('--start-date'))
    .option('--force', 'overwrite hubdwh.yaml and .env.example; .env stays as it is')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh init                                       here, with questions on a terminal
  hubdwh init --amocrm https://example.amocrm.ru --no-alaqan
  hubdwh init --amocrm example.amocrm.ru --alaqan --start-date 2025-01-01
  hubdwh init --config conf/dwh.yaml                in the folder conf`,
    )
    .action(({ force, alaqan, amocrm, startDate }: Flags, command: Command) =>
      run(command, session => init(session, { force: force === true, alaqan, amocrm, startDate })),
    )
}

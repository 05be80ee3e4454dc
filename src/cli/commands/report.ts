import { type Command, Option } from 'commander'
import { type Language, languages } from '../../report/language.js'
import { wholeNumberArgument, wrongOption } from '../arguments.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'

export interface WriteReportOptions {
  /** As it was typed. */
  readonly out: string
  readonly language: Language
}

export interface ServeReportOptions {
  /** 0: any that is free. */
  readonly port: number
  /** Whether --json was given: where it is shown is then told at once, as the command runs until it is stopped. */
  readonly isJson: boolean
  readonly language: Language
}

export interface ReportActions {
  readonly writeReport: (context: Context, options: WriteReportOptions) => Promise<Outcome>
  readonly serveReport: (context: Context, options: ServeReportOptions) => Promise<Outcome>
}

interface Flags {
  readonly out?: string
  readonly lang: Language
  readonly serve?: string | true
}

export const usualReport = 'hubdwh-report.html'
const usualPort = 8090

/** `hubdwh report [--out FILE] [--lang ru|kk|en] [--serve [PORT]]` */
export function addReport(program: Command, run: RunAction, actions: ReportActions): void {
  program
    .command('report')
    .summary('the marts as one HTML page, to be sent or printed')
    .description(
      'Writes the marts as one self-contained HTML page that needs no network: attendance, sales, managers, clients, residents, ' +
        'and how fresh the data are. Only sums are in it, and the first companies.',
    )
    .option('--out <file>', `where to write it (default: ${usualReport} in the current folder)`)
    .addOption(
      new Option('--lang <language>', 'in which it opens; it can be switched on the page')
        .choices(languages)
        .default('ru'),
    )
    .option(
      '--serve [port]',
      `instead of writing it, show it on 127.0.0.1 until Ctrl-C, made anew at every reload; without a port ${usualPort}, 0: any that is free`,
    )
    .addHelpText(
      'after',
      `
The file can be read by its owner alone: it holds names of managers and companies. Whom it is given to is for you to say.

Examples:
  hubdwh report
  hubdwh report --lang kk --out /srv/reports/hub.html
  hubdwh report --serve`,
    )
    .action(({ out, lang: language, serve }: Flags, command: Command) =>
      run(command, async session => {
        if (serve === undefined) {
          return actions.writeReport(await openContext(session), { out: out ?? usualReport, language })
        }
        if (out !== undefined) throw wrongOption('--out', 'with --serve nothing is written')
        const port = serve === true ? usualPort : wholeNumberArgument('--serve', 0, 65_535)(serve)
        const isJson = session.options.json
        return actions.serveReport(await openContext(session), { port, language, isJson })
      }),
    )
}

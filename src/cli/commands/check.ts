import type { Command } from 'commander'
import { exitCodeOf, type Finding, findingJson, findingLine } from '../checks/finding.js'
import { type Context, openContext } from '../context.js'
import type { Outcome, RunAction } from '../session.js'
import { visible } from '../visible.js'

/** `hubdwh check [--notify]` */
export function addCheck(program: Command, run: RunAction): void {
  program
    .command('check')
    .summary('see whether everything is in place')
    .description(
      'Checks each credential, right and feature and the warehouse, and says what to do. Changes nothing.',
    )
    .option('--notify', 'send a test message to every channel under notify:')
    .addHelpText(
      'after',
      `
Examples:
  hubdwh check
  hubdwh check --notify
  hubdwh check --json`,
    )
    .action(({ notify }: { readonly notify?: true }, command: Command) =>
      run(command, async session => check(await openContext(session), notify === true)),
    )
}

async function check(context: Context, isNotifying: boolean): Promise<Outcome> {
  const { checkAll } = await import('../checks/check-all.js')
  const findings: Finding[] = []
  for await (const finding of checkAll(context, { isNotifying })) {
    const shown = shownSafely(finding, context)
    findings.push(shown)
    context.results.print(findingLine(shown))
  }
  return { exitCode: exitCodeOf(findings), json: { checks: findings.map(findingJson) } }
}

/** Names of fields and accounts come from outside. */
function shownSafely(finding: Finding, { redact }: Context): Finding {
  return { ...finding, subject: visible(finding.subject), what: visible(redact(finding.what)) }
}

import { Command } from 'commander'
import { entityNames } from '../sources/amocrm/entities.js'
import { addAuth } from './commands/auth.js'
import { addBackfill } from './commands/backfill.js'
import { addCheck } from './commands/check.js'
import { addCompletion } from './commands/completion.js'
import { addCopy } from './commands/copy.js'
import { addDdl } from './commands/ddl.js'
import { addDemo } from './commands/demo.js'
import { addDiscover } from './commands/discover.js'
import { addForget } from './commands/forget.js'
import { addInit } from './commands/init.js'
import { addLoad } from './commands/load.js'
import { addMaintain } from './commands/maintain.js'
import { addPlan } from './commands/plan.js'
import { addPublish } from './commands/publish.js'
import { addQuality } from './commands/quality.js'
import { addRejects } from './commands/rejects.js'
import { addReport } from './commands/report.js'
import { addRun } from './commands/run.js'
import { addSandbox } from './commands/sandbox.js'
import { addSql } from './commands/sql.js'
import { addStatus } from './commands/status.js'
import { addTransform } from './commands/transform.js'
import type { RunAction } from './session.js'

/**
 * The command line: every command with its options and help. What a command does is imported when it runs, so that
 * `--help` is fast.
 * @param version of the program
 */
export function createProgram(version: string, run: RunAction): Command {
  const program = new Command('hubdwh')
    .description('Brings Alaqan (access control) and amoCRM into a warehouse: bronze, silver, gold.')
    .version(version, '--version', 'print the version')
    .option('--config <file>', 'configuration', 'hubdwh.yaml')
    .option('--json', 'the last line of stdout is one JSON object')
    .option('--quiet', 'only warnings and errors')
    .option('--verbose', 'say more; show the trace of an error')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      `
Exit codes: 0 done, 1 a bug, 2 wrong usage or configuration, 3 unavailable (try again later),
4 a blocking check failed, 5 authorization is needed, 99 nothing to do (with --skip-code).

Examples:
  hubdwh demo       see it work, with invented data
  hubdwh init       write a configuration: begin here
  hubdwh check      see whether everything is in place
  hubdwh run        load, build, check
  hubdwh status     what is there, and what to do next`,
    )
  addInit(program, run, async (...given) => (await import('./actions/init.js')).init(...given))
  addAuth(program, run, async (...given) => (await import('./actions/auth.js')).authAmocrm(...given))
  addCheck(program, run)
  addDiscover(program, run)
  addPlan(program, run, async (...given) => (await import('./actions/look.js')).plan(...given))
  addRun(program, run, async (...given) => (await import('./actions/load.js')).run(...given))
  addLoad(program, run, {
    loadAlaqan: async (...given) => (await import('./actions/load.js')).loadAlaqan(...given),
    loadAmocrm: async (...given) => (await import('./actions/load.js')).loadAmocrm(...given),
    entities: entityNames,
  })
  addTransform(program, run, {
    transform: async (...given) => (await import('./actions/load.js')).transform(...given),
    entities: ['visits', 'visits_of_person', ...entityNames],
  })
  addRejects(program, run, {
    showRejects: async (...given) => (await import('./actions/rejects.js')).showRejects(...given),
    replayRejects: async (...given) => (await import('./actions/rejects.js')).replayRejects(...given),
  })
  addBackfill(program, run, async (...given) => (await import('./actions/load.js')).backfill(...given))
  addPublish(program, run, async (...given) => (await import('./actions/publish.js')).publish(...given))
  addQuality(program, run, async (...given) => (await import('./actions/quality.js')).quality(...given))
  addStatus(program, run, async (...given) => (await import('./actions/status.js')).status(...given))
  addReport(program, run, {
    writeReport: async (...given) => (await import('./actions/report.js')).writeReport(...given),
    serveReport: async (...given) => (await import('./actions/report.js')).serveReport(...given),
  })
  addSql(program, run, async (...given) => (await import('./actions/look.js')).sql(...given))
  addDdl(program, run, async engine => (await import('./ddl-statements.js')).ddlStatements(engine))
  addCopy(program, run, async (...given) => (await import('./actions/copy.js')).copy(...given))
  addMaintain(program, run, async (...given) => (await import('./actions/maintain.js')).maintain(...given))
  addForget(program, run, async (...given) => (await import('./actions/forget.js')).forget(...given))
  addSandbox(program, run)
  addDemo(program, run, async (...given) => (await import('./actions/demo.js')).demo(...given))
  addCompletion(program, run, async (...given) =>
    (await import('./actions/completion.js')).completionScript(...given),
  )
  return program
}

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { addDays, type Day, yesterday } from '../../calendar.js'
import { configTemplate, envTemplate } from '../../config/template.js'
import { parseDotEnv } from '../../config/variables.js'
import { messageOf, UsageError } from '../../errors.js'
import type { ArmTables, Sandbox } from '../../sandbox/sandbox.js'
import { dayArgument, wholeNumberArgument, wrongOption } from '../arguments.js'
import { armSection, writeArmFiles } from '../arm-files.js'
import { quotedForShell } from '../command-name.js'
import type { Outcome, RunAction, Session } from '../session.js'

interface Flags {
  readonly port: number
  readonly seed: number
  readonly leads: number
  readonly people: number
  readonly days: number
  readonly to?: Day
  readonly filterAddOn: 'on' | 'off'
  readonly rate: number | 'off'
  readonly notAdmin?: true
  readonly now?: number
  readonly edits?: number
  readonly faults?: readonly string[]
  readonly fields?: readonly string[]
  readonly write?: string
  readonly arm?: string
}

/** `hubdwh sandbox` */
export function addSandbox(program: Command, run: RunAction): void {
  program
    .command('sandbox')
    .summary('both APIs on this machine, with invented data')
    .description('Serves both APIs on 127.0.0.1 until Ctrl-C: to try a configuration, a fault, a rate.')
    .option('--port <number>', 'port; 0: any that is free', wholeNumberArgument('--port', 0, 65_535), 8089)
    .option(
      '--seed <number>',
      'the same seed makes the same data',
      wholeNumberArgument('--seed', 0, 4_294_967_295),
      1,
    )
    .option(
      '--leads <number>',
      'leads in amoCRM; the rest follows',
      wholeNumberArgument('--leads', 0, 5_000_000),
      500,
    )
    .option('--people <number>', 'people at the gates', wholeNumberArgument('--people', 0, 100_000), 60)
    .option('--days <number>', 'length of the history', wholeNumberArgument('--days', 1, 20_000), 180)
    .option('--to <day>', 'last day of the history (default: yesterday)', dayArgument('--to'))
    .addOption(
      new Option('--filter-add-on <state>', "amoCRM's paid filters").choices(['on', 'off']).default('on'),
    )
    .option('--rate <number|off>', 'requests a second that amoCRM takes', rateArgument, 7)
    .option('--not-admin', 'the token is not an administrator’s')
    .option('--faults <fault...>', '[alaqan:|amocrm:]KIND[@MILLISECONDS][=CHANCE]')
    .option('--fields <change...>', 'fields that the APIs change: LIST:add|drop|retype:FIELD')
    .option(
      '--now <instant>',
      'where its clock starts, ISO 8601; POST /sandbox/clock moves it',
      instantArgument,
    )
    .option(
      '--edits <number>',
      'leads that people edit, delete and restore before each request, on average',
      editsArgument,
    )
    .option('--write <folder>', 'write hubdwh.yaml and .env for it there')
    .option('--arm <folder>', "write ARM's tables that fit its data there, as CSV files")
    .addHelpText(
      'after',
      `
Examples:
  hubdwh sandbox --write try           then, in another terminal: hubdwh --config try/hubdwh.yaml run
  hubdwh sandbox --write try --arm try/arm
  hubdwh sandbox --filter-add-on off --faults 503=0.05 amocrm:truncated=0.01 slow@2500=0.2
  hubdwh sandbox --fields leads:add:temperature visits:retype:time leads:drop:_embedded.tags
  hubdwh sandbox --leads 100000 --days 365 --rate off

Tomorrow (with --now):
  curl -X POST -d '{"advance_seconds": 86400}' http://127.0.0.1:8089/sandbox/clock

Kinds of faults: 429 403 401 402 500 502 503 504 reset reset-mid-body truncated html empty slow`,
    )
    .action((flags: Flags, command: Command) => run(command, session => serveSandbox(session, flags)))
}

function rateArgument(text: string): number | 'off' {
  if (text === 'off') return 'off'
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (rate > 0 && Number.isFinite(rate)) return rate
  throw wrongOption('--rate', 'a number above 0, or off')
}

function instantArgument(text: string): number {
  const instant = Date.parse(text)
  if (Number.isNaN(instant))
    throw wrongOption('--now', 'an instant in ISO 8601 is wanted, as 2025-02-01T03:00:00Z')
  return instant
}

function editsArgument(text: string): number {
  const edits = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (edits >= 0 && edits <= 1000) return edits
  throw wrongOption('--edits', 'a number from 0 to 1000, as 0.2')
}

async function serveSandbox(session: Session, flags: Flags): Promise<Outcome> {
  const { io, options, results, reporter, signal } = session
  const module = await import('../../sandbox/sandbox.js')
  const to = flags.to ?? yesterday(flags.now ?? io.clock.now(), 'Asia/Almaty')
  const from = addDays(to, 1 - flags.days)
  const folder = flags.write === undefined ? undefined : resolve(io.cwd, flags.write)
  const token = folder === undefined ? undefined : await tokenOf(folder)
  const sandbox = await start(module, flags, { from, to, token }, session)
  try {
    const arm = flags.arm === undefined ? undefined : resolve(io.cwd, flags.arm)
    if (arm !== undefined) await writeArm(arm, module.generatedArm({ ...worldOf(flags), from, to }))
    const config = configTemplate({
      alaqanUrl: sandbox.alaqanUrl,
      amocrmUrl: sandbox.amocrmUrl,
      startDate: from,
      ...(arm === undefined ? {} : { arm: armSection(arm) }),
    })
    const env = envTemplate({
      ALAQAN_API_KEY: sandbox.apiKey,
      AMOCRM_TOKEN: sandbox.token,
      HUBDWH_PRIVACY_KEY: io.chance.hex(32),
    })
    if (folder !== undefined && !(await isFor(folder, sandbox))) await writeFiles(folder, { config, env })
    const ready = folder === undefined ? { config, env } : { folder, command: io.command }
    results.print(description(sandbox, { from, to }, ready))
    if (options.json) {
      const { alaqanUrl, amocrmUrl, apiKey, token } = sandbox
      const urls = { alaqan_url: alaqanUrl, amocrm_url: amocrmUrl, api_key: apiKey, token }
      io.stdout.write(
        `${JSON.stringify({ ok: true, ...urls, from, to, folder: folder ?? null, exit_code: 0 })}\n`,
      )
    }
    reporter.info('The sandbox runs until Ctrl-C.')
    await aborted(signal)
  } finally {
    await sandbox.close()
  }
  return { isTold: true }
}

type SandboxModule = typeof import('../../sandbox/sandbox.js')

function start(
  {
    startSandbox,
    generatedWorld,
    faultFromText,
    fieldChangeFromText,
    livelyEdits,
    shiftedClock,
  }: SandboxModule,
  flags: Flags,
  { from, to, token }: { readonly from: Day; readonly to: Day; readonly token: string | undefined },
  { io }: Session,
): Promise<Sandbox> {
  const { port, seed } = flags
  return startSandbox({
    port,
    seed,
    clock: flags.now === undefined ? io.clock : shiftedClock(flags.now, io.clock),
    ...(flags.edits === undefined ? {} : { beforeRequest: livelyEdits(flags.edits, seed) }),
    world: generatedWorld({ ...worldOf(flags), from, to }),
    amocrm: {
      filterAddOn: flags.filterAddOn === 'on',
      requestsPerSecond: flags.rate === 'off' ? null : flags.rate,
      isAdmin: flags.notAdmin !== true,
      ...(token === undefined ? {} : { token }),
    },
    faults: (flags.faults ?? []).map(faultFromText),
    fieldChanges: (flags.fields ?? []).map(fieldChangeFromText),
  })
}

function worldOf({ seed, leads, people }: Flags) {
  return { seed, leads, people }
}

async function writeArm(folder: string, tables: ArmTables): Promise<void> {
  try {
    await writeArmFiles(folder, tables)
  } catch (cause) {
    throw new UsageError('file_not_written', `ARM's tables cannot be written: ${messageOf(cause)}.`, {
      advice: 'Name a folder with --arm that can be written to.',
      cause,
    })
  }
}

/** The token in a folder that an earlier sandbox has written: it goes on being good. */
async function tokenOf(folder: string): Promise<string | undefined> {
  const env = parseDotEnv(await textOf(join(folder, '.env')))
  return env.values.get('AMOCRM_TOKEN') || undefined
}

/** Whether the configuration in the folder is that of an earlier sandbox at the same address. */
async function isFor(folder: string, { alaqanUrl, amocrmUrl }: Sandbox): Promise<boolean> {
  const config = await textOf(join(folder, 'hubdwh.yaml'))
  return [alaqanUrl, amocrmUrl].every(url => config.includes(`base_url: ${url}`))
}

async function writeFiles(
  folder: string,
  { config, env }: { readonly config: string; readonly env: string },
) {
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'hubdwh.yaml'), config, { flag: 'wx' })
    await writeFile(join(folder, '.env'), env, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new UsageError('file_not_written', `The configuration cannot be written: ${messageOf(cause)}.`, {
      advice: 'Name a folder with --write that is new or empty, or the --port with which it was written.',
      cause,
    })
  }
}

type Ready =
  | { readonly folder: string; readonly command: string }
  | { readonly config: string; readonly env: string }

function description(
  sandbox: Sandbox,
  { from, to }: { readonly from: Day; readonly to: Day },
  ready: Ready,
): string {
  const files =
    'folder' in ready
      ? inAnotherTerminal(ready)
      : `\n# ---- hubdwh.yaml ----\n${ready.config}\n# ---- .env ----\n${ready.env}`
  return `Alaqan     ${sandbox.alaqanUrl}
  X-Api-Key  ${sandbox.apiKey}
amoCRM     ${sandbox.amocrmUrl}
  token      ${sandbox.token}
History    ${from} to ${to}
${files}`
}

/** Commands that can be copied as they are. */
function inAnotherTerminal({
  folder,
  command,
}: {
  readonly folder: string
  readonly command: string
}): string {
  const here = `${command} --config ${quotedForShell(join(folder, 'hubdwh.yaml'))}`
  return `In another terminal, in this folder:\n  ${here} check\n  ${here} run\n  ${here} status\n`
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** '' where there is none that can be read. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}

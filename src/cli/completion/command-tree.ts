/** What can be typed after `hubdwh`, read off the program itself, for the scripts that complete it in a shell. */
import type { Argument, Command, Option } from 'commander'

/** What a shell offers for a value. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'files' }
  | { readonly kind: 'folders' }
  /** Nothing: it is a number, a day, a query. */
  | { readonly kind: 'anything' }

export interface OptionNode {
  /** `-h`, `--help`. */
  readonly names: readonly string[]
  readonly description: string
  /** `one` word follows; `maybe` one; `many`, until the next option; or none. */
  readonly takes: 'none' | 'one' | 'maybe' | 'many'
  readonly values: Values
}

export interface ArgumentNode {
  readonly isVariadic: boolean
  readonly values: Values
}

export interface CommandNode {
  /** The words that lead to it: `load amocrm`; empty for the program. */
  readonly path: string
  readonly summary: string
  readonly subcommands: readonly { readonly name: string; readonly summary: string }[]
  readonly options: readonly OptionNode[]
  readonly arguments: readonly ArgumentNode[]
}

export interface CommandTree {
  /** The program first, each command before its subcommands. */
  readonly commands: readonly CommandNode[]
  /** Options that every command takes. */
  readonly everywhere: readonly OptionNode[]
}

/** What stands for a value in help, as `table` in `--table <table>`, and the words that it can be. */
export type KnownWords = Readonly<Record<string, readonly string[]>>

/**
 * @param known words for values whose choices the program does not list in its help
 */
export function commandTree(program: Command, known: KnownWords): CommandTree {
  const helper = program.createHelp()
  const optionsOf = (command: Command) =>
    helper.visibleOptions(command).map((option): OptionNode => optionNode(option, known))
  const nodes = (command: Command, path: string): CommandNode[] => {
    // Below other commands help can be asked for as well, but nobody needs it twice.
    const subcommands = helper
      .visibleCommands(command)
      .filter(child => path === '' || child.name() !== 'help')
    const isHelp = command.name() === 'help'
    const node: CommandNode = {
      path,
      summary: summaryOf(command),
      subcommands: subcommands.map(child => ({ name: child.name(), summary: summaryOf(child) })),
      // What the program itself takes besides its version is told apart: every command takes it.
      options: path === '' ? optionsOf(command).filter(isOfProgramAlone) : isHelp ? [] : optionsOf(command),
      arguments: isHelp
        ? [{ isVariadic: false, values: wordsOf(helper.visibleCommands(program).map(child => child.name())) }]
        : command.registeredArguments.map(argument => argumentNode(argument, known)),
    }
    return [node, ...subcommands.flatMap(child => nodes(child, `${path} ${child.name()}`.trim()))]
  }
  const everywhere = optionsOf(program).filter(
    option => !isOfProgramAlone(option) && !option.names.includes('--help'),
  )
  return { commands: nodes(program, ''), everywhere }
}

function isOfProgramAlone({ names }: OptionNode): boolean {
  return names.includes('--version') || names.includes('--help')
}

function summaryOf(command: Command): string {
  return command.summary() || command.description()
}

function optionNode(option: Option, known: KnownWords): OptionNode {
  const names = [option.short, option.long].filter(name => name !== undefined)
  const { description, flags } = option
  if (!option.required && !option.optional) {
    return { names, description, takes: 'none', values: { kind: 'anything' } }
  }
  const takes = option.variadic ? 'many' : option.optional ? 'maybe' : 'one'
  const [, placeholder = ''] = /[<[]([^>\].]+)/.exec(flags) ?? []
  return { names, description, takes, values: valuesOf(placeholder, option.argChoices, known) }
}

function argumentNode(argument: Argument, known: KnownWords): ArgumentNode {
  return {
    isVariadic: argument.variadic,
    values: valuesOf(argument.name(), argument.argChoices, known),
  }
}

function valuesOf(placeholder: string, choices: readonly string[] | undefined, known: KnownWords): Values {
  const words = choices ?? known[placeholder]
  if (words) return wordsOf(words)
  if (placeholder === 'file') return { kind: 'files' }
  return placeholder === 'folder' ? { kind: 'folders' } : { kind: 'anything' }
}

function wordsOf(words: readonly string[]): Values {
  return { kind: 'words', words }
}

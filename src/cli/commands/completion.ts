import { Argument, type Command } from 'commander'
import type { Outcome, RunAction, Session } from '../session.js'

const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

/** The script that completes the commands of a program in a shell. */
export type WriteCompletion = (shell: Shell, program: Command) => Promise<string>

/** `hubdwh completion bash|zsh|fish` */
export function addCompletion(program: Command, run: RunAction, writeCompletion: WriteCompletion): void {
  program
    .command('completion')
    .summary('a script that completes commands and options in your shell')
    .description(
      'Prints a script by which the Tab key completes commands, options and their values. Make it again after an update.',
    )
    .addArgument(new Argument('<shell>', 'for which shell').choices(shells))
    .addHelpText(
      'after',
      `
Where it goes:
  bash   into ~/.bashrc:  source <(hubdwh completion bash)
  zsh    into ~/.zshrc, after compinit:  source <(hubdwh completion zsh)
  fish   hubdwh completion fish > ~/.config/fish/completions/hubdwh.fish

Examples:
  hubdwh completion bash > ~/.local/share/bash-completion/completions/hubdwh
  hubdwh completion zsh > ~/.zfunc/_hubdwh
  hubdwh completion fish > ~/.config/fish/completions/hubdwh.fish`,
    )
    .action((shell: Shell, _: object, command: Command) =>
      run(command, session => print(session, shell, writeCompletion(shell, program))),
    )
}

async function print({ results }: Session, shell: Shell, script: Promise<string>): Promise<Outcome> {
  results.print(await script)
  return { json: { shell, script: await script } }
}

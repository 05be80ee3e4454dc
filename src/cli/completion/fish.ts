import type { ArgumentNode, CommandNode, CommandTree, OptionNode, Values } from './command-tree.js'

/** The script for fish 3 and later. */
export function fishCompletion({ commands, everywhere }: CommandTree): string {
  const all = [...everywhere, ...commands.flatMap(({ options }) => options)]
  const withValue = all.filter(({ takes }) => takes === 'one').flatMap(({ names }) => names)
  const parents = commands.filter(({ subcommands }) => subcommands.length > 0)
  return `# Completion of hubdwh for fish. Made by: hubdwh completion fish

# The words that lead to a command, and how many arguments follow them.
function __hubdwh_typed
  set -l path
  set -l count 0
  set -l is_value no
  for word in (commandline -opc)[2..]
    if test $is_value = yes
      set is_value no
      continue
    end
    switch $word
      case ${[...new Set(withValue)].join(' ')}
        set is_value yes
        continue
      case '-*'
        continue
    end
    set -l commands
    switch "$path"
${parents.map(({ path, subcommands }) => `      case '${path}'\n        set commands ${subcommands.map(({ name }) => name).join(' ')}`).join('\n')}
    end
    if contains -- $word $commands
      set -a path $word
    else
      set count (math $count + 1)
    end
  end
  echo "$path"
  echo $count
end

# Whether what was typed leads to this command, and to its nth argument where one is named.
function __hubdwh_at
  set -l typed (__hubdwh_typed)
  test "$typed[1]" = "$argv[1]"; and begin
    test (count $argv) -eq 1; or test $typed[2] -eq $argv[2]
  end
end

complete -c hubdwh -f
${everywhere.map(option => optionLine(undefined, option)).join('\n')}
${commands.flatMap(commandLines).join('\n')}
`
}

function commandLines(command: CommandNode): readonly string[] {
  const { path, subcommands, options, arguments: taken } = command
  return [
    ...subcommands.map(
      ({ name, summary }) => `complete -c hubdwh ${at(path)} -a ${name} -d ${quoted(summary)}`,
    ),
    ...options.map(option => optionLine(path, option)),
    ...taken.flatMap((argument, index) => argumentLines(path, argument, index)),
  ]
}

function optionLine(path: string | undefined, { names, description, takes, values }: OptionNode): string {
  const spelled = names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`))
  const value = takes === 'one' || takes === 'many' ? ['-r', ...offer(values)] : []
  const where = path === undefined ? [] : [at(path)]
  return ['complete -c hubdwh', ...where, ...spelled, ...value, `-d ${quoted(description)}`].join(' ')
}

function argumentLines(path: string, { isVariadic, values }: ArgumentNode, index: number): readonly string[] {
  if (values.kind === 'anything') return []
  return [`complete -c hubdwh ${at(path, isVariadic ? undefined : index)} ${offer(values).join(' ')}`]
}

function at(path: string, index?: number): string {
  return `-n ${quoted(`__hubdwh_at '${path}'${index === undefined ? '' : ` ${index}`}`)}`
}

function offer(values: Values): readonly string[] {
  switch (values.kind) {
    case 'words':
      return [`-f -a ${quoted(values.words.join(' '))}`]
    case 'files':
      return ['-F']
    case 'folders':
      return ['-f -a "(__fish_complete_directories)"']
    case 'anything':
      return ['-f']
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

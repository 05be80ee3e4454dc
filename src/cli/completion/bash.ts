import { argumentCases, type ListOfWords, optionCases } from './case-lines.js'
import type { CommandNode, CommandTree, OptionNode } from './command-tree.js'

const listOfWords: ListOfWords = words => `'${words.join(' ')}'`

/** The script for bash, 3.2 and later; it needs no other package. */
export function bashCompletion(tree: CommandTree): string {
  const { commands, everywhere } = tree
  return `# Completion of hubdwh for bash. Made by: hubdwh completion bash

# What an option takes (nothing, one, maybe, many) and of what kind it is.
_hubdwh_option() {
  takes= kind= offered=
  case "$1:$2" in
${optionCases(tree, listOfWords)}
  esac
}

# The commands and options that follow the words of a command.
_hubdwh_command() {
  commands= options='${names(everywhere)}'
  case "$1" in
${commands.map(commandCase).join('\n')}
  esac
}

# What the nth argument of a command can be, from 0.
_hubdwh_argument() {
  kind= offered=
  case "$1:$2" in
${argumentCases(tree, listOfWords)}
  esac
}

_hubdwh_offer() {
  local IFS=$' \\t\\n'
  case "$kind" in
    files) IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2> /dev/null ;;
    folders) IFS=$'\\n'; COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2> /dev/null ;;
    words) COMPREPLY=($(compgen -W "$offered" -- "$current")) ;;
  esac
}

_hubdwh() {
  local current=\${COMP_WORDS[COMP_CWORD]} path= option= after= word i
  local takes= kind= offered= commands= options=
  local -i position=0
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    # "--name=value" comes as three words.
    if [[ $word == = ]]; then continue; fi
    if [[ -n $option && ($takes == one || $word != -*) ]]; then
      if [[ $takes != many ]]; then option=; fi
      continue
    fi
    option=
    if [[ -z $after && $word == -- ]]; then after=yes; continue; fi
    if [[ -z $after && $word == -* ]]; then
      _hubdwh_option "$path" "$word"
      if [[ -n $takes ]]; then option=$word; fi
      continue
    fi
    _hubdwh_command "$path"
    if [[ " $commands " == *" $word "* ]]; then
      path=\${path:+$path }$word
      position=0
    else
      position+=1
    fi
  done
  if [[ $current == = ]]; then current=; fi
  if [[ -n $option ]]; then
    _hubdwh_option "$path" "$option"
    if [[ $takes == one || $current != -* ]]; then
      _hubdwh_offer
      if [[ $takes != maybe || -n $kind ]]; then return; fi
    fi
  fi
  _hubdwh_command "$path"
  if [[ -z $after && $current == -* ]]; then
    kind=words offered=$options
  elif [[ -n $commands ]]; then
    kind=words offered=$commands
  else
    _hubdwh_argument "$path" "$position"
  fi
  _hubdwh_offer
}

complete -F _hubdwh hubdwh
`
}

function commandCase({ path, subcommands, options }: CommandNode): string {
  const commands = subcommands.map(({ name }) => name).join(' ')
  const own = names(options)
  return `    '${path}') commands='${commands}'${own ? ` options+=' ${own}'` : ''} ;;`
}

function names(options: readonly OptionNode[]): string {
  return options.flatMap(option => option.names).join(' ')
}

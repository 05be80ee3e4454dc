import { quotedForShell } from '../command-name.js'
import { argumentCases, type ListOfWords, optionCases } from './case-lines.js'
import type { CommandNode, CommandTree, OptionNode } from './command-tree.js'

const listOfWords: ListOfWords = words => `(${words.join(' ')})`

/** The script for zsh 5 and later; it can be sourced, or be a file _hubdwh in a folder of fpath. */
export function zshCompletion(tree: CommandTree): string {
  const { commands, everywhere } = tree
  return `#compdef hubdwh
# Completion of hubdwh for zsh. Made by: hubdwh completion zsh

# What an option takes (nothing, one, maybe, many) and of what kind it is.
_hubdwh_option() {
  takes= kind= offered=()
  case "$1:$2" in
${optionCases(tree, listOfWords)}
  esac
}

# The commands and options that follow the words of a command, each with what it does.
_hubdwh_command() {
  commands=()
  options=(${described(everywhere)})
  case "$1" in
${commands.map(commandCase).join('\n')}
  esac
}

# What the nth argument of a command can be, from 0.
_hubdwh_argument() {
  kind= offered=()
  case "$1:$2" in
${argumentCases(tree, listOfWords)}
  esac
}

_hubdwh_offer() {
  case "$kind" in
    files) _files ;;
    folders) _files -/ ;;
    words) compadd -a offered ;;
  esac
}

_hubdwh() {
  local current=\${words[CURRENT]} at= option= after= word
  local takes= kind=
  local -a offered commands options
  local -i i position=0
  for ((i = 2; i < CURRENT; i++)); do
    word=\${words[i]}
    if [[ -n $option && ($takes == one || $word != -*) ]]; then
      if [[ $takes != many ]]; then option=; fi
      continue
    fi
    option=
    if [[ -z $after && $word == -- ]]; then after=yes; continue; fi
    if [[ -z $after && $word == -* ]]; then
      _hubdwh_option "$at" "$word"
      if [[ -n $takes ]]; then option=$word; fi
      continue
    fi
    _hubdwh_command "$at"
    if (( \${\${commands[@]%%:*}[(Ie)$word]} )); then
      at=\${at:+$at }$word
      position=0
    else
      position+=1
    fi
  done
  if [[ -z $after && $current == --*=* ]]; then
    option=\${current%%=*} current=\${current#*=}
    compset -P '*='
  fi
  if [[ -n $option ]]; then
    _hubdwh_option "$at" "$option"
    if [[ $takes == one || $current != -* ]]; then
      _hubdwh_offer
      if [[ $takes != maybe || -n $kind ]]; then return; fi
    fi
  fi
  _hubdwh_command "$at"
  if [[ -z $after && $current == -* ]]; then
    _describe -o option options
  elif (( \${#commands} )); then
    _describe command commands
  else
    _hubdwh_argument "$at" "$position"
    _hubdwh_offer
  fi
}

if [[ \${funcstack[1]} == _hubdwh ]]; then
  _hubdwh "$@"
else
  compdef _hubdwh hubdwh
fi
`
}

function commandCase({ path, subcommands, options }: CommandNode): string {
  const commands = subcommands.map(({ name, summary }) => description(name, summary)).join(' ')
  const own = described(options)
  return `    '${path}') commands=(${commands})${own ? ` options+=(${own})` : ''} ;;`
}

function described(options: readonly OptionNode[]): string {
  return options.flatMap(option => option.names.map(name => description(name, option.description))).join(' ')
}

/** As \`_describe\` reads it: a colon in the name would end it. */
function description(name: string, text: string): string {
  return quotedForShell(`${name.replaceAll(':', '\\:')}:${text}`)
}

/** The lines of `case` statements that bash and zsh share: which value follows an option, which argument a command. */
import type { CommandTree, OptionNode, Values } from './command-tree.js'

/** How a shell writes a list of words. */
export type ListOfWords = (words: readonly string[]) => string

/** `'load amocrm':--option) takes=one kind=words offered=… ;;` for every option that takes a value. */
export function optionCases({ commands, everywhere }: CommandTree, list: ListOfWords): string {
  const caseOf =
    (path: string) =>
    ({ names, takes, values }: OptionNode): readonly string[] => {
      if (takes === 'none') return []
      const patterns = names.map(name => `${path}:${name}`).join(' | ')
      return [`    ${patterns}) takes=${takes} ${offer(values, list)} ;;`]
    }
  return [
    ...everywhere.flatMap(caseOf('*')),
    ...commands.flatMap(({ path, options }) => options.flatMap(caseOf(`'${path}'`))),
  ].join('\n')
}

/** `'load amocrm:'*) kind=words offered=… ;;` for every argument whose values are known. */
export function argumentCases({ commands }: CommandTree, list: ListOfWords): string {
  return commands
    .flatMap(({ path, arguments: taken }) =>
      taken.flatMap(({ isVariadic, values }, index) =>
        values.kind === 'anything'
          ? []
          : [`    '${path}:'${isVariadic ? '*' : index}) ${offer(values, list)} ;;`],
      ),
    )
    .join('\n')
}

function offer(values: Values, list: ListOfWords): string {
  switch (values.kind) {
    case 'words':
      return `kind=words offered=${list(values.words)}`
    case 'files':
    case 'folders':
      return `kind=${values.kind}`
    case 'anything':
      return 'kind='
  }
}

import type { YAMLError } from 'yaml'

/** Whether the values can be trusted nonetheless, so that their mistakes can be told along with this one. */
export function leavesValuesReadable(error: YAMLError): boolean {
  return error.code === 'DUPLICATE_KEY' || error.code === 'TAB_AS_INDENT'
}

/**
 * A syntax error in words. The parser's own messages quote the file, where a secret may stand; these quote no more
 * than a key's name.
 * @param text the file's text, as the error's positions count it
 */
export function syntaxMistake(error: YAMLError, text: string): readonly [found: string, expected: string] {
  switch (error.code) {
    case 'DUPLICATE_KEY': {
      const name = /^[\w-]{1,60}/.exec(text.slice(error.pos[0]))?.[0]
      return [
        name ? `the key "${name}" a second time` : 'a key a second time',
        'each key once in its section',
      ]
    }
    case 'TAB_AS_INDENT':
      return ['a tab', 'spaces as indentation']
    case 'BAD_INDENT':
      return ['a line that is indented differently', 'the same indentation as the keys beside it']
    case 'MISSING_CHAR':
      return ['something that is not closed, or lacks its colon', 'a closing quote or bracket, "key: value"']
    case 'BAD_SCALAR_START':
      return ['a text that starts with a character special to YAML', 'the text in quotes']
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return ['a text that YAML takes for another key', '"key: value" a line, a text with ": " in quotes']
    case 'MULTIPLE_DOCS':
      return ['a second document (---)', 'one document']
    case 'TAG_RESOLVE_FAILED':
    case 'MULTIPLE_TAGS':
      return ['a tag (!name)', 'the value itself, in quotes if it starts with "!"']
    case 'ALIAS_PROPS':
    case 'BAD_ALIAS':
    case 'MULTIPLE_ANCHORS':
      return ['an anchor or alias (&name, *name)', 'the value itself']
    case 'BAD_DQ_ESCAPE':
      return ['a backslash that YAML does not know', 'two backslashes, or single quotes around the text']
    default:
      return ['something that is not YAML', '"key: value" a line, sections indented by spaces']
  }
}

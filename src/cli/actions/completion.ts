/** What `completion` does: it prints a script, and reads neither a configuration nor a warehouse. */
import { builtInChecks, readChecks } from '../../quality/check.js'
import { entityNames } from '../../sources/amocrm/entities.js'
import { allTables } from '../../tables/catalogue.js'
import { qualifiedName } from '../../tables/table.js'
import type { WriteCompletion } from '../commands/completion.js'
import { bashCompletion } from '../completion/bash.js'
import { commandTree } from '../completion/command-tree.js'
import { fishCompletion } from '../completion/fish.js'
import { zshCompletion } from '../completion/zsh.js'

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }

/** `hubdwh completion` */
export const completionScript: WriteCompletion = async (shell, program) => {
  // The user's own checks are named in a configuration, and the script is made before there is one.
  const checks = await readChecks({ own: { path: builtInChecks, isNamed: false }, severity: {} })
  const tree = commandTree(program, {
    entities: entityNames,
    entity: ['visits', 'visits_of_person', ...entityNames],
    table: allTables.map(qualifiedName),
    check: checks.map(({ name }) => name),
  })
  return scripts[shell](tree)
}

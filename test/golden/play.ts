/** Plays a case's `input.json` in a whole installation. */
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { listedWorld } from '../../src/sandbox/sandbox.js'
import { tableNamed } from '../../src/tables/catalogue.js'
import { type Hub, openHub } from '../hub.js'
import type { Input, Step } from './input.js'

/** The installation in which a case happens, before anything has happened. */
export async function openCase(input: Input): Promise<Hub> {
  const { now, world, startDate, amocrm, alaqan, privacy, config, files } = input
  const opened = await openHub({
    now,
    world: listedWorld(world),
    ...(startDate === undefined ? {} : { startDate }),
    ...(amocrm === false ? { withoutAmocrm: true } : { amocrm }),
    ...(privacy === undefined ? {} : { privacy }),
    alaqan,
  })
  await opened.configure(text => [text.trimEnd(), ...config, ''].join('\n'))
  for (const [file, lines] of Object.entries(files)) await write(opened, file, lines)
  return opened
}

/**
 * Lets happen what a step says.
 * @throws Error where a command ends with another exit code than the step says
 */
export async function takeStep(opened: Hub, step: Exclude<Step, { readonly expect: string }>): Promise<void> {
  const { world, clock } = opened
  if ('hubdwh' in step) {
    const { exitCode, err } = await opened.hubdwh(...step.hubdwh.split(' '))
    if (exitCode !== step.exit)
      throw new Error(`hubdwh ${step.hubdwh} ended with ${exitCode}, not ${step.exit}:\n${err}`)
  } else if ('now' in step) clock.set(Date.parse(step.now))
  else if ('edit' in step) world.edit(...step.edit)
  else if ('put' in step) {
    const [entity, record, place] = step.put
    world.collections[entity].put(record.id, record, place)
  } else if ('remove' in step) world.remove(...step.remove)
  else if ('purge' in step) world.purge(...step.purge)
  else if ('restore' in step) world.restore(...step.restore)
  else if ('renameUser' in step) world.renameUser(...step.renameUser)
  else if ('removeUser' in step) world.removeUser(step.removeUser)
  else if ('renamePipeline' in step) world.renamePipeline(...step.renamePipeline)
  else if ('removePipeline' in step) world.removePipeline(step.removePipeline)
  else if ('renameStatus' in step) world.renameStatus(...step.renameStatus)
  else if ('removeStatus' in step) world.removeStatus(...step.removeStatus)
  else if ('setLossReasons' in step) world.dictionaries.lossReasons = step.setLossReasons
  else if ('setUsers' in step) world.dictionaries.users = step.setUsers
  else if ('setPipelines' in step) world.dictionaries.pipelines = step.setPipelines
  else if ('setTaskTypes' in step) {
    const { account } = world.dictionaries
    world.dictionaries.account = { ...account, _embedded: { task_types: step.setTaskTypes } }
  } else if ('write' in step) await write(opened, ...step.write)
  else if ('erase' in step) await rm(join(opened.folder, step.erase))
  else if ('configure' in step) await configure(opened, ...step.configure)
  else if ('sql' in step) await opened.write(step.sql)
  else if ('again' in step) await addAgain(opened, step.again)
  else world.setVisits(...step.setVisits)
}

function write(opened: Hub, file: string, lines: readonly string[]): Promise<void> {
  return writeFile(join(opened.folder, file), `${lines.join('\n')}\n`)
}

function configure(opened: Hub, before: string, after: string): Promise<void> {
  return opened.configure(text => {
    if (!text.includes(before)) throw new Error(`${before} does not stand in the configuration.`)
    return text.replace(before, after)
  })
}

/** Column by column, since not every engine knows `select * replace`. */
async function addAgain(opened: Hub, { table, set, where }: Extract<Step, { again: unknown }>['again']) {
  const names = tableNamed(table).columns.map(({ name }) => name)
  const unknown = Object.keys(set).filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`${table} has no column ${unknown.join(', ')}.`)
  const values = names.map(name => set[name] ?? name)
  await opened.write(
    `insert into ${table} (${names.join(', ')}) select ${values.join(', ')} from ${table} where ${where}`,
  )
}

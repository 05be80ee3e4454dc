/** Telling people what a command came to: each channel what is news to it, and no more than once. */
import { join } from 'node:path'
import type { NoticeChannelConfig } from '../config/config.js'
import { createPrivateFolder } from '../durable-file.js'
import type { Chance, Clock, Reporter } from '../effects.js'
import { HubdwhError, messageOf } from '../errors.js'
import { acquireLock, type Lock } from '../lock.js'
import { withTransport } from '../sources/http/transport.js'
import type { Channel } from './channel.js'
import { openChannel, usualTimeoutMs } from './channels.js'
import { type CommandResult, causesOf } from './command-result.js'
import {
  type ChannelMemory,
  type Memory,
  newsFor,
  readMemory,
  withEnded,
  withoutOld,
  withTold,
  writeMemory,
} from './memory.js'
import { type Notice, noticesOf, worksAgain } from './notice.js'

export interface TellContext {
  readonly channels: readonly NoticeChannelConfig[]
  /** Where load packages are: the memory of what was told stands beside them. */
  readonly landing: string
  readonly clock: Clock
  readonly chance: Chance
  readonly reporter: Reporter
  readonly signal: AbortSignal
  /** For one try, milliseconds; 10 s by default. */
  readonly timeoutMs?: number
}

/** Another process may be telling something to slow channels. */
const lockPatienceMs = 60_000

/** The file that remembers what was told. */
export function memoryPath(landing: string): string {
  return join(landing, 'notices.json')
}

/**
 * Tells every channel what is news to it. What cannot be sent is a warning, and is tried again at the next run. Never
 * throws: what a command came to does not depend on who heard of it.
 */
export async function tell(result: CommandResult, context: TellContext): Promise<void> {
  const { reporter, landing, signal } = context
  const path = memoryPath(landing)
  let lock: Lock | undefined
  try {
    await createPrivateFolder(landing)
    // By the real clock: what is waited for is another process.
    lock = await acquireLock(`${path}.lock`, { purpose: 'the notices', waitMs: lockPatienceMs, signal })
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof HubdwhError && error.code === 'locked') {
      reporter.warn(`Notices were not sent and are tried again at the next run: ${sentenceOf(error)}`)
      return
    }
    // That nothing can be written may be the very cause: better told twice than not at all.
    reporter.warn(`${notRemembered} ${sentenceOf(error)}`)
  }
  try {
    await tellOnce(result, context, lock ? await recalled(path, reporter) : undefined)
  } catch (error) {
    if (!signal.aborted) reporter.warn(`Notices were not sent: ${sentenceOf(error)}`)
  } finally {
    await lock?.release()
  }
}

const notRemembered = 'What was told cannot be remembered, and may be told again:'

interface Remembered {
  readonly memory: Memory
  readonly write: (memory: Memory) => Promise<void>
}

async function recalled(path: string, reporter: Reporter): Promise<Remembered> {
  const write = (memory: Memory) => writeMemory(path, memory)
  try {
    return { memory: await readMemory(path), write }
  } catch (error) {
    reporter.warn(
      `${path} cannot be read and is begun anew; something may be told again: ${messageOf(error)}`,
    )
    return { memory: {}, write }
  }
}

async function tellOnce(
  result: CommandResult,
  context: TellContext,
  remembered: Remembered | undefined,
): Promise<void> {
  const { channels, clock, chance, reporter, timeoutMs = usualTimeoutMs } = context
  const notes = noteBook(remembered, reporter)
  await withTransport(async transport => {
    await Promise.all(
      channels.map(async config => {
        const channel = await openChannel(config, { clock, chance, transport, timeoutMs })
        await tellChannel(channel, config, result, context, notes)
      }),
    )
  })
}

async function tellChannel(
  channel: Channel,
  { language }: NoticeChannelConfig,
  result: CommandResult,
  { reporter, signal }: TellContext,
  notes: NoteBook,
): Promise<void> {
  const { now, timeZone, covered } = result
  const moment = { now, timeZone }
  let memory = withoutOld(notes.of(channel.id), now)
  const news = newsFor(memory, { current: causesOf(result), covered }, now)
  const note = async (changed: ChannelMemory): Promise<void> => {
    memory = changed
    await notes.note(channel.id, memory)
  }
  const send = async (notice: Notice): Promise<void> => {
    const remark = await channel.send(notice, signal)
    if (remark !== undefined) reporter.warn(`${remark} Look at notify in the configuration.`)
  }
  if (news.endedSilently.length > 0) await note(withEnded(memory, news.endedSilently))
  try {
    for (const { notice, causes } of noticesOf(news.causes, language, moment)) {
      await send(notice)
      await note(withTold(memory, causes, now))
    }
    if (news.ended.length > 0) {
      await send(worksAgain(news.ended, language, moment))
      await note(withEnded(memory, news.ended))
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    reporter.warn(
      `A notice by ${channel.name} was not sent and is tried again at the next run: ${sentenceOf(error)}`,
    )
  }
}

interface NoteBook {
  of(channel: string): ChannelMemory
  /** Durable on return, where there is something to write to. Never throws. */
  note(channel: string, memory: ChannelMemory): Promise<void>
}

/** Channels are told side by side, and write into one file: one after the other. */
function noteBook(remembered: Remembered | undefined, reporter: Reporter): NoteBook {
  let memory = remembered?.memory ?? {}
  let writing = Promise.resolve()
  let isUnwritable = false
  const write = async (): Promise<void> => {
    try {
      await remembered?.write(memory)
    } catch (error) {
      if (!isUnwritable) {
        reporter.warn(`${notRemembered} ${sentenceOf(error)}`)
      }
      isUnwritable = true
    }
  }
  return {
    of: channel => memory[channel] ?? {},
    note: (channel, changed) => {
      memory = { ...memory, [channel]: changed }
      writing = writing.then(write)
      return writing
    },
  }
}

function sentenceOf(error: unknown): string {
  const advice = error instanceof HubdwhError ? (error.advice ?? '') : ''
  return `${messageOf(error)} ${advice}`.trimEnd()
}

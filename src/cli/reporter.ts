import stringWidth from 'string-width'
import type { Clock, Progress, Reporter } from '../effects.js'
import type { Output } from './io.js'
import { isComplete, progressLine, type Tracked } from './progress-line.js'
import { visible, visibleLines } from './visible.js'

export type Level = 'quiet' | 'normal' | 'verbose'

export interface CliReporter extends Reporter {
  /** Takes the progress bars away, so that what is written next stands on its own line. */
  close(): void
}

export interface ReporterOptions {
  readonly output: Output
  readonly clock: Clock
  readonly level: Level
  /** Removes secrets; asked for every message. */
  readonly redact: (text: string) => string
}

/** A terminal is drawn anew at most so often, milliseconds. */
const redrawEvery = 100
/** Elsewhere a step writes a line at most so often, milliseconds: a night's log stays readable. */
const lineEvery = 15_000

/**
 * Tells on stderr how a run goes. On a terminal steps under way stand as bars beneath the messages; elsewhere they
 * are lines at a modest pace. Secrets and control characters are removed from every message.
 */
export function createReporter({ output, clock, level, redact }: ReporterOptions): CliReporter {
  const bars = createBars(output, clock)
  const say = (prefix: string, message: string) => {
    bars.erase()
    output.write(`${prefix}${visibleLines(redact(message))}\n`)
    bars.draw()
  }
  return {
    info: message => {
      if (level !== 'quiet') say('', message)
    },
    warn: message => say('warning: ', message),
    debug: message => {
      if (level === 'verbose') say('debug: ', message)
    },
    progress: progress => {
      if (level !== 'quiet') bars.update({ ...progress, label: visible(redact(progress.label)) })
    },
    close: () => bars.erase(),
  }
}

interface Bars {
  update(progress: Progress): void
  erase(): void
  draw(): void
}

function createBars(output: Output, clock: Clock): Bars {
  const tracked = new Map<string, Tracked>()
  let linesOnScreen = 0
  let drawnAt = Number.NEGATIVE_INFINITY
  /** When each label last had a line in a log. */
  const saidAt = new Map<string, number>()

  const erase = () => {
    if (linesOnScreen > 0) output.write(`\u001b[${linesOnScreen}A\u001b[J`)
    linesOnScreen = 0
  }
  const draw = () => {
    if (!output.isTerminal || tracked.size === 0) return
    const now = clock.now()
    const lines = [...tracked.values()].map(step =>
      cut(progressLine(step, now, { withBar: true }), output.columns ?? 80),
    )
    output.write(lines.map(line => `${line}\n`).join(''))
    linesOnScreen = lines.length
    drawnAt = now
  }
  const finish = (step: Tracked) => {
    tracked.delete(step.progress.label)
    saidAt.delete(step.progress.label)
    erase()
    output.write(`${progressLine(step, clock.now())}\n`)
    draw()
  }
  return {
    erase,
    draw,
    update(progress) {
      const now = clock.now()
      const before = tracked.get(progress.label)
      const step = before
        ? { ...before, progress }
        : { progress, startedAt: now, doneBefore: isComplete(progress) ? 0 : progress.done }
      tracked.set(progress.label, step)
      if (isComplete(progress)) return finish(step)
      if (output.isTerminal) {
        if (now - drawnAt < redrawEvery) return
        erase()
        draw()
        return
      }
      if (!saidAt.has(progress.label)) saidAt.set(progress.label, now)
      if (now - (saidAt.get(progress.label) ?? now) < lineEvery) return
      saidAt.set(progress.label, now)
      output.write(`${progressLine(step, now)}\n`)
    },
  }
}

/** A line longer than the screen would wrap, and erasing would leave part of it. */
function cut(line: string, columns: number): string {
  if (stringWidth(line) < columns) return line
  let width = 0
  let shown = ''
  for (const character of line) {
    width += stringWidth(character)
    if (width >= columns - 1) break
    shown += character
  }
  return `${shown}…`
}

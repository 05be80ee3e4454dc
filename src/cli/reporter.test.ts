import { describe, expect, it } from 'vitest'
import { fakeIo } from './fake-io.js'
import { createReporter, type Level } from './reporter.js'

function reporterOn(io: ReturnType<typeof fakeIo>, level: Level = 'normal') {
  const redact = (text: string) => text.replaceAll('s3cr3t', '***')
  return createReporter({ output: io.stderr, clock: io.clock, level, redact })
}

describe('messages', () => {
  it.each([
    ['quiet', 'warning: w\n'],
    ['normal', 'i\nwarning: w\n'],
    ['verbose', 'i\nwarning: w\ndebug: d\n'],
  ] as const)('%s', (level, said) => {
    const io = fakeIo()
    const reporter = reporterOn(io, level)
    reporter.info('i')
    reporter.warn('w')
    reporter.debug('d')
    expect(io.err()).toBe(said)
    expect(io.out()).toBe('')
  })

  it('hold no secret and nothing that steers the terminal', () => {
    const io = fakeIo()
    reporterOn(io).warn('token s3cr3t\u001b[2J')
    expect(io.err()).toBe('warning: token ***\\x1b[2J\n')
  })
})

describe('progress in a log', () => {
  it('is a line at a modest pace, with rate and time left', () => {
    const io = fakeIo()
    const reporter = reporterOn(io)
    for (let done = 0; done <= 40; done++) {
      reporter.progress({ label: 'alaqan visits', done, total: 100, unit: 'days' })
      io.pass(1000)
    }
    expect(io.err().split('\n')).toEqual([
      'alaqan visits  15 / 100 days, 15 %, 1.0 days/s, 1 min 25 s left',
      'alaqan visits  30 / 100 days, 30 %, 1.0 days/s, 1 min 10 s left',
      '',
    ])
  })

  it('tells the end of a step', () => {
    const io = fakeIo()
    const reporter = reporterOn(io)
    reporter.progress({ label: 'leads', done: 0, total: 2000, unit: 'records' })
    io.pass(4000)
    reporter.progress({ label: 'leads', done: 2000, total: 2000, unit: 'records' })
    expect(io.err()).toBe('leads  2 000 / 2 000 records, 100 %, 500 records/s\n')
  })

  it('without a total counts', () => {
    const io = fakeIo()
    const reporter = reporterOn(io)
    reporter.progress({ label: 'leads', done: 0, unit: 'records' })
    io.pass(20_000)
    reporter.progress({ label: 'leads', done: 5000, unit: 'records' })
    expect(io.err()).toBe('leads  5 000 records, 250 records/s\n')
  })

  it('does not count what an earlier run had done as speed', () => {
    const io = fakeIo()
    const reporter = reporterOn(io)
    reporter.progress({ label: 'days', done: 900, total: 1000, unit: 'days' })
    io.pass(20_000)
    reporter.progress({ label: 'days', done: 920, total: 1000, unit: 'days' })
    expect(io.err()).toContain('1.0 days/s, 1 min 20 s left')
  })

  it('is not told with --quiet', () => {
    const io = fakeIo()
    reporterOn(io, 'quiet').progress({ label: 'leads', done: 1, total: 1, unit: 'records' })
    expect(io.err()).toBe('')
  })
})

describe('progress on a terminal', () => {
  it('is drawn as bars beneath the messages', () => {
    const io = fakeIo({ columns: 80 })
    const reporter = reporterOn(io)
    reporter.progress({ label: 'leads', done: 5, total: 10, unit: 'records' })
    reporter.info('half')
    expect(screen(io.err())).toEqual(['half', 'leads  ██████████░░░░░░░░░░ 5 / 10 records, 50 %'])
  })

  it('keeps the line of a finished step, and bars of others', () => {
    const io = fakeIo({ columns: 80 })
    const reporter = reporterOn(io)
    reporter.progress({ label: 'leads', done: 0, total: 10, unit: 'records' })
    io.pass(200)
    reporter.progress({ label: 'tasks', done: 0, total: 10, unit: 'records' })
    reporter.progress({ label: 'leads', done: 10, total: 10, unit: 'records' })
    expect(screen(io.err())).toEqual([
      'leads  10 / 10 records, 100 %',
      'tasks  ░░░░░░░░░░░░░░░░░░░░ 0 / 10 records, 0 %',
    ])
    reporter.close()
    expect(screen(io.err())).toEqual(['leads  10 / 10 records, 100 %'])
  })

  it('never wraps a line', () => {
    const io = fakeIo({ columns: 20 })
    reporterOn(io).progress({ label: 'a label that is long', done: 1, total: 3, unit: 'records' })
    for (const line of screen(io.err())) expect(line.length).toBeLessThan(20)
  })
})

const terminal = '\u001b['

/** What a terminal shows after this output: it knows "so many lines up", which is always followed by "erase". */
function screen(output: string): string[] {
  let lines: string[] = []
  for (const line of output.split('\n')) {
    let text = line
    while (text.startsWith(terminal)) {
      const [command = '', up] = /^.\[(\d+)A.\[J/.exec(text) ?? []
      lines = lines.slice(0, lines.length - Number(up))
      text = text.slice(command.length)
    }
    if (text !== '') lines.push(text)
  }
  return lines
}

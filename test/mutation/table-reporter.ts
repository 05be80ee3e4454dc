/** Prints what caught each mutant, and how many were caught by what. */
import type { Reporter, TestCase } from 'vitest/node'
import { renderTable } from '../../src/cli/table.js'

const ways = ['golden', 'check', 'conservation', 'increments', 'error', 'does not run'] as const

interface Line {
  readonly model: string
  readonly mutation: string
  readonly place: string
  /** Where it stands among the others. */
  readonly line: number
  readonly by: (typeof ways)[number] | 'nothing: equivalent' | 'NOTHING'
  readonly detail: string
}

const tellEvery = 100
/** Where a report is written, each mutant stands in it; who reads the log wants to know how it ended. */
const isInReport = process.env.HUBDWH_TEST_REPORT !== undefined
let tried = 0

/** Vitest's reporter of `npm run test:mutate`. */
export const tableReporter: Reporter = {
  onTestCaseResult: test => {
    if (!test.meta().mutant) return
    tried += 1
    if (tried % tellEvery === 0) console.error(`${tried} mutants tried`)
  },
  onTestRunEnd: (modules, errors) => {
    const tests = modules.flatMap(module => [...module.children.allTests()])
    const lines = tests.flatMap(lineOf).toSorted(inOrder)
    if (!isInReport) console.log(table(lines))
    console.log(summary(lines))
    for (const module of modules) {
      for (const error of module.errors()) console.error(error.stack ?? error.message)
    }
    for (const error of errors) console.error(error.stack ?? error.message)
    for (const test of tests) tellFailure(test)
  },
}

function table(lines: readonly Line[]): string {
  return renderTable(
    [{ name: 'model' }, { name: 'mutation' }, { name: 'caught by' }],
    lines.map(({ model, line, mutation, by, detail }) => [
      `${model}:${line}`,
      mutation,
      [by, detail].filter(Boolean).join(': '),
    ]),
    { widestCell: 100 },
  )
}

function lineOf(test: TestCase): readonly Line[] {
  const { mutant } = test.meta()
  if (!mutant) return []
  const { model, mutation, file, line, caught, isEquivalent } = mutant
  const by = caught?.by ?? (isEquivalent ? 'nothing: equivalent' : 'NOTHING')
  return [{ model, mutation, place: file, line, by, detail: caught?.detail ?? '' }]
}

function inOrder(one: Line, other: Line): number {
  return one.place.localeCompare(other.place) || one.line - other.line
}

/** A line a model, and one for all of them. */
function summary(lines: readonly Line[]): string {
  const kinds = [...ways, 'nothing: equivalent', 'NOTHING'] as const
  const counted = (name: string, some: readonly Line[]) => [
    name,
    some.length,
    ...kinds.map(kind => some.filter(({ by }) => by === kind).length),
  ]
  const models = [...new Set(lines.map(({ model }) => model.replace(/^functions\..*/, 'functions')))]
  const rows = models.map(name =>
    counted(
      name,
      lines.filter(({ model }) => model === name || (name === 'functions' && model.startsWith('functions.'))),
    ),
  )
  const columns = ['model', 'mutants', ...kinds].map(name => ({ name }))
  return renderTable(columns, [...rows, counted('all', lines)])
}

function tellFailure(test: TestCase): void {
  const result = test.result()
  if (result.state !== 'failed') return
  const messages = result.errors.map(({ message }) => message).join('\n')
  console.error(`FAILED ${test.name}\n  ${messages}`)
}

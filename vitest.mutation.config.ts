import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { tableReporter } from './test/mutation/table-reporter.js'

const report = process.env.HUBDWH_TEST_REPORT
const shares = Math.max(1, availableParallelism())

export default defineConfig({
  test: {
    globalSetup: ['test/mutation/prepare.ts'],
    maxWorkers: '100%',
    reporters: [tableReporter, ...(report ? ['json' as const] : [])],
    ...(report ? { outputFile: { json: report } } : {}),
    // The same files for each core: each plays its share of the cases, then tries its share of the mutants.
    projects: [...inShares('cases', 'cases.record.ts', 0), ...inShares('mutants', 'mutants.mutate.ts', 1)],
  },
})

/** One file as a project for each core; those of a lower order end before others begin. */
function inShares(name: string, file: string, groupOrder: number): TestProjectInlineConfiguration[] {
  return Array.from({ length: shares }, (_, index) => ({
    extends: true,
    test: {
      name: `${name} ${index + 1}`,
      include: [`test/mutation/${file}`],
      // A guard alone: what goes on after its test would be in the next one's way.
      testTimeout: 600_000,
      sequence: { groupOrder },
      provide: { share: { index, of: shares } },
    },
  }))
}

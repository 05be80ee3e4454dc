import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { tableReporter } from './test/mutation/table-reporter.js'

const report = process.env.HUBDWH_TEST_REPORT
const shares = Math.max(1, availableParallelism())

export default defineConfig({
  test: {
    globalSetup: ['test/mutation/record-cases.ts'],
    maxWorkers: '100%',
    reporters: [tableReporter, ...(report ? ['json' as const] : [])],
    ...(report ? { outputFile: { json: report } } : {}),
    // The same file for each core: each tries its share of the mutants.
    projects: Array.from({ length: shares }, (_, index) => ({
      extends: true as const,
      test: {
        name: `share ${index + 1}`,
        include: ['test/mutation/*.mutate.ts'],
        testTimeout: 60_000,
        provide: { share: { index, of: shares } },
      },
    })),
  },
})

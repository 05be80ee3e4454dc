import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const report = process.env.HUBDWH_TEST_REPORT

/** Begins with the longest file, so that nobody waits for it alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLongest = ({ moduleId }: TestSpecification) => moduleId.includes('/same-rows/')
    const sorted = await super.sort(files)
    return [...sorted.filter(isLongest), ...sorted.filter(file => !isLongest(file))]
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/warehouse/start-spark.ts'],
    include: [
      'test/spark/**/*.test.ts',
      'test/same-rows/**/*.test.ts',
      'test/golden/golden.test.ts',
      'test/runs/concurrent-runs.test.ts',
      'test/report/engines.test.ts',
    ],
    maxWorkers: '100%',
    // Of golden cases; the servers have as many cores.
    maxConcurrency: availableParallelism(),
    // A guard alone: a history of two runs takes ten minutes where others share the machine.
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

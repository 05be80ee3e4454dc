import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    globalSetup: ['test/warehouse/start-iceberg.ts'],
    include: [
      'test/iceberg/**/*.test.ts',
      'test/same-rows/**/*.test.ts',
      'test/golden/golden.test.ts',
      'test/runs/{concurrent-runs,second-run}.test.ts',
      'test/report/engines.test.ts',
    ],
    maxWorkers: '100%',
    // Of golden cases; the servers have as many cores.
    maxConcurrency: availableParallelism(),
    testTimeout: 900_000,
    hookTimeout: 600_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

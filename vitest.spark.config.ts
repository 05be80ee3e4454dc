import { defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    globalSetup: ['test/warehouse/start-spark.ts'],
    include: ['test/spark/**/*.test.ts', 'test/golden/golden.test.ts', 'test/runs/second-run.test.ts'],
    maxWorkers: '100%',
    testTimeout: 600_000,
    hookTimeout: 120_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

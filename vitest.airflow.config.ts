import { defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    globalSetup: ['test/airflow/bring-airflow.ts'],
    include: ['test/airflow/**/*.test.ts'],
    maxWorkers: '100%',
    // A guard alone: Airflow takes seconds to start, and more where others share the machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

import { configDefaults, defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    // These need servers, Airflow or a browser: npm run test:iceberg, test:spark, test:airflow, test:superset, test:report.
    exclude: [...configDefaults.exclude, 'test/{airflow,iceberg,report-page,same-rows,spark,superset}/**'],
    // Whole runs wait for disks and sockets more than for a core.
    maxWorkers: '100%',
    // A guard against what never ends, far from what a whole run takes where others share the machine.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // .ci/run adds up the reports of all its suites.
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

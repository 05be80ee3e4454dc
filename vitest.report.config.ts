import { defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    include: ['test/report-page/**/*.test.ts'],
    // A browser takes a core by itself.
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

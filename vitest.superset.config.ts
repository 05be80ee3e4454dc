import { defineConfig } from 'vitest/config'

const report = process.env.HUBDWH_TEST_REPORT

export default defineConfig({
  test: {
    include: ['test/superset/**/*.test.ts'],
    testTimeout: 300_000,
    // Superset is brought and made ready once, which takes minutes.
    hookTimeout: 1_200_000,
    ...(report ? { reporters: ['default', 'json'], outputFile: { json: report } } : {}),
  },
})

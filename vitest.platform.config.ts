import { configDefaults, defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/** The tests that need Chromium, an S3 server or other readers; without their tool they say skipped by name. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['tests/**/*.platform.test.ts'],
    exclude: configDefaults.exclude,
    typecheck: { enabled: false },
  },
})

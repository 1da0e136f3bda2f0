import { defineConfig } from 'vitest/config'
import base from './vitest.config.ts'

/**
 * All tests of `npm test`, which has just built the package: those that start the program start the built one. Type tests are
 * compiled by `npm run types`, which fails where one of them does.
 */
export default defineConfig({
  ...base,
  test: { ...base.test, typecheck: { enabled: false }, env: { ...base.test?.env, SUPPORT_ETL_BUILT: 'yes' } },
})

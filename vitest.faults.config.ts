import { configDefaults, defineConfig } from 'vitest/config'
import { filesOf, KINDS } from './tests/figures.ts'
import base from './vitest.config.ts'

/** The fault tests with their full counts, on every tool that is there; `npm test` runs them with reduced counts. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      ...['pipeline/', 'server/', 'cli/db.', ...KINDS.flatMap(({ places }) => places)].map(filesOf),
      'tests/systems/**/*.faults.test.ts',
    ],
    exclude: configDefaults.exclude,
    typecheck: { enabled: false },
    env: { ...base.test?.env, SUPPORT_ETL_FAULTS: 'full' },
    testTimeout: 900_000,
  },
})

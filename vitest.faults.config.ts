import { defineConfig } from 'vitest/config'
import { KINDS } from './tests/figures.ts'
import base from './vitest.config.ts'

/** The fault tests with their full counts; `npm test` runs them with reduced ones. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'tests/pipeline/**/*.test.ts',
      ...KINDS.flatMap(({ places }) =>
        places.map((place) => `tests/${place}${place.endsWith('/') ? '**/*.test.ts' : ''}`),
      ),
    ],
    typecheck: { enabled: false },
    env: { ...base.test?.env, SUPPORT_ETL_FAULTS: 'full' },
    testTimeout: 900_000,
  },
})

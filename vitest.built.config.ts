import { defineConfig } from 'vitest/config'
import { filesOf } from './tests/figures.ts'
import { MEASURING, QUICK_ROOMS, SHARED_ROOMS } from './tests/quick-rooms.ts'
import base from './vitest.config.ts'

const pure = QUICK_ROOMS.map(filesOf)
const shared = SHARED_ROOMS.map(filesOf)
const measuring = MEASURING.map(filesOf)
const test = { ...base.test, typecheck: { enabled: false }, env: { ...base.test?.env, SUPPORT_ETL_BUILT: 'yes' } }
const exclude = test.exclude ?? []

/**
 * All tests of `npm test`, which has just built the package: those that start the program start the built one. Type tests are
 * compiled by `npm run types`, which fails where one of them does. Most files share what they import with other files: those of
 * the pure rooms in threads, others in processes, since they may change the folder and the environment.
 */
export default defineConfig({
  ...base,
  test: {
    ...test,
    projects: [
      {
        ...base,
        extends: false,
        test: { ...test, name: 'pure rooms', include: pure, isolate: false, pool: 'threads' },
      },
      {
        ...base,
        extends: false,
        test: {
          ...test,
          name: 'shared',
          include: shared,
          exclude: [...exclude, ...pure, ...measuring],
          isolate: false,
          setupFiles: ['tests/leave-as-found.ts'],
        },
      },
      { ...base, extends: false, test: { ...test, name: 'measuring', include: measuring } },
      { ...base, extends: false, test: { ...test, name: 'others', exclude: [...exclude, ...pure, ...shared] } },
    ],
  },
})

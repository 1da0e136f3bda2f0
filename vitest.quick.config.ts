import { defineConfig } from 'vitest/config'
import { filesOf } from './tests/figures.ts'
import { QUICK_ROOMS } from './tests/quick-rooms.ts'
import base from './vitest.config.ts'

/** The pure rooms, for the everyday loop: their files share one module cache in each thread. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: QUICK_ROOMS.map(filesOf),
    typecheck: { enabled: false },
    isolate: false,
    pool: 'threads',
  },
})

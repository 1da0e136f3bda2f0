import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import project from '../../vitest.config.ts'
import { testsToRun } from './rooms.ts'
import { QuickFirst } from './sequencer.ts'

export default defineConfig({
  resolve: project.resolve ?? {},
  ssr: project.ssr ?? {},
  test: {
    include: [...testsToRun()],
    // the last one changes the working folder, which a thread cannot
    exclude: [...configDefaults.exclude, 'tests/**/*.platform.test.ts', 'tests/cli/width.faults.test.ts'],
    setupFiles: ['repeatable.ts', 'children.ts'].map((name) => join(import.meta.dirname, name)),
    sequence: { sequencer: QuickFirst },
    // instrumented code is slow, and Stryker itself ends endless loops
    testTimeout: 300_000,
  },
})

import { defineConfig } from 'vitest/config'
import project from '../../vitest.config.ts'
import { testsToRun } from './rooms.ts'
import { QuickFirst } from './sequencer.ts'

export default defineConfig({
  resolve: project.resolve ?? {},
  ssr: project.ssr ?? {},
  test: {
    include: [...testsToRun()],
    setupFiles: [`${import.meta.dirname}/repeatable.ts`],
    sequence: { sequencer: QuickFirst },
    // watched code is slow; an endless loop is Stryker's to end
    testTimeout: 300_000,
  },
})

import { defineConfig } from 'vitest/config'
import project from '../../vitest.config.ts'
import { QuickFirst } from './sequencer.ts'

export default defineConfig({
  resolve: project.resolve ?? {},
  ssr: project.ssr ?? {},
  test: {
    // not Stryker's own list of test files: with it, mutants of what runs on import would never be switched on
    include: JSON.parse(process.env.MUTATION_TESTS ?? '[]') as string[],
    setupFiles: [`${import.meta.dirname}/repeatable.ts`],
    sequence: { sequencer: QuickFirst },
    // watched code is slow; an endless loop is Stryker's to end
    testTimeout: 300_000,
  },
})

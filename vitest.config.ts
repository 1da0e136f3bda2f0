import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'
import { FiguresReporter } from './tests/figures-reporter.ts'

// no 'import': Node would take it for require() in packages too
const conditions = ['support-etl-source', 'node', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['tests/**/*.test.ts'],
    // `test:platform` and `test:faults` run those: they need a tool, or take long without a smaller count
    exclude: [...configDefaults.exclude, 'tests/**/*.platform.test.ts', 'tests/**/*.faults.test.ts'],
    typecheck: {
      enabled: true,
      include: ['tests/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
      ignoreSourceErrors: true,
    },
    reporters: ['default', ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : []), new FiguresReporter()],
    // what processes of tests compile is kept for the next ones, and nothing in the home of whoever runs them
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') },
    testTimeout: 30_000,
    // Vitest leaves one core free, which is half of a small machine
    maxWorkers: '100%',
  },
})

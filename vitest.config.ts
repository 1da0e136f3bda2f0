import { defineConfig } from 'vitest/config'
import { FiguresReporter } from './tests/figures-reporter.ts'

const conditions = ['support-etl-source', 'node', 'import', 'default']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['tests/**/*.test.ts'],
    typecheck: {
      enabled: true,
      include: ['tests/**/*.test-d.ts'],
      tsconfig: './tsconfig.json',
      ignoreSourceErrors: true,
    },
    reporters: ['default', ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : []), new FiguresReporter()],
    // commands that tests start leave nothing in the home of whoever runs them
    env: { NODE_DISABLE_COMPILE_CACHE: '1' },
    testTimeout: 30_000,
  },
})

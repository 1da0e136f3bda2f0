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
    testTimeout: 30_000,
  },
})

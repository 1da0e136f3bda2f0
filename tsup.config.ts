import { defineConfig } from 'tsup'

const rooms = {
  index: 'src/index.ts',
  'format/index': 'src/format/index.ts',
  'connect/index': 'src/connect/index.ts',
  'pipeline/index': 'src/pipeline/index.ts',
  'jobs/index': 'src/jobs/index.ts',
}

const common = { target: 'node22', platform: 'neutral', clean: false, sourcemap: false, outDir: 'dist' } as const

export default defineConfig([
  {
    ...common,
    entry: { ...rooms, 'cli/main': 'src/cli/main.ts' },
    format: 'esm',
    splitting: true,
    dts: { entry: rooms },
  },
  {
    ...common,
    entry: rooms,
    format: 'cjs',
    splitting: false,
    dts: { entry: rooms },
    outExtension: () => ({ js: '.cjs', dts: '.d.cts' }),
  },
])

import { defineConfig } from 'tsup'
import { rooms, systems } from './build-entries.ts'

const common = { target: 'node22', platform: 'neutral', clean: false, sourcemap: false, outDir: 'dist' } as const

/** Declarations, and CommonJS. The ESM build is Rolldown's. */
export default defineConfig([
  {
    ...common,
    entry: { ...rooms, ...systems },
    format: 'esm',
    dts: { entry: { ...rooms, ...systems }, only: true },
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

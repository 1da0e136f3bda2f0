import { join } from 'node:path'
import { defineConfig } from 'vite'
import { PAGE_POLICY } from './src/dashboard/policy.ts'

/** The pages of the dashboard, as files that lie in the package and load nothing from elsewhere. */
export default defineConfig({
  root: join(import.meta.dirname, 'src', 'dashboard', 'page'),
  base: './',
  configFile: false,
  resolve: { conditions: ['support-etl-source', 'browser', 'import', 'default'] },
  plugins: [
    {
      name: 'policy',
      transformIndexHtml: () => [
        {
          tag: 'meta',
          attrs: { 'http-equiv': 'Content-Security-Policy', content: PAGE_POLICY },
          injectTo: 'head-prepend',
        },
      ],
    },
  ],
  worker: {
    format: 'es',
    // the index of the codecs also makes a WebAssembly one, which the policy forbids; nobody uses it, so it is left out
    rollupOptions: { treeshake: { moduleSideEffects: (id) => !id.includes('hyparquet-compressors') } },
  },
  build: {
    outDir: join(import.meta.dirname, 'dist', 'dashboard'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    target: 'es2022',
  },
} as Parameters<typeof defineConfig>[0])

/**
 * The calls system: its name, its jobs, its commands, its routes, and what its page reads.
 * @module
 */
import type { System } from '../system.ts'
import { CALLS_COMMANDS, CURATED, CURATED_FILE, MANIFEST_BESIDE } from './commands/index.ts'

export const calls: System = {
  name: 'calls',
  title: 'Calls',
  summary: 'clean calls, sum them up, make some',
  jobs: async () => [(await import('./job/calls-job.ts')).callsJob],
  commands: CALLS_COMMANDS,
  pages: {
    options: [CURATED, MANIFEST_BESIDE],
    valuesIn: (data) => ({ data: `${data.replace(/\/$/, '')}/${CURATED_FILE}` }),
    load: async () => (await import('./routes/page-data.ts')).callsPageData,
  },
  routes: async () => (await import('./routes/index.ts')).CALLS_ROUTES,
}

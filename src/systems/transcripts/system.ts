/**
 * The transcripts system: its name, its jobs, its commands, its routes, and what its page reads.
 * @module
 */
import type { System } from '../system.ts'
import { TRANSCRIPTS_COMMANDS } from './commands/index.ts'

export const transcripts: System = {
  name: 'transcripts',
  title: 'Call transcripts',
  summary: 'read calls, sum them up, score the rules, make some',
  jobs: async () => [(await import('./job/transcripts-job.ts')).transcriptsJob],
  commands: TRANSCRIPTS_COMMANDS,
  routes: async () => (await import('./routes/figures.ts')).TRANSCRIPTS_ROUTES,
  pages: { load: async () => (await import('./routes/page-data.ts')).transcriptsPageData },
}

/**
 * The support system: its name, its commands, its jobs, and what its page reads.
 * @module
 */
import type { System } from '../system.ts'
import { SUPPORT_COMMANDS } from './commands/index.ts'

export const support: System = {
  name: 'support',
  title: 'Monthly report',
  summary: 'report on them, answer questions, make some',
  jobs: async () => [(await import('./job.ts')).supportJob],
  commands: SUPPORT_COMMANDS,
  pages: { load: async () => (await import('./routes/page-data.ts')).supportPageData },
}

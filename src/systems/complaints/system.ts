/**
 * The complaints system: its name, its jobs, its commands, and what its page reads.
 * @module
 */
import type { System } from '../system.ts'
import { COMPLAINTS_COMMANDS } from './commands/index.ts'

export const complaints: System = {
  name: 'complaints',
  title: 'Complaints',
  summary: 'land and clean complaints of five sources, count every row, make some',
  jobs: async () => [(await import('./job/complaints-job.ts')).complaintsJob],
  commands: COMPLAINTS_COMMANDS,
  pages: { load: async () => (await import('./routes/page-data.ts')).complaintsPageData },
}

/**
 * The interactions system: its name, its jobs, its commands, its routes, its page and its database.
 * @module
 */
import type { System } from '../system.ts'
import { INTERACTIONS_COMMANDS } from './commands/index.ts'

export const interactions: System = {
  name: 'interactions',
  title: 'Interactions',
  summary: 'who talked to us, how often, through which channel',
  jobs: async () => [(await import('./job/interactions-job.ts')).interactionsJob],
  commands: INTERACTIONS_COMMANDS,
  routes: async () => (await import('./routes/index.ts')).INTERACTIONS_ROUTES,
  database: async () => (await import('./database.ts')).INTERACTIONS_DATABASE,
  pages: { load: async () => (await import('./routes/page-data.ts')).interactionsPageData },
}

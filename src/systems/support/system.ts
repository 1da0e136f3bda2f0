/**
 * The support system: its name, its jobs, its commands, its routes, and what its page reads.
 * @module
 */
import type { System } from '../system.ts'
import { SUPPORT_COMMANDS } from './commands/index.ts'

export const support: System = {
  name: 'support',
  title: 'Monthly report',
  summary: 'report on them, answer questions, make some',
  jobs: async () => [(await import('./job.ts')).supportJob],
  enginePlans: async () => (await import('./engine-plans.ts')).SUPPORT_PLANS,
  commands: SUPPORT_COMMANDS,
  routes: async () => (await import('./routes/index.ts')).SUPPORT_ROUTES,
  pages: { load: async () => (await import('./routes/page-data.ts')).supportPageData },
}

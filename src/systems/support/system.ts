/**
 * The support system: its name, its jobs, its commands and its routes.
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
  routes: async () => (await import('./routes/index.ts')).SUPPORT_ROUTES,
}

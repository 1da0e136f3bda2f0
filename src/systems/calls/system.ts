/**
 * The calls system: its name, its jobs, its commands and its routes.
 * @module
 */
import type { System } from '../system.ts'
import { CALLS_COMMANDS } from './commands/index.ts'

export const calls: System = {
  name: 'calls',
  title: 'Calls',
  summary: 'clean calls, sum them up, make some',
  jobs: async () => [(await import('./job/calls-job.ts')).callsJob],
  commands: CALLS_COMMANDS,
  routes: async () => (await import('./routes/index.ts')).CALLS_ROUTES,
}

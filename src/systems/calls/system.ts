/**
 * The calls system: call logs to one curated file, its figures and its page.
 * @module
 */
import type { System } from '../system.ts'
import { CALLS_COMMANDS } from './commands/index.ts'

export const calls: System = {
  name: 'calls',
  title: 'Calls',
  summary: 'clean calls, sum them up, make some',
  // its run is not yet one of the job engine
  jobs: async () => [],
  commands: CALLS_COMMANDS,
}

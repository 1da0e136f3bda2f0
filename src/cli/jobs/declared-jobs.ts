/**
 * The jobs of a command line with their files written as declared.
 * @module
 */
import { declaredJob } from '../../terminal/flags/declared-job.ts'
import type { FormatValues } from '../../terminal/flags/format-flags.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import type { Jobs } from './jobs.ts'

/** Returns the finder of jobs for a command whose files are written as its values say. */
export function declaredJobs(jobs: Jobs, values: FormatValues, terminal: Pick<Terminal, 'log'>): Jobs {
  return {
    systems: jobs.systems,
    home: () => jobs.home(),
    async find(choice) {
      const known = await jobs.find(choice)
      return { ...known, job: await declaredJob(known.job, values, terminal) }
    },
    async place(choice) {
      const place = await jobs.place(choice)
      return { ...place, job: place.job === null ? null : await declaredJob(place.job, values, terminal) }
    },
  }
}

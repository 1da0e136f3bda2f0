/**
 * The texts of the errors that say why a state cannot be read.
 * @module
 */
import type { FileStore } from '../../connect/file-store.ts'
import { type Advice, PipelineError } from '../../errors.ts'
import type { Job } from '../job/job.ts'

type Place = Pick<FileStore, 'location'>

/** No run has committed anything there. */
export function nothingCommitted(out: Place): PipelineError {
  return new PipelineError('nothing_committed', `${out.location} holds no committed state`, {
    advice: ['run the pipeline first', { option: 'out', effect: 'name the folder of an earlier run' }],
  })
}

/** The job of another name made the state. */
export function stateOfAnotherJob(name: string, job: Job): PipelineError {
  return new PipelineError('options_changed', `this place holds the state of job "${name}", not of "${job.name}"`, {
    advice: [{ option: 'out', effect: 'use another place' }],
  })
}

/** The job has changed since it made the state. */
export function stateOfAnotherVersion(job: Job): PipelineError {
  return new PipelineError(
    'options_changed',
    `the state was made by job "${job.name}" with other contracts or policies`,
    {
      advice: [
        { option: 'apply', value: "'rebuild'", effect: 'make it anew', otherwise: 'run with --rebuild' },
        'read it with the job that made it',
      ],
    },
  )
}

/** The job has changed since it made that commit. */
export function commitOfAnotherVersion(number: number): PipelineError {
  return new PipelineError(
    'options_changed',
    `commit ${number} was made with other contracts or policies than the job has now; read it with the job that made it`,
  )
}

/** The commit is still to come. */
export function commitAhead(number: number, last: number): PipelineError {
  return new PipelineError('invalid_option', `asOf "commit:${number}" is after the last commit, commit:${last}`, {
    details: { option: 'asOf' },
  })
}

const READ_LATER: readonly Advice[] = ['ask for a later commit, or for the state as it is']

/** `gc` has removed a file of that commit. */
export function commitCollected(
  number: number,
  out: Place,
  name: string,
  advice: readonly Advice[] = READ_LATER,
): PipelineError {
  return new PipelineError('commit_collected', `commit ${number} of ${out.location}: gc removed ${name}`, { advice })
}

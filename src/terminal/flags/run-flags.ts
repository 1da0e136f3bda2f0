/**
 * The flags of commands that run a job.
 * @module
 */
import { hasPartitions, type Job } from '../../pipeline/job/job.ts'
import { FORMATS, FORMULAS, type OptionSpec } from '../command-spec.ts'
import { optionFlags, withdrawalFlags } from './job-flags.ts'

/** The flags that every run has; the values of those that are not given are those of the last commit. */
export const RUN: readonly OptionSpec[] = [
  { flags: '--months <list>', help: 'only these months, such as 202502,202503' },
  { flags: '--format <format>', help: 'of the published copies (default: csv, or as before)', choices: FORMATS },
  FORMULAS,
  {
    flags: '--mode <mode>',
    help: 'lenient sets bad rows aside, strict stops at the first oddity (default: lenient, or as before)',
    choices: ['lenient', 'strict'],
  },
  { flags: '--max-quarantined <share>', help: 'stop when more of a file does not fit (default: 5%, or as before)' },
  {
    flags: '--publish <list>',
    help: 'copies to publish: all, none, report, dimensions or table names (default: what the job says, or as before)',
  },
  { flags: '--rebuild', help: 'replay everything, with changed and late files' },
  { flags: '--dry-run', help: 'say what would be done, write nothing' },
]

/** Only a job with tables of days has the flags that name days. */
function dayFlags(job: Job): OptionSpec[] {
  if (!hasPartitions(job)) return []
  return [
    { flags: '--days <list>', help: 'only these days of partitioned tables, such as 20250301,20250302' },
    { flags: '--withdraw <list>', help: 'remove these days, whose files are gone' },
  ]
}

/** The flags of a run that depend on the job: its days, its withdrawals, its own options. */
export function runFlagsOf(job: Job): OptionSpec[] {
  return [...dayFlags(job), ...withdrawalFlags(job), ...optionFlags(job, 'kept')]
}

/**
 * Runs a job for a command: applies, commits and publishes what is new; a dry run only prints the plan.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import { PipelineError } from '../errors.ts'
import type { Destination } from '../pipeline/destinations/destination.ts'
import type { Job } from '../pipeline/job/job.ts'
import type { CopyFormat, CopyFormulas, RunOptions } from '../pipeline/job/options.ts'
import type { RunPlan } from '../pipeline/plan/make-plan.ts'
import type { Note } from '../pipeline/plan/plan-notes.ts'
import { planRun } from '../pipeline/plan-run.ts'
import { runPipeline } from '../pipeline/run.ts'
import { effectsOf, quarantineWarning } from './cli-effects.ts'
import { refuseNoFolder } from './did-you-mean.ts'
import { EXIT, type ExitCode, exitCodeOf } from './exit-code.ts'
import { failureText } from './failure.ts'
import { atTerminal } from './flags/flag-names.ts'
import { type FlagValues, optionValues } from './flags/job-flags.ts'
import { parseShare } from './flags/option-values.ts'
import type { Terminal } from './terminal.ts'
import { renderJson } from './text/render.ts'
import { planText, resultText } from './text/run-text.ts'

/** The values of the flags of a run: those of `run-flags.ts`, and those of the job's own options. */
export interface RunValues extends FlagValues {
  readonly data: string
  readonly out: string
  readonly months?: string
  readonly format?: CopyFormat
  readonly formulas?: CopyFormulas
  readonly mode?: 'lenient' | 'strict'
  readonly maxQuarantined?: string
  readonly publish?: string
  readonly acceptWithdrawals?: readonly string[]
  readonly days?: string
  readonly withdraw?: string
  readonly rebuild?: true
  readonly dryRun?: true
  readonly json?: true
}

/** Only the options given; the run inherits the others from the last commit. */
function optionsOf(job: Job, values: RunValues): RunOptions {
  const { data, out, months, format, formulas, mode, maxQuarantined, publish, acceptWithdrawals, rebuild } = values
  return {
    ...optionValues(job, values),
    data,
    out,
    apply: rebuild ? 'rebuild' : 'pending',
    ...(months === undefined ? {} : { months: months.split(',') }),
    ...(format === undefined ? {} : { format }),
    ...(formulas === undefined ? {} : { formulas }),
    ...(mode === undefined ? {} : { mode }),
    ...(maxQuarantined === undefined ? {} : { maxQuarantined: parseShare('--max-quarantined', maxQuarantined) }),
    ...(publish === undefined ? {} : { publish: publish === 'none' ? [] : publish.split(',') }),
    ...(acceptWithdrawals === undefined ? {} : { acceptWithdrawals }),
    ...(values.days === undefined ? {} : { days: values.days.split(',') }),
    ...(values.withdraw === undefined ? {} : { withdraw: values.withdraw.split(',') }),
  }
}

/** Notes below a warning that a user still needs to see. */
const SHOWN_NOTES: ReadonlySet<string> = new Set([
  ...['month_gap', 'copy_changed', 'day_kept', 'day_missing', 'day_withdrawn', 'destination_missing', 'file_missing'],
  'mended_superseded',
  ...['separator_line', 'column_unnamed', 'column_dropped', 'record_padded', 'quote_kept'],
  ...['file_empty', 'cells_missing'],
])

/** Logs what a run tells: warnings, what a user needs to see, and the rest for those who look for it. */
export function tellNotes(
  notes: readonly Pick<Note, 'code' | 'severity' | 'message'>[],
  terminal: Pick<Terminal, 'log'>,
): void {
  for (const { code, severity, message } of notes) {
    terminal.log(severity === 'warning' ? 'warn' : SHOWN_NOTES.has(code) ? 'info' : 'debug', message)
  }
}

/** What a command gives to a run beside its flags. */
export interface RunExtras {
  /** Where the commit is delivered to; as before where it is left out. */
  readonly destinations?: readonly Destination[]
  /** The place of the state, where the flag does not open it. */
  readonly out?: FileStore
}

/** Runs a job by the flags of its command, and prints the outcome. */
export async function runJob(
  job: Job,
  values: RunValues,
  terminal: Terminal,
  { destinations, out }: RunExtras = {},
): Promise<ExitCode> {
  refuseNoFolder(values.data)
  const options = {
    ...optionsOf(job, values),
    ...(destinations !== undefined && { destinations }),
    ...(out !== undefined && { out }),
  }
  const effects = effectsOf(terminal)
  if (values.dryRun) {
    const plan = await planRun(job, options, effects)
    const refusals = plan.refusals.map((refusal) => ({ ...refusal, message: atTerminal(refusal, terminal.flags) }))
    return tellPlan({ ...plan, refusals }, values, terminal)
  }

  const result = await runPipeline(job, options, effects)
  tellNotes(result.notes, terminal)
  const waiting = quarantineWarning(result.quarantined, terminal)
  if (waiting !== null) terminal.log('warn', waiting)
  await terminal.print(values.json ? renderJson(result) : terminal.fit(resultText(result, values, terminal.view)))
  return EXIT.done
}

/** Prints a plan; a plan that would be refused returns the exit status of that run. */
async function tellPlan(plan: RunPlan, { json }: RunValues, terminal: Terminal): Promise<ExitCode> {
  const [refusal] = plan.refusals
  if (json) await terminal.print(renderJson(plan))
  else if (refusal === undefined) await terminal.print(terminal.fit(planText(plan, terminal.view)))
  if (refusal === undefined) return EXIT.done
  const { code, statement, advice } = refusal
  const error = new PipelineError(code, statement, { advice })
  terminal.log('error', failureText(error, terminal))
  return exitCodeOf(error)
}

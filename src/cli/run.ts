/**
 * `support-etl run`: applies, commits and publishes what is new; a dry run only prints the plan.
 * @module
 */
import { PipelineError } from '../errors.ts'
import type { DeliveryResult } from '../pipeline/destinations/destination.ts'
import type { Job } from '../pipeline/job.ts'
import type { CopyFormat, CopyFormulas, RunOptions } from '../pipeline/options.ts'
import type { Plan, RunPlan } from '../pipeline/plan/make-plan.ts'
import { planRun } from '../pipeline/plan-run.ts'
import { runPipeline } from '../pipeline/run.ts'
import type { RunResult } from '../pipeline/run-result.ts'
import { effectsOf, quarantineWarning } from '../terminal/cli-effects.ts'
import { EXIT, type ExitCode, exitCodeOf } from '../terminal/exit-code.ts'
import { failureText } from '../terminal/failure.ts'
import { atTerminal } from '../terminal/flag-names.ts'
import { parseShare } from '../terminal/option-values.ts'
import { counted, printable, renderJson, renderTable } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type FlagValues, optionValues } from './job-flags.ts'
import type { Jobs } from './jobs.ts'

interface RunValues extends FlagValues {
  readonly data: string
  readonly out: string
  readonly job?: string
  readonly months?: string
  readonly format?: CopyFormat
  readonly formulas?: CopyFormulas
  readonly mode?: 'lenient' | 'strict'
  readonly maxQuarantined?: string
  readonly publish?: string
  readonly acceptWithdrawals?: readonly string[]
  readonly destination?: string
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

const SKIPPED = {
  already_applied: 'skip: applied before',
  not_selected: 'skip: not selected',
  missing: 'skip: no such file',
} as const

/** Findings below a warning that a user still needs to see. */
const SHOWN_FINDINGS: ReadonlySet<string> = new Set([
  ...['month_gap', 'copy_changed', 'separator_line', 'column_unnamed', 'day_kept', 'day_missing', 'day_withdrawn'],
  ...['destination_missing', 'column_dropped', 'record_padded', 'quote_kept'],
])

/** Runs a job and prints the outcome. */
export async function run(values: RunValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { job } = await jobs.find(values)
  const { destination } = values
  // loaded for those who deliver to one
  const destinations =
    destination === undefined ? {} : { destinations: (await import('./destination.ts')).destinationsAt(destination) }
  const options = { ...optionsOf(job, values), ...destinations }
  const effects = effectsOf(terminal)
  if (values.dryRun) {
    const plan = await planRun(job, options, effects)
    const refusals = plan.refusals.map((refusal) => ({ ...refusal, message: atTerminal(refusal, terminal.flags) }))
    return tellPlan({ ...plan, refusals }, values, terminal)
  }

  const result = await runPipeline(job, options, effects)
  for (const { code, severity, message } of result.notes) {
    if (severity === 'warning') terminal.log('warn', message)
    else terminal.log(SHOWN_FINDINGS.has(code) ? 'info' : 'debug', message)
  }
  const waiting = quarantineWarning(result.quarantined, terminal)
  if (waiting !== null) terminal.log('warn', waiting)
  await terminal.print(values.json ? renderJson(result) : resultText(result, values))
  return EXIT.done
}

function resultText(
  { status, commit, applied, tables, published, removed, destinations }: RunResult,
  places: RunValues,
): string {
  const [data, out] = [printable(places.data), printable(places.out)]
  const delivered = destinations.map(deliveryText).join('')
  if (status === 'nothing_to_do') {
    return `nothing to do: ${out} is at version ${commit}, ${data} has nothing new\n${delivered}`
  }
  const listed = (title: string, names: readonly string[]): string =>
    names.length === 0 ? '' : `\n${title}\n${names.map((name) => `  ${out}/${name}\n`).join('')}`
  const written = published.filter(({ isWritten }) => isWritten).map(({ name }) => name)
  const copies = listed('published', written) + listed('removed: no longer published', removed)
  if (status === 'republished') {
    const what = written.length > 0 ? 'copies written again' : 'copies of an earlier version removed'
    return `${what}; ${out} is at version ${commit}\n${copies}${delivered}`
  }
  return `committed version ${commit} to ${out}\n\n${appliedTable(applied)}\n${currentTable(tables)}${copies}${delivered}`
}

/** A line about a destination; nothing where it was up to date. */
function deliveryText({ name, status, commit, rows }: DeliveryResult): string {
  if (status === 'current') return ''
  if (status === 'waits') return `\n${name}: another process owns it, and applies the commit itself\n`
  if (status === 'superseded') return `\n${name}: not delivered, for a later commit was made by other code\n`
  const changed = Object.values(rows).reduce((sum, count) => sum + count, 0)
  return `\n${name} is at version ${commit}: ${counted(changed, 'row')} changed\n`
}

function appliedTable(applied: RunResult['applied']): string {
  if (applied.length === 0) return 'no input was applied: outputs and copies were rebuilt\n'
  const counts = ['rows', 'inserted', 'updated', 'unchanged', 'deleted', 'ignored', 'quarantined']
  return renderTable(
    [{ title: 'applied' }, ...counts.map((title) => ({ title, align: 'right' }) as const)],
    applied.map(({ name, rows, quarantined, summary }) => {
      const { inserted, updated, unchanged, deleted, ignored } = summary
      return [name, rows, inserted, updated, unchanged, deleted, ignored, quarantined]
    }),
  )
}

function currentTable(tables: RunResult['tables']): string {
  return renderTable([{ title: 'table' }, { title: 'rows', align: 'right' }], Object.entries(tables))
}

/** Prints a plan; a plan that would be refused returns the exit status of that run. */
async function tellPlan(plan: RunPlan, { json }: RunValues, terminal: Terminal): Promise<ExitCode> {
  const [refusal] = plan.refusals
  if (json) await terminal.print(renderJson(plan))
  else if (refusal === undefined) await terminal.print(planText(plan))
  if (refusal === undefined) return EXIT.done
  const { code, statement, advice } = refusal
  const error = new PipelineError(code, statement, { advice })
  terminal.log('error', failureText(error, terminal))
  return exitCodeOf(error)
}

const ACTIONS: Readonly<Record<Plan['action'], string>> = {
  nothing: 'would do nothing: everything is applied',
  apply: 'would apply what is new',
  rebuild: 'would replay everything',
  refresh: 'would rebuild reports and copies; no table changes',
}

function planText({ action, apply, withdraw, skip, notes, copies }: RunPlan): string {
  const rows = [
    ...copies.write.map((name) => [name, 'write the copy again: it is missing or differs']),
    ...copies.remove.map((name) => [name, 'remove the copy: no longer published']),
    ...apply.map(({ name, file }) => [name, file === null ? 'replay its kept rows' : 'apply']),
    ...withdraw.map(({ name }) => [name, 'withdraw its rows: the file is gone']),
    ...skip.map(({ name, reason }) => [name, SKIPPED[reason]]),
  ]
  const warnings = notes
    .filter(({ severity }) => severity === 'warning')
    .map(({ message }) => `  ${printable(message)}\n`)
  const told = warnings.length === 0 ? '' : `\n${counted(warnings.length, 'warning')}\n${warnings.join('')}`
  const hasCopies = copies.write.length + copies.remove.length > 0
  const what = hasCopies ? 'would repair copies: everything is applied' : ACTIONS[action]
  return `${what}\n\n${renderTable([{ title: 'file' }, { title: 'what would be done' }], rows)}${told}`
}

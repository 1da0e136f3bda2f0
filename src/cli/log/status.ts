/**
 * `support-etl status`: shows the committed state, its sources, and what waits.
 * @module
 */
import { openStore } from '../../connect/open.ts'
import { readStatus, type Status } from '../../pipeline/audit/status.ts'
import type { Job } from '../../pipeline/job/job.ts'
import type { Refusal } from '../../pipeline/plan/plan-refusals.ts'
import { planRun } from '../../pipeline/plan-run.ts'
import { expectedNames } from '../../pipeline/sources/files/inventory.ts'
import { effectsOf, quarantineWarning } from '../../terminal/cli-effects.ts'
import { meantPath } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { atTerminal } from '../../terminal/flags/flag-names.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'

interface StatusValues {
  readonly out: string
  readonly data: string
  readonly job?: string
  readonly json?: true
}

/** What the source holds that was not applied; `pending` is null where the code of the job is not known. */
interface Waiting {
  readonly pending: readonly string[] | null
  readonly refusals: readonly Refusal[]
  /** Whether the source has no file of the job. */
  readonly isEmpty: boolean
}

/** The flags of `run` that advice may name: `status` reports what `run` would do. */
const RUN_FLAGS = new Set([
  '--rebuild',
  '--out',
  '--data',
  '--mode',
  '--publish',
  '--accept-withdrawals',
  '--withdraw',
  '--days',
])

/** Reads the log and plans the next run; writes nothing and reads no row. */
export async function status(values: StatusValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { data, json } = values
  const { job, out } = await jobs.place(values)
  const effects = effectsOf(terminal)
  const state = await readStatus({ out }, effects)
  const { pending, refusals, isEmpty } = await waitingIn(job, { data, out }, terminal)
  if (job !== null && isEmpty) {
    const where = printable(`${data}${meantPath(data)}`)
    terminal.log('warn', `no source files in ${where}: --data names the folder that holds ${expectedNames(job)}`)
  }
  if (json) {
    await terminal.print(renderJson({ ...state, pending, refusals }))
    return EXIT.done
  }
  await terminal.print(terminal.fit(statusText(state, out, terminal)))
  await terminal.print(terminal.fit(pendingText(pending, isEmpty, state.job, data)))
  for (const { message } of refusals) terminal.log('warn', `a run would refuse: ${message}`)
  const waiting = quarantineWarning(state.quarantined, terminal)
  if (waiting !== null) terminal.log('warn', waiting)
  return EXIT.done
}

async function waitingIn(
  job: Job | null,
  { data, out }: { readonly data: string; readonly out: string },
  terminal: Terminal,
): Promise<Waiting> {
  if (job === null) return { pending: null, refusals: [], isEmpty: false }
  const plan = await planRun(job, { data, out }, effectsOf(terminal))
  const source = openStore(data)
  const prefixes = new Set(Object.values(job.tables).flatMap((table) => table.source.prefixes))
  let isEmpty = true
  for (const prefix of prefixes) isEmpty &&= (await source.list(prefix)).length === 0
  const refusals = plan.refusals.map((refusal) => ({ ...refusal, message: atTerminal(refusal, RUN_FLAGS) }))
  return { pending: plan.apply.map(({ name }) => name), refusals, isEmpty }
}

function pendingText(pending: readonly string[] | null, isEmpty: boolean, job: string, data: string): string {
  if (pending === null) {
    return `\npending: unknown, because the code of job "${printable(job)}" is not known here; --job names its module\n`
  }
  const nothing = isEmpty ? ' unknown' : ' nothing'
  const waits = pending.length === 0 ? `${nothing}\n` : `\n${pending.map((name) => `  ${printable(name)}\n`).join('')}`
  return `\npending in ${printable(data)}:${waits}`
}

/** The options of the job, in its words: `timeZone America/New_York, monthFrom interaction_start`. */
function optionsText({ job, options }: Status): string {
  const { mode, format, publish, formulas: _, maxQuarantined: __, ...ofJob } = options
  const own = Object.entries(ofJob)
    .map(([name, value]) => `${name} ${printable(String(value))}`)
    .join(', ')
  const copies = `${publish.length} copies as ${format}`
  return [`job ${printable(job)}${own === '' ? '' : `: ${own}`}`, mode, copies].join('; ')
}

function statusText(state: Status, out: string, terminal: Terminal): string {
  const { commit, committedAt, tables, inputs, copies, leftovers, lock } = state
  const filesOf = (table: string) => inputs.filter((input) => input.table === table)
  const latest = (table: string): string | null => {
    const files = filesOf(table)
    const months = files.flatMap(({ month }) => month ?? []).sort()
    return months.at(-1) ?? files.at(-1)?.name ?? null
  }
  const held = lock === null ? '' : `lock: ${holder(lock)}\n`
  return [
    terminal.title(`${printable(out)}: version ${commit}, committed ${committedAt}`),
    optionsText(state),
    '',
    renderTable(
      [{ title: 'table' }, { title: 'rows', align: 'right' }, { title: 'files', align: 'right' }, { title: 'latest' }],
      Object.entries(tables).map(([table, rows]) => [table, rows, filesOf(table).length, latest(table)]),
      terminal.view,
    ),
    renderTable(
      [{ title: 'copy' }, { title: 'rows', align: 'right' }, { title: 'state' }],
      [
        ...copies.map(({ name, rows, state }) => [name, rows, state]),
        ...leftovers.map((name) => [name, null, 'no longer published; the next run removes it']),
      ],
      terminal.view,
    ) + held,
  ].join('\n')
}

function holder({ host, process, isRunning }: NonNullable<Status['lock']>): string {
  const who = process === null ? 'an unknown process' : `process ${process} on ${host}`
  if (isRunning === 'gone') return `${who}, which no longer exists; the next run takes it over`
  return isRunning === 'running' ? `${who}, at work` : `${who}`
}

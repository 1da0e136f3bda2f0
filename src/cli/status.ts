/**
 * `support-etl status`: shows the committed state, its sources, and what waits.
 * @module
 */
import { openStore } from '../connect/open.ts'
import { planRun } from '../pipeline/plan-run.ts'
import { readStatus, type Status } from '../pipeline/status.ts'
import { supportJob } from '../systems/support/job.ts'
import { effectsOf, quarantineWarning } from '../terminal/cli-effects.ts'
import { meantPath } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { sentenceAtTerminal } from '../terminal/flag-names.ts'
import { printable, renderJson, renderTable } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface StatusValues {
  readonly out: string
  readonly data: string
  readonly json?: true
}

/** Reads the log and plans the next run; writes nothing and reads no row. */
export async function status({ out, data, json }: StatusValues, terminal: Terminal): Promise<ExitCode> {
  const effects = effectsOf(terminal)
  const standing = await readStatus({ out }, effects)
  const plan = await planRun(supportJob, { data, out }, effects)
  const { apply } = plan
  const refusals = plan.refusals.map((refusal) => ({ ...refusal, message: sentenceAtTerminal(refusal.message) }))
  const pending = apply.map(({ name }) => name)
  const source = openStore(data)
  const isEmpty = (await source.list('initial/')).length + (await source.list('delta/')).length === 0
  if (isEmpty) {
    const where = printable(`${data}${meantPath(data)}`)
    terminal.log('warn', `no source files in ${where}: --data names the folder that holds initial/ and delta/`)
  }
  if (json) {
    await terminal.print(renderJson({ ...standing, pending, refusals }))
    return EXIT.done
  }
  await terminal.print(statusText(standing, out, terminal))
  const nothing = isEmpty ? ' unknown' : ' nothing'
  const waits = pending.length === 0 ? `${nothing}\n` : `\n${pending.map((name) => `  ${printable(name)}\n`).join('')}`
  await terminal.print(`\npending in ${printable(data)}:${waits}`)
  for (const { message } of refusals) terminal.log('warn', `a run would refuse: ${message}`)
  const waiting = quarantineWarning(standing.quarantined)
  if (waiting !== null) terminal.log('warn', waiting)
  return EXIT.done
}

function statusText(standing: Status, out: string, terminal: Terminal): string {
  const { commit, committedAt, tables, inputs, copies, leftovers, lock, options } = standing
  const { timeZone, monthFrom, mode, format, publish } = options
  const months = (table: string) =>
    inputs.filter((input) => input.table === table && input.month !== null).map(({ month }) => month)
  const latest = (table: string) => months(table).sort().at(-1) ?? 'extract'
  const held = lock === null ? '' : `lock: ${holder(lock)}\n`
  return [
    terminal.title(`${printable(out)}: version ${commit}, committed ${committedAt}`),
    `months of ${monthFrom} in ${timeZone}; ${mode}; ${publish.length} copies as ${format}`,
    '',
    renderTable(
      [{ title: 'table' }, { title: 'rows', align: 'right' }, { title: 'files', align: 'right' }, { title: 'latest' }],
      Object.entries(tables).map(([table, rows]) => [table, rows, months(table).length + 1, latest(table)]),
    ),
    renderTable(
      [{ title: 'copy' }, { title: 'rows', align: 'right' }, { title: 'state' }],
      [
        ...copies.map(({ name, rows, state }) => [name, rows, state]),
        ...leftovers.map((name) => [name, null, 'no longer published; the next run removes it']),
      ],
    ) + held,
  ].join('\n')
}

function holder({ host, process, isRunning }: NonNullable<Status['lock']>): string {
  const who = process === null ? 'an unknown process' : `process ${process} on ${host}`
  if (isRunning === 'gone') return `${who}, which no longer exists; the next run takes it over`
  return isRunning === 'running' ? `${who}, at work` : `${who}`
}

/**
 * `support-etl what-if`: figures and rows that another option would move.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import type { Job } from '../../pipeline/job/job.ts'
import { flagOf } from '../../pipeline/job/job-options.ts'
import { type MovedRows, type WhatIf, type WhatIfOutput, whatIf } from '../../pipeline/what-if.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { type FlagValues, optionValues } from '../../terminal/flags/job-flags.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { counted, figure, renderJson } from '../../terminal/text/render.ts'
import { objectsOf } from '../../terminal/text/rows.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { changeCounts, changedRows, changesTable } from './changed-rows.ts'

interface WhatIfValues extends FlagValues {
  readonly out: string
  readonly job?: string
  readonly json?: true
}

/** Prints what the given options would change. */
export async function whatIfCommand(values: WhatIfValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { job, out } = await jobs.find(values)
  const options = optionValues(job, values)
  if (Object.keys(options).length === 0) {
    const flags = Object.entries(job.options).map(([name, option]) => flagOf(name, option))
    const known = flags.length === 0 ? 'this job has none' : `there are ${flags.join(', ')}`
    throw new PipelineError('invalid_option', `give another value of an option of job ${job.name}: ${known}`)
  }
  const found = await whatIf(job, { out, options }, effectsOf(terminal))
  await terminal.print(
    values.json ? renderJson(forMachines(found, job)) : terminal.fit(text(found, job, out, terminal)),
  )
  return EXIT.done
}

/** The key cells of the rows that move, with the lines that count them. */
function movedKeys({ table, rows, from, to }: MovedRows, job: Job) {
  const key = job.tables[table]?.contract.key ?? []
  return objectsOf(rows).map((row, at) => ({
    key: Object.fromEntries(key.map((column) => [column, row[column] ?? null])),
    from: from[at] ?? null,
    to: to[at] ?? null,
  }))
}

function forMachines({ outputs, ...found }: WhatIf, job: Job): unknown {
  return {
    ...found,
    outputs: outputs.map((output) => {
      const { name, added, removed, changed, moved } = output
      const told = moved === null ? null : { table: moved.table, total: moved.total, rows: movedKeys(moved, job) }
      return { name, added, removed, changed, rows: changedRows(output), moved: told }
    }),
  }
}

function text({ commit, options, outputs }: WhatIf, job: Job, out: string, terminal: Terminal): string {
  const others = Object.entries(options).map(([name, { now, other }]) => `${name} ${other} instead of ${now}`)
  const heading = terminal.title(printable(`${out}, version ${commit}: with ${others.join(', ')}`))
  return [heading, ...outputs.map((output) => outputText(output, job, terminal))].join('\n\n')
}

function outputText(output: WhatIfOutput, job: Job, { title, view }: Terminal): string {
  const counts = title(`${printable(output.name)}: ${changeCounts(output)}`)
  const { moved } = output
  const told = moved === null ? '' : `\n${movedText(moved, job, view)}`
  return `${counts}\n${changesTable(output, view)}${told}`
}

/** The cells of a row's line that would differ; all of them where one of the two lines is none. */
function movedText(moved: MovedRows, job: Job, view: Terminal['view']): string {
  const { table, total } = moved
  const rows = movedKeys(moved, job)
  const many = rows.length === 1 ? 'counts' : 'count'
  const counts = `${figure(rows.length)} of ${counted(total, 'row')} of ${table} ${many} in another line\n`
  if (rows.length === 0) return counts
  const names = Object.keys(rows.find(({ from, to }) => (from ?? to) !== null)?.to ?? rows[0]?.from ?? {})
  const differing = names.filter((name) => rows.some(({ from, to }) => from?.[name] !== to?.[name]))
  const key = Object.keys(rows[0]?.key ?? {})
  const columns = [...key, ...differing.flatMap((name) => [`${name} now`, `${name} then`])].map((title) => ({ title }))
  const cells = rows.map(({ key: of, from, to }) => [
    ...key.map((name) => of[name] ?? null),
    ...differing.flatMap((name) => [from?.[name] ?? 'no line', to?.[name] ?? 'no line']),
  ])
  return `${counts}\n${renderTable(columns, cells, view)}`
}

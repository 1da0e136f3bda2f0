/**
 * `support-etl explain`: the rows and source lines behind a figure of an output.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { type ExplainQuery, type Explanation, explainFigure } from '../../pipeline/audit/explain.ts'
import type { Effects } from '../../pipeline/effects.ts'
import type { Job } from '../../pipeline/job/job.ts'
import { readState } from '../../pipeline/state/committed-state.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { meantText } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { refuseUnreached } from '../../terminal/flags/as-of.ts'
import {
  cellValues,
  type ExplainableOutput,
  explainableOutputs,
  type FlagValues,
  wordsOf,
} from '../../terminal/flags/job-flags.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { counted, figure, renderJson } from '../../terminal/text/render.ts'
import { cellsByName, objectsOf } from '../../terminal/text/rows.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { warnOfUnread } from './unread-files.ts'

interface ExplainValues extends FlagValues {
  readonly out: string
  readonly data: string
  readonly job?: string
  readonly output?: string
  readonly asOf?: string
  readonly json?: true
}

/** The output whose line is explained. */
function outputOf(job: Job, wanted: string | undefined): ExplainableOutput {
  const outputs = explainableOutputs(job)
  const found = wanted === undefined ? outputs[0] : outputs.find(({ name }) => name === wanted)
  if (found !== undefined) return found
  throw new PipelineError('invalid_option', `job ${job.name} has no output that can say which rows it counts`)
}

/** Prints the rows behind one line of an output, with the source line of each. */
export async function explain(values: ExplainValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { data, asOf, json } = values
  const { job, out } = await jobs.find(values)
  const output = outputOf(job, values.output)
  const cells = cellValues(output, values)
  const query = { out, data, output: output.name, cells, ...(asOf !== undefined && { asOf }) }
  const effects = effectsOf(terminal)
  const found = await explainFigure(job, query, effects)
  if (asOf !== undefined) await refuseUnreached(job, asOf, out, effects)
  if (found.rows.rows === 0) throw await noSuchLine(job, output, query, effects)
  const { totals, columns } = job.outputs[output.name]?.explain ?? {}
  const sums = totals?.(found.rows) ?? {}
  if (json) {
    const rows = objectsOf(found.rows).map((row, at) => {
      const { source = null, stored = null } = found.origins[at] ?? {}
      return { ...row, source, stored: stored === null ? null : cellsByName(stored) }
    })
    await terminal.print(renderJson({ ...cells, table: found.table, ...sums, rows, unread: found.unread }))
  } else {
    const shown = columns ?? Object.keys(job.tables[found.table]?.contract.columns ?? {})
    await terminal.print(terminal.fit(explanationText(found, { cells, sums, shown }, terminal)))
    await terminal.print(appliedText(found, job, terminal))
  }
  warnOfUnread(found.unread, data, terminal, 'its lines cannot be shown, and its rows are shown as they were applied')
  return EXIT.done
}

/** The error for a line that the output does not have; it names the word that no line contains. */
async function noSuchLine(
  job: Job,
  output: ExplainableOutput,
  { out, asOf, cells }: ExplainQuery,
  effects: Partial<Effects>,
): Promise<PipelineError> {
  const at = { ...(out !== undefined && { out }), ...(asOf !== undefined && { asOf }) }
  const lines = objectsOf(await (await readState(job, at, effects)).loadOutput(output.name))
  const wanted = Object.values(cells).map((value) => `"${value}"`)
  const line = `${output.name} has no line for ${wanted.join(', ')}`
  for (const { column } of output.cells) {
    const value = cells[column]
    const known = [...new Set(lines.map((row) => String(row[column])))]
    if (value === undefined || known.includes(value)) continue
    return new PipelineError(
      'invalid_option',
      `${line}; no ${wordsOf(column)} is "${value}": ${meantText(value, known)}`,
    )
  }
  return new PipelineError('invalid_option', `${line}; each of its cells is in another line`)
}

interface Shown {
  readonly cells: Readonly<Record<string, string>>
  readonly sums: Readonly<Record<string, number>>
  readonly shown: readonly string[]
}

const isNumber = (kind = ''): boolean => ['float64', 'int32', 'int64'].includes(kind)

function explanationText(found: Explanation, { cells, sums, shown }: Shown, { title, view }: Terminal): string {
  const { columns } = found.rows
  const table = renderTable(
    [
      ...shown.map((name) => ({ title: name, align: isNumber(columns.get(name)?.kind) ? 'right' : 'left' }) as const),
      { title: 'file' },
      { title: 'row', align: 'right' },
      { title: 'line', align: 'right' },
      { title: 'line in the file' },
    ],
    objectsOf(found.rows).map((row, at) => {
      const { file = '', row: record = null, source = null } = found.origins[at] ?? {}
      return [...shown.map((name) => row[name] ?? null), file, record, source?.line ?? null, source?.text ?? null]
    }),
    view,
  )
  const told = Object.entries(sums).map(([name, value]) => `${name} ${figure(value)}`)
  const counts = told.length > 0 ? told.join(', ') : counted(found.rows.rows, 'row')
  return `${title(printable(`${Object.values(cells).join(', ')}: ${counts}`))}\n\n${table}`
}

/** The rows that were applied of files whose lines cannot be shown; no text where there are none. */
function appliedText({ origins, unread, sourceTable }: Explanation, job: Job, { view }: Terminal): string {
  const files = new Set(unread.map(({ file }) => file))
  const applied = origins.flatMap(({ file, row, stored }) =>
    stored !== null && files.has(file) ? { file, row, stored } : [],
  )
  if (applied.length === 0) return ''
  const columns = Object.entries(job.tables[sourceTable]?.contract.columns ?? {})
  const table = renderTable(
    [
      { title: 'file' },
      { title: 'row', align: 'right' },
      ...columns.map(([title, { kind }]) => ({ title, align: isNumber(kind) ? 'right' : 'left' }) as const),
    ],
    applied.map(({ file, row, stored }) => {
      const cells = cellsByName(stored)
      return [file, row, ...columns.map(([name]) => cells[name] ?? null)]
    }),
    view,
  )
  return `\nas applied to ${sourceTable}, where the line cannot be shown\n\n${table}`
}

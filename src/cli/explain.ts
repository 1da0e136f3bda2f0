/**
 * `support-etl explain`: the rows and source lines behind a figure of the report.
 * @module
 */
import { PipelineError } from '../errors.ts'
import type { Effects } from '../pipeline/effects.ts'
import { type ExplainQuery, type Explanation, explainFigure } from '../pipeline/explain.ts'
import { readState } from '../pipeline/state/committed-state.ts'
import { callTotals } from '../systems/support/figures/support-cube.ts'
import { supportJob } from '../systems/support/job.ts'
import { refuseUnreached } from '../terminal/as-of.ts'
import { effectsOf } from '../terminal/cli-effects.ts'
import { meantText } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { counted, figure, printable, renderJson, renderTable } from '../terminal/render.ts'
import { objectsOf } from '../terminal/rows.ts'
import type { Terminal } from '../terminal/terminal.ts'

interface ExplainValues {
  readonly out: string
  readonly data: string
  readonly month: string
  readonly contactCenter: string
  readonly department: string
  readonly asOf?: string
  readonly json?: true
}

/** The columns that identify a line of the report, with their titles. */
const TITLES = { month: 'month', contact_center_name: 'contact center', department: 'department' }

/** Prints the interactions behind one line of the report, with the source line of each. */
export async function explain(values: ExplainValues, terminal: Terminal): Promise<ExitCode> {
  const { out, data, contactCenter, department, asOf, json } = values
  const month = values.month.replace(/^(\d{4})(\d{2})$/, '$1-$2')
  const cells = { month, contact_center_name: contactCenter, department }
  const query = { out, data, output: 'support_report', cells, ...(asOf === undefined ? {} : { asOf }) }
  const effects = effectsOf(terminal)
  const found = await explainFigure(supportJob, query, effects)
  if (asOf !== undefined) await refuseUnreached(supportJob, asOf, out, effects)
  if (found.rows.rows === 0) throw await noSuchLine(query, effects)
  if (json) {
    const rows = objectsOf(found.rows).map((row, at) => ({ ...row, source: found.origins[at]?.source ?? null }))
    await terminal.print(
      renderJson({ ...cells, table: found.table, ...callTotals(found.rows), rows, unread: found.unread }),
    )
  } else await terminal.print(explanationText(found, cells, terminal))
  for (const { file, reason } of found.unread) {
    const what = reason === 'missing' ? 'is not there' : 'has changed since it was applied'
    terminal.log('warn', `${data}/${file} ${what}: its lines cannot be shown`)
  }
  return EXIT.done
}

/** The error for a line that the report does not have; it names the word that no line contains. */
async function noSuchLine(query: ExplainQuery, effects: Partial<Effects>): Promise<PipelineError> {
  const { out, asOf, cells } = query
  const at = { ...(out !== undefined && { out }), ...(asOf !== undefined && { asOf }) }
  const report = objectsOf(await (await readState(supportJob, at, effects)).loadOutput(query.output))
  const { month = '', contact_center_name: center = '', department = '' } = cells
  const line = `the report has no line for ${month}, "${center}", "${department}"`
  for (const [column, title] of Object.entries(TITLES)) {
    const wanted = cells[column] ?? ''
    const known = [...new Set(report.map((row) => String(row[column])))]
    if (known.includes(wanted)) continue
    return new PipelineError('invalid_option', `${line}; no ${title} is "${wanted}": ${meantText(wanted, known)}`)
  }
  return new PipelineError('invalid_option', `${line}; support-etl report lists the lines it has, with current names`)
}

function explanationText(found: Explanation, cells: Readonly<Record<string, string>>, { title }: Terminal): string {
  const { total_interactions, total_calls, total_call_duration } = callTotals(found.rows)
  const sums = `${counted(total_interactions, 'interaction')}, ${counted(total_calls, 'call')}, ${figure(total_call_duration)} minutes`
  const shown = ['interaction_id', 'interaction_start', 'channel', 'call_duration_minutes']
  const table = renderTable(
    [
      ...shown.map((name) => ({ title: name, align: name.endsWith('minutes') ? 'right' : 'left' }) as const),
      { title: 'file' },
      { title: 'row', align: 'right' },
      { title: 'line', align: 'right' },
      { title: 'line in the file' },
    ],
    objectsOf(found.rows).map((row, at) => {
      const { file = '', row: record = null, source = null } = found.origins[at] ?? {}
      return [...shown.map((name) => row[name] ?? null), file, record, source?.line ?? null, source?.text ?? null]
    }),
  )
  return `${title(printable(`${Object.values(cells).join(', ')}: ${sums}`))}\n\n${table}`
}

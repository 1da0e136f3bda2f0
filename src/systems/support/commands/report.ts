/**
 * `support-etl report`: prints the support report of the committed state, now or as of a month.
 * @module
 */

import { textOf } from '../../../aggregate/columns.ts'
import { ContractError } from '../../../errors.ts'
import type { OptionValues } from '../../../pipeline/job/job-options.ts'
import type { CopyFormulas } from '../../../pipeline/job/options.ts'
import { type CommittedState, readState } from '../../../pipeline/state/committed-state.ts'
import type { Frame } from '../../../table/frame.ts'
import { takeRows } from '../../../table/take.ts'
import { effectsOf, sourceLine } from '../../../terminal/cli-effects.ts'
import { refuseNoName } from '../../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { refuseUnreached } from '../../../terminal/flags/as-of.ts'
import { cellValues, explainableOutputs, type FlagValues, wordsOf } from '../../../terminal/flags/job-flags.ts'
import { optionError } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { renderJson } from '../../../terminal/text/render.ts'
import { frameTable, objectsOf } from '../../../terminal/text/rows.ts'
import type { TableView } from '../../../terminal/text/text-table.ts'
import { supportJob, supportReportContract } from '../job.ts'

interface ReportValues extends FlagValues {
  readonly out: string
  readonly asOf?: string
  readonly format: 'table' | 'csv' | 'json' | 'parquet'
  readonly formulas?: CopyFormulas
  readonly limit?: string
  readonly json?: true
}

/** The words of a line that flags name, by column. */
type Cells = Readonly<Record<string, string>>

const [OUTPUT] = explainableOutputs(supportJob)

/**
 * The lines of the report that the flags name.
 * @throws ContractError invalid_option - no line has the name
 */
function chosenLines(report: Frame, cells: Cells): Frame {
  const chosen = Object.entries(cells).map(([name, value]) => {
    const { codes, values } = textOf(report, name)
    const flag = OUTPUT?.cells.find(({ column }) => column === name)?.flag ?? ''
    const known = [...new Set(codes)].flatMap((code) => values[code] ?? []).sort()
    refuseNoName(flag, wordsOf(name), value, known)
    return { codes, code: values.indexOf(value) }
  })
  if (chosen.length === 0) return report
  const rows = Array.from({ length: report.rows }, (_, row) => row)
  return takeRows(report, Int32Array.from(rows.filter((row) => chosen.every(({ codes, code }) => codes[row] === code))))
}

/**
 * Prints the report. `--json` adds its version, zone and month column; `--format json` gives only
 * the rows.
 */
export async function report(values: ReportValues, terminal: Terminal): Promise<ExitCode> {
  const { out, asOf, format, formulas, limit, json } = values
  if (limit !== undefined && format !== 'table') {
    throw optionError('--limit', limit, `a table; --format ${format} has every row`)
  }
  const cells = OUTPUT === undefined ? {} : cellValues(OUTPUT, values)
  const effects = effectsOf(terminal)
  const state = await readState(supportJob, asOf === undefined ? { out } : { out, asOf }, effects)
  if (asOf !== undefined) await refuseUnreached(supportJob, asOf, out, effects)
  const frame = chosenLines(await state.loadOutput('support_report'), cells)
  const { commit, committedAt, options } = state
  const { timeZone, monthFrom } = options
  if (frame.rows === 0 && Object.keys(cells).length > 0) {
    const words = Object.values(cells).map((word) => `"${printable(word)}"`)
    terminal.log('warn', `the report has no line for ${words.join(', ')} together`)
  }
  if (json) {
    await terminal.print(
      renderJson({ commit, committedAt, asOf: state.asOf, timeZone, monthFrom, rows: objectsOf(frame) }),
    )
    return EXIT.done
  }
  if (format === 'parquet' && terminal.isInteractive) {
    throw new ContractError(
      'invalid_option',
      '--format parquet is for a file or a program: redirect it, such as > report.parquet',
    )
  }
  if (format === 'table') {
    const source = printable(sourceLine(out, commit, timeZone, monthFrom))
    const asked = asOf === undefined ? '' : `; as of ${printable(asOf)}`
    await terminal.print(terminal.fit(`${source}${asked}\n\n`))
  }
  for (const chunk of await encode(frame, { format, formulas, state, view: terminal.view })) await terminal.print(chunk)
  return EXIT.done
}

/** The options of the support job. */
type ReportOptions = OptionValues<typeof supportJob.options>

interface Encoding {
  readonly format: ReportValues['format']
  readonly formulas: CopyFormulas | undefined
  readonly state: CommittedState<ReportOptions>
  readonly view: TableView
}

async function encode(
  frame: Frame,
  { format, formulas, state: { options }, view }: Encoding,
): Promise<Iterable<string | Uint8Array>> {
  if (format === 'table') return frameTable(frame, view)
  if (format === 'csv') {
    const { csvChunks } = await import('../../../format/csv/write/write.ts')
    return csvChunks(frame, { formulas: formulas ?? options.formulas })
  }
  if (format === 'json') return (await import('../../../format/json/write.ts')).jsonChunks(frame)
  const { parquetBytes } = await import('../../../format/parquet/parquet.ts')
  return [
    await parquetBytes(frame, {
      contract: supportReportContract,
      metadata: { time_zone: options.timeZone, month_from: options.monthFrom },
    }),
  ]
}

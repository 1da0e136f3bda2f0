/**
 * `support-etl report`: prints the support report of the committed state, now or as of a month.
 * @module
 */

import { ContractError } from '../../../errors.ts'
import type { OptionValues } from '../../../pipeline/job-options.ts'
import type { CopyFormulas } from '../../../pipeline/options.ts'
import { type CommittedState, readState } from '../../../pipeline/state/committed-state.ts'
import type { Frame } from '../../../table/frame.ts'
import { refuseUnreached } from '../../../terminal/as-of.ts'
import { effectsOf } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { renderJson } from '../../../terminal/render.ts'
import { frameTable, objectsOf } from '../../../terminal/rows.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { supportJob, supportReportContract } from '../job.ts'

interface ReportValues {
  readonly out: string
  readonly asOf?: string
  readonly format: 'table' | 'csv' | 'json' | 'parquet'
  readonly formulas?: CopyFormulas
  readonly json?: true
}

/**
 * Prints the report. `--json` adds its version, zone and month column; `--format json` gives only
 * the rows.
 */
export async function report(
  { out, asOf, format, formulas, json }: ReportValues,
  terminal: Terminal,
): Promise<ExitCode> {
  const effects = effectsOf(terminal)
  const state = await readState(supportJob, asOf === undefined ? { out } : { out, asOf }, effects)
  if (asOf !== undefined) await refuseUnreached(supportJob, asOf, out, effects)
  const frame = await state.loadOutput('support_report')
  if (json) {
    const { commit, committedAt, options } = state
    const { timeZone, monthFrom } = options
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
  for (const chunk of await encode(frame, format, formulas, state)) await terminal.print(chunk)
  return EXIT.done
}

/** The options of the support job. */
type ReportOptions = OptionValues<typeof supportJob.options>

async function encode(
  frame: Frame,
  format: ReportValues['format'],
  formulas: CopyFormulas | undefined,
  { options }: CommittedState<ReportOptions>,
): Promise<Iterable<string | Uint8Array>> {
  if (format === 'table') return frameTable(frame)
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

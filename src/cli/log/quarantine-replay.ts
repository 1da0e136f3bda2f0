/**
 * `support-etl quarantine replay`: applies rows that wait and were mended in a file.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { type MendedOutcome, type MendResult, mendRows } from '../../pipeline/mend/mend-rows.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { FormatValues } from '../../terminal/flags/format-flags.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { counted, renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { readMendedRows } from './mended-csv.ts'

interface ReplayValues extends FormatValues {
  readonly data: string
  readonly out: string
  readonly file?: string
  readonly json?: true
}

/** Applies the rows of a mended file in one commit, and tells which of them still wait. */
export async function quarantineReplay(values: ReplayValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { data, file, json } = values
  if (file === undefined) {
    throw new ContractError(
      'invalid_option',
      'name the file with the mended rows, such as: quarantine replay rows.csv. quarantine --csv rows.csv writes one to mend',
    )
  }
  const rows = readMendedRows(file)
  const { job } = await jobs.find(values)
  const result = await mendRows(job, { data, out: values.out, rows }, effectsOf(terminal))
  const waits = result.rows.filter(({ status }) => status === 'waits')
  await terminal.print(json ? renderJson(result) : terminal.fit(replayText(result, values.out, terminal)))
  if (waits.length > 0) {
    terminal.log(
      'warn',
      `${counted(waits.length, 'row')} of ${file} still ${waits.length === 1 ? 'does' : 'do'} not fit; mend the text and replay again`,
    )
  }
  return EXIT.done
}

const WORDS: Readonly<Record<MendedOutcome['status'], string>> = {
  applied: 'applied',
  waits: 'waits again',
  unchanged: 'text not changed',
}

function replayText({ run, rows }: MendResult, out: string, { view }: Terminal): string {
  const columns = [
    { title: 'file' },
    { title: 'row', align: 'right' as const },
    { title: 'now' },
    { title: 'column' },
    { title: 'expected' },
  ]
  const cells = rows.map(({ file, row, status, problem }) => [
    ...[file, row, WORDS[status], problem?.column ?? null, problem?.expected ?? null],
  ])
  const what =
    run === null
      ? `nothing to do: no text differs from what ${printable(out)} has`
      : `committed version ${run.commit} to ${printable(out)}`
  return `${what}\n\n${renderTable(columns, cells, view)}`
}

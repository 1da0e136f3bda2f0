/**
 * `support-etl quarantine`: lists the rows that wait because they do not fit, or writes them into a file to be mended.
 * @module
 */
import type { Effects } from '../../pipeline/effects.ts'
import type { QuarantinedRow } from '../../pipeline/quarantine.ts'
import { readLoggedJob } from '../../pipeline/state/logged-job.ts'
import { readQuarantine } from '../../pipeline/state/read-quarantine.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { refuseNoName } from '../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import type { FormatValues } from '../../terminal/flags/format-flags.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { counted, renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'

interface QuarantineValues extends FormatValues {
  readonly data: string
  readonly out: string
  readonly csv?: string
  readonly table?: string
  readonly json?: true
}

/** Prints the rows that wait; there may be none. */
export async function quarantine(values: QuarantineValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { out, table, csv, json } = values
  const effects = effectsOf(terminal)
  if (table !== undefined) refuseNoName('--table', 'table', table, await tablesAt(out, effects))
  if (csv !== undefined) return writeForMending(values, csv, terminal, jobs)
  const found = await readQuarantine({ out }, effects)
  const rows = table === undefined ? found.rows : found.rows.filter((row) => row.table === table)
  await terminal.print(
    json ? renderJson({ ...found, rows }) : terminal.fit(quarantineText(rows, { out, table }, terminal)),
  )
  return EXIT.done
}

/** The tables whose rows may wait: derived ones have issues of their own. */
async function tablesAt(out: string, effects: Partial<Effects>): Promise<string[]> {
  const { tables, derived } = await readLoggedJob({ out }, effects)
  return [...Object.keys(tables), ...Object.keys(derived)]
}

/** Writes the rows that wait into a file, and says how they are applied. */
async function writeForMending(
  values: QuarantineValues,
  csv: string,
  terminal: Terminal,
  jobs: Jobs,
): Promise<ExitCode> {
  const { data, out, table, json } = values
  const { job } = await jobs.find(values)
  // loaded for those who mend
  const [{ rowsToMend }, { writeRowsToMend }] = await Promise.all([
    import('../../pipeline/mend/rows-to-mend.ts'),
    import('./mended-csv.ts'),
  ])
  const all = await rowsToMend(job, { data, out }, effectsOf(terminal))
  const rows = table === undefined ? all : all.filter((row) => row.table === table)
  await writeRowsToMend(csv, rows)
  const told = `${counted(rows.length, 'row')} in ${printable(csv)}: mend the texts of the column record, then apply them with quarantine replay ${printable(csv)}\n`
  await terminal.print(json ? renderJson({ csv, rows }) : terminal.fit(told))
  return EXIT.done
}

function quarantineText(
  rows: readonly QuarantinedRow[],
  { out, table }: { readonly out: string; readonly table: string | undefined },
  { view }: Terminal,
): string {
  const which = table === undefined ? 'no row' : `no row of ${printable(table)}`
  if (rows.length === 0) return `${which} waits in ${printable(out)}\n`
  const columns = [
    ...([{ title: 'file' }, { title: 'row', align: 'right' }, { title: 'line', align: 'right' }] as const),
    ...['code', 'column', 'found', 'expected'].map((title) => ({ title })),
  ]
  const cells = rows.map(({ file, row, line, code, column, found, expected }) => [
    ...[file, row, line, code, column, found, expected],
  ])
  const waiting = new Set(rows.map(({ file, row }) => `${file} ${row}`)).size
  return `${renderTable(columns, cells, view)}\n${counted(waiting, 'row')} of ${counted(new Set(rows.map(({ file }) => file)).size, 'file')}\n`
}

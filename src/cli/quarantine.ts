/**
 * `support-etl quarantine`: lists the rows that wait because they do not fit.
 * @module
 */
import type { Effects } from '../pipeline/effects.ts'
import type { QuarantinedRow } from '../pipeline/quarantine.ts'
import { readLoggedJob } from '../pipeline/state/logged-job.ts'
import { readQuarantine } from '../pipeline/state/read-quarantine.ts'
import { effectsOf } from '../terminal/cli-effects.ts'
import { refuseNoName } from '../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { printable } from '../terminal/lines.ts'
import { counted, renderJson } from '../terminal/render.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { renderTable } from '../terminal/text-table.ts'

interface QuarantineValues {
  readonly out: string
  readonly table?: string
  readonly json?: true
}

/** Prints the rows that wait; there may be none. */
export async function quarantine({ out, table, json }: QuarantineValues, terminal: Terminal): Promise<ExitCode> {
  const effects = effectsOf(terminal)
  if (table !== undefined) refuseNoName('--table', 'table', table, await tablesAt(out, effects))
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

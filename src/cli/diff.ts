/**
 * `support-etl diff`: rows and figures that differ between two commits.
 * @module
 */
import { type CommitDifference, type DiffQuery, diffCommits, type TableDifference } from '../pipeline/diff.ts'
import { readLoggedJob } from '../pipeline/state/logged-job.ts'
import { effectsOf } from '../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../terminal/exit-code.ts'
import { printable } from '../terminal/lines.ts'
import { parseCount } from '../terminal/option-values.ts'
import { counted, figure, renderJson } from '../terminal/render.ts'
import { objectsOf } from '../terminal/rows.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { type Cell, renderTable } from '../terminal/text-table.ts'
import type { Jobs } from './jobs.ts'

interface DiffValues {
  readonly out: string
  readonly job?: string
  readonly from?: string
  readonly to?: string
  readonly table?: string
  readonly json?: true
}

type Row = Record<string, Cell>

/** A row that differs; `before` is null where it was added, `after` where it was removed. */
interface ChangedRow {
  readonly change: 'removed' | 'changed' | 'added'
  readonly before: Row | null
  readonly after: Row | null
}

/** Prints how many rows differ, or which. */
export async function diff(values: DiffValues, terminal: Terminal, jobs: Jobs): Promise<ExitCode> {
  const { from, to, table, json } = values
  const effects = effectsOf(terminal)
  const { job, out } = await jobs.place(values)
  const query: DiffQuery = {
    out,
    ...(from !== undefined && { from: parseCount('the first commit', from) }),
    ...(to !== undefined && { to: parseCount('the second commit', to) }),
    ...(table !== undefined && { table }),
  }
  const found = await diffCommits(job ?? (await readLoggedJob({ out }, effects)), query, effects)
  const [only] = table === undefined ? [] : found.tables
  if (json)
    await terminal.print(
      renderJson(only === undefined ? withoutRows(found) : { ...withoutRows(found), rows: rowsOf(only) }),
    )
  else
    await terminal.print(
      terminal.fit(only === undefined ? countsText(found, out, terminal) : rowsText(only, found, out, terminal)),
    )
  if (found.uncompared.length > 0) {
    const names = found.uncompared.join(', ')
    const reason =
      job === null ? `the code of job "${found.job}" is not known; --job names its module` : 'the job has changed since'
    terminal.log('warn', `not compared: ${names}, because ${reason}`)
  }
  return EXIT.done
}

/** What a machine reads of all tables: counts, without rows. */
function withoutRows({ job, from, to, tables, uncompared }: CommitDifference): Record<string, unknown> {
  const counted = tables.map(({ before: _, after: __, ...counts }) => counts)
  return { job, from, to, tables: counted, uncompared }
}

function rowsOf({ removed, changed, before, after }: TableDifference): ChangedRow[] {
  const [was, is] = [objectsOf(before), objectsOf(after)]
  return [
    ...was.slice(0, removed).map((row): ChangedRow => ({ change: 'removed', before: row, after: null })),
    ...is.slice(0, changed).map((row, at): ChangedRow => {
      return { change: 'changed', before: was[removed + at] ?? null, after: row }
    }),
    ...is.slice(changed).map((row): ChangedRow => ({ change: 'added', before: null, after: row })),
  ]
}

const heading = ({ from, to }: CommitDifference, out: string): string =>
  `${printable(out)}: version ${from} to version ${to}`

function countsText(found: CommitDifference, out: string, { title, view }: Terminal): string {
  const counts = ['added', 'removed', 'changed'] as const
  const columns = [{ title: 'table' }, ...counts.map((name) => ({ title: name, align: 'right' }) as const)]
  const rows = found.tables.map((table) => [table.name, ...counts.map((name) => table[name])])
  return `${title(heading(found, out))}\n\n${renderTable(columns, rows, view)}${columnsText(found.tables)}`
}

function columnsText(tables: readonly TableDifference[]): string {
  const others = tables.filter(({ otherColumns }) => otherColumns.length > 0)
  return others
    .map(
      ({ name, otherColumns }) =>
        `\n${name}: only one version has ${otherColumns.map(printable).join(', ')}; not compared\n`,
    )
    .join('')
}

const shown = (value: Cell | undefined): string => {
  if (value === null || value === undefined) return '–'
  return typeof value === 'number' ? figure(value) : String(value)
}

/** The cells that differ, as `name: before → after`; a row that came or went shows all of them. */
function cellsText({ before, after }: ChangedRow, key: readonly string[]): string {
  const names = Object.keys(after ?? before ?? {}).filter((name) => !key.includes(name))
  const cells = names.flatMap((name) => {
    const [was, is] = [before?.[name], after?.[name]]
    if (before === null) return [`${name}: ${shown(is)}`]
    if (after === null) return [`${name}: ${shown(was)}`]
    return Object.is(was, is) ? [] : [`${name}: ${shown(was)} → ${shown(is)}`]
  })
  return cells.join('; ')
}

function rowsText(table: TableDifference, found: CommitDifference, out: string, { title, view }: Terminal): string {
  const { name, key, added, removed, changed } = table
  const rows = rowsOf(table).map((row) => {
    const keys = key.map((column) => (row.after ?? row.before)?.[column] ?? null)
    return [row.change, ...keys, cellsText(row, key)]
  })
  const columns = ['change', ...key, 'cells'].map((column) => ({ title: column }))
  const counts = `${counted(added, 'row')} added, ${figure(removed)} removed, ${figure(changed)} changed`
  const listed = rows.length === 0 ? '' : `\n${renderTable(columns, rows, view)}`
  return `${title(`${heading(found, out)}, ${name}: ${counts}`)}\n${listed}${columnsText([table])}`
}

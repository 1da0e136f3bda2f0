/**
 * `support-etl diff`: rows and figures that differ between two commits.
 * @module
 */
import type { TableDifference } from '../../pipeline/audit/compare-sides.ts'
import { type CommitDifference, type DiffQuery, diffCommits } from '../../pipeline/audit/diff.ts'
import { readLoggedJob } from '../../pipeline/state/logged-job.ts'
import { effectsOf } from '../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../terminal/exit-code.ts'
import { parseCount } from '../../terminal/flags/option-values.ts'
import type { Terminal } from '../../terminal/terminal.ts'
import { printable } from '../../terminal/text/lines.ts'
import { renderJson } from '../../terminal/text/render.ts'
import { renderTable } from '../../terminal/text/text-table.ts'
import type { Jobs } from '../jobs/jobs.ts'
import { changeCounts, changedRows, changesTable } from './changed-rows.ts'

interface DiffValues {
  readonly out: string
  readonly job?: string
  readonly from?: string
  readonly to?: string
  readonly table?: string
  readonly json?: true
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
      renderJson(only === undefined ? withoutRows(found) : { ...withoutRows(found), rows: changedRows(only) }),
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

function rowsText(table: TableDifference, found: CommitDifference, out: string, { title, view }: Terminal): string {
  const { name } = table
  return `${title(`${heading(found, out)}, ${name}: ${changeCounts(table)}`)}\n${changesTable(table, view)}${columnsText([table])}`
}

/**
 * The rows of a table or output that differ, for people and for machines.
 * @module
 */
import type { TableDifference } from '../../pipeline/audit/compare-sides.ts'
import { counted, figure } from '../../terminal/text/render.ts'
import { objectsOf } from '../../terminal/text/rows.ts'
import { type Cell, renderTable, type TableView } from '../../terminal/text/text-table.ts'

type Row = Record<string, Cell>

/** A row that differs; `before` is null where it was added, `after` where it was removed. */
export interface ChangedRow {
  readonly change: 'removed' | 'changed' | 'added'
  readonly before: Row | null
  readonly after: Row | null
}

/** The rows that were removed, then those that changed, then those that were added. */
export function changedRows({ removed, changed, before, after }: TableDifference): ChangedRow[] {
  const [was, is] = [objectsOf(before), objectsOf(after)]
  return [
    ...was.slice(0, removed).map((row): ChangedRow => ({ change: 'removed', before: row, after: null })),
    ...is.slice(0, changed).map((row, at): ChangedRow => {
      return { change: 'changed', before: was[removed + at] ?? null, after: row }
    }),
    ...is.slice(changed).map((row): ChangedRow => ({ change: 'added', before: null, after: row })),
  ]
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

/** `1 row added, 0 removed, 2 changed`. */
export function changeCounts({ added, removed, changed }: TableDifference): string {
  return `${counted(added, 'row')} added, ${figure(removed)} removed, ${figure(changed)} changed`
}

/** A line a row, below an empty line; no text where nothing differs. */
export function changesTable(table: TableDifference, view: TableView): string {
  const rows = changedRows(table).map((row) => {
    const keys = table.key.map((column) => (row.after ?? row.before)?.[column] ?? null)
    return [row.change, ...keys, cellsText(row, table.key)]
  })
  const columns = ['change', ...table.key, 'cells'].map((title) => ({ title }))
  return rows.length === 0 ? '' : `\n${renderTable(columns, rows, view)}`
}

/**
 * A delta's columns in the kinds of the table (D13, D14).
 * @module
 */
import type { Column } from '../table/column.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import { kindsDiffer } from '../table/gather.ts'
import type { DeltaPolicies } from './delta-options.ts'
import { nullColumn } from './pool.ts'
import type { CodeDraft } from './tally.ts'

/** Whether two columns hold the same kind in the same form, so that one can follow the other. */
export function isSameForm(column: Column, like: Column): boolean {
  if (column.kind !== like.kind) return false
  if (column.kind === 'text' && like.kind === 'text') return column.encoding === like.encoding
  if (column.kind === 'timestamp' && like.kind === 'timestamp')
    return column.unit === like.unit && column.zone === like.zone
  return true
}

/** Returns the column in the form of `like`, which it fits: nulls where there is none or nothing is known of it. */
export function conformColumn(column: Column | undefined, like: Column, rows: number): Column {
  if (column === undefined || (column.kind === 'null' && like.kind !== 'null')) return nullColumn(like, rows)
  if (isSameForm(column, like)) return column
  throw kindsDiffer(like, column)
}

/** A delta's columns in the table's kinds, and the table's columns after it. */
export interface AlignedDelta {
  readonly columns: ReadonlyMap<string, Column>
  readonly schema: Frame
  readonly drafts: readonly CodeDraft[]
}

/**
 * Returns the columns in the kinds of the schema; a column of which the table knows nothing takes the delta's kind.
 * @throws DeltaError type_mismatch, key_type - a cell does not fit; cells of delete rows are not looked at
 */
export function alignColumns(
  columns: ReadonlyMap<string, Column>,
  schema: Frame,
  key: readonly string[],
  actions: Uint8Array,
  policies: DeltaPolicies,
  origin: (row: number) => { readonly file: string | null; readonly row: number },
): AlignedDelta {
  const aligned = new Map<string, Column>()
  const evolved = new Map(schema.columns)
  for (const [name, column] of columns) {
    const like = evolved.get(name)
    if (like === undefined || (like.kind === 'null' && column.kind !== 'null')) {
      evolved.set(name, nullColumn(column, 0))
      aligned.set(name, column)
    } else aligned.set(name, conformColumn(column, like, column.length))
  }
  return { columns: aligned, schema: frameOf(evolved, 0), drafts: [] }
}

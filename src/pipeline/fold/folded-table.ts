/**
 * What a fold gives, whatever the source of the table is.
 * @module
 */
import { selectColumns } from '../../table/frame.ts'
import type { ChangedRows, JobTable } from '../job/job.ts'
import type { InputRecord, TableState } from '../log/commit-record.ts'
import type { Note } from '../plan/make-plan.ts'
import type { QuarantinedRow } from '../quarantine.ts'
import type { AppliedInput } from '../run-result.ts'
import type { StagedInput } from '../state/version-draft.ts'

/** A table after its inputs; a derived table, which has none, after its parent. */
export interface FoldedTable {
  readonly table: Pick<JobTable, 'contract'>
  /** Inputs of the ledger whose files, if any, were written by earlier runs. */
  readonly known: readonly InputRecord[]
  /** Inputs of the ledger whose files are on their way to disk. */
  readonly inputs: readonly StagedInput[]
  /** Null where nothing was applied, and nothing was there. */
  readonly state: Promise<TableState> | TableState | null
  /** For each rollup and derived table of the table that can be updated, the changed rows in its columns. */
  readonly changed: ReadonlyMap<string, ChangedRows>
  readonly waiting: readonly QuarantinedRow[]
  readonly notes: readonly Note[]
  readonly applied: readonly AppliedInput[]
  /** Whether nothing was applied to it. */
  readonly isUntouched: boolean
  /** Whether it has the rows of the base, in their order. */
  readonly isSame: boolean
  /** Whether a row of this table that waited before was judged anew. */
  isReplaced(row: QuarantinedRow): boolean
}

/** Returns changed rows in the named columns; in all where none are named. */
export function restrictColumns({ before, after }: ChangedRows, columns?: readonly string[]): ChangedRows {
  if (columns === undefined) return { before, after }
  const names = columns.filter((name) => before.columns.has(name))
  return { before: selectColumns(before, names), after: selectColumns(after, names) }
}

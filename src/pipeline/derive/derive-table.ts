/**
 * A derived table kept up: rows of changed parents are made again, the others stay, all in the order of the parent.
 * @module
 */
import type { TableContract } from '../../table/contract.ts'
import { type Frame, selectColumns } from '../../table/frame.ts'
import { type KeyBytes, keyBytes } from '../../table/key/key.ts'
import { KeyIndex } from '../../table/key/key-index.ts'
import { countUp, markedRows, pickAt, takeRows } from '../../table/take.ts'
import { compareByKey, ownContract } from '../fold/compare-rows.ts'
import type { ChangedRows, DerivedIssue, DerivedTable } from '../job/job.ts'
import type { OptionValues } from '../job/job-options.ts'
import { concatFrames } from '../sources/read/concat-frames.ts'
import { givenRows, makeRows } from './made-rows.ts'

/** A derived table after a change of its parent. */
export interface DerivedFrame {
  /** Its rows, in the order of the parent, without recorded columns. */
  readonly frame: Frame
  /** Issues of the rows that were made now; rows count in the parent. */
  readonly issues: readonly DerivedIssue[]
  /** Rows of the parent that gave an issue before and were not made again. */
  readonly waiting: Int32Array
}

/** What is known of a derived table before a run, and what changed of its parent since. */
export interface DerivedBefore {
  readonly frame: Frame
  readonly changed: ChangedRows
}

/** Rows of the parent that have other cells than before: those that only have another place or origin are left out. */
function changedIn({ before, after }: ChangedRows, parent: TableContract): Frame {
  const own = ownContract(parent)
  const all = concatFrames([givenRows(before, parent), givenRows(after, parent)], own)
  const { same } = compareByKey(all, countUp(before.rows), countUp(after.rows, before.rows), own)
  return takeRows(givenRows(after, parent), markedRows(same.map((mark) => 1 - mark)))
}

/** Returns all rows of the table, made anew. @throws PipelineError derived_invalid */
export function deriveAll(
  name: string,
  table: DerivedTable,
  parent: { readonly frame: Frame; readonly contract: TableContract },
  values: OptionValues,
): DerivedFrame {
  const { frame, issues } = makeRows(name, table, givenRows(parent.frame, parent.contract), values)
  return { frame, issues, waiting: new Int32Array(0) }
}

/**
 * Returns the table after a change of its parent: equal to {@link deriveAll}, and only changed rows are made again.
 * @throws PipelineError derived_invalid
 */
export function deriveChanged(
  name: string,
  table: DerivedTable,
  parent: { readonly frame: Frame; readonly contract: TableContract },
  { frame: before, changed }: DerivedBefore,
  values: OptionValues,
): DerivedFrame {
  const { key } = parent.contract
  const again = changedIn(changed, parent.contract)
  const made = makeRows(name, table, again, values)
  const own = ownContract(table.contract)
  const all = concatFrames([made.frame, selectColumns(before, Object.keys(own.columns))], own)
  const madeOf = new Int32Array(again.rows).fill(-1)
  for (let row = 0; row < made.parents.length; row++) madeOf[made.parents[row] as number] = row
  const keys = keyBytes(parent.frame, key)
  const [inAgain, inBefore] = [placesOf(keys, keyBytes(again, key)), placesOf(keys, keyBytes(before, key))]

  const isWaiting = new Uint8Array(parent.frame.rows)
  const places = new Int32Array(parent.frame.rows).fill(-1)
  const parentOf = new Int32Array(again.rows)
  for (let row = 0; row < places.length; row++) {
    const changedAt = inAgain[row] as number
    const keptAt = inBefore[row] as number
    if (changedAt >= 0) {
      parentOf[changedAt] = row
      places[row] = madeOf[changedAt] as number
    } else if (keptAt >= 0) places[row] = made.frame.rows + keptAt
    else isWaiting[row] = 1
  }
  const rows = markedRows(Uint8Array.from(places, (place) => (place < 0 ? 0 : 1)))
  const issues = made.issues.map((issue) => ({ ...issue, row: parentOf[issue.row] as number }))
  return {
    frame: takeRows(all, pickAt(places, rows)),
    issues: issues.sort((a, b) => a.row - b.row),
    waiting: markedRows(isWaiting),
  }
}

/** For each of some keys the row of a table that has it; −1 where none does. */
function placesOf(keys: KeyBytes, table: KeyBytes): Int32Array {
  const index = KeyIndex.of(table)
  return index.findAll(keys).map((group) => (group < 0 ? -1 : (index.firstRows[group] as number)))
}

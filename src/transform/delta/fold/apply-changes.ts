/**
 * Applies each change to its key, one row after the other. These steps define the whole meaning of
 * a delta; folding, composing, counting and history only read their results.
 * @module
 */
import { ADD, DELETE } from '../compile/actions.ts'
import type { DeltaPolicies } from '../delta-options.ts'

/** The outcomes of a change. */
export const ADDED = 1
export const ADD_EXISTING = 2
export const UPDATE_EXISTING = 3
export const UPDATE_MISSING = 4
export const DELETED = 5
export const DELETE_MISSING = 6
export const OUTCOME = 7
/** Set where the change adds a key again that the same delta deleted. */
export const REINSERTED = 8
/** Set where an earlier row of the same delta has the same key. */
export const DUPLICATE = 16
/** Set where a policy made the change do nothing. */
export const IDLE = 32

const ALL_BITS = OUTCOME | REINSERTED | DUPLICATE | IDLE

/**
 * The state of every key: whether it is present, where its cells come from, and its position. A
 * cell comes from delta row r ≥ 0, or from row ~r of the table: one integer, so that states are
 * typed arrays.
 */
export interface KeyStates {
  /** 1 where the key is present. */
  readonly present: Uint8Array
  /** The row that supplies the key's cells. */
  readonly source: Int32Array
  /**
   * The delta row that inserted the key; insertions are ordered by it. −1 for a key in its original
   * row of the table.
   */
  readonly position: Int32Array
  /** For each partial column, the row that supplies the key's cell. */
  readonly cellSources: readonly Int32Array[]
}

/** A column where a change may leave the cell as it is. */
export interface PartialColumn {
  /** Whether the current delta has the column. */
  readonly isSupplied: boolean
  /** 1 at delta rows whose null keeps the old cell on an update; null where there are none. */
  readonly keeps: Uint8Array | null
}

/** The changes of one delta: a range of the delta rows. */
export interface DeltaRows {
  readonly start: number
  readonly end: number
  readonly partial: readonly PartialColumn[]
}

/** The results of the steps, by delta row. */
export interface StepLog {
  readonly outcomes: Uint8Array
  /** The source of the key's cells before the row; meaningless where the key was absent. */
  readonly prior: Int32Array
  /** The same for each partial column. */
  readonly priorCells: readonly Int32Array[]
  /** The previous row of the same delta with the same key, or −1. */
  readonly previous: Int32Array
}

/** Returns an empty log for that many delta rows. */
export function stepLog(rows: number, partialColumns: number): StepLog {
  return {
    outcomes: new Uint8Array(rows),
    prior: new Int32Array(rows),
    priorCells: Array.from({ length: partialColumns }, () => new Int32Array(rows)),
    previous: new Int32Array(rows),
  }
}

/**
 * The working memory of the steps: for each key, the last row seen and the last row that deleted
 * it.
 */
export interface StepMemory {
  readonly lastRow: Int32Array
  readonly lastDelete: Int32Array
}

/** Returns empty memory for that many keys. */
export function stepMemory(keys: number): StepMemory {
  return { lastRow: new Int32Array(keys).fill(-1), lastDelete: new Int32Array(keys).fill(-1) }
}

/** How often each combination of outcome bits occurred. */
export type OutcomeCounts = Uint32Array

/**
 * Applies one delta's rows to the states of their keys, in order. Logs each outcome and returns how
 * often each occurred. Changes `states` and `log`.
 */
export function stepDelta(
  { start, end, partial }: DeltaRows,
  keys: Int32Array,
  actions: Uint8Array,
  policies: Pick<DeltaPolicies, 'addExisting' | 'updateMissing'>,
  states: KeyStates,
  memory: StepMemory,
  log: StepLog,
): OutcomeCounts {
  const counts: OutcomeCounts = new Uint32Array(ALL_BITS + 1)
  const { present, source, position, cellSources } = states
  const { outcomes, prior, priorCells, previous } = log
  const { lastRow, lastDelete } = memory
  const addReplaces = policies.addExisting === 'replace'
  const updateInserts = policies.updateMissing === 'insert'
  const partials = partial.length

  for (let row = start; row < end; row++) {
    const key = keys[row] as number
    const action = actions[row - start]
    const isPresent = present[key] === 1
    const before = lastRow[key] as number
    let flags = 0
    if (before >= start) {
      previous[row] = before
      flags = DUPLICATE
    } else previous[row] = -1
    lastRow[key] = row
    prior[row] = source[key] as number
    for (let p = 0; p < partials; p++) {
      ;(priorCells[p] as Int32Array)[row] = (cellSources[p] as Int32Array)[key] as number
    }

    const isAdd = action === ADD
    let writes = false
    if (action === DELETE) {
      if (isPresent) {
        present[key] = 0
        lastDelete[key] = row
        flags |= DELETED
      } else flags |= DELETE_MISSING | IDLE
    } else if (isPresent) {
      writes = !isAdd || addReplaces
      flags |= isAdd ? ADD_EXISTING : UPDATE_EXISTING
      if (!writes) flags |= IDLE
    } else {
      writes = isAdd || updateInserts
      flags |= isAdd ? ADDED : UPDATE_MISSING
      if (writes) {
        if ((lastDelete[key] as number) >= start) flags |= REINSERTED
        present[key] = 1
        position[key] = row
      } else flags |= IDLE
    }
    outcomes[row] = flags
    counts[flags] = (counts[flags] as number) + 1
    if (!writes) continue

    source[key] = row
    // An add or an insertion writes a whole row: null where the delta lacks the column. An update
    // writes only the cells it has.
    const isWhole = isAdd || !isPresent
    for (let p = 0; p < partials; p++) {
      const { isSupplied, keeps } = partial[p] as PartialColumn
      const cells = cellSources[p] as Int32Array
      if (isWhole || (isSupplied && (keeps === null || keeps[row] === 0))) cells[key] = row
    }
  }
  return counts
}

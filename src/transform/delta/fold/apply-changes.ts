/**
 * The stepper: what each change does to its key, one row after the other from a given presence.
 * It is the whole meaning of a delta; folding, composing, counting and history only read what it leaves behind.
 * @module
 */
import { ADD, DELETE } from '../compile/actions.ts'
import type { DeltaPolicies } from '../delta-options.ts'

/** What a change did, as the step saw it. */
export const ADDED = 1
export const ADD_EXISTING = 2
export const UPDATE_EXISTING = 3
export const UPDATE_MISSING = 4
export const DELETED = 5
export const DELETE_MISSING = 6
export const OUTCOME = 7
/** Set where the change puts back a key that the same delta has deleted. */
export const REINSERTED = 8
/** Set where an earlier row of the same delta has the same key. */
export const DUPLICATE = 16
/** Set where policy let the change do nothing. */
export const IDLE = 32

const ALL_BITS = OUTCOME | REINSERTED | DUPLICATE | IDLE

/**
 * The state of every key: whether it is there, where its cells come from, and where it stands. A cell comes from row r ≥ 0
 * of the pool of all delta rows, or from row ~r of the table: one integer, so that states are typed arrays.
 */
export interface KeyStates {
  /** 1 where the key is present. */
  readonly present: Uint8Array
  /** The row that supplies the key's cells. */
  readonly source: Int32Array
  /** The pool row that inserted the key, which orders insertions; −1 for a key in the table's own place. */
  readonly position: Int32Array
  /** The row that supplies the cell, for each column in which rows can be partial. */
  readonly cellSources: readonly Int32Array[]
}

/** A column in which a change may leave the present cell as it is. */
export interface PartialColumn {
  /** Whether the delta at hand has the column. */
  readonly isSupplied: boolean
  /** 1 at pool rows whose null keeps the present cell when they update; null where no row's does. */
  readonly keeps: Uint8Array | null
}

/** The changes of one delta: a run of the pool. */
export interface DeltaRows {
  readonly start: number
  readonly end: number
  readonly partial: readonly PartialColumn[]
}

/** What the steps leave behind, by pool row. */
export interface StepLog {
  readonly outcomes: Uint8Array
  /** The source of the key's cells before the row; meaningless where the key was absent. */
  readonly prior: Int32Array
  /** The same for each partial column. */
  readonly priorCells: readonly Int32Array[]
  /** The row before it with the same key in the same delta, or −1. */
  readonly previous: Int32Array
}

/** Returns an empty log for a pool of that many rows. */
export function stepLog(rows: number, partialColumns: number): StepLog {
  return {
    outcomes: new Uint8Array(rows),
    prior: new Int32Array(rows),
    priorCells: Array.from({ length: partialColumns }, () => new Int32Array(rows)),
    previous: new Int32Array(rows),
  }
}

/** The working memory of a run of steps: by key, the last row seen and the last row that deleted it. */
export interface StepMemory {
  readonly lastRow: Int32Array
  readonly lastDelete: Int32Array
}

/** Returns the memory for that many keys. */
export function stepMemory(keys: number): StepMemory {
  return { lastRow: new Int32Array(keys).fill(-1), lastDelete: new Int32Array(keys).fill(-1) }
}

/** How often each set of outcome bits occurred. */
export type OutcomeCounts = Uint32Array

/**
 * Runs one delta's rows over the states of their keys, in order, logs what each did, and returns how often that was. Changes
 * `states` and `log`.
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
    // an add and an insertion bring a whole row, which is null in the pool where the delta lacks the column;
    // an update brings what it has
    const isWhole = isAdd || !isPresent
    for (let p = 0; p < partials; p++) {
      const { isSupplied, keeps } = partial[p] as PartialColumn
      const cells = cellSources[p] as Int32Array
      if (isWhole || (isSupplied && (keeps === null || keeps[row] === 0))) cells[key] = row
    }
  }
  return counts
}

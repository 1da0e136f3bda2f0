/**
 * The net effect of one delta on each of its keys. Summaries count them, history records them.
 * @module
 */
import { pickAt } from '../../../table/take.ts'
import { ADDED, DELETE_MISSING, type KeyStates, OUTCOME, type StepLog, UPDATE_MISSING } from './apply-changes.ts'
import { type ComparedColumn, type RowReferences, sameRows } from './same-rows.ts'

export const INSERTED = 0
export const UPDATED = 1
export const UNCHANGED = 2
export const REMOVED = 3
export const IGNORED = 4

/** Net effects, one per key of the delta, in order of the key's first row. */
export interface NetEffects {
  readonly keys: Int32Array
  readonly effects: Uint8Array
  /** The key's cells before the delta; meaningless where the key was absent. */
  readonly before: RowReferences
  /** The key's cells after the delta; meaningless where the key is absent. */
  readonly after: RowReferences
  /** The number of keys with each effect. */
  readonly counts: readonly number[]
}

/** Returns the references at those positions. */
export function takeReferences({ source, cells }: RowReferences, at: Int32Array): RowReferences {
  return { source: pickAt(source, at), cells: cells.map((values) => pickAt(values, at)) }
}

interface Rows {
  readonly start: number
  readonly end: number
}

/**
 * Returns the effect of the steps on each key, in order of first rows. An overwritten key counts as
 * updated.
 */
function traceKeys({ start, end }: Rows, keyOf: Int32Array, states: KeyStates, log: StepLog) {
  const firstRows = new Int32Array(end - start)
  const keys = new Int32Array(end - start)
  const before = new Int32Array(end - start)
  const after = new Int32Array(end - start)
  const effects = new Uint8Array(end - start)
  const rewritten = new Int32Array(end - start)
  const counts = [0, 0, 0, 0, 0]
  let count = 0
  let rewrites = 0
  for (let row = start; row < end; row++) {
    if (log.previous[row] !== -1) continue
    const place = count++
    const key = keyOf[row] as number
    const source = states.source[key] as number
    firstRows[place] = row
    keys[place] = key
    before[place] = log.prior[row] as number
    after[place] = source
    const outcome = (log.outcomes[row] as number) & OUTCOME
    const wasPresent = outcome !== ADDED && outcome !== UPDATE_MISSING && outcome !== DELETE_MISSING
    const isPresent = states.present[key] === 1
    let effect = UPDATED
    if (wasPresent !== isPresent) effect = isPresent ? INSERTED : REMOVED
    else if (!isPresent || source < start) effect = IGNORED
    else if ((states.position[key] as number) < start) rewritten[rewrites++] = place
    effects[place] = effect
    counts[effect] = (counts[effect] as number) + 1
  }
  return {
    firstRows: firstRows.subarray(0, count),
    keys: keys.subarray(0, count),
    before: before.subarray(0, count),
    after: after.subarray(0, count),
    effects: effects.subarray(0, count),
    rewritten: rewritten.subarray(0, rewrites),
    counts,
  }
}

/**
 * Returns the net effects of the delta whose steps were just applied. `states` must hold their
 * result.
 */
export function netEffects(
  delta: Rows,
  keyOf: Int32Array,
  states: KeyStates,
  log: StepLog,
  compared: readonly ComparedColumn[],
): NetEffects {
  const { firstRows, keys, effects, rewritten, counts, ...sources } = traceKeys(delta, keyOf, states, log)
  const before = { source: sources.before, cells: log.priorCells.map((cells) => pickAt(cells, firstRows)) }
  const after = { source: sources.after, cells: states.cellSources.map((cells) => pickAt(cells, keys)) }
  const same = sameRows(compared, takeReferences(before, rewritten), takeReferences(after, rewritten))
  let unchanged = 0
  for (let i = 0; i < same.length; i++) {
    if (same[i] === 0) continue
    effects[rewritten[i] as number] = UNCHANGED
    unchanged++
  }
  counts[UPDATED] = (counts[UPDATED] as number) - unchanged
  counts[UNCHANGED] = unchanged
  return { keys, effects, before, after, counts }
}

/**
 * The net effect of one delta on each of its keys, which is what summaries count and history keeps.
 * @module
 */
import { type ComparedColumn, type RowReferences, sameRows } from './same-rows.ts'
import { ADDED, DELETE_MISSING, type KeyStates, OUTCOME, type StepLog, UPDATE_MISSING } from './step.ts'

export const INSERTED = 0
export const UPDATED = 1
export const UNCHANGED = 2
export const REMOVED = 3
export const IGNORED = 4

/** Net effects, one a key of the delta, in order of the key's first row. */
export interface NetEffects {
  readonly keys: Int32Array
  readonly effects: Uint8Array
  /** The key's cells before the delta; meaningless where it was absent then. */
  readonly before: RowReferences
  /** The key's cells after the delta; meaningless where it is absent then. */
  readonly after: RowReferences
  /** How many keys have each effect, by effect. */
  readonly counts: readonly number[]
}

function firstRows({ previous }: StepLog, start: number, end: number): Int32Array {
  const rows = new Int32Array(end - start)
  let count = 0
  for (let row = start; row < end; row++) if (previous[row] === -1) rows[count++] = row
  return rows.slice(0, count)
}

const pick = (values: Int32Array, at: Int32Array) => {
  const picked = new Int32Array(at.length)
  for (let i = 0; i < at.length; i++) picked[i] = values[at[i] as number] as number
  return picked
}

/** Returns the rows' cells before them: `references` at pool rows. */
export function pickReferences({ source, cells }: RowReferences, at: Int32Array): RowReferences {
  return { source: pick(source, at), cells: cells.map((values) => pick(values, at)) }
}

/** Returns the net effects of the delta whose steps have just been taken: `states` is how it left the keys. */
export function netEffects(
  { start, end }: { readonly start: number; readonly end: number },
  keyOf: Int32Array,
  states: KeyStates,
  log: StepLog,
  compared: readonly ComparedColumn[],
): NetEffects {
  const first = firstRows(log, start, end)
  const keys = pick(keyOf, first)
  const effects = new Uint8Array(keys.length)
  const rewritten = new Int32Array(keys.length)
  let count = 0
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number
    const outcome = (log.outcomes[first[i] as number] as number) & OUTCOME
    const wasPresent = outcome !== ADDED && outcome !== UPDATE_MISSING && outcome !== DELETE_MISSING
    const isPresent = states.present[key] === 1
    if (wasPresent !== isPresent) effects[i] = isPresent ? INSERTED : REMOVED
    else if (!isPresent || (states.source[key] as number) < start) effects[i] = IGNORED
    else if ((states.position[key] as number) >= start) effects[i] = UPDATED
    else rewritten[count++] = i
  }
  const open = rewritten.subarray(0, count)
  const after = pickReferences({ source: states.source, cells: states.cellSources }, keys)
  const before = pickReferences({ source: log.prior, cells: log.priorCells }, first)
  const same = sameRows(compared, pickReferences(before, open), pickReferences(after, open))
  for (let i = 0; i < count; i++) effects[open[i] as number] = same[i] === 1 ? UNCHANGED : UPDATED
  const counts = [0, 0, 0, 0, 0]
  for (let i = 0; i < effects.length; i++) {
    const effect = effects[i] as number
    counts[effect] = (counts[effect] as number) + 1
  }
  return { keys, effects, before, after, counts }
}

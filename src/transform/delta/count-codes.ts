/**
 * The codes of one delta's changes, counted row by row from what the steps logged.
 * @module
 */
import { DeltaError } from '../../errors.ts'
import type { CompiledDelta } from './compile-delta.ts'
import type { RefusableCode } from './delta-options.ts'
import type { Severity } from './delta-summary.ts'
import { pickReferences } from './net-effects.ts'
import { hasNull } from './pool.ts'
import { describeOrigin } from './row-origin.ts'
import { type CellPair, type ComparedColumn, sameRows } from './same-rows.ts'
import {
  ADD_EXISTING,
  DELETE_MISSING,
  type DeltaRows,
  DUPLICATE,
  OUTCOME,
  REINSERTED,
  type StepLog,
  UPDATE_EXISTING,
  UPDATE_MISSING,
} from './step.ts'
import { type CodeDraft, Tally } from './tally.ts'

function countAdds(
  adds: Int32Array,
  { partial }: DeltaRows,
  log: StepLog,
  compared: readonly ComparedColumn[],
): [Tally, Tally] {
  const [differing, equal] = [new Tally('add_existing', 'warning'), new Tally('add_existing', 'info')]
  if (adds.length === 0) return [differing, equal]
  const before = pickReferences({ source: log.prior, cells: log.priorCells }, adds)
  const same = sameRows(compared, before, { source: adds, cells: partial.map(() => adds) })
  for (let i = 0; i < adds.length; i++) (same[i] === 1 ? equal : differing).add(adds[i] as number)
  return [differing, equal]
}

/** Sets the mark of each row whose null takes the place of a value. */
function markOverwrites({ base, pool }: CellPair, prior: Int32Array, rows: Int32Array, overwrites: Uint8Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (overwrites[i] === 1 || !pool.isNull(row)) continue
    const cell = prior[row] as number
    if (!(cell >= 0 ? pool.isNull(cell) : base.isNull(~cell))) overwrites[i] = 1
  }
}

/** Counts the updates whose null takes the place of a value. */
function countNulls(
  updates: Int32Array,
  { partial: columns }: DeltaRows,
  log: StepLog,
  compared: readonly ComparedColumn[],
): Tally {
  const tally = new Tally('null_overwrites', 'info')
  if (updates.length === 0) return tally
  const overwrites = new Uint8Array(updates.length)
  for (const { base, pool, partial } of compared) {
    const { isSupplied = true, keeps = null } = columns[partial] ?? {}
    if (!isSupplied || keeps !== null || !hasNull(pool)) continue
    markOverwrites({ base, pool }, log.priorCells[partial] ?? log.prior, updates, overwrites)
  }
  for (let i = 0; i < updates.length; i++) if (overwrites[i] === 1) tally.add(updates[i] as number)
  return tally
}

/** What the outcomes alone tell, and the rows of which the cells tell more. */
function countOutcomes({ start, end }: DeltaRows, ranks: Int32Array | null, { outcomes, previous }: StepLog) {
  const duplicates = new Tally('delta_duplicate_key', 'warning')
  const ties = new Tally('sequence_tie', 'warning')
  const updates = new Tally('update_existing', 'info')
  const missing = new Tally('update_missing', 'warning')
  const deletes = new Tally('delete_missing', 'info')
  const reinserted = new Tally('reinserted', 'info')
  const updated = new Int32Array(end - start)
  const added = new Int32Array(end - start)
  let adds = 0
  for (let row = start; row < end; row++) {
    const bits = outcomes[row] as number
    const outcome = bits & OUTCOME
    if (outcome === UPDATE_EXISTING) {
      updated[updates.count] = row
      updates.add(row)
    } else if (outcome === ADD_EXISTING) added[adds++] = row
    else if (outcome === UPDATE_MISSING) missing.add(row)
    else if (outcome === DELETE_MISSING) deletes.add(row)
    if (bits & REINSERTED) reinserted.add(row)
    if (bits & DUPLICATE) {
      duplicates.add(row)
      const before = previous[row] as number
      if (ranks !== null && ranks[row - start] === ranks[before - start]) ties.add(row)
    }
  }
  return {
    tallies: { duplicates, ties, updates, missing, deletes, reinserted },
    updated: updated.subarray(0, updates.count),
    added: added.subarray(0, adds),
  }
}

/** Returns what one delta's changes met, code by code; codes that did not occur are left out. */
export function countCodes(
  rows: DeltaRows,
  ranks: Int32Array | null,
  log: StepLog,
  compared: readonly ComparedColumn[],
): CodeDraft[] {
  const { tallies, updated, added } = countOutcomes(rows, ranks, log)
  const { duplicates, ties, updates, missing, deletes, reinserted } = tallies
  const adds = countAdds(added, rows, log, compared)
  const nulls = countNulls(updated, rows, log, compared)
  return [duplicates, ties, ...adds, updates, nulls, missing, deletes, reinserted].filter(({ count }) => count > 0)
}

/** What the change does, what was expected of it, and which option lets it pass. */
const MEANING: Readonly<Record<RefusableCode, readonly [found: string, expected: string, cure: string]>> = {
  add_existing: ['adds a key that exists', 'a new key', "addExisting: 'replace' or 'ignore'"],
  update_missing: ['updates a key that does not exist', 'a key of the table', "updateMissing: 'insert' or 'ignore'"],
  delete_missing: ['deletes a key that does not exist', 'a key of the table', "deleteMissing: 'ignore'"],
  delta_duplicate_key: ['has the key of an earlier change', 'one change a key', "duplicates: 'fold'"],
  sequence_tie: ['has the key and the sequence of an earlier change', 'one order of changes', "mode: 'lenient'"],
  column_missing: ['lacks a column', 'every column of the table', "missingColumns: 'keep'"],
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1 }

/**
 * Throws for the first change that the policies refuse.
 * @throws DeltaError add_existing, update_missing, delete_missing, delta_duplicate_key, sequence_tie - as the policies say
 */
export function refuseCodes(
  codes: readonly CodeDraft[],
  { policies, origin }: CompiledDelta,
  start: number,
  keyOf: (row: number) => readonly unknown[],
): void {
  let first: (CodeDraft & { readonly code: RefusableCode }) | undefined
  for (const [code, least] of policies.refused) {
    for (const draft of codes) {
      if (draft.code !== code || WEIGHT[draft.severity] < WEIGHT[least]) continue
      if (first === undefined || (draft.rows[0] as number) < (first.rows[0] as number)) first = { ...draft, code }
    }
  }
  if (first === undefined) return
  const sample = first.rows.map((row) => ({ key: keyOf(row), ...origin(row - start) }))
  const [found, expected, cure] = MEANING[first.code]
  throw new DeltaError(
    first.code,
    `${describeOrigin(origin((first.rows[0] as number) - start))}: the change ${found}, expected ${expected}; correct the delta, or set ${cure}`,
    { details: { ...sample[0], count: first.count, sample } },
  )
}

/**
 * The codes of one delta's changes, counted row by row from what the steps logged.
 * @module
 */
import { DeltaError } from '../../errors.ts'
import type { CompiledDelta } from './compile-delta.ts'
import type { RefusableCode } from './delta-options.ts'
import { type DeltaCode, SAMPLE_SIZE, type Severity } from './delta-summary.ts'
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
  type OutcomeCounts,
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

/** Writes the rows with those of the masked bits, ascending, until there is no more room for them. */
function listRows({ start, end }: DeltaRows, outcomes: Uint8Array, mask: number, bits: number, rows: Int32Array): void {
  for (let row = start, at = 0; row < end && at < rows.length; row++) {
    if (((outcomes[row] as number) & mask) === bits) rows[at++] = row
  }
}

/** What the outcomes alone tell, and the rows of which the cells tell more. */
function countOutcomes(
  delta: DeltaRows,
  counts: OutcomeCounts,
  ranks: Int32Array | null,
  { outcomes, previous }: StepLog,
) {
  const countOf = (mask: number, bits: number) =>
    counts.reduce((sum, count, found) => ((found & mask) === bits ? sum + count : sum), 0)
  const rowsOf = (mask: number, bits: number, count: number): Int32Array => {
    const rows = new Int32Array(count)
    listRows(delta, outcomes, mask, bits, rows)
    return rows
  }
  const tally = (code: DeltaCode, severity: Severity, mask: number, bits: number): Tally => {
    const count = countOf(mask, bits)
    return new Tally(code, severity, count, [...rowsOf(mask, bits, Math.min(count, SAMPLE_SIZE))])
  }
  const ties = new Tally('sequence_tie', 'warning')
  const duplicates = tally('delta_duplicate_key', 'warning', DUPLICATE, DUPLICATE)
  if (ranks !== null && duplicates.count > 0) {
    for (const row of rowsOf(DUPLICATE, DUPLICATE, duplicates.count)) {
      const before = previous[row] as number
      if (ranks[row - delta.start] === ranks[before - delta.start]) ties.add(row)
    }
  }
  const updated = rowsOf(OUTCOME, UPDATE_EXISTING, countOf(OUTCOME, UPDATE_EXISTING))
  return {
    tallies: {
      duplicates,
      ties,
      updates: new Tally('update_existing', 'info', updated.length, [...updated.subarray(0, SAMPLE_SIZE)]),
      missing: tally('update_missing', 'warning', OUTCOME, UPDATE_MISSING),
      deletes: tally('delete_missing', 'info', OUTCOME, DELETE_MISSING),
      reinserted: tally('reinserted', 'info', REINSERTED, REINSERTED),
    },
    updated,
    added: rowsOf(OUTCOME, ADD_EXISTING, countOf(OUTCOME, ADD_EXISTING)),
  }
}

/**
 * Returns what one delta's changes met, code by code, from what each did and how often that was; codes that did not occur are
 * left out.
 */
export function countCodes(
  rows: DeltaRows,
  outcomes: OutcomeCounts,
  ranks: Int32Array | null,
  log: StepLog,
  compared: readonly ComparedColumn[],
): CodeDraft[] {
  const { tallies, updated, added } = countOutcomes(rows, outcomes, ranks, log)
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

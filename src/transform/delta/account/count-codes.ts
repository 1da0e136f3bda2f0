/**
 * Counts the codes of one delta's changes, from the log of the steps.
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import type { CompiledDelta } from '../compile/compile-delta.ts'
import type { RefusableCode } from '../delta-options.ts'
import { type DeltaCode, SAMPLE_SIZE, type Severity } from '../delta-summary.ts'
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
} from '../fold/apply-changes.ts'
import { hasNull } from '../fold/delta-rows.ts'
import { takeReferences } from '../fold/net-effects.ts'
import { type CellPair, type ComparedColumn, sameRows } from '../fold/same-rows.ts'
import { describeOrigin } from '../row-origin.ts'
import { CodeCounter, type CodeDraft } from './code-counter.ts'

function countAdds(
  adds: Int32Array,
  { partial }: DeltaRows,
  log: StepLog,
  compared: readonly ComparedColumn[],
): [CodeCounter, CodeCounter] {
  const [differing, equal] = [new CodeCounter('add_existing', 'warning'), new CodeCounter('add_existing', 'info')]
  if (adds.length === 0) return [differing, equal]
  const before = takeReferences({ source: log.prior, cells: log.priorCells }, adds)
  const same = sameRows(compared, before, { source: adds, cells: partial.map(() => adds) })
  for (let i = 0; i < adds.length; i++) (same[i] === 1 ? equal : differing).add(adds[i] as number)
  return [differing, equal]
}

/** Counts repeated keys whose sequence equals that of the previous change. */
function countTies(
  duplicates: Int32Array,
  { start }: DeltaRows,
  ranks: Int32Array | null,
  { previous }: StepLog,
): CodeCounter {
  const counter = new CodeCounter('sequence_tie', 'warning')
  for (const row of duplicates) {
    if (ranks !== null && ranks[row - start] === ranks[(previous[row] as number) - start]) counter.add(row)
  }
  return counter
}

/** Marks each row whose null replaces a value. */
function markOverwrites({ base, pool }: CellPair, prior: Int32Array, rows: Int32Array, overwrites: Uint8Array): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    if (overwrites[i] === 1 || !pool.isNull(row)) continue
    const cell = prior[row] as number
    if (!(cell >= 0 ? pool.isNull(cell) : base.isNull(~cell))) overwrites[i] = 1
  }
}

/** Counts the updates whose null replaces a value. */
function countNulls(
  updates: Int32Array,
  { partial: columns }: DeltaRows,
  log: StepLog,
  compared: readonly ComparedColumn[],
): CodeCounter {
  const counter = new CodeCounter('null_overwrites', 'info')
  if (updates.length === 0) return counter
  const overwrites = new Uint8Array(updates.length)
  for (const { base, pool, partial } of compared) {
    const { isSupplied = true, keeps = null } = columns[partial] ?? {}
    if (!isSupplied || keeps !== null || !hasNull(pool)) continue
    markOverwrites({ base, pool }, log.priorCells[partial] ?? log.prior, updates, overwrites)
  }
  for (let i = 0; i < updates.length; i++) if (overwrites[i] === 1) counter.add(updates[i] as number)
  return counter
}

/** Writes the rows whose masked outcome equals `bits`, ascending, until `rows` is full. */
function listRows({ start, end }: DeltaRows, outcomes: Uint8Array, mask: number, bits: number, rows: Int32Array): void {
  for (let row = start, at = 0; row < end && at < rows.length; row++) {
    if (((outcomes[row] as number) & mask) === bits) rows[at++] = row
  }
}

/** The codes to count: the keys of a map, or all. */
export interface CodeTest {
  has(code: DeltaCode): boolean
}

/** Every code is counted. */
export const everyCode: CodeTest = { has: () => true }

/**
 * Returns the codes of one delta's changes with their counts, from the outcome of each change and
 * the outcome counts. Codes that did not occur, or were not requested, are left out.
 */
export function countCodes(
  delta: DeltaRows,
  outcomes: OutcomeCounts,
  ranks: Int32Array | null,
  log: StepLog,
  compared: readonly ComparedColumn[],
  asked: CodeTest,
): CodeDraft[] {
  const rowsOf = (mask: number, bits: number, count: number): Int32Array => {
    const rows = new Int32Array(count)
    listRows(delta, log.outcomes, mask, bits, rows)
    return rows
  }
  const countOf = (code: DeltaCode, mask: number, bits: number): number => {
    if (!asked.has(code)) return 0
    return outcomes.reduce((sum, count, found) => ((found & mask) === bits ? sum + count : sum), 0)
  }
  const counterOf = (code: DeltaCode, severity: Severity, mask: number, bits: number): CodeCounter => {
    const count = countOf(code, mask, bits)
    return new CodeCounter(code, severity, count, [...rowsOf(mask, bits, Math.min(count, SAMPLE_SIZE))])
  }
  const duplicates = rowsOf(DUPLICATE, DUPLICATE, ranks === null ? 0 : countOf('sequence_tie', DUPLICATE, DUPLICATE))
  const added = rowsOf(OUTCOME, ADD_EXISTING, countOf('add_existing', OUTCOME, ADD_EXISTING))
  const updated = rowsOf(OUTCOME, UPDATE_EXISTING, countOf('null_overwrites', OUTCOME, UPDATE_EXISTING))
  return [
    counterOf('delta_duplicate_key', 'warning', DUPLICATE, DUPLICATE),
    countTies(duplicates, delta, ranks, log),
    ...countAdds(added, delta, log, compared),
    counterOf('update_existing', 'info', OUTCOME, UPDATE_EXISTING),
    countNulls(updated, delta, log, compared),
    counterOf('update_missing', 'warning', OUTCOME, UPDATE_MISSING),
    counterOf('delete_missing', 'info', OUTCOME, DELETE_MISSING),
    counterOf('reinserted', 'info', REINSERTED, REINSERTED),
  ].filter(({ count }) => count > 0)
}

/** For each code: what the change does, what was expected, and the option that allows it. */
const MEANING: Readonly<
  Record<RefusableCode, readonly [found: string, expected: string, option: string, values: string]>
> = {
  add_existing: ['adds a key that exists', 'a new key', 'addExisting', "'replace' or 'ignore'"],
  update_missing: ['updates a key that does not exist', 'a key of the table', 'updateMissing', "'insert' or 'ignore'"],
  delete_missing: ['deletes a key that does not exist', 'a key of the table', 'deleteMissing', "'ignore'"],
  delta_duplicate_key: ['has the key of an earlier change', 'one change a key', 'duplicates', "'fold'"],
  sequence_tie: ['has the key and the sequence of an earlier change', 'one order of changes', 'mode', "'lenient'"],
  column_missing: ['lacks a column', 'every column of the table', 'missingColumns', "'keep'"],
}

const WEIGHT: Readonly<Record<Severity, number>> = { info: 0, warning: 1 }

/**
 * Throws for the first change that the policies refuse.
 * @throws DeltaError add_existing, update_missing, delete_missing, delta_duplicate_key,
 * sequence_tie - as the policies say
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
  const [found, expected, option, value] = MEANING[first.code]
  throw new DeltaError(
    first.code,
    `${describeOrigin(origin((first.rows[0] as number) - start))}: the change ${found}, expected ${expected}`,
    {
      advice: ['correct the delta', { option, value }],
      details: { ...sample[0], count: first.count, sample },
    },
  )
}

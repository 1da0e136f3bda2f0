/**
 * The fold: applies all pending deltas of a table in order, over their keys only.
 * @module
 */
import type { Column } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { type ColumnTest, everyColumn } from '../../../table/lazy-rows.ts'
import { pickAt } from '../../../table/take.ts'
import type { CodeDraft } from '../account/code-counter.ts'
import { type CodeTest, countCodes, refuseCodes } from '../account/count-codes.ts'
import type { CompiledDelta } from '../compile/compile-delta.ts'
import { conformColumn } from '../compile/convert-columns.ts'
import { isMetadata } from '../compile/match-columns.ts'
import {
  type DeltaRows,
  type KeyStates,
  type OutcomeCounts,
  type PartialColumn,
  type StepLog,
  stepDelta,
  stepLog,
  stepMemory,
} from './apply-changes.ts'
import { nullMask, poolColumn } from './delta-rows.ts'
import { type MatchedKeys, matchKeys } from './match-keys.ts'
import type { ComparedColumn } from './same-rows.ts'

/**
 * The result of folding deltas into a table, not yet written. `materialize` and `changedRowsOf` read
 * it.
 */
export interface Folded extends MatchedKeys {
  /** The table, in the kinds and dictionaries of the result. */
  readonly base: Frame
  /** The rows of all deltas, one delta after the other, in the same kinds and dictionaries. */
  readonly pool: Frame
  readonly key: readonly string[]
  /** The state of each key after the deltas. */
  readonly states: KeyStates
  /** The columns with partial rows, and their index in `states.cellSources`. */
  readonly partial: ReadonlyMap<string, number>
  /** The columns that count when rows are compared: all but key and metadata. */
  readonly compared: readonly ComparedColumn[]
}

/**
 * The steps of one delta, just applied. `states` holds their result until the next delta is
 * applied.
 */
export interface TakenSteps extends Pick<Folded, 'keyOf' | 'states' | 'compared'> {
  readonly delta: CompiledDelta
  readonly rows: DeltaRows
  readonly outcomes: OutcomeCounts
  readonly log: StepLog
  /** Returns the key of a delta row of this delta. */
  readonly keyAt: (row: number) => readonly unknown[]
}

/**
 * Returns the table and the delta rows in the columns and kinds of `schema`, with shared
 * dictionaries.
 */
export function poolFrames(
  table: Frame,
  deltas: readonly CompiledDelta[],
  schema: Frame,
  isNeeded: ColumnTest = everyColumn,
): { base: Frame; pool: Frame } {
  const bases: [string, Column][] = []
  const pools: [string, Column][] = []
  const rows = deltas.map((delta) => delta.rows)
  for (const [name, like] of schema.columns) {
    if (!isNeeded(name)) continue
    const parts = deltas.map(({ columns, rows }) => {
      const column = columns.get(name)
      return column === undefined ? null : conformColumn(column, like, rows)
    })
    const { base, pool } = poolColumn(conformColumn(table.columns.get(name), like, table.rows), parts, rows)
    bases.push([name, base])
    pools.push([name, pool])
  }
  const total = rows.reduce((sum, count) => sum + count, 0)
  return { base: frameOf(bases, table.rows), pool: frameOf(pools, total) }
}

function keepsNulls({ policies }: CompiledDelta, name: string): boolean {
  return policies.keepNulls === 'all' || policies.keepNulls.has(name)
}

/** The columns that count when rows are compared: all but key and metadata. */
function comparedColumns(base: Frame, pool: Frame, deltas: readonly CompiledDelta[], key: readonly string[]) {
  const compared = new Map<string, ComparedColumn>()
  let partial = 0
  for (const [name, column] of pool.columns) {
    if (key.includes(name) || isMetadata(name)) continue
    const keptNulls = deltas.some((delta) => keepsNulls(delta, name)) ? nullMask(column) : null
    // partial: the delta lacks the column, or a null of it keeps the table's value
    const isPartial = keptNulls !== null || deltas.some((delta) => !delta.columns.has(name))
    const place = isPartial ? partial++ : -1
    compared.set(name, { base: base.columns.get(name) as Column, pool: column, partial: place, keptNulls })
  }
  return compared
}

/** Returns every key's state in the table: presence, cells and position. */
function initialStates({ baseRows, matched }: MatchedKeys, partialColumns: number): KeyStates {
  const keys = baseRows.length
  const present = new Uint8Array(keys)
  const source = new Int32Array(keys)
  for (let i = 0; i < matched.length; i++) {
    const key = matched[i] as number
    present[key] = 1
    source[key] = ~(baseRows[key] as number)
  }
  const cellSources = Array.from({ length: partialColumns }, () => source.slice())
  return { present, source, position: new Int32Array(keys).fill(-1), cellSources }
}

/** A table restricted to the rows that its deltas change. */
export interface Narrowing extends Pick<MatchedKeys, 'baseRows' | 'matched'> {
  /** The keys of each delta's rows, in the given order. */
  readonly deltas: readonly Int32Array[]
  /** The table's columns, without rows. */
  readonly schema: Frame
  /**
   * The columns whose cells are needed: all compared ones, and the key and metadata columns that a
   * caller reads.
   */
  readonly isNeeded: ColumnTest
}

function poolKeys(
  { deltas: given, baseRows, matched }: Narrowing,
  deltas: readonly CompiledDelta[],
  rows: number,
): MatchedKeys {
  const keyOf = new Int32Array(rows)
  let at = 0
  for (const [i, { order, rows }] of deltas.entries()) {
    const keys = given[i] as Int32Array
    keyOf.set(order === null ? keys : pickAt(keys, order), at)
    at += rows
  }
  return { keyOf, baseRows, matched }
}

/** Called after the steps of each delta, in order. */
export type AfterSteps = (steps: TakenSteps, at: number) => void

/**
 * Returns the table after the deltas, in order. The table's keys must be unique. Only the deltas'
 * keys are hashed, and the table's are looked up in one pass, unless the table is restricted
 * already.
 */
export function foldSteps(
  table: Frame,
  deltas: readonly CompiledDelta[],
  key: readonly string[],
  narrowing: Narrowing | null,
  afterSteps: AfterSteps,
): Folded {
  const { base, pool } = poolFrames(table, deltas, deltas.at(-1)?.schema ?? table, narrowing?.isNeeded)
  const keys = narrowing === null ? matchKeys(base, pool, key) : poolKeys(narrowing, deltas, pool.rows)
  const { keyOf, baseRows } = keys
  const columns = comparedColumns(base, pool, deltas, key)
  const compared = [...columns.values()]
  const keeping = [...columns].filter(([, { partial }]) => partial >= 0)
  const partial = new Map(keeping.map(([name, column]) => [name, column.partial]))
  const states = initialStates(keys, partial.size)
  const log = stepLog(pool.rows, partial.size)
  const memory = stepMemory(baseRows.length)
  let start = 0
  for (const [at, delta] of deltas.entries()) {
    const supplied = keeping.map(
      ([name, { keptNulls }]): PartialColumn => ({
        isSupplied: delta.columns.has(name),
        keeps: keepsNulls(delta, name) ? keptNulls : null,
      }),
    )
    const first = start
    const rows: DeltaRows = { start, end: start + delta.rows, partial: supplied }
    const keyColumns = key.map((name) => delta.columns.get(name) as Column)
    const keyAt = (row: number) => keyColumns.map((column) => column.at(row - first))
    const outcomes = stepDelta(rows, keyOf, delta.actions, delta.policies, states, memory, log)
    afterSteps({ delta, rows, outcomes, keyOf, states, log, compared, keyAt }, at)
    start = rows.end
  }
  return { base, pool, key, ...keys, states, partial, compared }
}

/**
 * Returns the requested codes of one delta's changes.
 * @throws DeltaError - the policies refuse a change; the error names the first one
 */
export function acceptedCodes(
  { delta, rows, outcomes, log, compared, keyAt }: TakenSteps,
  asked: CodeTest,
): CodeDraft[] {
  const codes = countCodes(rows, outcomes, delta.ranks, log, compared, asked)
  refuseCodes(codes, delta, rows.start, keyAt)
  return codes
}

/** Counts only codes that may be refused. */
export const refuseSteps: AfterSteps = (steps) => {
  acceptedCodes(steps, steps.delta.policies.refused)
}

/**
 * Returns the table after the deltas, in order. The table's keys must be unique. Effects are not
 * counted; see `accountDeltas`.
 *
 * @throws DeltaError - the policies refuse a change; the error names the first one
 */
export function foldDeltas(table: Frame, deltas: readonly CompiledDelta[], key: readonly string[]): Folded {
  return foldSteps(table, deltas, key, null, refuseSteps)
}

/**
 * Frames and random deltas for the laws.
 */
import fc from 'fast-check'
import type { DeltaOptions } from '../../src/index.ts'
import { float64, key, string } from '../../src/table/contract.ts'
import { convertColumn } from '../../src/table/convert/convert.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { inferColumn } from '../../src/table/infer.ts'
import { type Accounted, type AccountOptions, accountDeltas } from '../../src/transform/delta/account/account-deltas.ts'
import { type CompiledDelta, compileDelta, schemaOf } from '../../src/transform/delta/compile/compile-delta.ts'
import { resolveDeltaOptions } from '../../src/transform/delta/delta-options.ts'
import type { DeltaSummary } from '../../src/transform/delta/delta-summary.ts'
import type { Change, Row, Rows } from './delta-model.ts'

export const COLUMNS = ['id', 'team', 'minutes'] as const
/** Bytes, a dictionary and numbers: the three forms a table is mostly made of. */
const KINDS = { id: key(string()), team: string(), minutes: float64(), action: string(), _row: float64() }

function frameOfCells(rows: Rows, columns: readonly string[]): Frame {
  return frameOf(
    columns.map((name) => {
      const cells = rows.map((row) => row[name] ?? null)
      return [name, convertColumn(inferColumn(cells, name), KINDS[name as keyof typeof KINDS]).column] as const
    }),
    rows.length,
  )
}

/** Rows as a frame. */
export function tableOf(rows: Rows, columns: readonly string[] = COLUMNS): Frame {
  return frameOfCells(rows, columns)
}

/** Changes as a delta frame. */
export function deltaOf(changes: readonly Change[], columns: readonly string[] = COLUMNS): Frame {
  return frameOfCells(
    changes.map(({ action, row }) => ({ ...row, action })),
    [...columns, 'action'],
  )
}

/** A frame as rows. */
export function rowsOf({ rows, columns }: Frame): Row[] {
  return Array.from({ length: rows }, (_, row) =>
    // the frames of these tests hold text and numbers
    Object.fromEntries(Array.from(columns, ([name, column]) => [name, column.at(row) as Row[string]])),
  )
}

/** Rows by key, for comparing tables whatever their order. */
export function byKey(rows: Rows): Rows {
  return rows.toSorted((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
}

/** Several deltas made ready for a table of that schema. */
export function compileAll(schema: Frame, deltas: readonly Frame[], options: DeltaOptions = {}): CompiledDelta[] {
  const policies = resolveDeltaOptions(options)
  let like = schema
  return deltas.map((delta) => {
    const next = compileDelta(delta, like, ['id'], policies)
    like = next.schema
    return next
  })
}

/** Several deltas folded onto a table at once and accounted for, with keys that were matched before where some are given. */
export function foldAll(
  table: Frame,
  deltas: readonly Frame[],
  options: DeltaOptions = {},
  { narrowing = null, from = 0 }: AccountOptions = {},
): Accounted {
  const compiled = compileAll(narrowing?.schema ?? schemaOf(table), deltas, options)
  return accountDeltas(table, compiled, ['id'], { narrowing, from })
}

/** How often each code occurred, by code, and by severity where a code has two. */
export function codesOf({ codes }: DeltaSummary): Record<string, number> {
  return Object.fromEntries(
    codes.map(({ code, severity, count }) => [code === 'add_existing' ? `${code} ${severity}` : code, count]),
  )
}

const team = fc.constantFrom('claims', 'billing', null)
const minutes = fc.constantFrom(1, 2.5, -0, null)
const id = fc.constantFrom('a', 'b', 'c', 'd', 'é')

const plain = { noNullPrototype: true }
const row = fc.record({ id, team, minutes }, plain)
/** A table: rows with different keys. */
export const anyRows = fc.uniqueArray(row, { selector: (one) => one.id, maxLength: 4 })
/** A delta's changes, keys repeated at will. */
export const anyChanges = fc.array(fc.record({ action: fc.constantFrom('add', 'update', 'delete'), row }, plain), {
  maxLength: 7,
})

/** The changes without one column. */
export function without(changes: readonly Change[], column: string): Change[] {
  return changes.map(({ action, row: { [column]: _, ...rest } }) => ({ action, row: rest }))
}

/**
 * Converts a delta's columns to the table's kinds (D13, D14).
 * @module
 */
import { DeltaError } from '../../../errors.ts'
import { BigIntColumn, type Column, NullColumn, NumberColumn } from '../../../table/column.ts'
import { type Conversion, convertColumn } from '../../../table/convert/convert.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { inferColumn } from '../../../table/infer.ts'
import { kindsDiffer } from '../../../table/take.ts'
import type { CodeDraft } from '../account/code-counter.ts'
import type { DeltaPolicies } from '../delta-options.ts'
import { SAMPLE_SIZE } from '../delta-summary.ts'
import { nullColumn } from '../fold/delta-rows.ts'
import { describeOrigin, type OriginOf } from '../row-origin.ts'
import { DELETE } from './actions.ts'

/**
 * Returns the column in the form of `like`, or nulls without a column.
 * @throws ContractError type_mismatch - a cell does not fit
 */
export function conformColumn(column: Column | undefined, like: Column, rows: number): Column {
  if (column === undefined) return nullColumn(like, rows)
  const { column: conformed, misfits } = convertColumn(column, like)
  if (misfits.length > 0 || conformed.kind !== like.kind) throw kindsDiffer(like, column)
  return conformed
}

/** A delta's columns in the table's kinds, and the table's columns after it. */
export interface AlignedDelta {
  readonly columns: ReadonlyMap<string, Column>
  readonly schema: Frame
  readonly drafts: readonly CodeDraft[]
}

/** A cell that does not fit its column. */
interface MisfitCell {
  readonly column: string
  readonly row: number
  readonly found: unknown
  readonly expected: string
}

function refuseKey(name: string, { misfits }: Conversion, column: Column, like: Column, origin: OriginOf): void {
  const [first] = misfits
  if (first === undefined) return
  throw new DeltaError(
    'key_type',
    `${describeOrigin(origin(first))}: key column "${name}" holds ${column.kind} that is not the same as ${like.kind}, which the table has; give the keys as they are written there`,
    {
      details: {
        column: name,
        count: misfits.length,
        sample: Array.from(misfits.subarray(0, SAMPLE_SIZE), (row) => ({ ...origin(row), found: column.at(row) })),
      },
    },
  )
}

function refuseCells(cells: readonly MisfitCell[], origin: OriginOf): void {
  const sorted = cells.toSorted((a, b) => a.row - b.row)
  const [first] = sorted
  if (first === undefined) return
  const more = cells.length > 1 ? ` (one of ${cells.length} such cells)` : ''
  throw new DeltaError(
    'type_mismatch',
    `${describeOrigin(origin(first.row))}: column "${first.column}" holds a value that is no ${first.expected}${more}`,
    {
      advice: ['correct the delta', { option: 'typeMismatch', value: "'null'" }],
      details: {
        count: cells.length,
        cells: sorted.slice(0, SAMPLE_SIZE).map(({ row, ...cell }) => ({ ...cell, ...origin(row) })),
      },
    },
  )
}

/** Whether the column holds numbers. Only number columns may be widened. */
export function isNumeric({ kind }: Column): boolean {
  return /^(float|u?int)\d+$/.test(kind)
}

/**
 * Returns an empty column of a kind that holds both columns' numbers. No other kinds are widened.
 */
function widerOf(column: Column, like: Column): Column {
  const isInteger = [column, like].every(({ kind }) => kind.includes('int'))
  if (isInteger) return new BigIntColumn('int64', new BigInt64Array(0))
  return new NumberColumn('float64', new Float64Array(0))
}

function alignColumn(
  column: Column,
  like: Column,
  isKey: boolean,
  contract: DeltaPolicies['contract'],
): Conversion & { readonly like: Column } {
  // a table's column of nulls has no known kind, so the delta's kind is used
  if (like.kind === 'null') return { column, misfits: new Int32Array(0), like: nullColumn(column, 0) }
  const conversion = convertColumn(column, like, { as: isKey ? 'key' : 'value' })
  const canWiden = contract === 'evolve' && !isKey && isNumeric(column) && isNumeric(like)
  if (conversion.misfits.length === 0 || !canWiden) return { ...conversion, like }
  const wider = widerOf(column, like)
  const widened = convertColumn(column, wider)
  return widened.misfits.length === 0 ? { ...widened, like: wider } : { ...conversion, like }
}

/**
 * Infers the kind of mixed plain values again without the cells of delete rows, because those cells
 * do not count.
 */
function inferCountedKind(column: Column, name: string, actions: Uint8Array): Column {
  if (column.kind !== 'opaque' || column.origin !== null) return column
  const counted = column.values.map((value, row) => (actions[row] === DELETE ? null : value))
  return inferColumn(counted, name, { mixed: 'opaque' })
}

/**
 * Returns the columns in the schema's kinds. A column of nulls in the table takes the delta's kind.
 * @throws DeltaError type_mismatch, key_type - a cell does not fit; in delete rows only the key is
 * checked
 */
export function alignColumns(
  columns: ReadonlyMap<string, Column>,
  schema: Frame,
  key: readonly string[],
  actions: Uint8Array,
  { contract, typeMismatch }: DeltaPolicies,
  origin: OriginOf,
): AlignedDelta {
  const aligned = new Map<string, Column>()
  const kinds = new Map(schema.columns)
  const cells: MisfitCell[] = []
  for (const [name, raw] of columns) {
    const isKey = key.includes(name)
    const column = isKey ? raw : inferCountedKind(raw, name, actions)
    const given = kinds.get(name) ?? new NullColumn(0)
    const { like, ...conversion } = alignColumn(column, given, isKey, contract)
    if (isKey) refuseKey(name, conversion, column, like, origin)
    for (const row of conversion.misfits) {
      if (actions[row] !== DELETE) cells.push({ column: name, row, found: column.at(row), expected: like.kind })
    }
    kinds.set(name, like)
    aligned.set(name, conversion.column)
  }
  if (typeMismatch === 'error') refuseCells(cells, origin)
  return { columns: aligned, schema: frameOf(kinds, 0), drafts: cells.length > 0 ? [draftOf(cells)] : [] }
}

function draftOf(cells: readonly MisfitCell[]): CodeDraft {
  const rows = [...new Set(cells.map(({ row }) => row))].sort((a, b) => a - b)
  const columns = [...new Set(cells.map(({ column }) => column))]
  return { code: 'type_mismatch', severity: 'info', count: cells.length, rows: rows.slice(0, SAMPLE_SIZE), columns }
}

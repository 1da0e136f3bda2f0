/**
 * Frames out of the cells that an engine's driver gives, batch by batch.
 * @module
 */
import { BigIntColumn, type Column, TimestampColumn } from '../table/column.ts'
import type { ColumnContract } from '../table/contract.ts'
import { buildBooleans, buildDays, buildNumbers, buildTexts } from '../table/convert/build-cells.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import type { RowColumns } from './connection.ts'

/**
 * One cell of a driver. Timestamps are microseconds of UTC, days are counted from 1970-01-01; whole numbers of 64 bits may be
 * numbers where they are safe.
 */
export type DriverCell = string | number | bigint | boolean | null | undefined

const MICROSECONDS = { s: 1_000_000, ms: 1000, us: 1 } as const

/** Microseconds in a column's unit. The engine holds what was written in that unit, so that nothing is cut off. */
function ticksOf(cells: readonly DriverCell[], unit: 's' | 'ms' | 'us'): Float64Array {
  const ticks = new Float64Array(cells.length)
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]
    ticks[row] = cell === null || cell === undefined ? Number.NaN : Number(cell) / MICROSECONDS[unit]
  }
  return ticks
}

function longsOf(cells: readonly DriverCell[]): BigIntColumn {
  const values = new BigInt64Array(cells.length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row]
    if (cell !== null && cell !== undefined) values[row] = BigInt(cell)
    else {
      valid ??= new Uint8Array(cells.length).fill(1)
      valid[row] = 0
    }
  }
  return new BigIntColumn('int64', values, valid)
}

function columnOf(cells: readonly DriverCell[], contract: Pick<ColumnContract, 'kind' | 'unit' | 'encoding'>): Column {
  const { kind, unit, encoding } = contract
  const misfits = new Uint8Array(cells.length)
  const cell = (row: number): DriverCell => cells[row] ?? undefined
  switch (kind) {
    case 'text':
      // the engine's type says what its cells are
      return buildTexts(misfits, { kind, encoding }, (row) => cell(row) as string | undefined)
    case 'timestamp':
      return new TimestampColumn(ticksOf(cells, unit), { unit })
    case 'date':
      return buildDays(misfits, (row) => cell(row) as number | undefined)
    case 'boolean':
      return buildBooleans(misfits, (row) => {
        const value = cell(row)
        return value === undefined ? undefined : value === true ? 1 : 0
      })
    case 'int64':
      return longsOf(cells)
    default:
      return buildNumbers(misfits, kind, (row) => {
        const value = cell(row)
        return value === undefined ? undefined : Number(value)
      })
  }
}

/** Returns a batch of rows, given column by column in the order of `columns`. */
export function buildRows(cells: readonly (readonly DriverCell[])[], columns: RowColumns, rows: number): Frame {
  return frameOf(
    Object.entries(columns).map(([name, contract], at) => [name, columnOf(cells[at] ?? [], contract)] as const),
    rows,
  )
}

/**
 * Converts Arrow columns with an unusual number form (decimals, 16-bit floats) to numbers, where
 * that loses nothing.
 * @module
 */
import { ARROW } from '../../../table/arrow/shape.ts'
import { isArrowType, plainType } from '../../../table/arrow/type.ts'
import { EXACT_DIGITS } from '../../../table/arrow/values.ts'
import { type Column, NumberColumn, type NumberKind, OpaqueColumn } from '../../../table/column.ts'
import { numberArray } from '../../../table/convert/column-form.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'

/** The kind of numbers that can hold the values of a carried column; null if none can. */
function numberKind({ origin, values }: OpaqueColumn): NumberKind | null {
  if (!isArrowType(origin)) return null
  const { typeId, precision = 0 } = plainType(origin)
  // a 32-bit float holds every 16-bit float
  if (typeId === ARROW.float) return 'float32'
  if (typeId !== ARROW.decimal || precision > EXACT_DIGITS) return null
  // a value with more digits than its type declares is text
  return values.some((value) => typeof value === 'string') ? null : 'float64'
}

function readNumbers(column: Column): Column {
  const kind = column instanceof OpaqueColumn ? numberKind(column) : null
  if (kind === null) return column
  const values = numberArray(kind, column.length)
  let valid: Uint8Array | null = null
  for (let row = 0; row < column.length; row++) {
    const value = column.at(row)
    if (typeof value === 'number') values[row] = value
    else {
      valid ??= new Uint8Array(column.length).fill(1)
      valid[row] = 0
    }
  }
  return new NumberColumn(kind, values, valid)
}

/**
 * Returns the frame with decimals of up to 15 digits as doubles. Longer ones are carried, and show
 * as decimal text.
 */
export function withReadableNumbers(frame: Frame): Frame {
  return frameOf(
    Array.from(frame.columns, ([name, column]) => [name, readNumbers(column)] as const),
    frame.rows,
  )
}

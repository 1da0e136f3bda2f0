/**
 * Whether an Arrow type holds a column exactly, so that a table that is built back keeps its types.
 * @module
 */

import { type Column, UNITS } from '../column.ts'
import { takeColumn } from '../take.ts'
import { codedText, encodeTexts } from '../utf8.ts'
import { ARROW, type ArrowType } from './shape.ts'

/** The parts of apache-arrow's types that distinguish them. */
interface TypeDetails extends ArrowType {
  readonly bitWidth?: number
  readonly isSigned?: boolean
  readonly precision?: number
  readonly unit?: number
  readonly timezone?: string | null
  readonly dictionary?: ArrowType
  readonly indices?: { readonly bitWidth?: number; readonly isSigned?: boolean }
}

/** Returns whether the type holds exactly the column's kind, neither wider nor narrower. */
export function fitsType(column: Column, type: TypeDetails): boolean {
  const { kind } = column
  if (kind === 'null') return true
  if (kind === 'opaque') return type === column.origin
  switch (type.typeId) {
    case ARROW.dictionary:
      return type.dictionary !== undefined && fitsType(column, type.dictionary)
    case ARROW.utf8:
    case ARROW.largeUtf8:
    case ARROW.utf8View:
      return kind === 'text'
    case ARROW.bool:
      return kind === 'boolean'
    case ARROW.int:
      return kind === `${type.isSigned ? 'int' : 'uint'}${type.bitWidth}`
    case ARROW.float:
      return kind === (type.precision === 2 ? 'float64' : type.precision === 1 ? 'float32' : null)
    case ARROW.date:
      return (
        kind === 'date' || (kind === 'timestamp' && type.unit === 1 && column.unit === 'ms' && column.zone === 'UTC')
      )
    case ARROW.timestamp:
      return kind === 'timestamp' && column.unit === UNITS[type.unit ?? 1] && column.zone === (type.timezone ?? null)
    default:
      return false
  }
}

/**
 * Returns whether the column fits the type unchanged, without a wider index type for a dictionary.
 */
export function keepsType(column: Column, type: TypeDetails): boolean {
  if (column.kind === 'null') return type.typeId === ARROW.null
  if (!fitsType(column, type)) return false
  if (type.typeId !== ARROW.dictionary) return true
  const { bitWidth = 32, isSigned = true } = type.indices ?? {}
  return (
    column.kind === 'text' &&
    column.encoding === 'dictionary' &&
    column.values.length <= 2 ** (isSigned ? bitWidth - 1 : bitWidth)
  )
}

/** Returns the column as codes (−1 is null) into its distinct values. */
export function codedColumn(column: Column, name: string): { codes: Int32Array; values: Column } {
  if (column.kind === 'text') {
    const { codes, values } = codedText(column)
    return { codes, values: encodeTexts(values, name) }
  }
  const codes = new Int32Array(column.length).fill(-1)
  const known = new Map<unknown, number>()
  const rows: number[] = []
  for (let row = 0; row < codes.length; row++) {
    if (column.isNull(row) || column.kind === 'null') continue
    const value = column.values[row]
    // a Map treats −0 as 0
    const identity = Object.is(value, -0) ? '-0' : value
    let code = known.get(identity)
    if (code === undefined) {
      code = rows.length
      known.set(identity, code)
      rows.push(row)
    }
    codes[row] = code
  }
  return { codes, values: takeColumn(column, Int32Array.from(rows)) }
}

/**
 * Numbers to columns of other kinds.
 * @module
 */

import { BigIntColumn, type Column, type NumberColumn } from '../column.ts'
import { exactDouble, WORD, wordsOf } from '../longs.ts'
import { buildNumbers, buildTexts, buildTimestamps, type Misfits, noneFits } from './build-cells.ts'
import { isNumberKind, type Target } from './column-form.ts'
import type { Strictness } from './parse-cells.ts'

/** Returns doubles as 64-bit integers, written as two words each. */
function toBigInts(
  misfits: Misfits,
  kind: 'int64' | 'uint64',
  numberAt: (row: number) => number | null | undefined,
): Column {
  const { length } = misfits
  const values = kind === 'int64' ? new BigInt64Array(length) : new BigUint64Array(length)
  const words = wordsOf(values, length)
  const valid = new Uint8Array(length)
  const [least, end] = kind === 'int64' ? [-(2 ** 63), 2 ** 63] : [0, 2 ** 64]
  for (let row = 0; row < length; row++) {
    const value = numberAt(row)
    if (value === undefined) continue
    if (value === null || !Number.isInteger(value) || value < least || value >= end) misfits[row] = 1
    else {
      const high = Math.floor(value / WORD)
      words[2 * row] = value - high * WORD
      words[2 * row + 1] = high
      valid[row] = 1
    }
  }
  return new BigIntColumn(kind, values, valid.includes(0) ? valid : null)
}

/** The last instant that a Date holds, in epoch milliseconds. */
const LAST_DATE = 8.64e15

/**
 * Returns epoch milliseconds as an instant; null where they are not whole, or beyond a Date's
 * range.
 */
function instantAt(milliseconds: number) {
  const isInstant = Number.isInteger(milliseconds) && Math.abs(milliseconds) <= LAST_DATE
  return isInstant ? { milliseconds, nanoseconds: 0 } : null
}

/** Returns numbers in the wanted kind, as text, or as timestamps from epoch milliseconds. */
export function convertNumbers(column: NumberColumn, target: Target, strictness: Strictness, misfits: Misfits): Column {
  const { values } = column
  const numberAt = (row: number) => (column.isNull(row) ? undefined : (values[row] as number))
  if (isNumberKind(target.kind)) return buildNumbers(misfits, target.kind, numberAt)
  switch (target.kind) {
    case 'int64':
    case 'uint64':
      return toBigInts(misfits, target.kind, numberAt)
    case 'text':
      return buildTexts(misfits, target, (row) => {
        const value = numberAt(row)
        if (value === undefined) return undefined
        if (!Number.isFinite(value)) return null
        return strictness === 'value' && Object.is(value, -0) ? '-0' : String(value)
      })
    case 'timestamp':
      return buildTimestamps(misfits, target, (row) => {
        const milliseconds = numberAt(row)
        if (milliseconds === undefined) return undefined
        return instantAt(milliseconds)
      })
    default:
      return noneFits(column, target, misfits)
  }
}

/**
 * Returns 64-bit integers in the wanted kind, as text, or as timestamps from epoch milliseconds.
 */
export function convertBigInts(column: BigIntColumn, target: Target, misfits: Misfits): Column {
  const { kind } = target
  if (kind === 'text')
    return buildTexts(misfits, target, (row) => (column.isNull(row) ? undefined : String(column.values[row])))
  if (kind === 'int64' || kind === 'uint64') {
    // signed to unsigned or back: the bits mean the same number unless the highest bit is set
    const words = wordsOf(column.values, column.length)
    const valid = column.valid?.slice() ?? new Uint8Array(column.length).fill(1)
    for (let row = 0; row < misfits.length; row++) {
      if (valid[row] === 0 || (words[2 * row + 1] as number) >= 0) continue
      misfits[row] = 1
      valid[row] = 0
    }
    const { buffer, byteOffset, length } = column.values
    const values =
      kind === 'int64' ? new BigInt64Array(buffer, byteOffset, length) : new BigUint64Array(buffer, byteOffset, length)
    return new BigIntColumn(kind, values, valid.includes(0) ? valid : null)
  }
  const words = wordsOf(column.values, column.length)
  const isSigned = column.kind === 'int64'
  const numberAt = (row: number) => {
    if (column.isNull(row)) return undefined
    const high = words[2 * row + 1] as number
    const value = exactDouble(isSigned ? high : high >>> 0, (words[2 * row] as number) >>> 0)
    return Number.isNaN(value) ? null : value
  }
  if (isNumberKind(kind)) return buildNumbers(misfits, kind, numberAt)
  if (kind !== 'timestamp') return noneFits(column, target, misfits)
  return buildTimestamps(misfits, target, (row) => {
    const milliseconds = numberAt(row)
    return typeof milliseconds === 'number' ? instantAt(milliseconds) : milliseconds
  })
}

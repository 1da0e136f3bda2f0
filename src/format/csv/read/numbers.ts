import type { ErrorCode } from '../../../errors.ts'
import { BigIntColumn, type Column, NumberColumn } from '../../../table/column.ts'
import { grown } from '../../../table/headroom.ts'
import { ValidMask } from '../../text/valid-mask.ts'
import {
  type CellProblems,
  type CellRule,
  type CellSink,
  type Cells,
  cellText,
  missingCode,
  NO_VALUE,
} from '../cells.ts'

const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/
const POWERS = Float64Array.from({ length: 23 }, (_, power) => 10 ** power)
/**
 * With at most this many digits, an integer and its power of ten are exact, so their quotient is
 * the nearest double.
 */
const EXACT_DIGITS = 15

/** {@link readDecimal} returns it for text that is not a number; NaN counts as a number. */
export const NOT_A_NUMBER = null

/**
 * The number of decimal text, equal to `Number(text)`; `NaN`, `Infinity` and `-Infinity` as
 * writers spell them. Null for other text: hexadecimal, thousands separators, blanks, and decimals
 * beyond a double's range.
 */
export function readDecimal(text: string): number | null {
  if (DECIMAL.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : NOT_A_NUMBER
  }
  if (text === 'NaN') return Number.NaN
  if (text === 'Infinity') return Number.POSITIVE_INFINITY
  return text === '-Infinity' ? Number.NEGATIVE_INFINITY : NOT_A_NUMBER
}

/** Doubles, or 32-bit integers, from decimal text; `5.0` is an integer. */
export class NumberSink implements CellSink {
  readonly expected: string
  readonly #isInteger: boolean
  readonly #isKey: boolean
  readonly #missing: ErrorCode | null
  readonly #valid = new ValidMask()
  #values: Float64Array | Int32Array

  constructor(kind: 'float64' | 'int32', rule: CellRule) {
    this.#isInteger = kind === 'int32'
    this.expected = this.#isInteger ? 'an integer from -2147483648 to 2147483647' : 'a decimal number'
    this.#isKey = rule.isKey
    this.#missing = missingCode(rule)
    this.#values = this.#isInteger ? new Int32Array(0) : new Float64Array(0)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
    this.#valid.reserve(capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    this.#valid.setValid(row, cells.rows)
    if (this.#isInteger) this.#readIntegers(cells, column, row, problems)
    else this.#readDoubles(cells, column, row, this.#values as Float64Array, problems)
  }

  #readDoubles(cells: Cells, column: number, row: number, values: Float64Array, problems: CellProblems): void {
    const { bytes, starts, ends, width, rows } = cells
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      let from = start
      if (end - start <= EXACT_DIGITS && end > start) {
        const isNegative = bytes[from] === 0x2d
        if (isNegative) from++
        const digitsFrom = from
        let number = 0
        let digit = 0
        for (; from < end; from++) {
          digit = (bytes[from] as number) - 48
          if (digit >>> 0 > 9) break
          number = number * 10 + digit
        }
        let scale = 0
        if (from < end && bytes[from] === 0x2e && from > digitsFrom) {
          const point = from++
          for (; from < end; from++) {
            digit = (bytes[from] as number) - 48
            if (digit >>> 0 > 9) break
            number = number * 10 + digit
          }
          scale = from - point - 1
        }
        if (from === end && from > digitsFrom) {
          if (scale > 0) number /= POWERS[scale] as number
          values[row + i] = isNegative ? -number : number
          continue
        }
      }
      values[row + i] = this.#readOther(cells, at, i, column, row, problems)
    }
  }

  #readIntegers(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { bytes, starts, ends, width, rows } = cells
    const values = this.#values
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      let number = 0
      let from = start
      if (end - start <= 9) {
        const isNegative = end > start && bytes[from] === 0x2d
        if (isNegative) from++
        if (from < end) {
          for (; from < end; from++) {
            const digit = (bytes[from] as number) - 48
            if (digit >>> 0 > 9) break
            number = (number * 10 + digit) | 0
          }
          if (from === end) {
            values[row + i] = isNegative ? -number : number
            continue
          }
        }
      }
      values[row + i] = this.#readOther(cells, at, i, column, row, problems)
    }
  }

  /**
   * Reads a cell that the digit loops do not handle: missing, long, signed, with an exponent, or
   * not a number.
   */
  #readOther(cells: Cells, at: number, index: number, column: number, row: number, problems: CellProblems): number {
    const start = cells.starts[at] as number
    const end = cells.ends[at] as number
    if (end === NO_VALUE || end === start) {
      this.#valid.setNull(row + index)
      if (this.#missing !== null) problems.add(index, column, this.#missing)
      return 0
    }
    const value = readDecimal(cellText(cells, at) as string)
    if (value === NOT_A_NUMBER || (this.#isInteger && (value | 0) !== value)) {
      this.#valid.setNull(row + index)
      problems.add(index, column, 'type_mismatch')
      return 0
    }
    if (this.#isKey && Number.isNaN(value)) problems.add(index, column, 'null_key')
    return value
  }

  finish(rows: number): Column {
    const kind = this.#isInteger ? 'int32' : 'float64'
    return new NumberColumn(kind, this.#values.subarray(0, rows), this.#valid.finish(rows))
  }
}

const INTEGER = /^[+-]?\d+(?:\.0*)?$/

/**
 * The integer of decimal text whose fraction, if any, is zero; null for other text or beyond 64
 * bits.
 */
export function readInteger(text: string): bigint | null {
  if (!INTEGER.test(text)) return null
  const [whole = ''] = text.split('.', 1)
  const value = BigInt(whole.replace(/^\+/, ''))
  return BigInt.asIntN(64, value) === value ? value : null
}

/** 64-bit integers, exact. */
export class BigIntSink implements CellSink {
  readonly expected = 'a 64-bit integer'
  readonly #missing: ErrorCode | null
  readonly #valid = new ValidMask()
  #values = new BigInt64Array(0)

  constructor(rule: CellRule) {
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
    this.#valid.reserve(capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { bytes, starts, ends, width, rows } = cells
    // the halves of each value, low half first: all supported machines are little-endian
    const words = new Int32Array(this.#values.buffer)
    this.#valid.setValid(row, rows)
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      if (end - start <= EXACT_DIGITS && end > start) {
        const isNegative = bytes[start] === 0x2d
        let from = isNegative ? start + 1 : start
        const digitsFrom = from
        let number = 0
        for (; from < end; from++) {
          const digit = (bytes[from] as number) - 48
          if (digit >>> 0 > 9) break
          number = number * 10 + digit
        }
        if (from === end && from > digitsFrom) {
          if (isNegative) number = -number
          words[(row + i) * 2] = number | 0
          words[(row + i) * 2 + 1] = Math.floor(number / 4_294_967_296)
          continue
        }
      }
      this.#values[row + i] = this.#readOther(cells, at, i, column, row, problems)
    }
  }

  #readOther(cells: Cells, at: number, index: number, column: number, row: number, problems: CellProblems): bigint {
    const start = cells.starts[at] as number
    const end = cells.ends[at] as number
    const isMissing = end === NO_VALUE || end === start
    const value = isMissing ? null : readInteger(cellText(cells, at) as string)
    if (value !== null) return value
    this.#valid.setNull(row + index)
    const code = isMissing ? this.#missing : 'type_mismatch'
    if (code !== null) problems.add(index, column, code)
    return 0n
  }

  finish(rows: number): Column {
    return new BigIntColumn('int64', this.#values.subarray(0, rows), this.#valid.finish(rows))
  }
}

/**
 * Makes a column of arrays from an Arrow file: checks them, and uses their memory where it already
 * has the column's form.
 * @module
 */
import { type Chunk, int64ToDoubles, readValidity } from '../../../table/arrow/chunk.ts'
import { INTEGERS, readColumn } from '../../../table/arrow/read.ts'
import { ARROW } from '../../../table/arrow/shape.ts'
import type { TypeDetails } from '../../../table/arrow/type.ts'
import { type Column, DictionaryColumn, TimestampColumn } from '../../../table/column.ts'
import { Damage, TextDamage } from './flat-reader.ts'
import { firstBadCode, isNull, isRising } from './verify-arrays.ts'
import { firstBadText } from './verify-text.ts'

/** The arrays of some rows of a column. The column takes ownership of them. */
export interface Arrays {
  readonly rows: number
  /** Bits; null where no row is null. */
  readonly validity: Uint8Array | null
  /** The values, from the start of their buffer; the buffer may be longer. */
  readonly values: Uint8Array<ArrayBuffer>
  /** Only plain text has offsets. */
  readonly offsets: Int32Array
}

/** What a column needs beside its arrays. */
export interface ArraysForm {
  readonly name: string
  readonly type: TypeDetails
  /** The dictionary of the codes; null where the values are not codes. */
  readonly texts: readonly string[] | null
}

/** The offsets of columns that are not text. */
export const NO_OFFSETS = new Int32Array(0)

function valuesOf(
  { typeId, bitWidth, signed, precision }: TypeDetails,
  { rows, values }: Arrays,
): NonNullable<Chunk['values']> {
  const { buffer } = values
  switch (typeId) {
    case ARROW.float:
      return precision === 1 ? new Float32Array(buffer, 0, rows) : new Float64Array(buffer, 0, rows)
    case ARROW.date:
      return new Int32Array(buffer, 0, rows)
    case ARROW.int: {
      if (bitWidth === 64) return signed ? new BigInt64Array(buffer, 0, rows) : new BigUint64Array(buffer, 0, rows)
      const [Signed, , Unsigned] = INTEGERS[bitWidth as keyof typeof INTEGERS]
      return signed ? new Signed(buffer, 0, rows) : new Unsigned(buffer, 0, rows)
    }
    default:
      return values
  }
}

/** Converts instants to doubles in place. */
function timestampColumnOf({ unit = 1, timezone = null }: TypeDetails, { rows, values }: Arrays, chunk: Chunk): Column {
  const stamps = new Float64Array(values.buffer, 0, rows)
  if (!int64ToDoubles({ ...chunk, values: stamps }, stamps, 0)) throw new Damage('an instant that a double cannot hold')
  return new TimestampColumn(stamps, { unit: unit === 0 ? 's' : 'ms', zone: timezone })
}

function codesOf(texts: readonly string[], { rows, values, validity }: Arrays, chunk: Chunk): Column {
  const bad = firstBadCode(values, rows, 32, texts.length, validity)
  if (bad >= 0) throw new Damage('a code without a value in its dictionary')
  const codes = new Int32Array(values.buffer, 0, rows)
  const valid = readValidity([chunk], rows)
  if (valid !== null) for (let row = 0; row < rows; row++) if (valid[row] === 0) codes[row] = -1
  return new DictionaryColumn(codes, texts)
}

function verifyTexts(name: string, { rows, validity, values, offsets }: Arrays): void {
  if (!isRising(offsets)) throw new Damage('offsets that decrease')
  if ((offsets[rows] as number) > values.length) throw new Damage('a buffer is shorter than its rows')
  const bad = firstBadText(values, offsets, (row) => isNull(validity, row))
  if (bad >= 0) throw new TextDamage(`column "${name}" row ${bad + 1}`)
}

/**
 * Returns the column of these arrays.
 * @throws Damage - impossible values; TextDamage - text is not UTF-8
 */
export function columnFrom({ name, type, texts }: ArraysForm, arrays: Arrays): Column {
  const { rows, validity, values, offsets } = arrays
  // with a bitmap, the exact number of nulls does not matter
  const chunk: Chunk = { length: rows, nullCount: validity === null ? 0 : rows, nullBitmap: validity }
  if (texts !== null) return codesOf(texts, arrays, chunk)
  if (type.typeId === ARROW.timestamp) return timestampColumnOf(type, arrays, chunk)
  if (type.typeId === ARROW.utf8) {
    verifyTexts(name, arrays)
    return readColumn(type, [{ ...chunk, values, offsets }], rows)
  }
  return readColumn(type, [{ ...chunk, values: valuesOf(type, arrays) }], rows)
}

/** Cells that engines have lost: what goes in comes back byte by byte. */
import { arrowChunks } from '../../src/format/arrow/arrow.ts'
import {
  BigIntColumn,
  BooleanColumn,
  DateColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
} from '../../src/table/column.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../src/table/contract.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { codeTexts, encodeTexts } from '../../src/table/utf8.ts'

export const contract = defineTable('cells', {
  id: key(int32()),
  text: nullable(string()),
  plain: nullable(string({ encoding: 'plain' })),
  double: nullable(float64()),
  long: nullable(int64()),
  flag: nullable(boolean()),
  at: nullable(timestamp()),
  exact_at: nullable(timestamp({ unit: 'us' })),
  on: nullable(date()),
})

const TEXTS = ['', null, ' outer ', "it's \\n", 'a\tb\r\nc', '東京 😀', '"quoted"', '\\N', 'NULL', 'é', '\u0001']
const DOUBLES = [-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, 1.7e308, 0.1, null]
const LONGS = [9223372036854775807n, -9223372036854775808n, 0n, null]
// 1883, when zones had minutes of their own, the year 1, and the last millisecond of 9999
const INSTANTS = [0, -1, 253402300799999, -62135596800000, -2717640000001, 1741483800000, Number.NaN]
const DAYS = [0, -1, 2932896, -719162, NULL_DAY]

const ROWS = 5000
const every = <Value>(values: readonly Value[]) => Array.from({ length: ROWS }, (_, row) => values[row % values.length])

export function cells(): Frame {
  const doubles = every(DOUBLES)
  const longs = every(LONGS)
  const valid = (values: readonly unknown[]) => Uint8Array.from(values, (value) => (value === null ? 0 : 1))
  return frameOf([
    [
      'id',
      new NumberColumn(
        'int32',
        Int32Array.from({ length: ROWS }, (_, row) => row),
      ),
    ],
    ['text', codeTexts(every(TEXTS), ROWS)],
    ['plain', encodeTexts(every(TEXTS))],
    [
      'double',
      new NumberColumn(
        'float64',
        Float64Array.from(doubles, (value) => value ?? 0),
        valid(doubles),
      ),
    ],
    [
      'long',
      new BigIntColumn(
        'int64',
        BigInt64Array.from(longs, (value) => value ?? 0n),
        valid(longs),
      ),
    ],
    ['flag', new BooleanColumn(Uint8Array.from(every([1, 0, 0]) as number[]), valid(every([1, 1, null])))],
    ['at', new TimestampColumn(Float64Array.from(every(INSTANTS) as number[]))],
    [
      'exact_at',
      new TimestampColumn(
        Float64Array.from(every(INSTANTS) as number[], (value) => value * 1000 + 7),
        { unit: 'us' },
      ),
    ],
    ['on', new DateColumn(Int32Array.from(every(DAYS) as number[]))],
  ])
}

export const bytesOf = (frame: Frame): Buffer => Buffer.concat([...arrowChunks(frame, { contract })])

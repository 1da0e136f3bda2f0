import * as fc from 'fast-check'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NULL_NANOSECONDS,
  NullColumn,
  NumberColumn,
  type NumberKind,
  TimestampColumn,
  type TimeUnit,
} from '../../src/table/column.ts'
import { numberArray } from '../../src/table/convert/column-form.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { encodeTexts } from '../../src/table/utf8.ts'

/** Text of whole characters, often short, often odd. */
export const text = fc.oneof(
  fc.constantFrom('', 'a', 'b', 'ab', ' a ', '__proto__', '"', '\n', 'é', '€', '😀', '\u0000', '01', '1'),
  fc.string({ unit: 'binary', maxLength: 20 }),
)

const rowsOf = <Value>(value: fc.Arbitrary<Value>, rows: number) =>
  fc.array(fc.option(value, { freq: 4 }), { minLength: rows, maxLength: rows })

/** A mask of the values that are not null, or null where all are not: as every reader makes it. */
const maskOf = (values: readonly unknown[]) =>
  values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : null

const RANGES: Record<Exclude<NumberKind, 'float64' | 'float32'>, [number, number]> = {
  int8: [-128, 127],
  int16: [-32768, 32767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint8: [0, 255],
  uint16: [0, 65535],
  uint32: [0, 2 ** 32 - 1],
}

const numberOf = (kind: NumberKind): fc.Arbitrary<number> => {
  if (kind === 'float64') return fc.double()
  if (kind === 'float32') return fc.float()
  const [min, max] = RANGES[kind]
  return fc.integer({ min, max })
}

const NUMBER_KINDS = ['float64', 'float32', ...(Object.keys(RANGES) as (keyof typeof RANGES)[])] as const

function numbers(rows: number): fc.Arbitrary<Column> {
  return fc.constantFrom(...NUMBER_KINDS).chain((kind) =>
    rowsOf(numberOf(kind), rows).map((values) => {
      const array = numberArray(kind, rows)
      array.set(values.map((value) => value ?? 0))
      return new NumberColumn(kind, array, maskOf(values))
    }),
  )
}

function stamps(rows: number): fc.Arbitrary<Column> {
  const zone = fc.constantFrom('UTC', null, 'Europe/Vienna')
  const unit = fc.constantFrom<Exclude<TimeUnit, 'ns'>>('s', 'ms', 'us')
  // past 2^53 too, where doubles are sparse and 64-bit integers are not
  const tick = fc.oneof(
    fc.maxSafeInteger(),
    fc.integer({ min: -1e6, max: 1e6 }),
    fc.constantFrom(253402214400000000, -(2 ** 60)),
  )
  return fc.oneof(
    fc.tuple(rowsOf(tick, rows), unit, zone).map(
      ([values, unit, zone]) =>
        new TimestampColumn(
          Float64Array.from(values, (value) => value ?? Number.NaN),
          { unit, zone },
        ),
    ),
    fc.tuple(rowsOf(fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }), rows), zone).map(
      ([values, zone]) =>
        new TimestampColumn(
          BigInt64Array.from(values, (value) => value ?? NULL_NANOSECONDS),
          { unit: 'ns', zone },
        ),
    ),
  )
}

function integers(rows: number): fc.Arbitrary<Column> {
  return fc.oneof(
    rowsOf(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), rows).map(
      (values) =>
        new BigIntColumn(
          'int64',
          BigInt64Array.from(values, (value) => value ?? 0n),
          maskOf(values),
        ),
    ),
    rowsOf(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), rows).map(
      (values) =>
        new BigIntColumn(
          'uint64',
          BigUint64Array.from(values, (value) => value ?? 0n),
          maskOf(values),
        ),
    ),
  )
}

function dictionary(rows: number): fc.Arbitrary<Column> {
  return fc
    .uniqueArray(text, { minLength: 1, maxLength: 6 })
    .chain((values) =>
      fc
        .array(fc.integer({ min: -1, max: values.length - 1 }), { minLength: rows, maxLength: rows })
        .map((codes) => new DictionaryColumn(Int32Array.from(codes), values)),
    )
}

/** A column of any kind that the transforms know. */
export function column(rows: number): fc.Arbitrary<Column> {
  return fc.oneof(
    numbers(rows),
    integers(rows),
    stamps(rows),
    dictionary(rows),
    rowsOf(text, rows).map((texts) => encodeTexts(texts)),
    rowsOf(fc.boolean(), rows).map(
      (values) =>
        new BooleanColumn(
          Uint8Array.from(values, (value) => (value ? 1 : 0)),
          maskOf(values),
        ),
    ),
    rowsOf(fc.integer({ min: -800_000, max: 3_000_000 }), rows).map(
      (values) => new DateColumn(Int32Array.from(values, (value) => value ?? NULL_DAY)),
    ),
    fc.constant(new NullColumn(rows)),
  )
}

/** A frame of up to 40 rows and five columns, whose names may be those of every object's properties. */
export const frame: fc.Arbitrary<Frame> = fc.integer({ min: 0, max: 40 }).chain((rows) =>
  fc
    .uniqueArray(
      fc.oneof(
        fc.constantFrom('__proto__', 'constructor', 'id', 'x y', '1'),
        fc.string({ minLength: 1, maxLength: 5 }),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .chain((names) =>
      fc
        .tuple(...names.map(() => column(rows)))
        .map((columns) => frameOf(names.map((name, i) => [name, columns[i] as Column] as const))),
    ),
)

/** What a column shows: its kind and cells, by value, so that two columns of other buffers compare alike. */
export function shown(column: Column): unknown {
  const form = column.kind === 'timestamp' ? [column.unit, column.zone] : null
  const cells = Array.from({ length: column.length }, (_, row) => {
    if (column.isNull(row)) return null
    // the ticks themselves: a Date would round them
    if (column.kind === 'timestamp') return column.values[row]
    return column.at(row)
  })
  return [column.kind, form, cells]
}

/** What a frame shows, column by column. */
export const shownFrame = (frame: Frame) => [
  frame.rows,
  Array.from(frame.columns, ([name, column]) => [name, shown(column)]),
]

import fc from 'fast-check'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
  Utf8Column,
} from '../../src/table/column.ts'
import {
  boolean,
  type ColumnContract,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  type TableContract,
  timestamp,
} from '../../src/table/contract.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { codeTexts, encodeTexts } from '../../src/table/utf8.ts'

/** Text that formats find hard to keep. */
const hardText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    ' a ',
    '\t',
    '"',
    '""',
    'a"b',
    "'",
    ',',
    ';',
    '\n',
    '\r\n',
    '\r',
    '01',
    '1.0',
    '-0',
    'null',
    'NaN',
  ),
  fc.constantFrom(
    'true',
    '=1+1',
    '😀',
    'é',
    'e\u0301',
    '\ufeff',
    '\u2028',
    '\u0000',
    '\\',
    '\\n',
    '{"a":1}',
    '2025-01-31',
    '#',
  ),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
)

const hardNumber = fc.oneof(
  fc.constantFrom(-0, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, Number.MAX_VALUE),
  fc.constantFrom(2 ** 53, 2 ** 53 + 2, 1e21, 1e-7, 0.1, 123456.789, 1 / 3, 1e15 + 0.3),
  fc.integer().map((value) => value / 100),
  fc.double(),
)

const hardInteger = fc.oneof(
  fc.constantFrom(2n ** 53n + 1n, -(2n ** 63n), 2n ** 63n - 1n, 0n, -1n),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
)

/** Years 1 to 9999, which text has room for. */
const FIRST_SECOND = -62_135_596_800
const LAST_SECOND = 253_402_300_799
const TICKS = { s: 1, ms: 1000, us: 1_000_000 }

function ticks(unit: 's' | 'ms' | 'us'): fc.Arbitrary<number> {
  const scale = TICKS[unit]
  const [first, last] = [FIRST_SECOND * scale, (LAST_SECOND + 1) * scale - 1].map((value) =>
    Math.max(Number.MIN_SAFE_INTEGER, Math.min(Number.MAX_SAFE_INTEGER, value)),
  )
  return fc.oneof(
    fc.constantFrom(0, -1, -scale, 1_740_792_600 * scale),
    fc.integer({ min: first as number, max: last as number }),
  )
}

const kinds = [
  string(),
  string({ encoding: 'plain' }),
  float64(),
  int32(),
  int64(),
  boolean(),
  timestamp(),
  timestamp({ unit: 's' }),
  timestamp({ unit: 'us' }),
  date(),
]

const maskOf = (values: readonly unknown[]) =>
  values.includes(null) ? Uint8Array.from(values, (value) => (value === null ? 0 : 1)) : null

/** What a column of that contract may hold, and the column of such values. */
function columnOf(
  { kind, unit, encoding }: ColumnContract,
  cells: fc.Arbitrary<number>,
): {
  value: fc.Arbitrary<unknown>
  build(values: unknown[]): Column
} {
  switch (kind) {
    case 'text':
      return {
        value: hardText,
        build: (values) => {
          const texts = values as (string | null)[]
          return encoding === 'plain' ? encodeTexts(texts) : codeTexts(texts, texts.length)
        },
      }
    case 'float64':
      return {
        value: hardNumber,
        build: (values) =>
          new NumberColumn(
            kind,
            Float64Array.from(values, (v) => (v as number) ?? 0),
            maskOf(values),
          ),
      }
    case 'int32':
      return {
        value: cells,
        build: (values) =>
          new NumberColumn(
            kind,
            Int32Array.from(values, (v) => (v as number) ?? 0),
            maskOf(values),
          ),
      }
    case 'int64':
      return {
        value: hardInteger,
        build: (values) =>
          new BigIntColumn(
            kind,
            BigInt64Array.from(values, (v) => (v as bigint) ?? 0n),
            maskOf(values),
          ),
      }
    case 'boolean':
      return {
        value: fc.boolean(),
        build: (values) =>
          new BooleanColumn(
            Uint8Array.from(values, (v) => (v === true ? 1 : 0)),
            maskOf(values),
          ),
      }
    case 'timestamp':
      return {
        value: ticks(unit),
        build: (values) =>
          new TimestampColumn(
            Float64Array.from(values, (v) => (v as number) ?? Number.NaN),
            { unit, zone: 'UTC' },
          ),
      }
    case 'date':
      return {
        value: fc.integer({ min: -719_162, max: 2_932_896 }),
        build: (values) => new DateColumn(Int32Array.from(values, (v) => (v as number) ?? NULL_DAY)),
      }
  }
}

/** A table and the contract that it fits. */
export interface FittingTable {
  readonly contract: TableContract
  readonly frame: Frame
}

const names = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom('__proto__', 'constructor', 'toString', 'a,b', 'say "hi"', '1', 'größe', 'a\nb'),
    fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
      .filter((name) => name.trim() === name && !/^_/.test(name)),
  ),
  // names that differ in case or spacing only are one name to a reader
  { minLength: 1, maxLength: 5, selector: (name) => name.toLowerCase().replace(/[\s_-]+/g, '') },
)

/** Tables of up to 12 rows with a key and any other columns, nulls where the contract allows them. */
export const fittingTable: fc.Arbitrary<FittingTable> = fc
  .tuple(names, fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 9, arbitrary: fc.nat(12) }))
  .chain(([columnNames, rows]) =>
    fc
      .tuple(
        ...columnNames.map((name, index) =>
          fc.tuple(fc.constantFrom(...kinds), fc.boolean()).chain(([kind, mayBeNull]) => {
            const contract = index === 0 ? key(string()) : mayBeNull ? nullable(kind) : kind
            const { value, build } = columnOf(contract, fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))
            // a key is never empty
            const cell = index === 0 ? hardText.map((text) => `k${text}`) : mayBeNull ? fc.option(value) : value
            return fc
              .array(cell, { minLength: rows, maxLength: rows })
              .map((values) => [name, contract, build(values)] as const)
          }),
        ),
      )
      .map((columns) => {
        const contracts = Object.fromEntries(columns.map(([name, contract]) => [name, contract]))
        const built = new Map(columns.map(([name, , column]) => [name, column]))
        // a contract's columns have the order of an object's names, in which integers come first
        const ordered = Object.keys(contracts).map((name) => [name, built.get(name) as Column] as const)
        return { contract: defineTable('rows', contracts), frame: frameOf(ordered, rows) }
      }),
  )

/** The same rows with another past: other dictionaries, masks of ones, junk under nulls, buffers that begin elsewhere. */
export function withAnotherPast(column: Column, junk: number): Column {
  const { length } = column
  const isNull = (row: number) => column.isNull(row)
  const mask = () => Uint8Array.from({ length }, (_, row) => (isNull(row) ? 0 : 1))
  if (column instanceof DictionaryColumn) {
    // as codes into a longer dictionary, in another order
    const values = [...column.values, `unused ${junk}`].toReversed()
    const last = values.length - 1
    return new DictionaryColumn(
      column.codes.map((code) => (code < 0 ? code : last - code)),
      values,
    )
  }
  if (column instanceof Utf8Column) {
    const parts = Array.from(column, (text) => text ?? `junk ${junk}`)
    const { bytes, offsets } = encodeTexts(['in front', ...parts, 'behind'])
    return new Utf8Column(bytes, offsets.subarray(1, length + 2), mask())
  }
  if (column instanceof NumberColumn) {
    const values = column.values.slice()
    for (let row = 0; row < length; row++) if (isNull(row)) values[row] = junk
    if (values instanceof Float64Array) {
      // another bit pattern of NaN
      const words = new Uint32Array(values.buffer)
      for (let row = 0; row < length; row++) if (Number.isNaN(values[row])) words.set([junk | 1, 0xfff8_0000], row * 2)
    }
    return new NumberColumn(column.kind, values, mask())
  }
  if (column instanceof BigIntColumn) {
    const values = column.values.slice()
    for (let row = 0; row < length; row++) if (isNull(row)) values[row] = BigInt(junk)
    return new BigIntColumn(column.kind, values, mask())
  }
  if (column instanceof BooleanColumn) {
    return new BooleanColumn(
      column.values.map((value, row) => (isNull(row) ? junk & 1 : value)),
      mask(),
    )
  }
  if (column instanceof TimestampColumn) return new TimestampColumn(column.values.slice(), column)
  return column
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BigIntColumn,
  BooleanColumn,
  type Column,
  DateColumn,
  DictionaryColumn,
  NULL_DAY,
  NumberColumn,
  TimestampColumn,
} from '../../../src/table/column.ts'
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
  timestamp,
} from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { read, rowsOf, written } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 2000)

interface Kind {
  readonly contract: ColumnContract
  readonly cell: fc.Arbitrary<unknown>
  build(cells: readonly unknown[]): Column
}

const hasValue = (cells: readonly unknown[]) => Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1))
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', ',', '\n', '\r', ' ', '\t', '\0', '\u00a0', '\ufeff', "'", '=', 'a', '0', '😀'),
    maxLength: 8,
  }),
  fc.constantFrom('007', 'NaN', 'null', 'true', '1e5', '2025-01-31', '-0', 'x'.repeat(70), 'é'.repeat(40)),
)
const milliseconds = fc.oneof(
  fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 }),
  fc.integer({ min: 1_700_000_000, max: 1_800_000_000 }).map((seconds) => seconds * 1000),
)

// the casts below give each builder the cells that its own arbitrary makes
const KINDS: readonly Kind[] = [
  {
    contract: nullable(string()),
    cell: anyText,
    build: (cells) => {
      const distinct = [...new Set(cells.filter((cell) => cell !== null))] as string[]
      return new DictionaryColumn(
        Int32Array.from(cells, (cell) => distinct.indexOf(cell as string)),
        distinct,
      )
    },
  },
  {
    contract: nullable(string({ encoding: 'plain' })),
    cell: anyText,
    build: (cells) => encodeTexts(cells as string[]),
  },
  {
    contract: nullable(float64()),
    cell: fc.oneof(fc.double(), fc.constantFrom(-0, 0.1, 14, Number.NaN, 2 ** 53)),
    build: (cells) => new NumberColumn('float64', Float64Array.from(cells as number[]), hasValue(cells)),
  },
  {
    contract: nullable(int32()),
    cell: fc.integer(),
    build: (cells) => new NumberColumn('int32', Int32Array.from(cells as number[]), hasValue(cells)),
  },
  {
    contract: nullable(int64()),
    cell: fc.oneof(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constant(2n ** 53n + 1n)),
    build: (cells) =>
      new BigIntColumn(
        'int64',
        BigInt64Array.from(cells.map((cell) => (cell as bigint | null) ?? 0n)),
        hasValue(cells),
      ),
  },
  {
    contract: nullable(boolean()),
    cell: fc.boolean(),
    build: (cells) => new BooleanColumn(Uint8Array.from(cells as number[]), hasValue(cells)),
  },
  {
    contract: nullable(timestamp()),
    cell: milliseconds,
    build: (cells) => new TimestampColumn(Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN)),
  },
  {
    contract: nullable(timestamp({ unit: 'us' })),
    cell: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
    build: (cells) =>
      new TimestampColumn(
        Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN),
        { unit: 'us' },
      ),
  },
  {
    contract: nullable(timestamp({ unit: 's' })),
    cell: fc.integer({ min: -62_167_219_200, max: 253_402_300_799 }),
    build: (cells) =>
      new TimestampColumn(
        Float64Array.from(cells, (cell) => (cell as number | null) ?? Number.NaN),
        { unit: 's' },
      ),
  },
  {
    contract: nullable(date()),
    cell: fc.integer({ min: -719_528, max: 2_932_896 }),
    build: (cells) => new DateColumn(Int32Array.from(cells, (cell) => (cell as number | null) ?? NULL_DAY)),
  },
]

const table = fc
  .record({
    kinds: fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 5 }),
    rows: fc.integer({ min: 0, max: 6 }),
  })
  .chain(({ kinds, rows }) =>
    fc.record({
      kinds: fc.constant(kinds),
      cells: fc.tuple(...kinds.map(({ cell }) => fc.array(fc.option(cell), { minLength: rows, maxLength: rows }))),
      rows: fc.constant(rows),
    }),
  )
  .map(({ kinds, cells, rows }) => {
    const names = kinds.map((_, at) => `c${at}`)
    const columns = kinds.map((kind, at) => [names[at] as string, kind.build(cells[at] as unknown[])] as const)
    return {
      frame: frameOf(columns, rows),
      contract: defineTable('t', Object.fromEntries(kinds.map((kind, at) => [names[at] as string, kind.contract]))),
    }
  })

/** The exact content of each column, so that −0 is not 0 and NaN is not null. */
const exact = (frame: Frame) =>
  Array.from(frame.columns.values(), (column) =>
    column instanceof TimestampColumn
      ? [...column.values]
      : [...column].map((cell) => (Object.is(cell, -0) ? '-0' : cell)),
  )

describe('a table written as CSV', () => {
  it('reads back as it was, with its contract (law 17)', () => {
    fc.assert(
      fc.property(table, ({ frame, contract }) => {
        const { frame: back, issues } = read(written(frame), { contract })
        expect(issues).toEqual([])
        expect(exact(back)).toEqual(exact(frame))
      }),
      { numRuns },
    )
  })

  it('reads back with another delimiter too', () => {
    fc.assert(
      fc.property(table, fc.constantFrom(';', '\t', '|', ' ', '~'), ({ frame, contract }, delimiter) => {
        const { frame: back, issues } = read(written(frame, { delimiter }), { contract, delimiter })
        expect(issues).toEqual([])
        expect(exact(back)).toEqual(exact(frame))
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    )
  })

  it('keeps keys of any text but the empty one', () => {
    const contract = defineTable('t', { id: key(string()), x: nullable(float64()) })
    fc.assert(
      fc.property(
        fc.array(
          anyText.filter((text) => text !== ''),
          { maxLength: 6 },
        ),
        (keys) => {
          const frame = frameOf([
            ['id', encodeTexts(keys)],
            ['x', new NumberColumn('float64', new Float64Array(keys.length))],
          ])
          expect(rowsOf(read(written(frame), { contract }).frame)).toEqual(keys.map((id) => [id, 0]))
        },
      ),
      { numRuns },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  boolean,
  type ColumnContract,
  type ContractKind,
  date,
  defineTable,
  float64,
  int32,
  int64,
  nullable,
  timestamp,
} from '../../../src/table/contract.ts'
import type { ParsedTimestamp } from '../../../src/time/instant.ts'
import { dayOf, nearDay, nearStamp, stampOf } from '../../time/iso-texts.ts'
import { read } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 5000)

/** What one cell reads as: its value, or the code of its issue. */
function readCell(text: string, column: ColumnContract<ContractKind, 'attribute'>): unknown {
  const { frame, issues } = read(`before,v,after\n1,"${text.replaceAll('"', '""')}",2\n`, {
    contract: defineTable('t', { v: nullable(column) }, { unknownColumns: 'discard_value' }),
  })
  const [issue] = issues
  if (issue !== undefined) return issue.code
  const found = frame.columns.get('v')?.at(0)
  return found instanceof Date ? found.getTime() : found
}

const mismatch = 'type_mismatch'
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max })
const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+', '--'),
    digits(20),
    fc.constantFrom('', '.', '..'),
    digits(20),
    fc.constantFrom('', 'e', 'E'),
    digits(3),
  )
  .map((parts) => parts.join(''))
const nearNumber = fc.string({ unit: fc.constantFrom(...'0123456789.eE+-x_, N'), maxLength: 12 })
const anyNumber = fc.oneof(
  decimal,
  nearNumber,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.integer().map(String),
  fc.tuple(fc.integer(), fc.constantFrom(1, 10, 100, 1000)).map(([value, scale]) => String(value / scale)),
)

describe('numbers', () => {
  it('are exactly Number(text), for decimal text only', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        if (text === '') return
        const expected = DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : mismatch
        expect(readCell(text, float64())).toBe(expected)
      }),
      { numRuns },
    )
  })

  it.each([
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['+5', 5],
    ['.5', 0.5],
    ['5.', 5],
    ['-0', -0],
    ['1e999', mismatch],
    ['nan', mismatch],
    ['0x10', mismatch],
    ['1,5', mismatch],
    ['1 000', mismatch],
    ['--1', mismatch],
    [' 5', mismatch],
    ['', null],
  ])('read %j as %s', (text, expected) => {
    expect(readCell(text, float64())).toBe(expected)
  })

  it('of 32 bits are integers in their range, with a fraction of zeros at most', () => {
    fc.assert(
      fc.property(anyNumber, (text) => {
        if (text === '') return
        const value = DECIMAL.test(text) ? Number(text) : Number.NaN
        expect(readCell(text, int32())).toBe((value | 0) === value ? value | 0 : mismatch)
      }),
      { numRuns },
    )
  })

  it('of 64 bits are exact', () => {
    const integer = fc.oneof(
      fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
      fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }),
    )
    fc.assert(
      fc.property(integer, fc.constantFrom('', '.', '.0', '.00'), (value, fraction) => {
        const fits = BigInt.asIntN(64, value) === value
        expect(readCell(`${value}${fraction}`, int64())).toBe(fits ? value : mismatch)
      }),
      { numRuns },
    )
    expect(['1.5', '1e3', '0x1', '', '-'].map((text) => readCell(text, int64()))).toEqual([
      mismatch,
      mismatch,
      mismatch,
      null,
      mismatch,
    ])
    expect(readCell('+7', int64())).toBe(7n)
  })
})

const instantOf = ({ wallMilliseconds, offsetMinutes }: ParsedTimestamp) =>
  wallMilliseconds - (offsetMinutes ?? 0) * 60_000

describe('stamps', () => {
  it('are exactly those of the grammar, and never cut to the millisecond', () => {
    fc.assert(
      fc.property(nearStamp, (text) => {
        const stamp = stampOf(text)
        const isWhole = stamp?.subMillisecondNanoseconds === 0
        expect(readCell(text, timestamp())).toBe(isWhole ? instantOf(stamp) : mismatch)
      }),
      { numRuns },
    )
  })

  it('in seconds and microseconds keep all or are an issue', () => {
    fc.assert(
      fc.property(nearStamp, (text) => {
        const stamp = stampOf(text)
        if (stamp === null) return
        const nanoseconds = stamp.subMillisecondNanoseconds
        const milliseconds = instantOf(stamp)
        const inSeconds = nanoseconds === 0 && milliseconds % 1000 === 0
        expect(readCell(text, timestamp({ unit: 's' }))).toBe(inSeconds ? milliseconds : mismatch)
        const microseconds = milliseconds * 1000 + nanoseconds / 1000
        // a double holds whole milliseconds further than that
        const isHeld = nanoseconds === 0 && BigInt(microseconds) === BigInt(milliseconds) * 1000n
        const inMicroseconds = isHeld || (nanoseconds % 1000 === 0 && Number.isSafeInteger(microseconds))
        expect(readCell(text, timestamp({ unit: 'us' }))).toBe(inMicroseconds ? milliseconds : mismatch)
      }),
      { numRuns: Math.ceil(numRuns / 2) },
    )
  })

  it('keep microseconds', () => {
    const contract = defineTable('t', { at: timestamp({ unit: 'us' }) })
    const { frame } = read('at\n2025-01-31T14:30:00.123456Z\n', { contract })
    expect(frame.columns.get('at')).toMatchObject({ unit: 'us', values: Float64Array.of(1738333800123456) })
  })
})

describe('days', () => {
  it('are exactly those of the calendar', () => {
    fc.assert(
      fc.property(fc.oneof(nearDay, nearStamp), (text) => {
        expect(readCell(text, date())).toBe(Number.isNaN(dayOf(text)) ? mismatch : text)
      }),
      { numRuns },
    )
  })
})

describe('booleans', () => {
  it.each([
    ['true', true],
    ['TRUE', true],
    ['False', false],
    ['t', mismatch],
    ['1', mismatch],
    ['yes', mismatch],
    ['truer', mismatch],
    ['falze', mismatch],
    ['', null],
  ])('read %j as %s', (text, expected) => {
    expect(readCell(text, boolean())).toBe(expected)
  })
})

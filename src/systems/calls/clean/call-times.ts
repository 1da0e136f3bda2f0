/**
 * Computes the start and end of each call, or the reason why a row has none.
 * @module
 */
import { type Column, NumberColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import { CALL_ALIASES, namedColumns, trimmedText } from './call-columns.ts'
import type { CallRejectReason } from './call-rejects.ts'
import {
  type CallInstants,
  exactMicroseconds,
  readCallInstants,
  TIMESTAMP_MISSING,
  TIMESTAMP_UNREADABLE,
} from './call-timestamps.ts'
import type { Misfit, Misfits } from './misfits.ts'

/** A row's times, or what is wrong with them. */
export interface CallTimes {
  /** Epoch microseconds, floored. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Minutes of the exact difference: two decimals, half away from zero. */
  readonly minutes: Float64Array
  /**
   * Returns why the row is refused, or null. A kept row has an end after its start, compared
   * exactly.
   */
  readonly problem: (row: number) => TimeProblem | null
}

export interface TimeProblem {
  readonly reason: CallRejectReason
  readonly column: string
  readonly found: string | null
  /** What is declared of the cell, where it is not written so. */
  readonly expected?: string
}

/** Instants, and what is declared of those that are not written so. */
interface DeclaredInstants extends CallInstants {
  readonly expected?: (row: number) => string | undefined
}

/** The instants without those of cells that are not written as declared. */
function withMisfits(instants: CallInstants, misfits: ReadonlyMap<number, Misfit> | undefined): DeclaredInstants {
  if (misfits === undefined) return instants
  for (const row of misfits.keys()) instants.problems[row] = TIMESTAMP_UNREADABLE
  return {
    ...instants,
    found: (row) => misfits.get(row)?.found ?? instants.found(row),
    expected: (row) => misfits.get(row)?.expected,
  }
}

/** In each row, the first alias that is not empty counts. */
function coalesceInstants(
  columns: readonly (readonly [name: string, column: Column])[],
  rows: number,
  misfits: Misfits | undefined,
): DeclaredInstants {
  const [first, ...others] = columns.map(([name, column]) => withMisfits(readCallInstants(column), misfits?.get(name)))
  if (first === undefined) {
    const microseconds = new Float64Array(rows).fill(Number.NaN)
    return {
      microseconds,
      nanoseconds: null,
      problems: new Uint8Array(rows).fill(TIMESTAMP_MISSING),
      found: () => null,
    }
  }
  if (others.length === 0) return first
  const all = [first, ...others]
  const pick = Uint8Array.from({ length: rows }, (_, row) =>
    Math.max(
      0,
      all.findIndex(({ problems }) => problems[row] !== TIMESTAMP_MISSING),
    ),
  )
  const chosen = (row: number) => all[pick[row] as number] as DeclaredInstants
  const hasNanoseconds = all.some(({ nanoseconds }) => nanoseconds !== null)
  return {
    microseconds: Float64Array.from(pick, (_, row) => chosen(row).microseconds[row] as number),
    nanoseconds: hasNanoseconds ? Uint16Array.from(pick, (_, row) => chosen(row).nanoseconds?.[row] ?? 0) : null,
    problems: Uint8Array.from(pick, (_, row) => chosen(row).problems[row] as number),
    found: (row) => chosen(row).found(row),
    expected: (row) => chosen(row).expected?.(row),
  }
}

/**
 * Parses seconds, from numbers or text. Anything else is unreadable, as is a duration that leads
 * beyond any instant.
 */
function readDurations(column: Column): CallInstants {
  const microseconds = new Float64Array(column.length).fill(Number.NaN)
  const problems = new Uint8Array(column.length).fill(TIMESTAMP_MISSING)
  let nanoseconds: Uint16Array | null = null
  const text = column instanceof NumberColumn ? null : trimmedText(column, 'duration_seconds')
  for (let row = 0; row < column.length; row++) {
    if (text === null ? column.isNull(row) : text.isNull(row)) continue
    const written = text === null ? null : (text.at(row) as string)
    const seconds = written === null ? ((column as NumberColumn).values[row] as number) : readNumber(written)
    let whole: number
    let fine: number
    if (Math.abs(seconds) <= LAST_DOUBLE_SECOND) {
      const span = Math.round(seconds * 1e9)
      whole = Math.floor(span / 1000)
      fine = span - whole * 1000
    } else {
      const span = exactNanoseconds(seconds, written ?? String(seconds))
      const rest = span === null ? 0n : ((span % 1000n) + 1000n) % 1000n
      whole = span === null ? Number.NaN : exactMicroseconds((span - rest) / 1000n)
      fine = Number(rest)
    }
    microseconds[row] = whole
    problems[row] = Number.isNaN(whole) ? TIMESTAMP_UNREADABLE : 0
    if (fine === 0) continue
    nanoseconds ??= new Uint16Array(column.length)
    nanoseconds[row] = fine
  }
  return { microseconds, nanoseconds, problems, found: (row) => (text ?? column).at(row)?.toString() ?? null }
}

/** Up to here (104 days), a double holds every nanosecond. */
const LAST_DOUBLE_SECOND = 9e6
/** Longer than the span from the earliest to the latest instant of a date. */
const ENDLESS_SECONDS = 2e13
/** More digits than a double's exact value can have before or after the point. */
const LONGEST_NUMBER = 400

/**
 * A long duration in exact nanoseconds, from its digits; null if no two instants are that far
 * apart.
 */
function exactNanoseconds(seconds: number, text: string): bigint | null {
  if (!(Math.abs(seconds) < ENDLESS_SECONDS) || text.length > LONGEST_NUMBER) return null
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.')
  const shift = fraction.length - Number(exponent) - 9
  const digits = BigInt(whole + fraction)
  const half = shift > 0 ? 5n * 10n ** BigInt(shift - 1) : 0n
  const span = shift > 0 ? (digits + half) / 10n ** BigInt(shift) : digits * 10n ** BigInt(-shift)
  return seconds < 0 ? -span : span
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

/** The number in a text, or NaN. Hexadecimal, thousands separators and units are not numbers. */
export function readNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN
}

const START_REASONS = [null, 'start_missing', 'start_unreadable'] as const
const END_REASONS = [null, 'end_missing', 'end_unreadable'] as const

/** Microseconds in a hundredth of a minute. */
const HUNDREDTH = 600_000

/**
 * Minutes with two decimals, half away from zero. Only positive spans are kept; half a hundredth
 * is a whole number of microseconds.
 */
function toMinutes(microseconds: number): number {
  return Math.floor((microseconds + HUNDREDTH / 2) / HUNDREDTH) / 100
}

/** Like {@link toMinutes}, for microseconds that a double cannot hold. */
function exactMinutes(microseconds: bigint): number {
  return Number((microseconds + BigInt(HUNDREDTH / 2)) / BigInt(HUNDREDTH)) / 100
}

/**
 * Returns the end of a call that lasts `span`. NaN where a double cannot hold it to the
 * microsecond, or a date cannot.
 */
function endAfter(start: number, span: number, carry: number): number {
  const end = start + span + carry
  if (Number.isSafeInteger(span) && Number.isSafeInteger(end)) return end
  return Number.isNaN(end) ? Number.NaN : exactMicroseconds(BigInt(start) + BigInt(span) + BigInt(carry))
}

/** Minutes from start to end. `borrow` is 1 where the start has more nanoseconds than the end. */
function minutesBetween(start: number, end: number, borrow: number): number {
  const elapsed = end - start - borrow
  if (Math.abs(elapsed) < LAST_DOUBLE_ELAPSED || Number.isNaN(elapsed)) return toMinutes(elapsed)
  return exactMinutes(BigInt(end) - BigInt(start) - BigInt(borrow))
}

/** The cell of a row, for its reject. */
function shown({ found, expected }: DeclaredInstants, row: number): Pick<TimeProblem, 'found' | 'expected'> {
  const declared = expected?.(row)
  return { found: found(row), ...(declared !== undefined && { expected: declared }) }
}

/** Below this, every sum in {@link toMinutes} is exact. */
const LAST_DOUBLE_ELAPSED = Number.MAX_SAFE_INTEGER - HUNDREDTH

/**
 * Returns the times of a call log's rows: start and end, or start and duration in rows without an
 * end. Their difference is exact to the timestamps' nanosecond; nothing is rounded before. An end
 * is unreadable if a double cannot hold it to the microsecond, or if it lies beyond a date's
 * range. It is never rounded and never wraps. `misfits` are cells that are not written as declared: they are unreadable.
 */
export function callTimes(log: Frame, misfits?: Misfits): CallTimes {
  const starts = coalesceInstants(namedColumns(log, CALL_ALIASES.start_time), log.rows, misfits)
  const ends = coalesceInstants(namedColumns(log, CALL_ALIASES.end_time), log.rows, misfits)
  const [spans] = namedColumns(log, CALL_ALIASES.duration_seconds).map(([name, column]) =>
    withMisfits(readDurations(column), misfits?.get(name)),
  )

  const end = ends.microseconds.slice()
  const minutes = new Float64Array(log.rows)
  /** Sign of the exact difference, where both times are known. */
  const signs = new Int8Array(log.rows)
  const bySpan = (row: number) => spans !== undefined && ends.problems[row] === TIMESTAMP_MISSING
  for (let row = 0; row < log.rows; row++) {
    const start = starts.microseconds[row] as number
    const startFine = starts.nanoseconds?.[row] ?? 0
    if (spans !== undefined && bySpan(row)) {
      const span = spans.microseconds[row] as number
      const fine = spans.nanoseconds?.[row] ?? 0
      end[row] = endAfter(start, span, startFine + fine < 1000 ? 0 : 1)
      minutes[row] = minutesBetween(0, span, 0)
      signs[row] = Math.sign(span) || Math.sign(fine)
    } else {
      const fine = (ends.nanoseconds?.[row] ?? 0) - startFine
      minutes[row] = minutesBetween(start, end[row] as number, fine < 0 ? 1 : 0)
      signs[row] = Math.sign((end[row] as number) - start) || Math.sign(fine)
    }
  }

  const problem = (row: number): TimeProblem | null => {
    const missingStart = START_REASONS[starts.problems[row] as number]
    if (missingStart) return { reason: missingStart, column: 'start_time', ...shown(starts, row) }
    const source = spans !== undefined && bySpan(row) ? spans : ends
    const column = source === ends || source.problems[row] === TIMESTAMP_MISSING ? 'end_time' : 'duration_seconds'
    const unheld = Number.isNaN(end[row]) ? TIMESTAMP_UNREADABLE : 0
    const missingEnd = END_REASONS[(source.problems[row] as number) || unheld]
    if (missingEnd) return { reason: missingEnd, column, ...shown(source, row) }
    const sign = signs[row] as number
    if (sign > 0) return null
    return { reason: sign === 0 ? 'end_equals_start' : 'end_before_start', column, found: source.found(row) }
  }
  return { start: starts.microseconds, end, minutes, problem }
}

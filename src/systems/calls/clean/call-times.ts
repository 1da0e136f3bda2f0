/**
 * When each call of a log began and ended, and why a row has no such times.
 * @module
 */
import { type Column, NumberColumn } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import { aliasedColumns, CALL_ALIASES, trimmedText } from './call-columns.ts'
import type { CallRejectReason } from './call-rejects.ts'
import { readStamps, STAMP_MISSING, STAMP_UNREADABLE, type Stamps } from './call-timestamps.ts'

/** A row's times, or what is wrong with them. */
export interface CallTimes {
  /** Epoch microseconds, floored. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** Microseconds of the exact difference, floored. */
  readonly elapsed: Float64Array
  /** Returns why the row is refused, or null where end − start is positive, exactly. */
  readonly problem: (row: number) => TimeProblem | null
}

export interface TimeProblem {
  readonly reason: CallRejectReason
  readonly column: string
  readonly found: string | null
}

/** A row's first alias that is not empty decides. */
function coalesceStamps(columns: readonly Column[], rows: number): Stamps {
  const [first, ...others] = columns.map(readStamps)
  if (first === undefined) {
    const microseconds = new Float64Array(rows).fill(Number.NaN)
    return { microseconds, nanoseconds: null, problems: new Uint8Array(rows).fill(STAMP_MISSING), found: () => null }
  }
  if (others.length === 0) return first
  const all = [first, ...others]
  const pick = Uint8Array.from({ length: rows }, (_, row) =>
    Math.max(
      0,
      all.findIndex(({ problems }) => problems[row] !== STAMP_MISSING),
    ),
  )
  const chosen = (row: number) => all[pick[row] as number] as Stamps
  const hasNanoseconds = all.some(({ nanoseconds }) => nanoseconds !== null)
  return {
    microseconds: Float64Array.from(pick, (_, row) => chosen(row).microseconds[row] as number),
    nanoseconds: hasNanoseconds ? Uint16Array.from(pick, (_, row) => chosen(row).nanoseconds?.[row] ?? 0) : null,
    problems: Uint8Array.from(pick, (_, row) => chosen(row).problems[row] as number),
    found: (row) => chosen(row).found(row),
  }
}

interface Durations {
  /** Nanoseconds, exact to the double; NaN where there is none. */
  readonly nanoseconds: Float64Array
  readonly problems: Uint8Array
  readonly found: (row: number) => string | null
}

/** Seconds as numbers or as text; anything else is unreadable. */
function readDurations(column: Column): Durations {
  const nanoseconds = new Float64Array(column.length).fill(Number.NaN)
  const problems = new Uint8Array(column.length).fill(STAMP_MISSING)
  const text = column instanceof NumberColumn ? null : trimmedText(column, 'duration_seconds')
  for (let row = 0; row < column.length; row++) {
    if (text === null ? column.isNull(row) : text.isNull(row)) continue
    const seconds =
      text === null ? ((column as NumberColumn).values[row] as number) : readNumber(text.at(row) as string)
    const isReadable = Number.isFinite(seconds)
    problems[row] = isReadable ? 0 : STAMP_UNREADABLE
    if (isReadable) nanoseconds[row] = Math.round(seconds * 1e9)
  }
  return { nanoseconds, problems, found: (row) => (text ?? column).at(row)?.toString() ?? null }
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i

/** The number a text writes, or NaN: no hexadecimal, no thousands, no units. */
export function readNumber(text: string): number {
  return NUMBER.test(text) ? Number(text) : Number.NaN
}

const START_REASONS = [null, 'start_missing', 'start_unreadable'] as const
const END_REASONS = [null, 'end_missing', 'end_unreadable'] as const

/**
 * Returns the times of a call log's rows: start and end, or start and duration where a row has no end.
 * The difference is exact to the nanosecond of the stamps, before anything is rounded.
 */
export function callTimes(log: Frame): CallTimes {
  const starts = coalesceStamps(aliasedColumns(log, CALL_ALIASES.start_time), log.rows)
  const ends = coalesceStamps(aliasedColumns(log, CALL_ALIASES.end_time), log.rows)
  const [spans] = aliasedColumns(log, CALL_ALIASES.duration_seconds).map(readDurations)

  const end = ends.microseconds.slice()
  const elapsed = new Float64Array(log.rows)
  /** Sign of the exact difference, where there is one. */
  const signs = new Int8Array(log.rows)
  const bySpan = (row: number) => spans !== undefined && ends.problems[row] === STAMP_MISSING
  for (let row = 0; row < log.rows; row++) {
    const start = starts.microseconds[row] as number
    const startFine = starts.nanoseconds?.[row] ?? 0
    if (spans !== undefined && bySpan(row)) {
      const span = spans.nanoseconds[row] as number
      end[row] = start + Math.floor((startFine + span) / 1000)
      elapsed[row] = Math.floor(span / 1000)
      signs[row] = Math.sign(span)
    } else {
      const fine = (ends.nanoseconds?.[row] ?? 0) - startFine
      elapsed[row] = (end[row] as number) - start - (fine < 0 ? 1 : 0)
      signs[row] = Math.sign((end[row] as number) - start) || Math.sign(fine)
    }
  }

  const problem = (row: number): TimeProblem | null => {
    const missingStart = START_REASONS[starts.problems[row] as number]
    if (missingStart) return { reason: missingStart, column: 'start_time', found: starts.found(row) }
    const source = spans !== undefined && bySpan(row) ? spans : ends
    const column = source === ends || source.problems[row] === STAMP_MISSING ? 'end_time' : 'duration_seconds'
    const missingEnd = END_REASONS[source.problems[row] as number]
    if (missingEnd) return { reason: missingEnd, column, found: source.found(row) }
    const sign = signs[row] as number
    if (sign > 0) return null
    return { reason: sign === 0 ? 'end_equals_start' : 'end_before_start', column, found: source.found(row) }
  }
  return { start: starts.microseconds, end, elapsed, problem }
}

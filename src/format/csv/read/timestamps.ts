import type { ErrorCode } from '../../../errors.ts'
import { type Column, DateColumn, NULL_DAY, TimestampColumn } from '../../../table/column.ts'
import { toTicks } from '../../../table/convert/parse-cells.ts'
import { grown } from '../../../table/headroom.ts'
import { NO_DAY } from '../../../time/calendar.ts'
import { DAY_SIZE, parseDayAt, parseTimestampAt, TimestampReading } from '../../../time/read-stamp.ts'
import { type CellProblems, type CellRule, type CellSink, type Cells, missingCode, NO_VALUE } from '../cells.ts'

/** A cell with doubled quotes or NULs is neither a timestamp nor a day. */
function isMissing(start: number, end: number): boolean {
  return end === NO_VALUE || end === start
}

/**
 * Instants in seconds, milliseconds or microseconds. A value finer than the unit is a problem; it
 * is never truncated.
 */
export class TimestampSink implements CellSink {
  readonly expected: string
  readonly #unit: 's' | 'ms' | 'us'
  readonly #missing: ErrorCode | null
  readonly #reading = new TimestampReading()
  #values = new Float64Array(0)

  constructor(unit: 's' | 'ms' | 'us', rule: CellRule) {
    this.#unit = unit
    const finest = { s: 'seconds', ms: 'milliseconds', us: 'microseconds' }[unit]
    this.expected = `a timestamp such as 2025-01-31T14:30:00Z, no finer than ${finest}`
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
  }

  /** Whether this column can use the instants that the scan parsed. */
  get takesInstants(): boolean {
    return this.#unit === 'ms'
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { instants, width, rows } = cells
    const values = this.#values
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const moment = instants === null ? Number.NaN : (instants[at] as number)
      values[row + i] = Number.isNaN(moment) ? this.#readCell(cells, at, i, column, problems) : moment
    }
  }

  #readCell(cells: Cells, at: number, index: number, column: number, problems: CellProblems): number {
    const start = cells.starts[at] as number
    const end = cells.ends[at] as number
    if (isMissing(start, end)) {
      if (this.#missing !== null) problems.add(index, column, this.#missing)
      return Number.NaN
    }
    const reading = this.#reading
    if (end > 0 && parseTimestampAt(cells.view, start, end, reading)) {
      const value = toTicks(reading, this.#unit)
      if (!Number.isNaN(value)) return value
    }
    problems.add(index, column, 'type_mismatch')
    return Number.NaN
  }

  finish(rows: number): Column {
    return new TimestampColumn(this.#values.subarray(0, rows), { unit: this.#unit, zone: 'UTC' })
  }
}

/** Calendar days, `YYYY-MM-DD` only. */
export class DaySink implements CellSink {
  readonly expected = 'a day such as 2025-01-31'
  readonly #missing: ErrorCode | null
  #values = new Int32Array(0)

  constructor(rule: CellRule) {
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { starts, ends, view, width, rows } = cells
    const values = this.#values
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      const day = end - start === DAY_SIZE ? parseDayAt(view, start) : NO_DAY
      if (day !== NO_DAY) {
        values[row + i] = day
        continue
      }
      values[row + i] = NULL_DAY
      if (isMissing(start, end)) {
        if (this.#missing !== null) problems.add(i, column, this.#missing)
      } else {
        problems.add(i, column, 'type_mismatch')
      }
    }
  }

  finish(rows: number): Column {
    return new DateColumn(this.#values.subarray(0, rows))
  }
}

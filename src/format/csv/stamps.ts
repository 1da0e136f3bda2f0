import type { ErrorCode } from '../../errors.ts'
import { type Column, DateColumn, NULL_DAY, TimestampColumn } from '../../table/column.ts'
import { type CellProblems, type CellRule, type CellSink, type Cells, missingCode, NO_VALUE } from './cells.ts'
import { NO_DAY, readDayAt } from './days.ts'
import { grown } from './room.ts'

const DAY = 86_400_000
const COLON = 0x3a

/** Two digits at `at` below `end` of a field, or −1. */
function twoDigits(view: DataView, at: number): number {
  const tens = view.getUint8(at) - 48
  const ones = view.getUint8(at + 1) - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones
}

/** The stamp that {@link readStamp} read last: milliseconds since 1970, UTC, and the nanoseconds below them. */
export interface StampReading {
  milliseconds: number
  nanoseconds: number
}

/**
 * Reads the bytes `[start, end)` as `YYYY-MM-DD[T ]HH:mm[:ss[.fraction]][Z|±HH[:mm]]`, text without a zone as UTC.
 * Returns false for anything else; accepts exactly what `parseStamp` accepts.
 */
export function readStamp(view: DataView, start: number, end: number, reading: StampReading): boolean {
  if (end - start < 16) return false
  const days = readDayAt(view, start)
  if (days === NO_DAY) return false
  const separator = view.getUint8(start + 10)
  if (separator !== 0x54 && separator !== 0x20) return false
  const hour = twoDigits(view, start + 11)
  const minute = twoDigits(view, start + 14)
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || view.getUint8(start + 13) !== COLON) return false
  let at = start + 16
  let second = 0
  let fraction = 0
  if (at + 2 < end && view.getUint8(at) === COLON) {
    second = twoDigits(view, at + 1)
    if (second < 0 || second > 59) return false
    at += 3
    if (at < end && (view.getUint8(at) === 0x2e || view.getUint8(at) === 0x2c)) {
      const digitsFrom = ++at
      while (at < end && (view.getUint8(at) - 48) >>> 0 <= 9 && at - digitsFrom < 9) {
        fraction = fraction * 10 + view.getUint8(at++) - 48
      }
      if (at === digitsFrom) return false
      for (let digits = at - digitsFrom; digits < 9; digits++) fraction *= 10
    }
  }
  let offset = 0
  if (at < end) {
    if (view.getUint8(at) === 0x20) at++
    if (at >= end) return false
    const sign = view.getUint8(at++)
    if (sign === 0x2b || sign === 0x2d) {
      if (at + 2 > end) return false
      const zoneHours = twoDigits(view, at)
      let zoneMinutes = 0
      at += 2
      if (at < end) {
        if (view.getUint8(at) === COLON) at++
        if (at + 2 > end) return false
        zoneMinutes = twoDigits(view, at)
        at += 2
      }
      if (zoneHours < 0 || zoneHours > 23 || zoneMinutes < 0 || zoneMinutes > 59) return false
      offset = (sign === 0x2d ? -1 : 1) * (zoneHours * 60 + zoneMinutes)
    } else if (sign !== 0x5a && sign !== 0x7a) return false
    if (at !== end) return false
  }
  const milliseconds = Math.floor(fraction / 1e6)
  reading.milliseconds = days * DAY + hour * 3_600_000 + (minute - offset) * 60_000 + second * 1000 + milliseconds
  reading.nanoseconds = fraction - milliseconds * 1e6
  return true
}

/** A cell that holds doubled quotes or NULs is no stamp and no day. */
function isMissing(start: number, end: number): boolean {
  return end === NO_VALUE || end === start
}

/** Instants in seconds, milliseconds or microseconds; what is finer than the unit is a problem, never cut off. */
export class StampSink implements CellSink {
  readonly expected: string
  readonly #unit: 's' | 'ms' | 'us'
  readonly #missing: ErrorCode | null
  readonly #reading: StampReading = { milliseconds: 0, nanoseconds: 0 }
  #values = new Float64Array(0)

  constructor(unit: 's' | 'ms' | 'us', rule: CellRule) {
    this.#unit = unit
    const finest = { s: 'seconds', ms: 'milliseconds', us: 'microseconds' }[unit]
    this.expected = `a stamp such as 2025-01-31T14:30:00Z, no finer than ${finest}`
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
  }

  /** Whether values read while the cells were found are this column's values. */
  get takesMoments(): boolean {
    return this.#unit === 'ms'
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { moments, width, rows } = cells
    const values = this.#values
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const moment = moments === null ? Number.NaN : (moments[at] as number)
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
    if (end > 0 && readStamp(cells.view, start, end, reading)) {
      const value = this.#inUnit(reading)
      if (!Number.isNaN(value)) return value
    }
    problems.add(index, column, 'type_mismatch')
    return Number.NaN
  }

  #inUnit({ milliseconds, nanoseconds }: StampReading): number {
    if (this.#unit === 'ms') return nanoseconds === 0 ? milliseconds : Number.NaN
    if (this.#unit === 's') return nanoseconds === 0 && milliseconds % 1000 === 0 ? milliseconds / 1000 : Number.NaN
    if (nanoseconds % 1000 !== 0) return Number.NaN
    const microseconds = milliseconds * 1000 + nanoseconds / 1000
    return Number.isSafeInteger(microseconds) ? microseconds : Number.NaN
  }

  finish(rows: number): Column {
    return new TimestampColumn(this.#values.subarray(0, rows), { unit: this.#unit, zone: 'UTC' })
  }
}

/** Calendar days, `YYYY-MM-DD` and nothing else. */
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
      const day = end - start === 10 ? readDayAt(view, start) : NO_DAY
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

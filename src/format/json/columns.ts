/**
 * JSON columns whose content a contract declares: instants, days and plain text are parsed
 * straight into their arrays.
 * @module
 */
import { FormatError } from '../../errors.ts'
import { type Column, DateColumn, NULL_DAY, TimestampColumn, Utf8Column } from '../../table/column.ts'
import type { ColumnContract } from '../../table/contract.ts'
import { toTicks } from '../../table/convert/parse-cells.ts'
import { grown } from '../../table/headroom.ts'
import { NO_DAY } from '../../time/calendar.ts'
import { DAY_SIZE, parseDayAt, parseTimestampAt, TimestampReading } from '../../time/read-stamp.ts'

/** A string or number in the bytes, without quotes and escapes. */
export interface Token {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly start: number
  readonly end: number
}

/**
 * A column that takes at most one value per row; rows without a call are null. False means that
 * the column cannot hold the value.
 */
export interface CellColumn {
  addString(token: Token, row: number): boolean
  addNumber(token: Token, isInteger: boolean, row: number): boolean
  addOther(value: unknown, row: number): boolean
  finish(rows: number): Column
}

/** Rows allocated at first. */
export const FIRST_ROWS = 1024

/** The capacity for one more row: twice the old one when that is full. */
export function capacityFor(row: number, capacity: number): number {
  return row < capacity ? capacity : Math.max(FIRST_ROWS, row * 2)
}

/** Instants from ISO text. Text with more digits than the unit holds does not fit. */
export class InstantColumn implements CellColumn {
  readonly #unit: 's' | 'ms' | 'us'
  readonly #reading = new TimestampReading()
  #values = new Float64Array(0)

  constructor(unit: 's' | 'ms' | 'us') {
    this.#unit = unit
  }

  #reserve(rows: number): void {
    const used = this.#values.length
    if (rows > used) this.#values = grown(this.#values, capacityFor(rows, used)).fill(Number.NaN, used)
  }

  addString({ view, start, end }: Token, row: number): boolean {
    const reading = this.#reading
    if (!parseTimestampAt(view, start, end, reading)) return false
    const ticks = toTicks(reading, this.#unit)
    if (Number.isNaN(ticks)) return false
    this.#reserve(row + 1)
    this.#values[row] = ticks
    return true
  }

  addNumber(): boolean {
    return false
  }

  addOther(): boolean {
    return false
  }

  finish(rows: number): Column {
    this.#reserve(rows)
    return new TimestampColumn(this.#values.subarray(0, rows), { unit: this.#unit, zone: 'UTC' })
  }
}

/** Calendar days, from `YYYY-MM-DD`. */
export class DayColumn implements CellColumn {
  #values = new Int32Array(0)

  #reserve(rows: number): void {
    const used = this.#values.length
    if (rows > used) this.#values = grown(this.#values, capacityFor(rows, used)).fill(NULL_DAY, used)
  }

  addString({ view, start, end }: Token, row: number): boolean {
    const day = end - start === DAY_SIZE ? parseDayAt(view, start) : NO_DAY
    if (day === NO_DAY) return false
    this.#reserve(row + 1)
    this.#values[row] = day
    return true
  }

  addNumber(): boolean {
    return false
  }

  addOther(): boolean {
    return false
  }

  finish(rows: number): Column {
    this.#reserve(rows)
    return new DateColumn(this.#values.subarray(0, rows))
  }
}

/** The most bytes of one column of text: its offsets have 32 bits. */
const BYTES_LIMIT = 2_147_483_647

/** Text that rarely repeats. */
export class PlainColumn implements CellColumn {
  #bytes = new Uint8Array(FIRST_ROWS)
  #offsets = new Int32Array(1)
  #valid = new Uint8Array(0)
  /** Rows with a known end. */
  #rows = 0

  #skipTo(row: number): void {
    if (row >= this.#valid.length) {
      this.#valid = grown(this.#valid, capacityFor(row + 1, this.#valid.length))
      this.#offsets = grown(this.#offsets, this.#valid.length + 1)
    }
    this.#offsets.fill(this.#offsets[this.#rows] as number, this.#rows, row + 1)
    this.#rows = row
  }

  addString({ bytes, start, end }: Token, row: number): boolean {
    this.#skipTo(row)
    const at = this.#offsets[row] as number
    const needed = at + end - start
    if (needed > this.#bytes.length) {
      if (needed > BYTES_LIMIT) {
        throw new FormatError('limit_exceeded', 'a text column holds more than 2 GiB; split the file')
      }
      this.#bytes = grown(this.#bytes, Math.min(BYTES_LIMIT, Math.max(needed, this.#bytes.length * 2)), at)
    }
    const target = this.#bytes
    for (let from = start, to = at; from < end; from++, to++) target[to] = bytes[from] as number
    this.#offsets[row + 1] = needed
    this.#valid[row] = 1
    this.#rows = row + 1
    return true
  }

  addNumber(): boolean {
    return false
  }

  addOther(): boolean {
    return false
  }

  finish(rows: number): Column {
    this.#skipTo(rows)
    const offsets = this.#offsets.subarray(0, rows + 1)
    const valid = this.#valid.subarray(0, rows)
    return new Utf8Column(this.#bytes.subarray(0, offsets[rows]), offsets, valid.includes(0) ? valid : null)
  }
}

/** Returns a column that parses straight into arrays, where the contract allows it; else null. */
export function straightColumn({ kind, unit, encoding }: ColumnContract): CellColumn | null {
  if (kind === 'timestamp') return new InstantColumn(unit)
  if (kind === 'date') return new DayColumn()
  return kind === 'text' && encoding === 'plain' ? new PlainColumn() : null
}

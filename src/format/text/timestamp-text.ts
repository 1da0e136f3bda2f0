/**
 * Writes instants and calendar days as ISO 8601 text in bytes.
 * @module
 */

import { NULL_DAY, NULL_NANOSECONDS, type TimestampColumn, type TimeUnit } from '../../table/column.ts'
import { civilFromDays, formatDay } from '../../time/instant.ts'
import { writeAscii, writeDigits } from './number-text.ts'

/** The longest text of an instant: a year of 6 digits and a sign, nanoseconds, `Z`. */
export const TIMESTAMP_ROOM = 40

const DASH = 0x2d
const COLON = 0x3a
const POINT = 0x2e
const LETTER_T = 0x54
const LETTER_Z = 0x5a
const SECONDS_PER_DAY = 86_400
/** 0000-01-01 and 9999-12-31. */
const FIRST_DAY = -719_528
const LAST_DAY = 2_932_896

const TICKS: Record<TimeUnit, number> = { s: 1, ms: 1e3, us: 1e6, ns: 1e9 }

/** Texts kept: about three years of days, so that each day of a column is computed once. */
const SLOTS = 1024
/** Bytes of a slot; a day of the years 0–9999 takes 10. */
const SLOT = 16

/** Writes days as `YYYY-MM-DD`. The days of a column repeat, so it keeps their texts. */
export class DayWriter {
  readonly #days = new Int32Array(SLOTS).fill(NULL_DAY)
  readonly #texts = new Uint8Array(SLOTS * SLOT)

  /** Writes the day and returns its end. */
  write(day: number, target: Uint8Array, at: number): number {
    // beyond these days a year has more than four digits
    if (day < FIRST_DAY || day > LAST_DAY) return writeAscii(formatDay(day), target, at)
    const slot = day & (SLOTS - 1)
    const texts = this.#texts
    const from = slot * SLOT
    if (this.#days[slot] !== day) {
      this.#days[slot] = day
      writeDay(day, texts, from)
    }
    for (let i = 0; i < 10; i++) target[at + i] = texts[from + i] as number
    return at + 10
  }
}

function writeDay(days: number, target: Uint8Array, at: number): void {
  const { year, month, day } = civilFromDays(days)
  writeDigits(year, 4, target, at)
  target[at + 4] = DASH
  writePair(month, target, at + 5)
  target[at + 7] = DASH
  writePair(day, target, at + 8)
}

/**
 * Writes a column's timestamps: `YYYY-MM-DDTHH:mm:ss[.fraction]`, with `Z` for instants; a zero
 * fraction is left out.
 */
export class TimestampWriter {
  readonly #values: Float64Array | BigInt64Array
  readonly #ticks: number
  readonly #isInstant: boolean
  readonly #days = new DayWriter()

  constructor({ values, unit, zone }: TimestampColumn) {
    this.#values = values
    this.#ticks = TICKS[unit]
    this.#isInstant = zone !== null
  }

  isNull(row: number): boolean {
    const value = this.#values[row]
    return typeof value === 'number' ? Number.isNaN(value) : value === NULL_NANOSECONDS
  }

  /** Writes the timestamp of a row that is not null, and returns its end. */
  write(row: number, target: Uint8Array, at: number): number {
    const value = this.#values[row] as number | bigint
    // beyond 2^53 a quotient would be rounded
    if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) {
      const seconds = Math.floor(value / this.#ticks)
      const day = Math.floor(seconds / SECONDS_PER_DAY)
      return this.#writeParts(day, seconds - day * SECONDS_PER_DAY, value - seconds * this.#ticks, target, at)
    }
    const exact = BigInt(value)
    const ticks = BigInt(this.#ticks)
    const perDay = ticks * BigInt(SECONDS_PER_DAY)
    const ofDay = ((exact % perDay) + perDay) % perDay
    const day = Number((exact - ofDay) / perDay)
    return this.#writeParts(day, Number(ofDay / ticks), Number(ofDay % ticks), target, at)
  }

  #writeParts(day: number, clock: number, fraction: number, target: Uint8Array, at: number): number {
    let end = this.#days.write(day, target, at)
    target[end] = LETTER_T
    const hour = Math.floor(clock / 3600)
    const minute = Math.floor(clock / 60) - hour * 60
    writePair(hour, target, end + 1)
    target[end + 3] = COLON
    writePair(minute, target, end + 4)
    target[end + 6] = COLON
    writePair(clock - hour * 3600 - minute * 60, target, end + 7)
    end += 9
    if (fraction !== 0) end = this.#writeFraction(fraction, target, end)
    if (this.#isInstant) target[end++] = LETTER_Z
    return end
  }

  /** Writes three digits, or six or nine if they are needed. */
  #writeFraction(fraction: number, target: Uint8Array, at: number): number {
    target[at] = POINT
    let [digits, value] = [Math.round(Math.log10(this.#ticks)), fraction]
    while (digits > 3 && value % 1000 === 0) {
      value /= 1000
      digits -= 3
    }
    return writeDigits(value, digits, target, at + 1)
  }
}

function writePair(value: number, target: Uint8Array, at: number): void {
  const tens = (value * 205) >> 11
  target[at] = 0x30 + tens
  target[at + 1] = 0x30 + value - tens * 10
}

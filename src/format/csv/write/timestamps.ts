import { civilFromDays, formatInstant } from '../../../time/instant.ts'
import { writeAscii } from '../../text/number-text.ts'
import type { CellWriter } from './cell-writer.ts'

const DAY = 86_400_000
/** 0000-01-01 and 9999-12-31: days whose year has four digits. */
const FIRST_DAY = -719_528
const LAST_DAY = 2_932_896
/**
 * The number of days whose text is kept: days repeat within a column, and a thousand are about
 * three years.
 */
const SLOTS = 1024
/** `YYYY-MM-DDTHH:mm:ssZ`, and with `.SSS`. */
const WHOLE = 20
const FRACTIONAL = 24

/** Pairs of digits as bytes in the file, low byte first. */
const PAIRS = Int32Array.from({ length: 100 }, (_, value) => 0x3030 + Math.floor(value / 10) + ((value % 10) << 8))

/** Writes instants in milliseconds, four bytes at a time; the text of each day is computed once. */
export class TimestampCells implements CellWriter {
  readonly #values: Float64Array
  readonly #days = new Int32Array(SLOTS).fill(LAST_DAY + 1)
  /** `YYYY`, `-MM-` and `DDT` of each kept day. */
  readonly #texts = new Int32Array(SLOTS * 3)

  constructor(values: Float64Array) {
    this.#values = values
  }

  measure(from: number, rows: number, sizes: Int32Array): void {
    const values = this.#values
    for (let row = 0; row < rows; row++) {
      const value = values[from + row] as number
      let size = 1
      if (!Number.isNaN(value)) {
        const day = Math.floor(value / DAY)
        if (day < FIRST_DAY || day > LAST_DAY) size = formatInstant(value).length + 1
        else size = ((value - day * DAY) | 0) % 1000 === 0 ? WHOLE + 1 : FRACTIONAL + 1
      }
      sizes[row] = (sizes[row] as number) + size
    }
  }

  write(from: number, rows: number, target: Uint8Array, view: DataView, ends: Int32Array, stop: number): void {
    const values = this.#values
    const days = this.#days
    const texts = this.#texts
    for (let row = 0; row < rows; row++) {
      const value = values[from + row] as number
      let at = ends[row] as number
      if (!Number.isNaN(value)) {
        const day = Math.floor(value / DAY)
        if (day < FIRST_DAY || day > LAST_DAY) at = writeAscii(formatInstant(value), target, at)
        else {
          const slot = day & (SLOTS - 1)
          if (days[slot] !== day) this.#keep(day, slot)
          const clock = (value - day * DAY) | 0
          const seconds = (clock / 1000) | 0
          const minutes = (seconds / 60) | 0
          const hours = (minutes / 60) | 0
          const hour = PAIRS[hours] as number
          view.setInt32(at, texts[slot * 3] as number, true)
          view.setInt32(at + 4, texts[slot * 3 + 1] as number, true)
          view.setInt32(at + 8, (texts[slot * 3 + 2] as number) | (hour << 24), true)
          view.setInt32(at + 12, (hour >> 8) | 0x3a00 | ((PAIRS[minutes - hours * 60] as number) << 16), true)
          const second = 0x3a | ((PAIRS[seconds - minutes * 60] as number) << 8)
          const fraction = clock - seconds * 1000
          if (fraction === 0) {
            view.setInt32(at + 16, second | 0x5a000000, true)
            at += WHOLE
          } else {
            const hundreds = (fraction / 100) | 0
            view.setInt32(at + 16, second | 0x2e000000, true)
            view.setInt32(
              at + 20,
              (0x30 + hundreds) | ((PAIRS[fraction - hundreds * 100] as number) << 8) | 0x5a000000,
              true,
            )
            at += FRACTIONAL
          }
        }
      }
      view.setUint8(at, stop)
      ends[row] = at + 1
    }
  }

  #keep(days: number, slot: number): void {
    const { year, month, day } = civilFromDays(days)
    const century = Math.floor(year / 100)
    this.#days[slot] = days
    this.#texts[slot * 3] = (PAIRS[century] as number) | ((PAIRS[year - century * 100] as number) << 16)
    this.#texts[slot * 3 + 1] = 0x2d00002d | ((PAIRS[month] as number) << 8)
    this.#texts[slot * 3 + 2] = (PAIRS[day] as number) | 0x540000
  }
}

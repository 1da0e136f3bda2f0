import { digitsOf, HOURS, SIXTIES, STRANGE, startOfDay } from '../../../time/read-stamp.ts'
import { Cells, NO_VALUE } from '../cells.ts'
import type { Dialect } from '../dialect.ts'
import { trimEnd, trimStart } from '../white-space.ts'

/**
 * Why a scan ended: its arrays are full, the window has no further whole record, or a record needs
 * a closer look.
 */
export type ScanEnd = 'full' | 'window' | 'odd'

/** A record longer than this gets the closer look, which finds oversized cells. */
export const CELL_LIMIT = 16 * 1024 * 1024

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
/**
 * Bytes of `YYYY-MM-DDTHH:mm:ss`, with `Z`, and with `.SSSZ`; and the bytes needed to look one
 * byte further.
 */
const BARE_STAMP = 19
const STAMP = 20
const LONG_STAMP = 24
const STAMP_ROOM = 25

/** White space other than line ends; it may follow a closing quote. */
export function isCellSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0b || byte === 0x0c
}

/** Finds the cells of regular records, many records per call, into reused arrays. */
export class RecordScan {
  readonly cells: Cells
  readonly dialect: Dialect
  readonly capacity: number
  /** 1 for columns whose cells are parsed as timestamps while they are found. */
  readonly stamps: Uint8Array
  /** The position and the line of each record. */
  readonly recordStarts: Int32Array
  readonly lines: Int32Array
  /** The position and the line of the next record. */
  at = 0
  line = 1

  /**
   * `stamps` has a byte per column: 1 where cells are parsed as timestamps while they are found.
   */
  constructor(dialect: Dialect, stamps: Uint8Array, capacity: number) {
    this.dialect = dialect
    this.capacity = capacity
    this.stamps = stamps
    this.cells = new Cells(stamps.length, capacity, dialect.quoteByte, stamps.includes(1))
    this.recordStarts = new Int32Array(capacity)
    this.lines = new Int32Array(capacity)
  }
}

const SIGN = 0x80000000 | 0
const NO_INSTANTS = new Float64Array(0)

/**
 * Finds the cells of whole records in `[scan.at, limit)`, whose last byte is a line end, and moves
 * `scan.at` past them. Blank lines are skipped, except in files of one column. Stops before a
 * record of another width, a misplaced quote or a NUL byte. One large function, so that its
 * variables stay in registers: most of a file's bytes pass only here.
 */
export function scanRecords(scan: RecordScan, limit: number): ScanEnd {
  const { cells, capacity, recordStarts, lines, stamps } = scan
  const { bytes, view, starts, ends, width } = cells
  const { special, delimiterByte, quoteByte, plainFrom } = scan.dialect
  const instants = cells.instants ?? NO_INSTANTS
  const last = width - 1
  let at = scan.at
  let line = scan.line
  let rows = 0
  let cell = 0
  let result: ScanEnd = 'full'
  // the timestamps of a record often share their day
  let knownMonth = Number.NaN
  let knownDay = 0
  let dayStart = Number.NaN

  while (rows < capacity) {
    if (at >= limit) {
      result = 'window'
      break
    }
    const recordStart = at
    const recordLine = line
    let column = 0
    let isWhole = true
    for (;;) {
      let start = at
      let end = 0
      let byte = bytes[at] as number
      if (stamps[column] === 1) {
        instants[cell] = Number.NaN
        if ((byte - 48) >>> 0 <= 9 && at + STAMP_ROOM <= limit) {
          const yearMonth = view.getFloat64(at, true)
          const dayWord = view.getInt32(at + 8, true)
          if (yearMonth !== knownMonth || (dayWord & 0xffff) !== knownDay) {
            knownMonth = yearMonth
            knownDay = dayWord & 0xffff
            dayStart = startOfDay(view.getInt32(at, true), view.getInt32(at + 4, true), knownDay)
          }
          const clock = view.getInt32(at + 10, true)
          const tail = view.getInt32(at + 16, true)
          const hour = HOURS[(clock >>> 8) & 0xffff] as number
          const minute = SIXTIES[view.getUint16(at + 14, true)] as number
          const second = SIXTIES[(tail >>> 8) & 0xffff] as number
          // negative for a pair that is not digits; other bits for a wrong separator: T : :
          const strange =
            ((hour | minute | second) & SIGN) | ((clock ^ 0x3a000054) & 0xff0000ff) | ((tail ^ 0x3a) & 0xff)
          if (strange === 0) {
            let instant = dayStart + (hour * 3600 + minute * 60 + second) * 1000
            const mark = tail >>> 24
            let length = BARE_STAMP
            if (mark === 0x5a) length = STAMP
            else if (mark === 0x2e) {
              const fraction = view.getInt32(at + 20, true)
              if (fraction >>> 24 === 0x5a && (digitsOf((fraction & 0x00ffffff) | 0x30000000) & STRANGE) === 0) {
                instant += (fraction & 15) * 100 + ((fraction >> 8) & 15) * 10 + ((fraction >> 16) & 15)
                length = LONG_STAMP
              }
            }
            byte = bytes[at + length] as number
            if (byte === delimiterByte || byte === LINE_FEED || byte === CARRIAGE_RETURN) {
              instants[cell] = instant
              at += length
              end = at
            } else byte = bytes[at] as number
          }
        }
      }
      if (end === 0) {
        while (byte >= plainFrom || special[byte] === 0) byte = bytes[++at] as number
        end = at
        if (byte === quoteByte) {
          // only white space may precede an opening quote
          if (start !== at && trimStart(bytes, start, at) !== at) {
            isWhole = false
            result = 'odd'
            break
          }
          let isDoubled = false
          start = ++at
          for (;;) {
            while (at < limit && special[bytes[at] as number] === 0) at++
            if (at >= limit) break
            byte = bytes[at] as number
            if (byte === quoteByte) {
              if (bytes[at + 1] !== quoteByte) break
              isDoubled = true
              at++
            } else if (byte === LINE_FEED) line++
            else if (byte === CARRIAGE_RETURN) {
              if (bytes[at + 1] !== LINE_FEED) line++
            } else if (byte === 0) isDoubled = true
            at++
          }
          if (at >= limit) {
            isWhole = false
            result = 'window'
            break
          }
          end = isDoubled ? ~at : at
          byte = bytes[++at] as number
          while (isCellSpace(byte) && byte !== delimiterByte) byte = bytes[++at] as number
        } else if (start === at) {
          end = NO_VALUE
        } else if (((bytes[start] as number) - 0x21) >>> 0 > 0x5d || ((bytes[at - 1] as number) - 0x21) >>> 0 > 0x5d) {
          // no white space to trim between two visible ASCII characters
          start = trimStart(bytes, start, at)
          end = trimEnd(bytes, start, at)
          if (start === end) end = NO_VALUE
        }
      }
      starts[cell] = start
      ends[cell] = end
      if (byte === delimiterByte) {
        if (column === last) {
          isWhole = false
          result = 'odd'
          break
        }
        cell++
        column++
        at++
        continue
      }
      if (byte === LINE_FEED) at++
      else if (byte === CARRIAGE_RETURN) at += bytes[at + 1] === LINE_FEED ? 2 : 1
      else {
        isWhole = false
        result = 'odd'
        break
      }
      line++
      if (column !== last) {
        if (column === 0 && end === NO_VALUE) column = -1
        else {
          isWhole = false
          result = 'odd'
        }
      } else if (at - recordStart > CELL_LIMIT) {
        isWhole = false
        result = 'odd'
      }
      break
    }
    if (!isWhole) {
      at = recordStart
      line = recordLine
      break
    }
    if (column < 0) continue
    recordStarts[rows] = recordStart
    lines[rows] = recordLine
    rows++
    cell = rows * width
  }
  cells.rows = rows
  scan.at = at
  scan.line = line
  return result
}

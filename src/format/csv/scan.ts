import { Cells, NO_VALUE } from './cells.ts'
import type { Dialect } from './dialect.ts'
import { trimEnd, trimStart } from './white-space.ts'

/** Why a scan ended: no room, no further whole record in the window, or a record that needs a closer look. */
export type ScanEnd = 'full' | 'window' | 'odd'

/** A record longer than this gets the closer look that finds oversized cells. */
export const CELL_LIMIT = 16 * 1024 * 1024

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d

/** White space that ends no line: what may stand between a closing quote and the end of its cell. */
export function isCellSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0b || byte === 0x0c
}

/** Finds the cells of regular records, many records a call, into arrays that are reused. */
export class RecordScan {
  readonly cells: Cells
  readonly dialect: Dialect
  readonly capacity: number
  /** The byte at which each record begins, and the line. */
  readonly recordStarts: Int32Array
  readonly lines: Int32Array
  /**
   * The usual length of a column whose cells are read so strictly that a wrong cut shows: a cell of that length is not
   * searched for its end. 0 until the first cell is seen, −1 for columns that are always searched.
   */
  readonly lengths: Int32Array
  /** Where the next record begins, and on which line. */
  at = 0
  line = 1

  constructor(dialect: Dialect, width: number, capacity: number) {
    this.dialect = dialect
    this.capacity = capacity
    this.cells = new Cells(width, capacity, dialect.quoteByte)
    this.recordStarts = new Int32Array(capacity)
    this.lines = new Int32Array(capacity)
    this.lengths = new Int32Array(width).fill(-1)
  }

  /** Whether any column is cut by its usual length. */
  get isGuessing(): boolean {
    return this.lengths.some((length) => length > 0)
  }

  /** Searches every cell for its end from now on. */
  stopGuessing(): void {
    this.lengths.fill(-1)
  }
}

/**
 * Finds the cells of whole records in `[scan.at, limit)`, whose last byte is a line end, and moves `scan.at` behind them.
 * Blank lines are skipped, save in files of one column. Stops in front of a record of another width, a quote out of place or a NUL byte.
 */
export function scanRecords(scan: RecordScan, limit: number): ScanEnd {
  const { cells, capacity, recordStarts, lines, lengths } = scan
  const { bytes, starts, ends, width } = cells
  const { special, delimiterByte, quoteByte, plainFrom } = scan.dialect
  const last = width - 1
  let at = scan.at
  let line = scan.line
  let rows = 0
  let cell = 0
  let result: ScanEnd = 'full'

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
      const length = lengths[column] as number
      if (length > 0) {
        const guess = at + length
        if (guess < limit && bytes[guess] === delimiterByte && ((bytes[at] as number) - 48) >>> 0 <= 9) {
          starts[cell] = at
          ends[cell] = guess
          cell++
          column++
          at = guess + 1
          continue
        }
      }
      let start = at
      let byte = bytes[at] as number
      while (byte >= plainFrom || special[byte] === 0) byte = bytes[++at] as number
      let end = at
      if (byte === quoteByte) {
        // only white space may stand before an opening quote
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
        // a cell between two ASCII characters that show has no white space around it
        start = trimStart(bytes, start, at)
        end = trimEnd(bytes, start, at)
        if (start === end) end = NO_VALUE
      } else if (length >= 0 && byte === delimiterByte) {
        lengths[column] = at - start
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

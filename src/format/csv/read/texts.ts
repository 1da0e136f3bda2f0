import type { ErrorCode } from '../../../errors.ts'
import { FormatError } from '../../../errors.ts'
import { type Column, DictionaryColumn, Utf8Column } from '../../../table/column.ts'
import { grown } from '../../../table/headroom.ts'
import { BAD_UTF8, HIGH_MASK, hashWords, LOW_MASK, TextDictionary } from '../../text/dictionary.ts'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { ValidMask } from '../../text/valid-mask.ts'
import {
  type CellProblems,
  type CellRule,
  type CellSink,
  type Cells,
  missingCode,
  NO_VALUE,
  unescapeCell,
} from '../cells.ts'

const SHORT = 8
/** The most bytes of one column of text: its offsets have 32 bits. */
const BYTES_LIMIT = 2_147_483_647

/**
 * Copies a cell with doubled quotes or NULs, with the quotes made single. The next cell overwrites
 * the copy.
 */
class Unescaped {
  bytes = new Uint8Array(16)
  view = new DataView(this.bytes.buffer)

  /** Copies the cell and returns its length. */
  take(cells: Cells, start: number, end: number): number {
    if (end - start > this.bytes.length) {
      this.bytes = new Uint8Array((end - start) * 2)
      this.view = new DataView(this.bytes.buffer)
    }
    return unescapeCell(cells.bytes, start, end, cells.quote, this.bytes)
  }

  codeIn(dictionary: TextDictionary, length: number): number {
    const isShort = length <= SHORT && !this.bytes.subarray(0, length).includes(0)
    return isShort
      ? dictionary.codeOfShort(this.bytes, this.view, 0, length)
      : dictionary.codeOfLong(this.bytes, this.view, 0, length)
  }
}

/** Text that repeats: one code per row. */
export class DictionarySink implements CellSink {
  readonly expected = 'text'
  readonly dictionary = new TextDictionary()
  readonly #isKey: boolean
  readonly #missing: ErrorCode | null
  readonly #unescaped = new Unescaped()
  codes = new Int32Array(0)

  constructor(rule: CellRule) {
    this.#isKey = rule.isKey
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.codes = grown(this.codes, capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { bytes, view, starts, ends, width, rows } = cells
    const { codes, dictionary } = this
    let { slots, lows, highs } = dictionary
    const wordsEnd = bytes.length - SHORT
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const length = (ends[at] as number) - start
      if (length > 0 && length <= SHORT && start <= wordsEnd) {
        // fast path: most texts are known and in their first slot
        const low = view.getInt32(start, true) & (LOW_MASK[length] as number)
        const high = view.getInt32(start + 4, true) & (HIGH_MASK[length] as number)
        const code = slots[hashWords(low, high) & (slots.length - 1)] as number
        if (code >= 0 && lows[code] === low && highs[code] === high) {
          codes[row + i] = code
          continue
        }
      }
      codes[row + i] = this.#readOther(cells, at, i, column, problems)
      slots = dictionary.slots
      lows = dictionary.lows
      highs = dictionary.highs
    }
  }

  #readOther(cells: Cells, at: number, index: number, column: number, problems: CellProblems): number {
    const { bytes, view } = cells
    const start = cells.starts[at] as number
    const end = cells.ends[at] as number
    if (end === NO_VALUE) {
      if (this.#missing !== null) problems.add(index, column, this.#missing)
      return -1
    }
    let code: number
    if (end < 0) code = this.#unescaped.codeIn(this.dictionary, this.#unescaped.take(cells, start, ~end))
    else if (end - start > SHORT) code = this.dictionary.codeOfLong(bytes, view, start, end)
    else code = this.dictionary.codeOfShort(bytes, view, start, end)
    if (end === start && this.#isKey) problems.add(index, column, 'null_key')
    if (code === BAD_UTF8) problems.add(index, column, 'encoding_invalid')
    return code
  }

  finish(rows: number): Column {
    return new DictionaryColumn(this.codes.subarray(0, rows), this.dictionary.texts())
  }
}

/** Text that rarely repeats: bytes and offsets. */
export class PlainSink implements CellSink {
  readonly expected = 'text'
  readonly #isKey: boolean
  readonly #missing: ErrorCode | null
  readonly #valid = new ValidMask()
  readonly #unescaped = new Unescaped()
  #bytes = new Uint8Array(64)
  #view = new DataView(this.#bytes.buffer)
  #offsets = new Int32Array(1)
  #capacity = 0

  constructor(rule: CellRule) {
    this.#isKey = rule.isKey
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#offsets = grown(this.#offsets, capacity + 1)
    this.#valid.reserve(capacity)
    this.#capacity = capacity
  }

  /**
   * Reserves bytes for `rows` more rows, from the average size so far; `size` is the least that is
   * needed now.
   */
  #reserveBytes(row: number, rows: number, size: number): void {
    const used = this.#offsets[row] as number
    const needed = used + size + 8
    if (needed <= this.#bytes.length) return
    if (needed > BYTES_LIMIT) {
      throw new FormatError('limit_exceeded', 'a text column holds more than 2 GiB; split the file')
    }
    const usual = ((used + size) / (row + rows)) * this.#capacity * 1.05
    this.#bytes = grown(this.#bytes, Math.min(BYTES_LIMIT, Math.ceil(Math.max(needed * 1.5, usual))), used)
    this.#view = new DataView(this.#bytes.buffer)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { bytes, view, starts, ends, width, rows } = cells
    this.#valid.setValid(row, rows)
    let size = 0
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const end = ends[at] as number
      size += end < 0 ? (end === NO_VALUE ? 0 : ~end - (starts[at] as number)) : end - (starts[at] as number)
    }
    this.#reserveBytes(row, rows, size)
    const target = this.#bytes
    const targetView = this.#view
    const offsets = this.#offsets
    // the last word of a cell is copied whole: stay within the window
    const wordLimit = bytes.length - 4
    let put = offsets[row] as number
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      if (end < 0) put = this.#putOther(cells, start, end, i, column, row, put, problems)
      else if (end <= wordLimit && end - start < 64) {
        let high = 0
        let to = put
        for (let from = start; from < end; from += 4, to += 4) {
          const word = view.getInt32(from, true)
          high |= word
          targetView.setInt32(to, word, true)
        }
        put += end - start
        if ((high & 0x80808080) !== 0 && findBadUtf8(bytes, start, end) >= 0)
          problems.add(i, column, 'encoding_invalid')
        if (end === start && this.#isKey) problems.add(i, column, 'null_key')
      } else {
        target.set(bytes.subarray(start, end), put)
        put += end - start
        if (findBadUtf8(bytes, start, end) >= 0) problems.add(i, column, 'encoding_invalid')
        if (end === start && this.#isKey) problems.add(i, column, 'null_key')
      }
      offsets[row + i + 1] = put
    }
  }

  #putOther(
    cells: Cells,
    start: number,
    end: number,
    index: number,
    column: number,
    row: number,
    put: number,
    problems: CellProblems,
  ): number {
    if (end === NO_VALUE) {
      this.#valid.setNull(row + index)
      if (this.#missing !== null) problems.add(index, column, this.#missing)
      return put
    }
    const length = this.#unescaped.take(cells, start, ~end)
    if (findBadUtf8(this.#unescaped.bytes, 0, length) >= 0) problems.add(index, column, 'encoding_invalid')
    this.#bytes.set(this.#unescaped.bytes.subarray(0, length), put)
    return put + length
  }

  finish(rows: number): Utf8Column {
    const offsets = this.#offsets.subarray(0, rows + 1)
    return new Utf8Column(this.#bytes.subarray(0, offsets[rows]), offsets, this.#valid.finish(rows))
  }
}

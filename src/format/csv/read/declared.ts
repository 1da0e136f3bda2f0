/**
 * Cells in declared forms: timestamps and days by a compiled form; numbers and booleans rewritten
 * for the ordinary readers.
 * @module
 */
import type { ErrorCode } from '../../../errors.ts'
import { type Column, DateColumn, NULL_DAY, TimestampColumn } from '../../../table/column.ts'
import { toTicks } from '../../../table/convert/parse-cells.ts'
import { grown } from '../../../table/headroom.ts'
import { TimestampReading } from '../../../time/read-stamp.ts'
import type { CompiledForm } from '../../../time/timestamp-form.ts'
import type { Zone } from '../../../time/zone.ts'
import { CellProblems, type CellRule, type CellSink, Cells, missingCode, NO_VALUE } from '../cells.ts'
import { type CellForms, isWord, type NumberForm, type StampForm, type Words } from '../forms.ts'

const DAY = 86_400_000

/** Instants in a declared form and zone. */
export class DeclaredTimestampSink implements CellSink {
  readonly expected: string
  readonly isDeclared = true
  readonly #unit: 's' | 'ms' | 'us'
  readonly #form: StampForm
  readonly #missing: ErrorCode | null
  readonly #reading = new TimestampReading()
  #knownDay = Number.NaN
  #knownOffset = 0
  #values = new Float64Array(0)

  constructor(unit: 's' | 'ms' | 'us', rule: CellRule, form: StampForm) {
    const { compiled, zone, disambiguation, cutsFiner } = form
    const finest = { s: 'seconds', ms: 'milliseconds', us: 'microseconds' }[unit]
    const once = zone === null || disambiguation !== 'reject' ? '' : `, a time that comes once in ${zone.name}`
    const shown = compiled.form === 'iso' ? 'such as 2025-01-31T14:30:00Z' : `of the form ${compiled.form}`
    this.expected = `a timestamp ${shown}${once}${cutsFiner ? '' : `, no finer than ${finest}`}`
    this.#unit = unit
    this.#form = form
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { view, starts, ends, width, rows } = cells
    const values = this.#values
    const reading = this.#reading
    const { parse } = this.#form.compiled
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      let value = Number.NaN
      // a cell with doubled quotes or NULs has a negative end: it is no timestamp
      if (end > start) {
        if (parse(view, start, end, reading)) value = this.#instant(reading)
        if (Number.isNaN(value)) problems.add(i, column, 'type_mismatch')
      } else if (end === NO_VALUE || end === start) {
        if (this.#missing !== null) problems.add(i, column, this.#missing)
      } else problems.add(i, column, 'type_mismatch')
      values[row + i] = value
    }
  }

  /** The instant in the column's unit; NaN where the wall time or its digits do not fit. */
  #instant(reading: TimestampReading): number {
    const { zone, disambiguation, cutsFiner } = this.#form
    const unit = this.#unit
    if (zone !== null && reading.offsetMinutes === null) {
      const wall = reading.milliseconds
      const offset = this.#offsetOn(Math.floor(wall / DAY), zone)
      if (Number.isNaN(offset)) {
        const first = zone.instant(wall, disambiguation === 'later' ? 'later' : 'earlier')
        if (disambiguation === 'reject' && zone.instant(wall, 'later') !== first) return Number.NaN
        reading.milliseconds = first
      } else reading.milliseconds = wall - offset
    }
    if (cutsFiner) {
      if (unit === 'us') reading.nanoseconds -= reading.nanoseconds % 1000
      else reading.nanoseconds = 0
      if (unit === 's') reading.milliseconds = Math.floor(reading.milliseconds / 1000) * 1000
    }
    return toTicks(reading, unit)
  }

  /** The offset that holds on a local day in milliseconds; NaN if it may change on that day or beside it. */
  #offsetOn(day: number, zone: Zone): number {
    if (day !== this.#knownDay) {
      const before = zone.offsetAt((day - 1) * DAY)
      this.#knownDay = day
      this.#knownOffset = zone.offsetAt((day + 2) * DAY) === before ? before * 1000 : Number.NaN
    }
    return this.#knownOffset
  }

  finish(rows: number): Column {
    return new TimestampColumn(this.#values.subarray(0, rows), { unit: this.#unit, zone: 'UTC' })
  }
}

/** Calendar days in a declared form. */
export class DeclaredDaySink implements CellSink {
  readonly expected: string
  readonly isDeclared = true
  readonly #form: CompiledForm
  readonly #missing: ErrorCode | null
  readonly #reading = new TimestampReading()
  #values = new Int32Array(0)

  constructor(rule: CellRule, form: CompiledForm) {
    this.expected = `a day of the form ${form.form}`
    this.#form = form
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { view, starts, ends, width, rows } = cells
    const values = this.#values
    const reading = this.#reading
    const { parse } = this.#form
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      values[row + i] = NULL_DAY
      if (end > start && parse(view, start, end, reading)) values[row + i] = reading.milliseconds / DAY
      else if (end === NO_VALUE || end === start) {
        if (this.#missing !== null) problems.add(i, column, this.#missing)
      } else problems.add(i, column, 'type_mismatch')
    }
  }

  finish(rows: number): Column {
    return new DateColumn(this.#values.subarray(0, rows))
  }
}

/**
 * Writes the cell `[start, end)` into `target` from `put` on as the ordinary reader expects it, and
 * returns the position after it; −1 for a cell that does not have the declared form.
 */
type Rewrite = (bytes: Uint8Array, start: number, end: number, target: Uint8Array, put: number) => number

/** One cell grows by no more bytes than this. */
const SLACK = 8
/** No kind takes it. */
const MISFIT = 0x3f

/** Rewrites the cells of one column into cells of their own. */
export class CellRewriter {
  readonly #rewrite: Rewrite
  #cells = new Cells(1, 0, -1)
  #bytes = new Uint8Array(0)

  constructor(rewrite: Rewrite) {
    this.#rewrite = rewrite
  }

  /** Returns the cells of the column as they are to be read; the next call overwrites them. */
  show(cells: Cells, column: number): Cells {
    const { bytes, starts, ends, width, rows } = cells
    if (this.#cells.starts.length < rows) this.#cells = new Cells(1, rows, -1)
    const shown = this.#cells
    let size = 0
    for (let i = 0, at = column; i < rows; i++, at += width) {
      size += Math.max(0, (ends[at] as number) - (starts[at] as number)) + SLACK
    }
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size * 2)
    const target = this.#bytes
    let put = 0
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      shown.starts[i] = put
      if (end === NO_VALUE) {
        shown.ends[i] = NO_VALUE
        continue
      }
      const next = end >= start ? this.#rewrite(bytes, start, end, target, put) : -1
      if (next < 0) target[put++] = MISFIT
      else put = next
      shown.ends[i] = put
    }
    shown.rows = rows
    shown.show(target)
    return shown
  }
}

const isDigit = (byte: number | undefined) => byte !== undefined && (byte - 48) >>> 0 <= 9

/** The bytes of the separator at `at`, 0 for none: a space may be one that does not break, an apostrophe a curly one. */
function separatorSize(thousands: string, bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  if (byte === thousands.charCodeAt(0)) return 1
  if (thousands === ' ' && byte === 0xc2) return bytes[at + 1] === 0xa0 ? 2 : 0
  if (byte !== 0xe2 || bytes[at + 1] !== 0x80) return 0
  const last = bytes[at + 2]
  return (thousands === ' ' && last === 0xaf) || (thousands === "'" && last === 0x99) ? 3 : 0
}

/**
 * Writes a number with a point and without separators of thousands. Groups after a separator have
 * three digits; a number without any separator may be as long as it likes.
 */
function numberRewrite({ decimal, thousands }: NumberForm): Rewrite {
  const point = decimal.charCodeAt(0)
  return (bytes, start, end, target, from) => {
    let at = start
    let put = from
    const copyDigits = (): number => {
      const first = at
      while (at < end && isDigit(bytes[at])) target[put++] = bytes[at++] as number
      return at - first
    }
    if (bytes[at] === 0x2d || bytes[at] === 0x2b) target[put++] = bytes[at++] as number
    const first = copyDigits()
    if (thousands !== null && first > 0 && first <= 3) {
      for (let size = separatorSize(thousands, bytes, at); at < end && size > 0; ) {
        at += size
        if (copyDigits() !== 3) return -1
        size = separatorSize(thousands, bytes, at)
      }
    }
    if (at < end && bytes[at] === point) {
      at++
      target[put++] = 0x2e
      copyDigits()
    }
    // a point that is no decimal one, a sign, a letter: the ordinary reader takes exponents and words, and no other points
    for (; at < end; at++) {
      const byte = bytes[at] as number
      if (byte === 0x2e) return -1
      target[put++] = byte
    }
    return put
  }
}

function booleanRewrite(yes: Words, no: Words): Rewrite {
  return (bytes, start, end, target, put) => {
    const word = isWord(yes, bytes, start, end) ? 'true' : isWord(no, bytes, start, end) ? 'false' : null
    if (word === null) return end === start ? put : -1
    for (let at = 0; at < word.length; at++) target[put + at] = word.charCodeAt(at)
    return put + word.length
  }
}

/** Reads rewritten cells by the ordinary sink of their kind. */
export class RewrittenSink implements CellSink {
  readonly expected: string
  readonly isDeclared = true
  readonly #rewriter: CellRewriter
  readonly #sink: CellSink
  readonly #problems = new CellProblems()

  constructor(rewriter: CellRewriter, sink: CellSink, expected: string) {
    this.#rewriter = rewriter
    this.#sink = sink
    this.expected = expected
  }

  reserve(capacity: number): void {
    this.#sink.reserve(capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const own = this.#problems
    own.clear()
    this.#sink.read(this.#rewriter.show(cells, column), 0, row, own)
    for (const [at, problem] of own.rows.entries()) problems.add(problem, column, own.codes[at] as ErrorCode)
  }

  finish(rows: number): Column {
    return this.#sink.finish(rows)
  }
}

/** Returns what rewrites numbers. */
export function numberRewriter(form: NumberForm): CellRewriter {
  return new CellRewriter(numberRewrite(form))
}

/** How declared numbers look, for messages. */
export function numberLooks({ decimal, thousands }: NumberForm): string {
  return `1${thousands ?? ''}234${decimal}5`
}

/** Returns what rewrites booleans. */
export function booleanRewriter({ yes, no }: NonNullable<CellForms['booleans']>): CellRewriter {
  return new CellRewriter(booleanRewrite(yes, no))
}

/** Makes cells without a value of the cells that are one of the words. */
export function dropNulls(cells: Cells, words: Words): void {
  const { bytes, starts, ends, width, rows, instants } = cells
  for (let at = 0; at < rows * width; at++) {
    const start = starts[at] as number
    const end = ends[at] as number
    if (end > start && isWord(words, bytes, start, end)) {
      ends[at] = NO_VALUE
      if (instants !== null) instants[at] = Number.NaN
    }
  }
}

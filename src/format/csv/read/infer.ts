import { type Column, NullColumn } from '../../../table/column.ts'
import { takeColumn } from '../../../table/take.ts'
import { CellProblems, type CellRule, type CellSink, Cells, NO_VALUE } from '../cells.ts'
import type { CellForms } from '../forms.ts'
import { type CellRewriter, numberRewriter } from './declared.ts'
import { sinkOfKind } from './kinds.ts'
import { BigIntSink, NumberSink } from './numbers.ts'
import { DictionarySink, PlainSink } from './texts.ts'

const ANY: CellRule = { isNullable: true, isKey: false }
/**
 * Rows after which mostly distinct text changes to plain bytes. Checked first here, then at every
 * doubling.
 */
const FIRST_LOOK = 1024
/** Texts read at a time, so that memory stays constant. */
const RUN = 16_384

/** The texts of `[from, from + cells.rows)` as cells of one column. */
type TextSource = { readonly count: number; show(cells: Cells, from: number): void }

function showOffsets(cells: Cells, offsets: Int32Array, from: number): void {
  for (let i = 0; i < cells.rows; i++) {
    cells.starts[i] = offsets[from + i] as number
    cells.ends[i] = offsets[from + i + 1] as number
  }
}

/** Reads all texts through a sink; stops with false at the first text that does not fit. */
function readAll(source: TextSource, bytes: Uint8Array, sink: CellSink, { fits, rewriter }: Candidate): boolean {
  const cells = new Cells(1, Math.min(RUN, source.count), -1)
  const problems = new CellProblems()
  cells.show(bytes)
  sink.reserve(source.count)
  // the first run is short, so that a wrong kind is rejected early
  for (let from = 0, run = 64; from < source.count; from += cells.rows, run = RUN) {
    cells.rows = Math.min(run, RUN, source.count - from)
    source.show(cells, from)
    const shown = rewriter?.show(cells, 0) ?? cells
    if (!fits(shown)) return false
    sink.read(shown, 0, from, problems)
    if (problems.rows.length > 0) return false
  }
  return true
}

function fitsAny(_cells: Cells): boolean {
  return true
}

/** A double cannot keep more digits than this. */
const DOUBLE_DIGITS = 17

/**
 * Whether a double or a 64-bit integer keeps the number in these bytes exactly, up to trailing
 * zeros: no `+`, no leading zeros, at most 17 digits with a fraction, or an integer of at most
 * `integerLimit` digits.
 */
function isPlainNumber(bytes: Uint8Array, start: number, end: number, integerLimit: number): boolean {
  let at = start
  if (bytes[at] === 0x2d) at++
  const wholeFrom = at
  while (at < end && ((bytes[at] as number) - 48) >>> 0 <= 9) at++
  const whole = at - wholeFrom
  if (whole > 1 && bytes[wholeFrom] === 0x30) return false
  let fraction = 0
  if (at < end && bytes[at] === 0x2e) {
    const from = ++at
    while (at < end && ((bytes[at] as number) - 48) >>> 0 <= 9) at++
    fraction = at - from
    if (fraction === 0) return false
  }
  if (whole + fraction === 0) return isSpecialNumber(bytes, start, end)
  let hasExponent = false
  if (at < end && ((bytes[at] as number) | 32) === 0x65) {
    hasExponent = true
    at++
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at++
    const from = at
    while (at < end && ((bytes[at] as number) - 48) >>> 0 <= 9) at++
    // beyond three digits, every exponent gives infinity or zero
    if (at === from || at - from > 3) return false
  }
  if (at !== end) return false
  return whole + fraction <= (fraction > 0 || hasExponent ? DOUBLE_DIGITS : integerLimit)
}

const SPECIAL = ['NaN', 'Infinity', '-Infinity'].map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)))

function isSpecialNumber(bytes: Uint8Array, start: number, end: number): boolean {
  return SPECIAL.some((word) => word.length === end - start && word.every((byte, i) => bytes[start + i] === byte))
}

function fitsNumbers(integerLimit: number): (cells: Cells) => boolean {
  return ({ bytes, starts, ends, rows }) => {
    for (let i = 0; i < rows; i++) {
      const start = starts[i] as number
      const end = ends[i] as number
      if (end > start && !isPlainNumber(bytes, start, end, integerLimit)) return false
    }
    return true
  }
}

/** A kind that a column without a contract may turn out to have. */
interface Candidate {
  readonly make: () => CellSink
  /** Whether the kind keeps these cells exactly. */
  readonly fits: typeof fitsAny
  /** What shows the cells as the sink and `fits` expect them. */
  readonly rewriter: CellRewriter | null
}

/** Kinds in the order they are tried; integers of more than 15 digits need 64 bits. */
function candidatesOf(forms: CellForms | null): readonly Candidate[] {
  const rewriter = forms?.numbers ? numberRewriter(forms.numbers) : null
  const ofKind = (kind: 'timestamp' | 'date' | 'boolean', unit: 'ms' | 'us' = 'ms'): Candidate => ({
    make: () => sinkOfKind({ kind, unit, encoding: 'dictionary' }, ANY, forms),
    fits: fitsAny,
    rewriter: null,
  })
  return [
    { make: () => new NumberSink('float64', ANY), fits: fitsNumbers(15), rewriter },
    { make: () => new BigIntSink(ANY), fits: fitsNumbers(19), rewriter },
    ofKind('timestamp', 'ms'),
    ofKind('timestamp', 'us'),
    ofKind('date'),
    ofKind('boolean'),
  ]
}

function inferFrom(source: TextSource, bytes: Uint8Array, forms: CellForms | null): Column | null {
  for (const candidate of candidatesOf(forms)) {
    const sink = candidate.make()
    if (readAll(source, bytes, sink, candidate)) return sink.finish(source.count)
  }
  return null
}

/**
 * A column without a contract. It collects text; at the end it takes the first kind that keeps all
 * texts exactly: numbers, 64-bit integers, timestamps, days, booleans, else text. Ids with leading
 * zeros stay text.
 */
export class LooseSink implements CellSink {
  readonly expected = 'text'
  readonly #infers: boolean
  readonly #forms: CellForms | null
  #look = FIRST_LOOK
  #capacity = 0
  #repeated: DictionarySink | null = new DictionarySink(ANY)
  #plain: PlainSink | null = null

  constructor(types: 'infer' | 'text', forms: CellForms | null = null) {
    this.#infers = types === 'infer'
    this.#forms = forms
  }

  reserve(capacity: number): void {
    this.#capacity = capacity
    this.#repeated?.reserve(capacity)
    this.#plain?.reserve(capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    this.#lookAt(row)
    const sink = this.#repeated ?? this.#plain
    sink?.read(cells, column, row, problems)
  }

  /** Checks whether text repeats, at rows that do not depend on how the file was cut. */
  #lookAt(row: number): void {
    for (; this.#repeated !== null && row >= this.#look; this.#look *= 2) {
      let most = -1
      const { codes } = this.#repeated
      for (let i = 0; i < this.#look; i++) most = Math.max(most, codes[i] as number)
      if ((most + 1) * 2 > this.#look) this.#spread(this.#repeated, row)
    }
  }

  /** Turns codes into bytes. */
  #spread({ codes, dictionary }: DictionarySink, rows: number): void {
    const { bytes, offsets } = dictionary.entries
    const cells = new Cells(1, rows, -1)
    cells.show(bytes)
    cells.rows = rows
    for (let row = 0; row < rows; row++) {
      const code = codes[row] as number
      cells.starts[row] = code < 0 ? 0 : (offsets[code] as number)
      cells.ends[row] = code < 0 ? NO_VALUE : (offsets[code + 1] as number)
    }
    this.#plain = new PlainSink(ANY)
    this.#plain.reserve(this.#capacity)
    this.#plain.read(cells, 0, 0, new CellProblems())
    this.#repeated = null
  }

  finish(rows: number): Column {
    this.#lookAt(rows)
    return this.#repeated === null ? this.#finishPlain(rows) : this.#finishRepeated(this.#repeated, rows)
  }

  #finishPlain(rows: number): Column {
    // one of the two sinks always exists
    const column = (this.#plain as PlainSink).finish(rows)
    if (!this.#infers) return column
    const { bytes, offsets } = column
    const source: TextSource = { count: rows, show: (cells, from) => showOffsets(cells, offsets, from) }
    return inferFrom(source, bytes, this.#forms) ?? column
  }

  #finishRepeated(sink: DictionarySink, rows: number): Column {
    const { entries, size } = sink.dictionary
    if (size === 0) return new NullColumn(rows)
    const isBlank = entries.bytes.length === 0
    const { bytes, offsets } = entries
    const source: TextSource = { count: size, show: (cells, from) => showOffsets(cells, offsets, from) }
    const typed = this.#infers && !isBlank ? inferFrom(source, bytes, this.#forms) : null
    return typed === null ? sink.finish(rows) : takeColumn(typed, sink.codes.subarray(0, rows))
  }
}

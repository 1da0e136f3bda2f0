/**
 * Edits records of a CSV file and leaves every other byte as it is.
 * @module
 */
import { FormatError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import { showText } from './cells.ts'
import { type CsvDialect, resolveDialect } from './dialect.ts'
import { isBlankLine, lookAtRecord, type RecordLook, skipLines } from './read/record.ts'
import { bomSize, separatorLine } from './read/separator.ts'

/** What becomes of a record: it stays, it goes, or some of its cells have other text. */
export type RecordEdit = 'keep' | 'remove' | ReadonlyMap<string, string>

/** A record as an editor sees it. */
export interface EditableRecord {
  /** Its number among the data records of the file, from 1. */
  readonly number: number
  /** The text of a cell by the name of its column; null where the record has none. */
  cell(column: string): string | null
  /** The text of the whole record, for one with too many or too few cells. */
  readonly text: string
}

/** How a file is written, and what becomes of its records. */
export interface EditOptions {
  readonly dialect: CsvDialect
  readonly file: string
  readonly edit: (record: EditableRecord) => RecordEdit
}

const LINE_END = Uint8Array.of(0x0a)
const encoder = new TextEncoder()

/** Edits the records of one file, chunk by chunk. */
class RecordEditor {
  readonly #options: EditOptions
  #dialect: ReturnType<typeof resolveDialect>
  readonly #aliases: ReadonlyMap<string, string>
  #columns: ReadonlyMap<string, number> | null = null
  #rest: Uint8Array = new Uint8Array(0)
  #isBegun = false
  #records = 0

  constructor(options: EditOptions) {
    this.#options = options
    this.#dialect = resolveDialect(options.dialect)
    this.#aliases = new Map(Object.entries(options.dialect.columnAliases ?? {}))
    if (options.dialect.header !== undefined) this.#name(options.dialect.header)
    const { encoding } = this.#dialect
    if (encoding !== 'utf-8') throw this.#cannot(`is in ${encoding}; records are edited in UTF-8 alone`)
  }

  #cannot(what: string): FormatError {
    return new FormatError('csv_invalid', `${this.#options.file} ${what}`)
  }

  #name(names: readonly string[]): void {
    this.#columns = new Map(names.map((name, column) => [this.#aliases.get(name) ?? name, column]))
  }

  /** Where the header, or the first record, begins. */
  #begin(bytes: Uint8Array): number {
    this.#isBegun = true
    const begin = bomSize(bytes)
    const separator = separatorLine(bytes, begin)
    const { dialect } = this.#options
    if (separator !== null && dialect.delimiter === undefined)
      this.#dialect = resolveDialect({ ...dialect, delimiter: separator.delimiter })
    const known = separator === null ? 0 : 1
    const skipped = Math.max(0, this.#dialect.skipLines - known)
    return skipLines(bytes, separator?.next ?? begin, bytes.length, skipped).next
  }

  #text(bytes: Uint8Array, { starts, ends }: RecordLook, column: number): string | null {
    const [start, end] = [starts[column], ends[column]]
    if (start === undefined || end === undefined) return null
    // a cell with doubled quotes has a negative end
    return end >= 0 ? showText(bytes, start, end) : showText(bytes, start, Math.max(start, ~end)).replaceAll('""', '"')
  }

  /** Yields the whole records of the bytes, edited; what is left waits for more. */
  *push(chunk: Uint8Array, isLast = false): Generator<Uint8Array> {
    const bytes = this.#rest.length === 0 ? chunk.slice() : joinChunks([this.#rest, chunk])
    let at = this.#isBegun || (bytes.length < 4096 && !isLast) ? 0 : this.#begin(bytes)
    if (!this.#isBegun) {
      this.#rest = bytes
      return
    }
    let copied = 0
    while (at < bytes.length) {
      const look = lookAtRecord(bytes, at, bytes.length, this.#dialect)
      if (look.state === 'open' && !isLast) break
      // a carriage return at the end may be half of a line end
      if (look.next === bytes.length && bytes[look.next - 1] === 0x0d && !isLast) break
      if (look.state !== 'whole') {
        throw this.#cannot(`has a record that cannot be told apart, after record ${this.#records}; bring a whole file`)
      }
      const edited = this.#edit(bytes, at, look)
      if (edited !== null) {
        if (at > copied) yield bytes.slice(copied, at)
        yield* edited
        copied = look.next
      }
      at = look.next
    }
    if (at > copied) yield bytes.slice(copied, at)
    this.#rest = bytes.slice(at)
  }

  /** The record as it is to be; null where it stays. */
  #edit(bytes: Uint8Array, at: number, look: RecordLook): Uint8Array[] | null {
    const columns = this.#columns
    if (columns === null) {
      if (!isBlankLine(look)) this.#name(look.starts.map((_, column) => (this.#text(bytes, look, column) ?? '').trim()))
      return null
    }
    if (isBlankLine(look) && columns.size > 1) return null
    const edit = this.#options.edit({
      number: ++this.#records,
      cell: (name) => this.#text(bytes, look, columns.get(name) ?? -1),
      text: showText(bytes, at, look.textEnd),
    })
    if (edit === 'keep') return null
    if (edit === 'remove') return []
    const parts: Uint8Array[] = []
    let from = at
    const cells = Array.from(edit, ([name, text]) => [columns.get(name) ?? -1, text] as const).sort(([a], [b]) => a - b)
    for (const [column, text] of cells) {
      const [start, end] = [look.starts[column], look.ends[column]]
      if (start === undefined || end === undefined) continue
      parts.push(bytes.slice(from, start), encoder.encode(text))
      from = end >= 0 ? end : Math.max(start, ~end)
    }
    parts.push(bytes.slice(from, look.next))
    return parts
  }

  /** Yields the rest. */
  *end(): Generator<Uint8Array> {
    const rest = this.#rest
    this.#rest = new Uint8Array(0)
    if (rest.length === 0) return
    const last = rest.at(-1)
    if (last === 0x0a || last === 0x0d) return yield* this.push(rest, true)
    // the last record is looked at as if it had its line end, which is not written
    const whole = joinChunks([...this.push(joinChunks([rest, LINE_END]), true)])
    yield whole.subarray(0, Math.max(0, whole.length - 1))
  }
}

/**
 * Yields a CSV file with some of its records edited: texts without quotes and delimiters take the place of cells. All other bytes
 * are as they were, however the file is cut into chunks.
 * @throws FormatError csv_invalid - the file is not in UTF-8, or a record cannot be told apart
 */
export async function* editRecords(
  chunks: AsyncIterable<Uint8Array>,
  options: EditOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const editor = new RecordEditor(options)
  for await (const chunk of chunks) yield* editor.push(chunk)
  yield* editor.end()
}

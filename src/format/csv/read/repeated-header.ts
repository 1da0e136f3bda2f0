import { type Cells, cellText, NO_VALUE } from '../cells.ts'

const encoder = new TextEncoder()

/** Finds records that repeat the header line; concatenated files have them. */
export class HeaderRepeats {
  readonly #names: readonly string[]
  /** The column with the longest name: its length alone rules out most rows. */
  readonly #column: number
  readonly #bytes: Uint8Array
  /** Whether that name contains a quote, which a file doubles. */
  readonly #isQuoted: boolean

  /** `names` are those of the header line, as written in the file. */
  constructor(names: readonly string[], quote: string | null) {
    this.#names = names
    const isQuoted = (name: string) => quote !== null && name.includes(quote)
    let longest = 0
    for (const [column, name] of names.entries()) {
      const best = names[longest] as string
      const isPlainer = isQuoted(best) && !isQuoted(name) && name !== ''
      if (isPlainer || (name.length > best.length && isQuoted(name) === isQuoted(best))) longest = column
    }
    const name = names[longest] ?? ''
    this.#column = longest
    this.#bytes = encoder.encode(name)
    this.#isQuoted = isQuoted(name)
  }

  /** Returns the records of a run that repeat the header line, in order; null for none. */
  find(cells: Cells): number[] | null {
    const { starts, ends, width, rows } = cells
    const size = this.#bytes.length
    // a header without any name cannot repeat
    if (size === 0) return null
    let found: number[] | null = null
    for (let row = 0, at = this.#column; row < rows; row++, at += width) {
      const end = ends[at] as number
      if (end - (starts[at] as number) !== size && !(this.#isQuoted && end < NO_VALUE)) continue
      if (this.#isHeader(cells, row)) {
        found ??= []
        found.push(row)
      }
    }
    return found
  }

  #isHeader(cells: Cells, row: number): boolean {
    const first = row * cells.width
    const start = cells.starts[first + this.#column] as number
    if (!this.#isQuoted) {
      for (let at = 0; at < this.#bytes.length; at++) {
        if (cells.bytes[start + at] !== this.#bytes[at]) return false
      }
    }
    return this.#names.every((name, column) => (cellText(cells, first + column) ?? '') === name)
  }
}

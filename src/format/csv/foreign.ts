import { Cells, NO_VALUE } from './cells.ts'
import type { CsvPlace } from './damage.ts'
import type { Dialect } from './dialect.ts'
import { grown } from './room.ts'
import type { RecordOrigin, RowCollector } from './rows.ts'

/** One record that another parser has cut: each cell's text and whether it was quoted. */
export interface ForeignRecord {
  readonly texts: readonly string[]
  readonly quoted: readonly boolean[]
  /** The record as it stands in the file, without its line end. */
  readonly text: string
  readonly line: number
}

/** Cuts all the given bytes into records, blank lines included; `from` is the place of the first one. */
export type ForeignReader = (
  bytes: Uint8Array,
  dialect: Dialect,
  from: CsvPlace,
  take: (record: ForeignRecord) => void,
) => void

/** Whether another parser's record is a blank line. */
export function isBlankRecord({ texts, quoted }: ForeignRecord): boolean {
  return texts.length === 1 && texts[0] === '' && quoted[0] !== true
}

const RUN = 512
const encoder = new TextEncoder()

/** Lays another parser's records out as the fast reader does, so that the same columns read them. */
export class ForeignRows implements RecordOrigin {
  readonly windowOffset = 0
  firstRecord = 1
  readonly #cells: Cells
  readonly #rows: RowCollector
  readonly #waiting: ForeignRecord[] = []
  #bytes = new Uint8Array(4096)
  #length = 0

  constructor(rows: RowCollector, width: number) {
    this.#rows = rows
    // texts come undoubled, so no byte is a quote any more
    this.#cells = new Cells(width, RUN, -1)
  }

  /** Takes a record of the file's width; `row` is its number. */
  add(record: ForeignRecord, row: number): void {
    const { starts, ends, width } = this.#cells
    if (this.#waiting.length === 0) this.firstRecord = row
    const at = this.#waiting.length * width
    for (let column = 0; column < width; column++) {
      const text = record.texts[column] as string
      const start = this.#length
      this.#bytes = grown(this.#bytes, start + text.length * 3 > this.#bytes.length ? (start + text.length * 3) * 2 : 0)
      this.#length += encoder.encodeInto(text, this.#bytes.subarray(start)).written
      starts[at + column] = start
      if (text === '' && record.quoted[column] !== true) ends[at + column] = NO_VALUE
      // a NUL takes the long way, as in the fast reader
      else ends[at + column] = text.includes('\0') ? ~this.#length : this.#length
    }
    this.#waiting.push(record)
    if (this.#waiting.length === RUN) this.flush()
  }

  /** Hands over what has been added. */
  flush(): void {
    if (this.#waiting.length === 0) return
    this.#cells.rows = this.#waiting.length
    this.#cells.show(this.#bytes)
    this.#rows.take(this.#cells, this, false)
    this.#waiting.length = 0
    this.#length = 0
  }

  lineOf(index: number): number {
    return this.#waiting[index]?.line ?? 0
  }

  textOf(index: number): string {
    return this.#waiting[index]?.text ?? ''
  }
}

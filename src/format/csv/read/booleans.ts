import type { ErrorCode } from '../../../errors.ts'
import { BooleanColumn, type Column } from '../../../table/column.ts'
import { grown } from '../../../table/headroom.ts'
import { ValidMask } from '../../text/valid-mask.ts'
import {
  type CellProblems,
  type CellRule,
  type CellSink,
  type Cells,
  cellText,
  missingCode,
  NO_VALUE,
} from '../cells.ts'

/** 1 for true, 0 for false, in any case; −1 for other text. */
export function readBoolean(text: string): number {
  const word = text.toLowerCase()
  return word === 'true' ? 1 : word === 'false' ? 0 : -1
}

/** Reads `true` and `false`. */
export class BooleanSink implements CellSink {
  readonly expected = 'true or false'
  readonly #missing: ErrorCode | null
  readonly #valid = new ValidMask()
  #values = new Uint8Array(0)

  constructor(rule: CellRule) {
    this.#missing = missingCode(rule)
  }

  reserve(capacity: number): void {
    this.#values = grown(this.#values, capacity)
    this.#valid.reserve(capacity)
  }

  read(cells: Cells, column: number, row: number, problems: CellProblems): void {
    const { bytes, starts, ends, width, rows } = cells
    const values = this.#values
    this.#valid.setValid(row, rows)
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const start = starts[at] as number
      const end = ends[at] as number
      const length = end - start
      // one bit makes it lower case; length, first and last letter pick the candidates, and the
      // comparison below decides
      if (length === 4 && ((bytes[start] as number) | 32) === 0x74 && readWord(bytes, start + 1, 0x72, 0x75, 0x65)) {
        values[row + i] = 1
      } else if (
        length === 5 &&
        ((bytes[start] as number) | 32) === 0x66 &&
        ((bytes[start + 1] as number) | 32) === 0x61 &&
        readWord(bytes, start + 2, 0x6c, 0x73, 0x65)
      ) {
        values[row + i] = 0
      } else {
        values[row + i] = 0
        const isMissing = end === NO_VALUE || length === 0
        const value = isMissing ? -1 : readBoolean(cellText(cells, at) as string)
        if (value >= 0) values[row + i] = value
        else {
          this.#valid.setNull(row + i)
          const code = isMissing ? this.#missing : 'type_mismatch'
          if (code !== null) problems.add(i, column, code)
        }
      }
    }
  }

  finish(rows: number): Column {
    return new BooleanColumn(this.#values.subarray(0, rows), this.#valid.finish(rows))
  }
}

function readWord(bytes: Uint8Array, at: number, first: number, second: number, third: number): boolean {
  return (
    ((bytes[at] as number) | 32) === first &&
    ((bytes[at + 1] as number) | 32) === second &&
    ((bytes[at + 2] as number) | 32) === third
  )
}

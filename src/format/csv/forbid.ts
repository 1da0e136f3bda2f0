import { type Column, NullColumn } from '../../table/column.ts'
import { type CellProblems, type CellSink, type Cells, NO_VALUE } from './cells.ts'

/**
 * A column in which every value is an issue: a column outside the contract (`discard_row`), or one
 * without a name.
 */
export class ForbiddenSink implements CellSink {
  readonly expected: string
  readonly #blanks: 'refuse' | 'allow'

  /** `blanks` decides whether `""` is a value. */
  constructor(expected: string, blanks: 'refuse' | 'allow' = 'refuse') {
    this.expected = expected
    this.#blanks = blanks
  }

  reserve(): void {}

  read({ starts, ends, width, rows }: Cells, column: number, _row: number, problems: CellProblems): void {
    const areAllowed = this.#blanks === 'allow'
    for (let i = 0, at = column; i < rows; i++, at += width) {
      const end = ends[at] as number
      if (end !== NO_VALUE && !(areAllowed && end === starts[at])) problems.add(i, column, 'column_extra')
    }
  }

  finish(rows: number): Column {
    return new NullColumn(rows)
  }
}

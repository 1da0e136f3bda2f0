import { type Column, NullColumn } from '../../table/column.ts'
import { type CellProblems, type CellSink, type Cells, NO_VALUE } from './cells.ts'

/** A column that the contract does not know and of which no row may have a value (`discard_row`). */
export class ForbiddenSink implements CellSink {
  readonly expected = 'no value: the contract does not know the column'

  reserve(): void {}

  read({ ends, width, rows }: Cells, column: number, _row: number, problems: CellProblems): void {
    for (let i = 0, at = column; i < rows; i++, at += width) {
      if (ends[at] !== NO_VALUE) problems.add(i, column, 'column_extra')
    }
  }

  finish(rows: number): Column {
    return new NullColumn(rows)
  }
}

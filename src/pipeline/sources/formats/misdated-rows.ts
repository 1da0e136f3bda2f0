/**
 * Rows of a day's file that say they are of another day.
 * @module
 */
import { PipelineError } from '../../../errors.ts'
import { columnOf } from '../../../table/frame.ts'
import { parseDay } from '../../job/day.ts'
import type { RowBatch } from './formats.ts'

/** A file of one day, and the column that holds the day of each row. */
export interface DatedFile {
  readonly name: string
  readonly day: string
  readonly column: string
}

/** A row of another day than its file. */
export interface MisdatedRow {
  readonly row: number
  readonly code: 'day_mismatch'
  readonly column: string
  readonly found: string | null
  readonly expected: string
}

/** Looks at the day of every row of a file, some rows at a time. */
export class DayWatch {
  readonly #file: DatedFile
  /** A cell's text to its day; a file has few different ones. */
  readonly #days = new Map<unknown, string | null>()
  /** Rows by day. */
  readonly #counts = new Map<string, number>()
  #rows = 0

  constructor(file: DatedFile) {
    this.#file = file
  }

  #dayOf(cell: unknown): string | null {
    const known = this.#days.get(cell)
    if (known !== undefined) return known
    const day = cell === null ? null : parseDay(String(cell))
    this.#days.set(cell, day)
    return day
  }

  /** Returns the rows of another day, each with its record, and marks them in `bad`. */
  look({ frame, records }: Pick<RowBatch, 'frame' | 'records'>, bad: Uint8Array): MisdatedRow[] {
    const { day, column } = this.#file
    const expected = `${day}, the day in the name of the file`
    const found: MisdatedRow[] = []
    let row = 0
    for (const cell of columnOf(frame, column)) {
      const one = this.#dayOf(cell)
      if (one !== null) this.#counts.set(one, (this.#counts.get(one) ?? 0) + 1)
      if (one !== day) {
        bad[row] = 1
        const text = cell === null ? null : String(cell)
        found.push({ row: records[row] as number, code: 'day_mismatch', column, found: text, expected })
      }
      row++
    }
    this.#rows += row
    return found
  }

  /**
   * Judges the file as a whole.
   * @throws PipelineError day_mismatch - most rows are of another day: the file has a wrong name, or is a copy of another day's
   */
  end(): void {
    const { name, day, column } = this.#file
    const [first] = [...this.#counts].sort(([a, rows], [b, others]) => others - rows || (a < b ? -1 : 1))
    if (first === undefined || first[0] === day) return
    const [usual, rows] = first
    throw new PipelineError(
      'day_mismatch',
      `${name}: ${rows} of ${this.#rows} rows are of ${usual} by their ${column}, and the name says ${day}; nothing was changed`,
      {
        advice: ['fetch the file of the day', 'give the file the name of its day'],
        details: { day, found: usual, rows },
      },
    )
  }
}

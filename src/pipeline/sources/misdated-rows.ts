/**
 * Rows of a day's file that say they are of another day.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { columnOf } from '../../table/frame.ts'
import { parseDay } from '../day.ts'
import type { BatchReading } from './read-objects.ts'

/** A file of one day, and the column that holds the day of each row. */
export interface DatedFile {
  readonly name: string
  readonly day: string
  readonly column: string
}

/** The day that most rows have; null where no row has one. */
function mostCommon(days: readonly (string | null)[]): string | null {
  const counts = new Map<string, number>()
  for (const day of days) if (day !== null) counts.set(day, (counts.get(day) ?? 0) + 1)
  const [first = null] = [...counts].sort(([a, rows], [b, others]) => others - rows || (a < b ? -1 : 1))
  return first?.[0] ?? null
}

/**
 * Returns an issue for each row of another day than its file, and marks the row in `bad`.
 * @throws PipelineError day_mismatch - most rows are of another day: the file has a wrong name, or is a copy of another day's
 */
export function misdated(
  { frame, records }: Pick<BatchReading, 'frame' | 'records'>,
  { name, day, column }: DatedFile,
  bad: Uint8Array,
): BatchReading['issues'][number][] {
  const cells = Array.from(columnOf(frame, column), (cell) => (cell === null ? null : String(cell)))
  const days = cells.map((cell) => (cell === null ? null : parseDay(cell)))
  const usual = mostCommon(days)
  if (usual !== null && usual !== day) {
    const rows = days.filter((one) => one === usual).length
    throw new PipelineError(
      'day_mismatch',
      `${name}: ${rows} of ${days.length} rows are of ${usual} by their ${column}, and the name says ${day}; nothing was changed`,
      {
        advice: ['fetch the file of the day', 'give the file the name of its day'],
        details: { day, found: usual, rows },
      },
    )
  }
  const expected = `${day}, the day in the name of the file`
  return days.flatMap((one, row) => {
    if (one === day) return []
    bad[row] = 1
    const issue = { file: 0, row: records[row] as number, line: null, raw: '', code: 'day_mismatch', column } as const
    return [{ ...issue, found: cells[row] ?? null, expected }]
  })
}

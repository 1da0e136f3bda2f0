/**
 * Partitions: one file a day, each a part of its table that is kept by itself.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { PipelineError } from '../../errors.ts'
import { parseDay } from '../job/day.ts'
import type { SourceFormat } from './formats/formats.ts'
import { namesIn, patternOf } from './objects.ts'
import { refuseNoFormat, refuseOriginals } from './snapshots.ts'
import type { Originals, PartitionedSource } from './source.ts'

/** Which files are days of a table. */
export interface PartitionOptions {
  /** The folder that holds them, such as `calls/`. */
  readonly prefix: string
  /**
   * How a file is named below it: `{day}` is the day, as `20250301`, `2025-03-01` or `2025_03_01`, and `*` is any text without a
   * slash. With `counts: 'newest'` a name may do without `{day}`: that one file is the table, and its newest content counts.
   */
  readonly name: string
  readonly format: SourceFormat
  /** `newest`: only the last day's file is the table, as of a full export. `all` (default): every day counts. */
  readonly counts?: 'all' | 'newest'
  /**
   * How many of the last days are looked at again for other content; all by default. Days before them are looked at when a
   * run names them (`days`).
   */
  readonly recheck?: number
  /**
   * The column that says in each row which day the row was delivered on, as text or a date. A row of another day than its file
   * waits in quarantine; a file that is mostly another day's is refused (`day_mismatch`).
   */
  readonly dayColumn?: string
  /**
   * `keep`: each file is copied into `landed/` of the state before it is read, byte for byte, under the name of its content.
   * `leave` (default): only its typed rows are kept.
   */
  readonly originals?: Originals
}

/** The unit of a file whose name has no day; it comes before every day. */
export const NO_UNIT_DAY = ''

/** The text of a day in a name: its digits, together or in three groups. */
const DAY = '\\d{4}[-_]?\\d{2}[-_]?\\d{2}'

const OPTIONS = {
  ...{ prefix: true, name: true, format: true, counts: true, recheck: true, dayColumn: true, originals: true },
} satisfies OptionNames<PartitionOptions>

/**
 * Returns the source of a table that has one file a day. Each day is a partition: its typed rows are one immutable Parquet file,
 * and no step holds all of them in memory. Other content of a day replaces that day; a day that comes late is applied; a day
 * whose file is gone is kept, until a run removes it with `withdraw`. A day that lost more than 5 rows and more than 5 % of
 * them is refused (`input_shrunk`), until a run accepts that with `acceptWithdrawals`; the same bytes under two days are
 * refused (`duplicate_day`). A key is unique within its day only: of two records with one key the first counts, and the other
 * waits in quarantine (`base_duplicate_key`).
 *
 * @throws PipelineError invalid_option - no prefix, no name with `{day}` or no format is given; `dayColumn` is no name
 * @example
 * const source = partitions({ prefix: 'calls/', name: 'calls_{day}.csv', format: csv() })
 * source.recognize('calls', 'calls/calls_20250301.csv') // { unit: '2025-03-01', month: null }
 * source.recognize('calls', 'calls/calls_2025-02-30.csv') // null
 */
export function partitions(options: PartitionOptions): PartitionedSource {
  refuseUnknown(options, OPTIONS, PipelineError)
  const { prefix, name: pattern, format, counts = 'all', recheck = null, dayColumn = null } = options
  const { originals = 'leave' } = options
  refuseNoFormat(format)
  const expression = patternOf(prefix, pattern, { day: DAY })
  const groups = namesIn(pattern).join(' ')
  const isUndated = groups === '' && counts === 'newest' && dayColumn === null
  const expected = 'a pattern with {day}, such as calls_{day}.csv'
  refuseUnless(groups === 'day' || isUndated, 'name', pattern, expected, PipelineError)
  refuseUnless(['all', 'newest'].includes(counts), 'counts', counts, 'all or newest', PipelineError)
  const isCount = recheck === null || (Number.isInteger(recheck) && recheck >= 0)
  refuseUnless(isCount, 'recheck', recheck, 'a number of days, such as 3', PipelineError)
  refuseOriginals(originals)
  const isColumn = dayColumn === null || (typeof dayColumn === 'string' && dayColumn !== '')
  refuseUnless(isColumn, 'dayColumn', dayColumn, 'the name of a column, such as delivered_on', PipelineError)
  return {
    ...{ law: 'mirrored', kind: 'partitions', format, counts, recheck, dayColumn, originals },
    ...{ prefixes: [prefix], expected: `${prefix}${pattern}` },
    // which days are looked at again does not change what their rows are
    declaration: {
      ...{ kind: 'partitions', prefix, name: pattern, format: format.declaration },
      ...(counts === 'newest' && { counts }),
      ...(dayColumn !== null && { dayColumn }),
    },
    recognize(_, name) {
      if (!name.startsWith(prefix)) return null
      const found = expression.exec(name.slice(prefix.length))
      if (found !== null && isUndated) return { unit: NO_UNIT_DAY, month: null }
      const day = parseDay(found?.groups?.day ?? '')
      return day === null ? null : { unit: day, month: null }
    },
  }
}

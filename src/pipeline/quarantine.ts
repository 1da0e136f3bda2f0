/**
 * The rows that wait: set aside because a cell does not fit, until their file is corrected and the state rebuilt.
 * @module
 */
import { compareNames } from '../connect/file-name.ts'
import { type Advice, type ErrorCode, type Issue, PipelineError } from '../errors.ts'
import { compareMonths } from './job/month.ts'

/** One problem of one row that waits. A row with two problems is listed twice. */
export interface QuarantinedRow {
  readonly table: string
  readonly month: string | null
  readonly file: string
  /** The data record, from 1. */
  readonly row: number
  /** The line on which it begins, from 1. */
  readonly line: number | null
  readonly code: ErrorCode
  readonly column: string | null
  readonly found: string | null
  readonly expected: string
  /** The record as it stands in its file. */
  readonly raw: string
  /** The key of the row, for an issue of a derived table: file and record are those of the table that it is made from. */
  readonly key?: readonly string[]
}

/** Up to this many bad rows never stop a run, whatever their share. */
export const TOLERATED_ROWS = 5

/** Returns the rows as lines of JSON, without clock or run. */
export function encodeQuarantine(rows: readonly QuarantinedRow[]): Uint8Array {
  const lines = rows.map(({ table, month, file, row, line, code, column, found, expected, raw, key }) =>
    JSON.stringify({ table, month, file, row, line, code, column, found, expected, raw, key }),
  )
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''))
}

/** Returns the rows of {@link encodeQuarantine}. */
export function decodeQuarantine(bytes: Uint8Array): QuarantinedRow[] {
  const text = new TextDecoder().decode(bytes)
  // its hash says that encodeQuarantine wrote it
  return text === ''
    ? []
    : text
        .slice(0, -1)
        .split('\n')
        .map((line) => JSON.parse(line) as QuarantinedRow)
}

/** Returns the rows in order of month, table, file and record, whichever run they were met in. */
export function orderQuarantine(rows: readonly QuarantinedRow[], tables: readonly string[]): QuarantinedRow[] {
  const place = new Map(tables.map((table, at) => [table, at]))
  return [...rows].sort(
    (a, b) =>
      compareMonths(a.month, b.month) ||
      (place.get(a.table) ?? 0) - (place.get(b.table) ?? 0) ||
      compareNames(a.file, b.file) ||
      a.row - b.row,
  )
}

/** How many rows the problems are of. */
export function countRows(issues: readonly Pick<Issue, 'row'>[]): number {
  return new Set(issues.map(({ row }) => row)).size
}

const shown = ({ row, column }: Issue): string => (column === null ? `row ${row}` : `row ${row}, column ${column}`)

/** Returns the error of a strict run at its first bad row. */
export function refuseIssue(file: string, issue: Issue): PipelineError {
  return new PipelineError(issue.code, `${file} ${shown(issue)}: expected ${issue.expected}`, {
    advice: ['correct the file', { option: 'mode', value: "'lenient'", effect: 'set such rows aside' }],
    details: { ...issue, file },
  })
}

/**
 * Returns the error for a file of which too much is bad: more than the share, and more than 5 rows; null for another. A header
 * line that is repeated does not count, for no row is lost with it.
 */
export function refuseTooMany(
  file: string,
  issues: readonly Issue[],
  records: number,
  maxQuarantined: number,
): PipelineError | null {
  const lost = issues.filter(({ code }) => code !== 'header_repeated')
  const rows = countRows(lost)
  const [first] = lost
  if (first === undefined || rows <= TOLERATED_ROWS || rows / records <= maxQuarantined) return null
  const limit = Number((maxQuarantined * 100).toFixed(2))
  const percent = Math.ceil((rows * 100) / records)
  // where every row waits, nothing would be applied
  const share: Advice = {
    option: 'maxQuarantined',
    value: String(percent / 100),
    typed: `${percent}%`,
    effect: 'set them aside',
  }
  const isHopeless = countRows(issues) === records
  return new PipelineError(
    'too_many_quarantined',
    `${file}: ${rows} of ${records} rows do not fit their contract, more than ${limit} %; the first is ${shown(first)}: expected ${first.expected}`,
    {
      advice: [
        {
          inCode: 'correct the file (checkSource lists all of them)',
          otherwise: 'correct the file (check lists all of them)',
        },
        ...(isHopeless ? [] : [share]),
      ],
      details: { rows, records, issues: lost.slice(0, 10) },
    },
  )
}

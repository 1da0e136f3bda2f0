/**
 * Days as `YYYY-MM-DD`, in texts that sort by time.
 * @module
 */
import { PipelineError } from '../../errors.ts'
import { dayNumber, NO_DAY } from '../../time/calendar.ts'

const DAY = /^(\d{4})([-_]?)(\d{2})\2(\d{2})$/
const MILLISECONDS = 86_400_000

/** `2025-03-01` of `20250301`, `2025-03-01` or `2025_03_01`; null when it is no day of the calendar. */
export function parseDay(text: string): string | null {
  const [, year = '', , month = '', day = ''] = DAY.exec(text.trim()) ?? []
  if (year === '' || dayNumber(Number(year), Number(month), Number(day)) === NO_DAY) return null
  return `${year}-${month}-${day}`
}

/**
 * Returns a day that a caller chose as `YYYY-MM-DD`.
 * @throws PipelineError invalid_option - it is not a day
 */
export function readDay(text: string, option: string): string {
  const day = typeof text === 'string' ? parseDay(text) : null
  if (day !== null) return day
  throw new PipelineError(
    'invalid_option',
    `${option} "${String(text).slice(0, 20)}" is no day; write it as 20250301 or 2025-03-01`,
  )
}

/** The day after. */
export function nextDay(day: string): string {
  return new Date(Date.parse(day) + MILLISECONDS).toISOString().slice(0, 10)
}

/** Of gaps longer than this, messages name the first and the last day alone. */
const LISTED = 366

/** Returns the days between the first and the last one that are not there, in order; the first 366 of them. */
export function missingDays(days: Iterable<string>): string[] {
  const known = new Set(days)
  const sorted = [...known].sort()
  const missing: string[] = []
  const last = sorted.at(-1) ?? ''
  for (let day = sorted[0] ?? ''; day < last && missing.length < LISTED; day = nextDay(day)) {
    if (!known.has(day)) missing.push(day)
  }
  return missing
}

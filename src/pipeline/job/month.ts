/**
 * Months as `YYYY-MM`, in texts that sort by time.
 * @module
 */
import { PipelineError } from '../../errors.ts'

const MONTH = /^(\d{4})-?(0[1-9]|1[0-2])$/

/** `2025-03` of `202503` or `2025-03`; null when it is not a month. */
export function parseMonth(text: string): string | null {
  const match = MONTH.exec(text.trim())
  return match === null ? null : `${match[1]}-${match[2]}`
}

/**
 * Returns a month that a caller chose as `YYYY-MM`.
 * @throws PipelineError invalid_option - it is not a month
 */
export function readMonth(text: string, option: string): string {
  const month = parseMonth(text)
  if (month !== null) return month
  throw new PipelineError(
    'invalid_option',
    `${option} "${text.slice(0, 20)}" is no month; write it as 202503 or 2025-03`,
    { details: { option } },
  )
}

/** `202503` of `2025-03`, as file names have it. */
export function compactMonth(month: string): string {
  return month.replace('-', '')
}

/** The month after. */
export function nextMonth(month: string): string {
  const year = Number(month.slice(0, 4))
  const number = Number(month.slice(5))
  return number === 12
    ? `${String(year + 1).padStart(4, '0')}-01`
    : `${month.slice(0, 4)}-${String(number + 1).padStart(2, '0')}`
}

/** Orders inputs: the extract (null) first, then month by month. */
export function compareMonths(a: string | null, b: string | null): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

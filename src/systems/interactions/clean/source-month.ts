/**
 * Months as the products file writes them.
 * @module
 */

/** How the source writes a month, for messages. */
export const MONTH_FORM = 'MM-yyyy'

const WRITTEN = /^(0[1-9]|1[0-2])-(\d{4})$/

/**
 * Returns the month `yyyy-MM` of a text `MM-yyyy`; null for any other text.
 *
 * @example
 * monthOf('03-2020') // '2020-03'
 * monthOf('13-2020') // null
 */
export function monthOf(text: string): string | null {
  const [, month, year] = WRITTEN.exec(text) ?? []
  return month === undefined ? null : `${year}-${month}`
}

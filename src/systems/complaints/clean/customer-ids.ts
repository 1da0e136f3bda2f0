/**
 * Customer ids, and complaint ids, in which the digits of a customer id stand.
 * @module
 */

const HYPHENATED = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/

function written(digits: string): string {
  const cut = (from: number, to?: number): string => digits.slice(from, to)
  return `${cut(0, 8)}-${cut(8, 12)}-${cut(12, 16)}-${cut(16, 20)}-${cut(20)}`
}

/** A UUID in lower case with hyphens; null for another text. */
export function customerId(text: string): string | null {
  const digits = HYPHENATED.exec(text.toLowerCase())
  return digits === null ? null : digits.slice(1).join('-')
}

/** What stands in place of an id of a customer who was erased. */
export function isErased(text: string): boolean {
  return /^erased-\d{1,8}(?:-\d{1,12})?$/.test(text)
}

/** Returns the ids of all customers whose digits stand in a text: customer ids however they are spelled, and complaint ids. */
export function customersIn(text: string): string[] {
  const found = text.toLowerCase().matchAll(/(?=([0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}))/g)
  return [...new Set(Array.from(found, ([, digits]) => written((digits as string).replaceAll('-', ''))))]
}

/**
 * Returns the customer id whose 32 digits stand in a complaint id behind one of its marks (K, Q or X); null where none does.
 *
 * @example
 * customerIn('Sar4328K5f528143241b4333ba13681987e4e0f7923987e4e0f7Qak') // '5f528143-241b-4333-ba13-681987e4e0f7'
 */
export function customerIn(complaintId: string): string | null {
  const [, digits] = /[KQX]([0-9a-f]{32})/.exec(complaintId) ?? []
  return digits === undefined ? null : written(digits)
}

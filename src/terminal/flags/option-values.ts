/**
 * Parses the values of command-line options: text in, typed value out, or an error that says what
 * was expected.
 * @module
 */
import { ContractError } from '../../errors.ts'

/** Returns the error for an option with an impossible value. */
export function optionError(option: string, found: string, expected: string): ContractError {
  return new ContractError('invalid_option', `${option} "${found}": expected ${expected}`)
}

/** The months of `2025-Q1`. */
export function quarterMonths(option: string, text: string): string[] {
  const match = /^(\d{4})-?Q([1-4])$/i.exec(text.trim())
  if (match === null) throw optionError(option, text, 'a quarter such as 2025-Q1')
  const first = Number(match[2]) * 3 - 2
  return [0, 1, 2].map((month) => `${match[1]}-${String(first + month).padStart(2, '0')}`)
}

/** `5%` gives 0.05. */
export function parseShare(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*%$/.exec(text.trim())
  const share = match === null ? Number.NaN : Number(match[1]) / 100
  if (!(share <= 1)) throw optionError(option, text, 'a share such as 5%, at most 100%')
  return share
}

/** A whole number; `1_000_000` and `1000000` are the same. */
export function parseCount(option: string, text: string): number {
  if (!/^\d[\d_]*$/.test(text.trim())) throw optionError(option, text, 'a whole number')
  return Number(text.replaceAll('_', '').trim())
}

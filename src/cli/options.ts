/**
 * Reading the values of command-line options: text in, typed value out, or an error that says what was expected.
 * @module
 */
import { ContractError } from '../errors.ts'

/** Returns the error for an option with a value it cannot have. */
export function optionError(option: string, found: string, expected: string): ContractError {
  return new ContractError('invalid_option', `${option} "${found}": expected ${expected}`)
}

/** `202502` or `2025-02`, as `2025-02`. */
export function parseMonth(option: string, text: string): string {
  const match = /^(\d{4})-?(0[1-9]|1[0-2])$/.exec(text.trim())
  if (match === null) throw optionError(option, text, 'a month such as 202502 or 2025-02')
  return `${match[1]}-${match[2]}`
}

/** Months joined by commas. */
export function parseMonths(option: string, text: string): string[] {
  return text.split(',').map((month) => parseMonth(option, month))
}

/** `5%` as 0.05. */
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

/** One of a few words; a near miss is named. */
export function parseChoice<const Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice === text.trim())
  if (found === undefined) throw optionError(option, text, choices.join(', ').replace(/, (\w+)$/, ' or $1'))
  return found
}

/** Words joined by commas, each of the choices. */
export function parseChoices<const Choice extends string>(
  option: string,
  text: string,
  choices: readonly Choice[],
): Choice[] {
  return text.split(',').map((word) => parseChoice(option, word, choices))
}

import type { ColumnContract } from '../../table/contract.ts'
import { type Dialect, FAMILIAR_DELIMITERS, shownDelimiter } from './dialect.ts'

type Look = readonly [pattern: RegExp, looks: string]

const NUMBERS: readonly Look[] = [
  [/^[+-]?\d{1,3},\d{3}$/, 'a number with a comma for thousands or for decimals: write 1234 or 1.234'],
  [/^[+-]?\d*,\d+$/, 'a decimal comma: write 14.5, not 14,5'],
  [/^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/, 'a number with commas between thousands: write 1234567.5'],
  [/^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/, 'a number with points between thousands: write 1234567.5'],
  [/^[+-]?\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?$/, 'a number with gaps between thousands: write 1234567.5'],
  [
    /^(?:\d+:)?\d{1,2}:\d\d(?:\.\d+)?$|^-?P(?:\d|T\d)/,
    "a duration: write it as one number in the column's unit, 12.5 for 00:12:30 in minutes",
  ],
  [
    /^(?:[$€£¥]\s*[+-]?[\d.,]+|[+-]?[\d.,]+\s*[$€£¥%])$/,
    'a number with a currency or percent sign: write only the number',
  ],
]

const OTHER_ORDER: Look = [
  /^\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)(?!\d)/,
  'a date that does not begin with the year: write 2025-01-31, because 01/02/2025 does not say which number is the month',
]
const OTHER_DASHES: Look = [/^\d{4}[./]\d{1,2}[./]\d{1,2}/, 'a date without dashes: write 2025-01-31']

const DAYS: readonly Look[] = [
  OTHER_ORDER,
  OTHER_DASHES,
  [/^\d{4}-\d\d-\d\d[T ]\d/, 'a day with a time after it: write only the day'],
]

const STAMPS: readonly Look[] = [
  OTHER_ORDER,
  OTHER_DASHES,
  [/^\d{4}-\d\d-\d\d$/, 'a day without a time: write 2025-01-31T00:00:00Z'],
  [/^\d{9,19}(?:\.\d+)?$/, 'seconds or milliseconds since 1970: write 2025-01-31T14:30:00Z'],
  [
    /^\d{4}-\d\d-\d\d[T ][\d:.]+ ?[A-Za-z]{2,5}$/,
    'a time with the name of its zone: write Z or an offset such as +01:00',
  ],
]

/** Digits of a second's fraction that a timestamp of each unit keeps. */
const FRACTIONS = { s: 0, ms: 3, us: 6 } as const
const FRACTION = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d\.(\d+)/

function looksFiner(text: string, unit: 's' | 'ms' | 'us'): string | null {
  const digits = FRACTIONS[unit]
  if ((FRACTION.exec(text)?.[1] ?? '').length <= digits) return null
  const kept = digits === 0 ? 'cut it off' : `cut it to ${digits} digits`
  return `a time with a finer fraction of a second: ${kept}`
}

function looksOf({ kind }: ColumnContract): readonly Look[] {
  if (kind === 'float64' || kind === 'int32' || kind === 'int64') return NUMBERS
  if (kind === 'timestamp') return STAMPS
  return kind === 'date' ? DAYS : []
}

/**
 * Returns what the text of a cell that does not fit looks like, and what to write instead; null if
 * unknown.
 */
export function looksLike(text: string, contract: ColumnContract): string | null {
  const finer = contract.kind === 'timestamp' ? looksFiner(text, contract.unit) : null
  return finer ?? looksOf(contract).find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** Returns what was expected of a record of the wrong length, and what the record looks like. */
export function lengthExpected(text: string, found: number, width: number, { delimiter }: Dialect): string {
  const expected = `${width} cells`
  if (found === width + 1 && text.trimEnd().endsWith(delimiter)) {
    const shown = shownDelimiter(delimiter)
    return `${expected} (the record ends with "${shown}": if all records do, put one at the end of the header line too)`
  }
  const other = FAMILIAR_DELIMITERS.find((one) => one !== delimiter && text.split(one).length === width)
  if (found > 1 || width === 1 || other === undefined) return expected
  return `${expected} (the record has "${shownDelimiter(other)}" between them, expected "${shownDelimiter(delimiter)}")`
}

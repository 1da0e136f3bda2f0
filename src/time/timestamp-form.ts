/**
 * Timestamps and days in a declared form, such as `dd/MM/yyyy HH:mm`: the letters that a form is
 * made of, compiled once for all cells.
 * @module
 */
import { FormatError } from '../errors.ts'
import { epochParser, parserOf } from './form-parsers.ts'
import {
  AM_PM,
  DATE,
  DAY_NAME,
  DIGITS,
  type FormParser,
  FRACTION,
  HALF,
  HOUR,
  isOpen,
  LITERAL,
  MINUTE,
  MONTH,
  NAME,
  OFFSET,
  PARTS,
  SECOND,
  SHORT_YEAR,
  type Step,
  UP_TO,
  WEEKDAY,
  YEAR,
  ZONE,
} from './form-steps.ts'
import { parseTimestampAt } from './read-stamp.ts'

/** A compiled form. */
export interface CompiledForm {
  /** The text that was compiled. */
  readonly form: string
  /** Whether each text names its instant, by itself or by an offset; else it is a wall time. */
  readonly namesInstant: boolean
  readonly parse: FormParser
}

const LETTERS: Readonly<Record<string, Step>> = {
  yyyy: { how: DIGITS, field: YEAR, size: 4 },
  yy: { how: SHORT_YEAR, field: YEAR, size: 2 },
  EEE: { how: DAY_NAME, field: WEEKDAY, size: 3 },
  MMM: { how: NAME, field: MONTH, size: 3 },
  MM: { how: DIGITS, field: MONTH, size: 2 },
  M: { how: UP_TO, field: MONTH, size: 2 },
  dd: { how: DIGITS, field: DATE, size: 2 },
  d: { how: UP_TO, field: DATE, size: 2 },
  HH: { how: DIGITS, field: HOUR, size: 2 },
  H: { how: UP_TO, field: HOUR, size: 2 },
  hh: { how: DIGITS, field: HOUR, size: 2 },
  h: { how: UP_TO, field: HOUR, size: 2 },
  mm: { how: DIGITS, field: MINUTE, size: 2 },
  ss: { how: DIGITS, field: SECOND, size: 2 },
  S: { how: PARTS, field: FRACTION, size: 0 },
  a: { how: AM_PM, field: HALF, size: 2 },
  X: { how: ZONE, field: OFFSET, size: 0 },
}

const KNOWN = 'yyyy yy MMM MM M dd d EEE HH H hh h mm ss S a X'

function refuse(form: string, what: string): never {
  throw new FormatError('invalid_option', `the form ${JSON.stringify(form)} ${what}`, { details: { form } })
}

const literal = (text: string): Step[] =>
  Array.from(new TextEncoder().encode(text), (byte) => ({ how: LITERAL, field: -1, size: byte }))

/** Text in quotes, a run of one letter, or one other character. */
const TOKENS = /'(?:[^']|'')*'|([A-Za-z])\1*|[\s\S]/gu

/** The steps of a form. @throws FormatError invalid_option - a letter that it does not have, or one part twice */
export function stepsOf(form: string): Step[] {
  const steps: Step[] = []
  const seen = new Set<number>()
  for (const [token] of form.matchAll(TOKENS)) {
    if (token.startsWith("'")) {
      if (token.length === 1) refuse(form, 'has a quote that is not closed; write two quotes for one')
      steps.push(...literal(token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'")))
    } else if (/^[A-Za-z]/.test(token)) {
      const isFraction = /^S{1,9}$/.test(token)
      const known = isFraction ? LETTERS.S : LETTERS[token]
      if (known === undefined) refuse(form, `has "${token}", expected ${KNOWN}; put text into single quotes`)
      if (seen.has(known.field)) refuse(form, `has "${token}" beside another part that says the same`)
      seen.add(known.field)
      // SSS is three digits, S any number of them
      steps.push(isFraction && token.length > 1 ? { ...known, size: token.length } : known)
    } else steps.push(...literal(token))
  }
  return steps
}

const isNumber = ({ how, size }: Step) =>
  how === DIGITS ||
  how === UP_TO ||
  how === SHORT_YEAR ||
  how === PARTS ||
  (how === LITERAL && size >= 48 && size <= 57)

function refuseSteps(form: string, steps: readonly Step[], needed: readonly (readonly [number, string])[]): void {
  const fields = new Set(steps.map(({ field }) => field))
  const missing = needed.filter(([field]) => !fields.has(field)).map(([, name]) => name)
  if (missing.length > 0) refuse(form, `lacks the ${missing.join(', ')}`)
  for (const [at, step] of steps.entries()) {
    const next = steps[at + 1]
    if (next === undefined) continue
    if (isOpen(step) && isNumber(next)) {
      refuse(form, 'has a part of one or two digits right before another digit; write it with two, such as dd')
    }
    if (step.how === ZONE) refuse(form, 'has something behind the offset X, which must be its end')
  }
}

/** The number of nanoseconds in one of each. */
const EPOCHS = { epoch_seconds: 1e9, epoch_milliseconds: 1e6, epoch_microseconds: 1e3 } as const

const DAY_FIELDS = [
  [YEAR, 'year'],
  [MONTH, 'month'],
  [DATE, 'day'],
] as const

/**
 * Compiles the form of timestamps: `iso`, `epoch_seconds`, `epoch_milliseconds`, `epoch_microseconds`, or the
 * letters of Unicode (`yyyy yy MMM MM M dd d EEE HH H hh h mm ss S a X`); other characters stand for
 * themselves. `yy` is a year from 2000 on, `MMM` and `EEE` English names of
 * three letters (the day of the week must be that of the date), `S` the digits of
 * a second's fraction (`SSS`: three of them), `X` an offset from UTC or `Z`.
 *
 * @throws FormatError invalid_option - the form lacks a part, or parts of it cannot be told apart
 * @example
 * const { parse } = compileTimestampForm('dd/MM/yyyy HH:mm')
 */
export function compileTimestampForm(form: string): CompiledForm {
  if (form === 'iso') return { form, namesInstant: false, parse: parseTimestampAt }
  if (Object.hasOwn(EPOCHS, form)) {
    return { form, namesInstant: true, parse: epochParser(EPOCHS[form as keyof typeof EPOCHS]) }
  }
  const steps = stepsOf(form)
  refuseSteps(form, steps, [...DAY_FIELDS, [HOUR, 'hour'], [MINUTE, 'minute']])
  const isHalf = /h/.test(form.replace(/'[^']*'/g, ''))
  const hasHalf = steps.some(({ how }) => how === AM_PM)
  if (isHalf && !hasHalf) refuse(form, 'has hours from 1 to 12 (h) without a for AM or PM; write H, or add a')
  if (hasHalf && !isHalf) refuse(form, 'has a for AM or PM beside hours from 0 to 23 (H); write h')
  return { form, namesInstant: steps.some(({ how }) => how === ZONE), parse: parserOf(steps) }
}

/**
 * Compiles the form of days: the letters of a year, month and day, as {@link compileTimestampForm}
 * reads them.
 * @throws FormatError invalid_option - the form lacks a part, or has a time
 */
export function compileDayForm(form: string): CompiledForm {
  const steps = stepsOf(form)
  refuseSteps(form, steps, DAY_FIELDS)
  if (steps.some(({ field }) => field > DATE && field !== WEEKDAY))
    refuse(form, 'has a time; a day has only year, month and day')
  return { form, namesInstant: false, parse: parserOf(steps) }
}

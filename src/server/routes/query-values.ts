/**
 * Schemas of values that a query or a path has as text.
 * @module
 */
import { z } from 'zod'
import { type OptionNames, refuseUnknown, refuseUnless } from '../../arguments.ts'
import { ServerError } from '../../errors.ts'

/** The largest value of Postgres' `integer`. */
const INT4 = 2_147_483_647

/** `12`, and nothing else that JavaScript takes for a number. */
function wholeOf(text: unknown): unknown {
  return typeof text === 'string' && /^(0|[1-9]\d{0,9})$/.test(text) ? Number(text) : text
}

/** The bounds of a number. */
export interface NumberBounds {
  readonly least: number
  /** 2147483647, the largest `integer` of Postgres, where it is left out. */
  readonly most?: number
}

const BOUNDS = { least: true, most: true } satisfies OptionNames<NumberBounds>

/**
 * Returns the schema of a whole number in decimal digits, such as an id.
 *
 * @throws ServerError invalid_option - a bound is no whole number
 *
 * @example
 * import { wholeNumber } from 'support-etl/server'
 *
 * wholeNumber({ least: 1 }).safeParse('12').data // 12
 * wholeNumber({ least: 1 }).safeParse('1e1').success // false
 */
export function wholeNumber(bounds: NumberBounds) {
  refuseUnknown(bounds, BOUNDS, ServerError)
  const { least, most = INT4 } = bounds
  refuseUnless(Number.isInteger(least), 'least', least, 'a whole number', ServerError)
  refuseUnless(Number.isInteger(most), 'most', most, 'a whole number', ServerError)
  const expected = `expected a whole number from ${least} to ${most}`
  return z.preprocess(
    wholeOf,
    z.int({ error: expected }).min(least, { error: expected }).max(most, { error: expected }),
  )
}

/**
 * Returns the schema of a name that a query may repeat: `?channel=Email&channel=Call`. Left out, it is an empty list.
 *
 * @throws ServerError invalid_option - the member is no schema
 * @example
 * import { listOf } from 'support-etl/server'
 * import { z } from 'zod'
 *
 * listOf(z.string()).safeParse('Email').data // ['Email']
 * listOf(z.string()).safeParse(undefined).data // []
 */
export function listOf<Member extends z.ZodType>(member: Member) {
  refuseUnless(member instanceof z.ZodType, 'member', member, 'a schema of zod', ServerError)
  const asList = (value: unknown): unknown => (value === undefined ? [] : Array.isArray(value) ? value : [value])
  return z
    .preprocess(asList, z.array(member).max(100))
    .optional()
    .default([] as never)
}

const YEAR = '[1-9]\\d{3}'
/** A day that every year has, and the 29th of February of a leap year. */
const DAYS = [
  `${YEAR}-((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|1\\d|2[0-8]))`,
  '([1-9]\\d(0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)-02-29',
]
/** What a day of the calendar looks like, for patterns that hold one: years 1000 to 9999. */
export const DAY_PATTERN = `(${DAYS.join('|')})`

/**
 * Returns the schema of a day of the calendar, `2020-03-05`, which stays text.
 *
 * @example
 * import { calendarDay } from 'support-etl/server'
 *
 * calendarDay().safeParse('2020-02-29').success // true
 * calendarDay().safeParse('2020-9-30').success // false
 */
export function calendarDay() {
  const expected = 'expected a day of the calendar, such as 2020-03-05'
  return z
    .string({ error: expected })
    .regex(new RegExp(`^${DAY_PATTERN}$`), { error: expected })
    .meta({ format: 'date' })
}

/**
 * Returns the schema of a calendar month, `2025-03`, which stays text.
 *
 * @example
 * import { calendarMonth } from 'support-etl/server'
 *
 * calendarMonth().safeParse('2025-13').success // false
 */
export function calendarMonth() {
  const expected = 'expected a month, such as 2025-03'
  return z.string({ error: expected }).regex(new RegExp(`^${YEAR}-(0[1-9]|1[0-2])$`), { error: expected })
}

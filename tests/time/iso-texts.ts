import * as fc from 'fast-check'
import type { ParsedTimestamp } from '../../src/time/instant.ts'

const STAMP =
  /^(?<day>\d{4}-\d{2}-\d{2})[T ](?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?<seconds>:[0-5]\d)?(?:(?<=:\d\d:\d\d)[.,](?<fraction>\d{1,9}))?(?: ?(?<zone>[Zz]|(?<= )UTC|(?<sign>[+-])(?<hours>[01]\d|2[0-3])(?::?(?<minutes>[0-5]\d))?))?$/

/** Days since 1970-01-01 of `YYYY-MM-DD` as Date counts them, NaN for any other text. */
export function dayOf(text: string): number {
  const date = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00Z` : Number.NaN)
  const isDay = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  return isDay ? date.getTime() / 86_400_000 : Number.NaN
}

/** What a stamp is, said by a regular expression and Date; null for any other text. */
export function stampOf(text: string): ParsedTimestamp | null {
  const { day = '', clock, seconds = ':00', fraction = '', zone, sign, hours, minutes } = STAMP.exec(text)?.groups ?? {}
  if (Number.isNaN(dayOf(day))) return null
  const nanoseconds = fraction.padEnd(9, '0')
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0)
  return {
    wallMilliseconds: Date.parse(`${day}T${clock}${seconds}.${nanoseconds.slice(0, 3)}Z`),
    subMillisecondNanoseconds: Number(nanoseconds.slice(3)),
    offsetMinutes: zone === undefined ? null : sign === '-' ? -offset : offset,
  }
}

const digits = (max: number) => fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: max })
const two = (most: number) => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, '0'))

/** Text like a day, most of them one. */
export const nearDay = fc
  .tuple(fc.oneof(fc.integer({ min: 1890, max: 2110 }), fc.integer({ min: 0, max: 9999 })), two(13), two(32))
  .map(([year, month, date]) => `${String(year).padStart(4, '0')}-${month}-${date}`)

const offset = fc
  .tuple(
    fc.constantFrom('+', '-', ' +', ' -', '/'),
    two(24),
    fc.constantFrom(':', '', '.'),
    fc.oneof(two(60), digits(2)),
  )
  .map((parts) => parts.join(''))

const wholeStamp = fc
  .tuple(
    nearDay,
    fc.constantFrom('T', 'T', ' ', ' ', 't', ''),
    two(24),
    two(60),
    fc.oneof(fc.constant(''), two(60), two(60), digits(1)),
    fc.tuple(fc.constantFrom('', '', '.', ','), digits(10)),
    fc.oneof(
      fc.constantFrom('Z', 'Z', 'z', '', '', ' Z', '+14', '-00:00', '  Z', '+1', 'Zx', ' ', ' UTC', 'UTC', ' utc'),
      offset,
    ),
  )
  .map(([date, separator, hour, minute, second, [point, fraction], zone]) => {
    const seconds = second === '' ? '' : `:${second}${point === '' ? '' : point + fraction}`
    return `${date}${separator}${hour}:${minute}${seconds}${zone}`
  })

/** One character in place of another, or of none: those of a stamp, and some that only look so in one of their bytes. */
const broken = fc
  .tuple(wholeStamp, fc.nat(36), fc.constantFrom(...'x:-/9;', '', '\ud800', '\u0130', '\u3030', '٣', '\ufeff', '\n'))
  .map(([text, at, added]) => {
    const place = at % text.length
    return text.slice(0, place) + added + text.slice(place + 1)
  })

/** Text like a stamp, many of them one. */
export const nearStamp = fc.oneof(wholeStamp, wholeStamp, broken)

/** The fast parser of day and time reads what the parser step by step reads, whatever cell came before. */
import { isDeepStrictEqual } from 'node:util'
import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { steppedParserOf } from '../../src/time/form-parsers.ts'
import { partParserOf } from '../../src/time/part-parser.ts'
import { TimestampReading } from '../../src/time/read-stamp.ts'
import { stepsOf } from '../../src/time/timestamp-form.ts'

const FORMS = [
  ...['d/M/yyyy H:mm', 'M/d/yyyy h:mm a', 'MM/dd/yyyy hh:mm:ss a', 'dd-MMM-yyyy HH:mm:ss', 'd.M.yy H:mm'],
  ...['d. M. yyyy H:mm', 'yyyyMMddHH:mm', "yyyy-M-d'T'H:mm", 'MMM d, yyyy h:mma', 'dd/MM/yyyy HH:mm'],
  ...[
    'd/M/yyyy H:mm:ss.SSS',
    'd/M/yyyy H:mm:ss.S',
    'M/d/yyyy h:mm:ss,S a',
    'd.M.yy HHmm',
    'd/M/yyyy HH:mm:ssSS',
    'yyyy-M-d H:mm:ss.SSSSSSSSS',
  ],
  ...[
    'dd/MM/yyyy HH:mm X',
    'M/d/yyyy h:mm:ss a X',
    'EEE, d MMM yyyy HH:mm:ss X',
    'EEE d/M/yyyy H:mmX',
    'd-yyyy-MMM H:mm',
  ],
]

const two = (value: number) => String(value).padStart(2, '0')
const NAMES = ['Jan', 'feb', 'MAR', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes numbers by the letters of a form; they need not be a day or a time that exists. */
function written(form: string, [year, month, date, hour, minute, second, seed = 0]: readonly number[]): string {
  const weekday = new Date(Date.UTC(year as number, (month as number) - 1, date)).toUTCString().slice(0, 3)
  const values: Readonly<Record<string, string>> = {
    ...{
      yyyy: String(year).padStart(4, '0'),
      yy: two((year as number) % 100),
      MMM: NAMES[(month as number) - 1] ?? 'Xyz',
    },
    ...{ MM: two(month as number), M: String(month), dd: two(date as number), d: String(date) },
    ...{
      HH: two(hour as number),
      H: String(hour),
      hh: two(hour as number),
      h: String(hour),
      mm: two(minute as number),
    },
    ...{ ss: two(second as number), a: (second as number) % 2 === 0 ? 'AM' : 'pm' },
    ...{ EEE: seed % 9 === 0 ? 'Mon' : weekday, X: ['Z', '+01:00', '-0330', '+05', ' UTC', '+1'][seed % 6] as string },
    S: String(seed),
  }
  return form
    .replace(/'T'/g, 'T')
    .replace(/yyyy|yy|MMM|MM|M|dd|d|EEE|HH|H|hh|h|mm|ss|S+|a|X/g, (letters) =>
      letters.startsWith('SS') ? String(seed).padStart(letters.length, '0') : (values[letters] ?? letters),
    )
}

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 300)
const number = (max: number) => fc.integer({ min: 0, max })
const parts = fc.tuple(
  fc.integer({ min: 1999, max: 2026 }),
  number(13),
  number(32),
  number(25),
  number(60),
  number(61),
  number(999),
)
/** A place in a text, from its begin or its end, and what stands there then: another byte, none, or the byte with its highest bit set. */
const damage = fc.option(
  fc.tuple(fc.integer({ min: -6, max: 30 }), fc.constantFrom('', '0', '9', '/', ' ', 'x', 'high bit')),
  { freq: 1 },
)

function spoiltBy([place, change]: readonly [number, string], text: string): string {
  const at = place < 0 ? Math.max(0, text.length + place) : Math.min(place, text.length)
  const byte = change === 'high bit' ? String.fromCharCode((text.charCodeAt(at) || 0) | 0x80) : change
  return text.slice(0, at) + byte + text.slice(at + 1)
}

describe('partParserOf', () => {
  test.prop(
    [
      fc.constantFrom(...FORMS),
      fc.array(fc.tuple(parts, damage, fc.boolean()), { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.constantFrom(...'0:/ A'),
    ],
    { numRuns },
  )('reads as step by step', (form, cells, isLast, after) => {
    const slow = steppedParserOf(stepsOf(form))
    // near the end of the bytes, and only there, the other parser is asked
    let asked = 0
    const fast = partParserOf(stepsOf(form), (...cell) => {
      asked++
      return slow(...cell)
    })
    const texts: string[] = []
    for (const [values, spoilt, isRepeated] of cells) {
      const text = written(form, isRepeated ? (cells[0]?.[0] ?? values) : values)
      texts.push(spoilt === null ? text : spoiltBy(spoilt, text))
    }
    const bytes = texts.map((text) => Buffer.from(text, 'latin1'))
    // bytes of other cells stand right behind, of which none must matter
    const all = new Uint8Array(Buffer.concat([...bytes, Buffer.alloc(isLast ? 0 : 60, after)]))
    const view = new DataView(all.buffer, all.byteOffset, all.length)
    const [one, other] = [new TimestampReading(), new TimestampReading()]
    let start = 0
    for (const [at, { length }] of bytes.entries()) {
      const isRead = slow(view, start, start + length, other)
      expect([texts[at], fast?.(view, start, start + length, one)]).toEqual([texts[at], isRead])
      if (isRead) expect({ ...one }).toEqual({ ...other })
      start += length
    }
    if (!isLast) expect(asked).toBe(0)
  })

  it.each(FORMS)('reads %s as step by step wherever one byte of a text is another one, or missing', (form) => {
    const [slow, never] = [steppedParserOf(stepsOf(form)), () => expect.unreachable()]
    const [one, other] = [new TimestampReading(), new TimestampReading()]
    const others: unknown[] = []
    const changes = ['', '0', '1', '9', '/', ':', ' ', 'x', 'high bit']
    for (const values of [
      [2024, 2, 29, 11, 59, 58, 7],
      [2025, 12, 31, 1, 5, 9, 120],
    ]) {
      const text = written(form, values)
      const near = Array.from({ length: text.length + 1 }, (_, at) =>
        changes.map((change) => spoiltBy([at, change], text)),
      )
      for (const changed of [text, ...near.flat()]) {
        for (const after of ['0', ':', ' ']) {
          const bytes = Buffer.from(changed + after.repeat(60), 'latin1')
          const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
          const isRead = slow(view, 0, changed.length, other)
          // a parser of its own, that knows no day yet, and one that knows the day of the text
          for (const isKnown of [false, true]) {
            const fast = partParserOf(stepsOf(form), never)
            const whole = Buffer.from(text + after.repeat(60), 'latin1')
            if (isKnown) fast?.(new DataView(whole.buffer, whole.byteOffset, whole.length), 0, text.length, one)
            const isSame = fast?.(view, 0, changed.length, one) === isRead && (!isRead || isDeepStrictEqual(one, other))
            if (!isSame) others.push([changed, after, isKnown])
          }
        }
      }
    }
    expect(others).toEqual([])
  })

  test.each([
    'MM/dd/yyyy',
    'HH:mm dd/MM/yyyy',
    'd/M/yyyy - H:mm',
    "'on' d/M/yyyy H:mm",
    'd/M/yyyy mm:HH',
    'd/M/yyyy H:mm ',
  ])('leaves %s to another parser', (form) => {
    expect(partParserOf(stepsOf(form), () => false)).toBeNull()
  })
})

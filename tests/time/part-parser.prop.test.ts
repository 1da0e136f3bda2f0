/** The fast parser of day and time reads what the parser step by step reads, whatever cell came before. */
import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { steppedParserOf } from '../../src/time/form-parsers.ts'
import { partParserOf } from '../../src/time/part-parser.ts'
import { TimestampReading } from '../../src/time/read-stamp.ts'
import { stepsOf } from '../../src/time/timestamp-form.ts'

const FORMS = [
  ...['d/M/yyyy H:mm', 'M/d/yyyy h:mm a', 'MM/dd/yyyy hh:mm:ss a', 'dd-MMM-yyyy HH:mm:ss', 'd.M.yy H:mm'],
  ...['d. M. yyyy H:mm', 'yyyyMMddHH:mm', "yyyy-M-d'T'H:mm", 'MMM d, yyyy h:mma', 'dd/MM/yyyy HH:mm'],
]

const two = (value: number) => String(value).padStart(2, '0')
const NAMES = ['Jan', 'feb', 'MAR', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Writes numbers by the letters of a form; they need not be a day or a time that exists. */
function written(form: string, [year, month, date, hour, minute, second]: readonly number[]): string {
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
  }
  return form
    .replace(/'T'/g, 'T')
    .replace(/yyyy|yy|MMM|MM|M|dd|d|HH|H|hh|h|mm|ss|a/g, (letters) => values[letters] ?? letters)
}

const number = (max: number) => fc.integer({ min: 0, max })
const parts = fc.tuple(fc.integer({ min: 1999, max: 2026 }), number(13), number(32), number(25), number(60), number(61))
/** A text, sometimes with a byte that is another one, or one that is missing. */
const damage = fc.option(fc.tuple(number(22), fc.constantFrom('', '0', '9', '/', ' ', 'x', 'é')), { freq: 3 })

describe('partParserOf', () => {
  test.prop([
    fc.constantFrom(...FORMS),
    fc.array(fc.tuple(parts, damage, fc.boolean()), { minLength: 1, maxLength: 12 }),
  ])('reads as step by step', (form, cells) => {
    const [fast, slow] = [partParserOf(stepsOf(form)), steppedParserOf(stepsOf(form))]
    expect(fast).not.toBeNull()
    const texts: string[] = []
    for (const [values, spoilt, isRepeated] of cells) {
      const text = written(form, isRepeated ? (cells[0]?.[0] ?? values) : values)
      texts.push(spoilt === null ? text : text.slice(0, spoilt[0]) + spoilt[1] + text.slice(spoilt[0] + 1))
    }
    const bytes = texts.map((text) => new TextEncoder().encode(text))
    const all = new Uint8Array(Buffer.concat(bytes))
    const view = new DataView(all.buffer, all.byteOffset, all.length)
    const [one, other] = [new TimestampReading(), new TimestampReading()]
    let start = 0
    for (const [at, { length }] of bytes.entries()) {
      const isRead = slow(view, start, start + length, other)
      expect([texts[at], fast?.(view, start, start + length, one)]).toEqual([texts[at], isRead])
      if (isRead) expect({ ...one }).toEqual({ ...other })
      start += length
    }
  })

  test.each(['MM/dd/yyyy', 'HH:mm dd/MM/yyyy', 'd/M/yyyy H:mm:ss.SSS', 'd/M/yyyy H:mm X', 'EEE d/M/yyyy H:mm'])(
    'leaves %s to another parser',
    (form) => {
      expect(partParserOf(stepsOf(form))).toBeNull()
    },
  )
})

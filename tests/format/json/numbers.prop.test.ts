import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { jsonFrame } from '../../../src/format/json/read.ts'
import { jsonRecords } from '../../../src/format/json/records.ts'
import { jsonChunks } from '../../../src/format/json/write.ts'
import { joinChunks } from '../../../src/table/chunks.ts'
import { date, defineTable, float64, int64, key, nullable, string } from '../../../src/table/contract.ts'
import type { Frame } from '../../../src/table/frame.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)

const encode = (text: string) => new TextEncoder().encode(text)
const decode = (frame: Frame) => new TextDecoder().decode(joinChunks(jsonChunks(frame, { layout: 'lines' })))

const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })
const sign = fc.constantFrom('', '-')
/** Integers of up to 40 digits, many of them near the limits of doubles and of 64 bits. */
const integer = fc.oneof(
  fc
    .tuple(sign, digits(1, 40))
    .map(([minus, text]) => `${minus}${text.replace(/^0+(?=\d)/, '')}`)
    .map((text) => (text === '-0' ? '0' : text)),
  fc
    .tuple(fc.constantFrom(2n ** 53n, 2n ** 63n, 2n ** 64n, 10n ** 22n), fc.bigInt(-3n, 3n), fc.boolean())
    .map(([limit, step, isNegative]) => String(isNegative ? -limit - step : limit + step)),
)
const exponent = fc.oneof(fc.integer({ min: -30, max: 30 }), fc.integer({ min: -400, max: 400 }))
const anyNumber = fc.oneof(
  integer,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? '-0' : String(value))),
  fc.tuple(integer, digits(1, 25)).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.tuple(integer, exponent, fc.constantFrom('e', 'E')).map(([whole, power, letter]) => `${whole}${letter}${power}`),
  fc.tuple(integer, digits(1, 5), exponent).map(([whole, fraction, power]) => `${whole}.${fraction}e${power}`),
)

/** A decimal as an integer that no ten divides and a power of ten, found without the reader's own code. */
function exactly(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  let value = BigInt(`${whole}${fraction}`)
  let scale = BigInt(power) - BigInt(fraction.length)
  if (value === 0n) return '0'
  while (value % 10n === 0n) {
    value /= 10n
    scale++
  }
  return `${value}e${scale}`
}

/** Whether a double, written with as many digits as the text has, is what the text says. */
function isRounded(text: string, value: number): boolean {
  if (!Number.isFinite(value)) return false
  const [significant = ''] = exactly(text).replace('-', '').split('e')
  const length = Math.min(100, significant.length)
  return significant !== '0' && exactly(value.toExponential(length - 1)) === exactly(text)
}

/** The value of a cell that was read, as text. */
const textOf = (value: unknown) => (Object.is(value, -0) ? '-0' : String(value))
const isExact = (text: string, value: unknown) =>
  Number.isFinite(Number(textOf(value))) && exactly(textOf(value)) === exactly(text)

const frames = {
  'an array without a contract': (numbers: readonly string[]) =>
    jsonFrame(encode(`[${numbers.map((number) => `{"id":${number}}`).join(',')}]`)).frame,
  'lines without a contract': (numbers: readonly string[]) =>
    jsonFrame(encode(numbers.map((number) => `{"id":${number}}\n`).join('')), { layout: 'lines' }).frame,
  'records with their lines': (numbers: readonly string[]) =>
    jsonRecords(encode(numbers.map((number) => `{"id":${number}}\n`).join(''))).frame,
  'a column of several kinds': (numbers: readonly string[]) => {
    const { frame } = jsonFrame(encode(`[${numbers.map((number) => `{"id":${number}}`).join(',')},{"id":true}]`))
    return { ...frame, rows: frame.rows - 1 }
  },
}

describe.each(Object.entries(frames))('a number in %s', (_, read) => {
  test.prop([fc.array(integer, { minLength: 1, maxLength: 6 })], { numRuns })(
    'that is an integer of up to 40 digits is read, and written, exactly',
    (numbers) => {
      const frame = read(numbers)
      const column = frame.columns.get('id')
      expect(numbers.map((_number, row) => textOf(column?.at(row)))).toEqual(numbers)
      const again = decode(frame).split('\n').slice(0, numbers.length)
      expect(again.map((line) => line.replace(/^\{"id":"?|"?\}$/g, ''))).toEqual(numbers)
    },
  )

  test.prop([fc.array(anyNumber, { minLength: 1, maxLength: 6 })], { numRuns })(
    'keeps its digits or is rounded as its writer rounded it, and never becomes another number of its column',
    (numbers) => {
      const column = read(numbers).columns.get('id')
      const values = numbers.map((_number, row) => column?.at(row))
      numbers.forEach((number, row) => {
        const value = values[row]
        // text is beyond what the check below can count with
        if (typeof value === 'string') expect(exactly(value)).toBe(exactly(number))
        else if (!isExact(number, value)) expect(isRounded(number, Number(value))).toBe(true)
      })
      const distinct = (texts: readonly string[]) => new Set(texts).size
      expect(distinct(values.map((value) => exactly(textOf(value))))).toBe(distinct(numbers.map(exactly)))
    },
  )
})

describe('a number in a document', () => {
  const nest = fc.constantFrom(
    (number: string) => `[${number}]`,
    (number: string) => `{"a":${number}}`,
    (number: string) => `[0,{"a":[[${number}]]},"x"]`,
  )

  test.prop([anyNumber, nest], { numRuns })('that is nested is read exactly, or refused by place', (number, place) => {
    const text = `[\n{"id":${place(number)}}\n]\n`
    let frame: Frame
    try {
      frame = jsonFrame(encode(text), { file: 'a.json' }).frame
    } catch (error) {
      expect(error).toMatchObject({
        code: 'type_mismatch',
        message: expect.stringMatching(/^a\.json line 2 column \d+/),
      })
      expect(/^-?\d+$/.test(number)).toBe(false)
      expect(isRounded(number, Number(number))).toBe(false)
      return
    }
    const written = decode(frame).trimEnd()
    const shape = place('\u0000').split('\u0000')
    const begin = `{"id":${shape[0]}`
    const end = `${shape[1]}}`
    expect(written.startsWith(begin) && written.endsWith(end)).toBe(true)
    const again = written.slice(begin.length, written.length - end.length)
    // the writer gives a minus zero its point
    if (/^-?\d+$/.test(number) && number !== '-0') expect(again).toBe(number)
    else if (exactly(again) !== exactly(number)) expect(isRounded(number, Number(again))).toBe(true)
  })

  const contracts = {
    int64: defineTable('t', { row: key(int64()), id: nullable(int64()) }),
    text: defineTable('t', { row: key(int64()), id: nullable(string()) }),
    'plain text': defineTable('t', { row: key(int64()), id: nullable(string({ encoding: 'plain' })) }),
    float64: defineTable('t', { row: key(int64()), id: nullable(float64()) }),
    date: defineTable('t', { row: key(int64()), id: nullable(date()) }),
  }
  it('under int64 is an issue where it has a point, and its double is another integer', () => {
    const text = '{"row":0,"id":400000000000.08e7}'
    const { frame, issues } = jsonFrame(encode(text), { layout: 'lines', contract: contracts.int64 })
    expect([frame.rows, issues.map(({ code, row }) => [code, row])]).toEqual([0, [['type_mismatch', 1]]])
  })

  test.prop(
    [
      fc.array(anyNumber, { minLength: 1, maxLength: 6 }),
      fc.constantFrom('int64', 'text', 'plain text', 'float64', 'date'),
    ],
    {
      numRuns,
    },
  )('under a contract is exact, the nearest double of a fraction, or an issue of its row', (numbers, kind) => {
    const text = numbers.map((number, row) => `{"row":${row},"id":${number}}`).join('\n')
    const { frame, issues } = jsonFrame(encode(text), { layout: 'lines', contract: contracts[kind] })
    const seen = new Set(issues.map(({ row }) => (row as number) - 1))
    for (const { code, column } of issues) expect({ code, column }).toEqual({ code: 'type_mismatch', column: 'id' })
    for (let at = 0; at < frame.rows; at++) {
      const row = Number(frame.columns.get('row')?.at(at))
      const number = numbers[row] as string
      const value = frame.columns.get('id')?.at(at)
      seen.add(row)
      if (isExact(number, value)) continue
      if (typeof value === 'string' && exactly(value) === exactly(number)) continue
      // a measure: what it loses is below a double's last digit, and never a whole unit
      expect([kind, Number(number)]).toEqual(['float64', value])
      expect(isRounded(number, value as number) || !Number.isInteger(value)).toBe(true)
    }
    expect(seen.size).toBe(numbers.length)
  })
})

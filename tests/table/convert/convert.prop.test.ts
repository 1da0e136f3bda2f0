import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Column } from '../../../src/table/column.ts'
import { convertColumn } from '../../../src/table/convert/convert.ts'
import { takeColumn } from '../../../src/table/take.ts'
import { codeTexts, encodeTexts } from '../../../src/table/utf8.ts'
import { column, shown, text } from '../arbitraries.ts'

const pair = fc.integer({ min: 0, max: 20 }).chain((rows) => fc.tuple(column(rows), column(rows)))

const fitting = (column: Column, misfits: Int32Array) =>
  Int32Array.from({ length: column.length }, (_, row) => row).filter((row) => !misfits.includes(row))

describe('convertColumn', () => {
  test.prop([pair, fc.constantFrom('value' as const, 'key' as const)], { numRuns: 1000 })(
    'makes null of what does not fit and of nothing else',
    ([found, like], as) => {
      const { column: converted, misfits } = convertColumn(found, like, { as })
      if (like.kind !== 'null') expect(converted.kind).toBe(like.kind)
      for (let row = 0; row < found.length; row++) {
        expect(converted.isNull(row)).toBe(found.isNull(row) || misfits.includes(row))
      }
    },
  )

  test.prop([pair], { numRuns: 1000 })('survives the way back: cells that fit return as they were', ([found, like]) => {
    const { column: there, misfits } = convertColumn(found, like, { as: 'key' })
    // numbers become moments as epoch milliseconds, and no moment becomes a number; a moment's zone is form, not value
    if (like.kind === 'timestamp' && found.kind !== 'text') return
    // a day's midnight is a moment, which is a day only as a value
    if (found.kind === 'timestamp') return
    const rows = fitting(found, misfits)
    const back = convertColumn(takeColumn(there, rows), found)
    expect(back.misfits).toEqual(new Int32Array(0))
    const expected = shown(takeColumn(found, rows)) as unknown[]
    // a key of −0 is 0
    const zero = (value: unknown) => (value === 0 || value === '-0' ? 0 : value)
    expect((shown(back.column) as unknown[][])[2]?.map(zero)).toEqual((expected[2] as unknown[]).map(zero))
  })

  test.prop([fc.array(fc.option(fc.oneof(text, fc.double().map(String), fc.bigInt().map(String)))), column(1)], {
    numRuns: 500,
  })('does not see how text is kept', (texts, like) => {
    const coded = convertColumn(codeTexts(texts, texts.length), like)
    const plain = convertColumn(encodeTexts(texts), like)
    expect(coded.misfits).toEqual(plain.misfits)
    expect(shown(coded.column)).toEqual(shown(plain.column))
  })

  test.prop([fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }))])(
    'reads back every number it writes',
    (values) => {
      const numbers = { kind: 'float64' } as Column
      const texts = values.map((value) => (Object.is(value, -0) ? '-0' : String(value)))
      const { column: read, misfits } = convertColumn(encodeTexts(texts), numbers)
      expect(misfits).toEqual(new Int32Array(0))
      expect(Array.from(read)).toEqual(values)
    },
  )

  test.prop([fc.array(fc.tuple(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 1, max: 21 })))])(
    'reads a number with more digits than it needs only where they are its own',
    (pairs) => {
      for (const [value, digits] of pairs) {
        const written = value.toPrecision(digits)
        const { misfits } = convertColumn(encodeTexts([written.replace('e+', 'e')]), { kind: 'float64' } as Column)
        expect(misfits.length === 0).toBe(Number(written).toPrecision(digits) === written)
      }
    },
  )
})

import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { csvChunks } from '../../src/format/csv/write/write.ts'
import { joinChunks } from '../../src/table/chunks.ts'
import { frameOf } from '../../src/table/frame.ts'
import { takeColumn } from '../../src/table/take.ts'
import { encodeTexts } from '../../src/table/utf8.ts'

/** Texts on both sides of the lengths from which calls do what loops do for short ones. */
const long = fc
  .tuple(fc.array(fc.constantFrom('a', 'é', '語', '😀', '"', ',', ' ', '\n', '='), { maxLength: 5 }), fc.nat(260))
  .map(([letters, length]) => (letters.length === 0 ? '' : letters.join('').repeat(length).slice(0, length)))
const whole = long.map((text) => text.toWellFormed())

describe('texts of any length', () => {
  test.prop([fc.array(long, { maxLength: 6 })])('have the bytes of UTF-8, or are refused with their row', (texts) => {
    const half = texts.findIndex((text) => text !== text.toWellFormed())
    if (half >= 0) {
      expect(() => encodeTexts(texts, 'x')).toThrow(
        `column "x" row ${half + 1}: the text holds half of a surrogate pair`,
      )
      return
    }
    const { bytes, offsets } = encodeTexts(texts)
    const model = texts.map((text) => Buffer.from(text))
    expect(Buffer.from(bytes).equals(Buffer.concat(model))).toBe(true)
    expect([...offsets]).toEqual(texts.map((_, at) => Buffer.concat(model.slice(0, at)).length).concat(bytes.length))
  })

  test.prop([fc.array(fc.option(whole), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(1000), { maxLength: 12 })])(
    'are taken by position, one by one or row after row',
    (texts, wanted) => {
      // every second position is one of no row, or follows the one before
      const rows = Int32Array.from(wanted.flatMap((at) => [at % texts.length, (at % texts.length) + 1, -1])).map(
        (row) => (row < texts.length ? row : -1),
      )
      const taken = takeColumn(encodeTexts(texts), rows)
      expect([...taken]).toEqual(Array.from(rows, (row) => texts[row] ?? null))
    },
  )

  test.prop([fc.array(fc.option(whole), { minLength: 1, maxLength: 6 }), fc.boolean()])(
    'are written as CSV with quotes only where they need them',
    (texts, escapes) => {
      const frame = frameOf([['x', encodeTexts(texts)]], texts.length)
      const written = Buffer.from(joinChunks(csvChunks(frame, { formulas: escapes ? 'escape' : 'keep' })))
      const cell = (text: string | null): string => {
        if (text === null) return ''
        const isFormula = escapes && text.startsWith('=')
        const isBare = text !== '' && !isFormula && !/[",\n]/.test(text) && text.trim() === text
        return isBare ? text : `"${isFormula ? "'" : ''}${text.replaceAll('"', '""')}"`
      }
      expect(written.toString()).toBe(['x', ...texts.map(cell), ''].join('\n'))
    },
  )
})

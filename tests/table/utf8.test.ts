import { describe, expect, it } from 'vitest'
import { DictionaryColumn, Utf8Column } from '../../src/table/column.ts'
import { codedText, compareTexts, distinctCodes, encodeTexts, plainText } from '../../src/table/utf8.ts'

describe('encodeTexts', () => {
  it('writes the bytes that TextEncoder writes', () => {
    const texts = ['', 'a', 'é', '€', '😀', 'a\u0000b', '\uffff', '\ud7ff\ue000', 'x'.repeat(1000), '😀'.repeat(50)]
    const { bytes, offsets } = encodeTexts(texts)
    expect(texts.map((_, row) => bytes.subarray(offsets[row], offsets[row + 1]))).toEqual(
      texts.map((text) => new TextEncoder().encode(text)),
    )
  })

  it('keeps null apart from empty text', () => {
    expect(encodeTexts(['', null, undefined])).toEqual(
      new Utf8Column(new Uint8Array(0), new Int32Array(4), Uint8Array.of(1, 0, 0)),
    )
  })

  it.each(['\ud83d', '\ude00', 'a\ud83d', '\ud83da', '\ud83d\ud83d', '\ude00\ud83d'])(
    'refuses the lone surrogate in %j',
    (text) => {
      expect(() => encodeTexts(['fine', text], 'note')).toThrow(
        expect.objectContaining({ code: 'malformed_text', details: { column: 'note', row: 2 } }),
      )
    },
  )
})

describe('plainText and codedText', () => {
  const coded = new DictionaryColumn(Int32Array.of(1, -1, 0, 1), ['b', 'a'])
  const plain = encodeTexts(['a', null, 'b', 'a'])

  it('turn codes into bytes and bytes into codes by order of first use', () => {
    expect(plainText(coded)).toEqual(plain)
    expect(codedText(plain)).toEqual(new DictionaryColumn(Int32Array.of(0, -1, 1, 0), ['a', 'b']))
  })

  it('return a column that already has the form', () => {
    expect(plainText(plain)).toBe(plain)
    expect(codedText(coded)).toBe(coded)
  })
})

describe('distinctCodes', () => {
  it('gives codes into distinct texts, where texts repeat or are null', () => {
    const column = distinctCodes(Int32Array.of(0, 3, 1, -1, 2), ['a', null, 'b', 'a'])
    expect(column.values).toEqual(['a', 'b'])
    expect([...column]).toEqual(['a', 'a', null, null, 'b'])
  })

  it('keeps the codes of an ordinary dictionary as they are', () => {
    const codes = Int32Array.of(1, -1, 0)
    const column = distinctCodes(codes, ['b', 'a'])
    expect(column.codes).toBe(codes)
    expect(column.values).toEqual(['b', 'a'])
  })
})

describe('compareTexts', () => {
  it.each([
    ['a', 'b', -1],
    ['b', 'a', 1],
    ['a', 'ab', -1],
    ['ab', 'a', 1],
    ['', 'a', -1],
    ['é', 'é', 0],
    // by code point, where UTF-16 has them the other way round
    ['\uffee', '\u{1f600}', -1],
  ])('of %j and %j is by their bytes', (one, other, sign) => {
    expect(Math.sign(compareTexts(encodeTexts([other, one, other]), 1, 2))).toBe(sign)
  })

  it('takes null for empty text', () => {
    expect(compareTexts(encodeTexts([null, '', 'a']), 0, 1)).toBe(0)
    expect(compareTexts(encodeTexts([null, '', 'a']), 0, 2)).toBeLessThan(0)
  })
})

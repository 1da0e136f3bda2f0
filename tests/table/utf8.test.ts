import { describe, expect, it } from 'vitest'
import { DictionaryColumn, Utf8Column } from '../../src/table/column.ts'
import { codedText, encodeTexts, plainText } from '../../src/table/utf8.ts'

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

import { describe, expect, it } from 'vitest'
import type { TextColumn } from '../../../src/table/column.ts'
import { instantsOf, type SourceZone } from '../../../src/table/convert/instants.ts'
import { codeTexts, encodeTexts } from '../../../src/table/utf8.ts'

/** The same texts as codes and as bytes, which must be read alike. */
const kept = (texts: (string | null)[]): TextColumn[] => [codeTexts(texts, texts.length), encodeTexts(texts)]

function instants(texts: (string | null)[], source?: SourceZone) {
  const [coded, plain] = kept(texts).map((column) => instantsOf(column, 'at', source))
  expect(plain).toEqual(coded)
  return coded
}

describe('instantsOf', () => {
  it('reads text in milliseconds, or in microseconds where one is finer', () => {
    expect(instants(['1970-01-01T00:00:01Z', null, '1970-01-01T01:00+01:00'])).toEqual({
      values: Float64Array.of(1000, Number.NaN, 0),
      unit: 'ms',
    })
    expect(instants(['1970-01-01T00:00:01Z', '1970-01-01T00:00:00.000007'])).toEqual({
      values: Float64Array.of(1e6, 7),
      unit: 'us',
    })
  })

  it('reads text without a zone in the source zone', () => {
    const texts = ['2025-03-01T01:30', '2025-03-01T01:30Z', '2025-03-01T01:30+00:00', '2025-03-01T01:30-05:00']
    const { values } = instants(texts, { sourceTimeZone: 'America/New_York' }) ?? {}
    expect(values).toEqual(Float64Array.of(1740810600000, 1740792600000, 1740792600000, 1740810600000))
  })

  it('names the first ten rows whose text is not a timestamp, or is finer than a microsecond', () => {
    const texts = Array.from({ length: 12 }, (_, row) => `on day ${row}`)
    for (const column of kept([null, '2025-03-01T01:30Z', ...texts])) {
      expect(() => instantsOf(column, 'at')).toThrow(
        expect.objectContaining({
          code: 'timestamp_invalid',
          details: { column: 'at', rows: [3, 4, 5, 6, 7, 8, 9, 10, 11, 12], found: texts.slice(0, 10) },
        }),
      )
    }
    for (const text of ['2025-03-01', '2025-03-01T01:30:00.0000001Z', `2025-03-01T01:30:00Z${'!'.repeat(40)}`]) {
      for (const column of kept([text])) {
        expect(() => instantsOf(column, 'at')).toThrow(
          expect.objectContaining({ details: { column: 'at', rows: [1], found: [text] } }),
        )
      }
    }
  })

  it('names the row whose text has no bytes', () => {
    const text = '2025-03-01T01:30:00\ud800'
    expect(() => instantsOf(codeTexts([null, text], 2), 'at')).toThrow(
      expect.objectContaining({ code: 'timestamp_invalid', details: { column: 'at', rows: [2], found: [text] } }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  brokenLines,
  CELL_BREAKS,
  displayWidth,
  fittedText,
  longestPiece,
  TITLE_BREAKS,
} from '../../../src/terminal/text/lines.ts'

describe('brokenLines', () => {
  it.each([
    ['at spaces', 'reading the extract', 11, ['reading the', 'extract']],
    [
      'behind the folders of a path',
      'delta/interactions_delta_202502.csv',
      32,
      ['delta/', 'interactions_delta_202502.csv'],
    ],
    ['anywhere, where nothing else is left', 'aaaaaaaaaa', 4, ['aaaa', 'aaaa', 'aa']],
    ['between wide letters', '東京都庁', 5, ['東京', '都庁']],
    ['not at all where it fits', 'a b', 3, ['a b']],
  ])('breaks %s', (_, text, width, lines) => {
    expect(brokenLines(text, width, CELL_BREAKS)).toEqual(lines)
  })

  it('breaks titles behind _', () => {
    expect(brokenLines('call_duration_minutes', 9, TITLE_BREAKS)).toEqual(['call_', 'duration_', 'minutes'])
    expect(longestPiece('call_duration_minutes', TITLE_BREAKS)).toBe(9)
  })

  it('loses nothing but spaces, and keeps to the width', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', ' ', '/', ',', '東', 'é', '\u0301', '😀'),
      maxLength: 60,
    })
    fc.assert(
      fc.property(texts, fc.integer({ min: 2, max: 20 }), (text, width) => {
        const lines = brokenLines(text, width, CELL_BREAKS)
        expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width)
      }),
    )
  })

  it('takes time in proportion to the text', () => {
    const started = performance.now()
    for (const text of ['a'.repeat(100_000), ' '.repeat(100_000), 'a '.repeat(50_000), '/'.repeat(100_000)]) {
      brokenLines(text, 40, CELL_BREAKS)
      fittedText(text, 40)
    }
    expect(performance.now() - started).toBeLessThan(4000)
  })
})

describe('fittedText', () => {
  it('breaks long lines at spaces, keeps their indentation, and leaves the others alone', () => {
    expect(fittedText('short\n   one two three\n', 10)).toBe('short\n   one two\n   three\n')
  })

  it('leaves a word whole: paths are copied', () => {
    expect(fittedText('see /a/very/long/path now', 10)).toBe('see\n/a/very/long/path\nnow')
  })

  it('does not count colours', () => {
    expect(fittedText('\u001b[1mone two\u001b[22m', 7)).toBe('\u001b[1mone two\u001b[22m')
  })
})

import { describe, expect, it } from 'vitest'
import { displayWidth, printable } from '../../../src/terminal/text/lines.ts'
import { average, counted, figure, renderJson } from '../../../src/terminal/text/render.ts'
import { renderTable } from '../../../src/terminal/text/text-table.ts'

describe('printable', () => {
  it('leaves letters of any script alone', () => {
    expect(printable('Zoë Łukasz 東京 😀 — ok')).toBe('Zoë Łukasz 東京 😀 — ok')
  })

  it.each([
    ['an escape sequence', '\u001b[31mred', '\\u001b[31mred'],
    ['a title that a terminal would take over', '\u001b]0;owned\u0007', '\\u001b]0;owned\\u0007'],
    ['an eight-bit control', '\u009b2J', '\\u009b2J'],
    ['line ends and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['text turned round', 'user\u202etxt.exe', 'user\\u202etxt.exe'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['half a surrogate pair', 'a\ud800b', 'a\\ud800b'],
    ['a delete character and a null', 'a\u007f\u0000', 'a\\u007f\\u0000'],
  ])('shows %s instead of obeying it', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })
})

describe('displayWidth', () => {
  it.each([
    ['plain', 5],
    ['Zoe\u0308', 3],
    ['東京', 4],
    ['😀', 2],
  ])('says how many columns %s takes', (text, width) => {
    expect(displayWidth(text)).toBe(width)
  })
})

describe('figure', () => {
  it.each([
    [0, '0'],
    [1234567, '1,234,567'],
    [-1234.5, '-1,234.5'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '0'],
    [999, '999'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text)
  })
})

describe('average', () => {
  it('has two decimals, and a dash where there is none', () => {
    expect([average(140 / 11), average(null)]).toEqual(['12.73', '–'])
  })
})

describe('counted', () => {
  it('knows one from many', () => {
    expect([counted(1, 'row'), counted(0, 'row'), counted(2000, 'category', 'categories')]).toEqual([
      '1 row',
      '0 rows',
      '2,000 categories',
    ])
  })
})

describe('renderTable', () => {
  it('aligns numbers right and text left, without trailing spaces', () => {
    expect(
      renderTable(
        [{ title: 'name' }, { title: 'n', align: 'right' }, { title: 'note' }],
        [
          ['Ada', 1200, null],
          ['Bo', 7, 'x'],
        ],
      ),
    ).toBe(['name      n  note', '----  -----  ----', 'Ada   1,200', 'Bo        7  x', ''].join('\n'))
  })

  it('is its header when there are no rows', () => {
    expect(renderTable([{ title: 'month' }], [])).toBe('month\n-----\n')
  })

  it('keeps columns straight beside wide letters', () => {
    expect(
      renderTable(
        [{ title: 'a' }, { title: 'b' }],
        [
          ['東京', 'x'],
          ['abcd', 'y'],
        ],
      ),
    ).toBe('a     b\n----  -\n東京  x\nabcd  y\n')
  })

  it('lets no cell reach the terminal', () => {
    expect(renderTable([{ title: 'a' }], [['\u001b[2J']])).toContain('\\u001b[2J')
  })
})

describe('renderJson', () => {
  it('writes bigints as text, exactly', () => {
    expect(JSON.parse(renderJson({ n: 9007199254740993n }))).toEqual({ n: '9007199254740993' })
  })
})

import { describe, expect, it } from 'vitest'
import { read, rowsOf } from './csv-tables.ts'

const columnOf = (...cells: string[]) =>
  read(`v,w\n${cells.map((cell) => `${cell},x\n`).join('')}`).frame.columns.get('v')
const kindOf = (...cells: string[]) => columnOf(...cells)?.kind

describe('a CSV file without a contract', () => {
  it.each([
    ['float64', ['1', '-2.50', '', '1e3', '.5', '-0', 'NaN']],
    ['float64', ['14.0', '10', '""']],
    ['int64', ['1', '9007199254740993']],
    ['timestamp', ['2025-01-31T14:30:00Z', '2025-01-31 14:30', '2025-01-31T14:30:00.5-05:00', '']],
    ['date', ['2024-02-29', '']],
    ['boolean', ['true', 'FALSE', '']],
    ['text', ['x', '']],
    ['text', ['""']],
    ['null', ['', ' ']],
    // nothing that would be lost is converted
    ['text', ['007', '12']],
    ['text', ['+15551234567']],
    ['text', ['1', '2', 'x']],
    ['text', ['1', 'true']],
    ['text', ['2024-02-29', '2025-01-31T14:30:00Z']],
    ['text', ['2024-02-30']],
    ['text', ['0.1234567890123456789']],
    ['text', ['12345678901234567890']],
    ['text', ['2025-01-31T14:30:00.123456789Z']],
    ['text', ['1,5'].map((cell) => `"${cell}"`)],
    ['text', ['0x10', 'Infinit']],
    ['text', ['yes', 'no']],
  ])('reads a column as %s: %j', (kind, cells) => {
    expect(kindOf(...cells)).toBe(kind)
  })

  it('keeps microseconds where a stamp has them', () => {
    expect(columnOf('2025-01-31T14:30:00.123456Z', '2025-01-31T14:30:00Z')).toMatchObject({
      kind: 'timestamp',
      unit: 'us',
    })
  })

  it('looks at every row before it decides', () => {
    const numbers = Array.from({ length: 5000 }, (_, row) => String(row))
    expect(kindOf(...numbers)).toBe('float64')
    expect(kindOf(...numbers, 'n/a')).toBe('text')
    expect(kindOf(...numbers, '01')).toBe('text')
  })

  it('gives dictionary codes to text that repeats and bytes to text that does not', () => {
    const distinct = Array.from({ length: 3000 }, (_, row) => `x${row}`)
    expect(columnOf(...distinct)).toMatchObject({ kind: 'text', encoding: 'plain' })
    expect(columnOf(...distinct.map((text) => text.slice(0, 2)))).toMatchObject({
      kind: 'text',
      encoding: 'dictionary',
    })
    expect(columnOf(...distinct.map((text, row) => (row % 3 === 0 ? '' : text)))?.at(3)).toBe(null)
  })

  it('gives the same columns for any cut, also where text turns into bytes', () => {
    const text = `a,b,c\n${Array.from({ length: 2500 }, (_, row) => `k${row},${row % 7},${row % 5 === 0 ? '' : row}\n`).join('')}`
    const whole = read(text).frame
    for (const chunk of [1, 7, 1000, 4096]) expect(read(text, {}, chunk).frame).toEqual(whole)
  })

  it('reads all columns as text where that is asked', () => {
    expect(rowsOf(read('a,b\n1,true\n', { types: 'text' }).frame)).toEqual([['1', 'true']])
  })
})

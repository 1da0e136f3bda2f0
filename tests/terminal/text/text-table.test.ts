import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../../src/terminal/text/lines.ts'
import { type Cell, renderTable, type TableColumn, tableChunks } from '../../../src/terminal/text/text-table.ts'

const right = (title: string): TableColumn => ({ title, align: 'right' })
const lines = (...texts: string[]) => `${texts.join('\n')}\n`

describe('a column of numbers', () => {
  it('aligns at the point', () => {
    expect(renderTable([right('minutes')], [[140], [12.5], [1226.25], [null]])).toBe(
      lines(' minutes', '--------', '  140', '   12.5', '1,226.25', ''),
    )
  })

  it('keeps words on the right', () => {
    expect(renderTable([right('share')], [['3.50'], ['–']])).toBe(lines('share', '-----', ' 3.50', '    –'))
  })
})

describe('a table that is wider than the terminal', () => {
  const columns = [{ title: 'file' }, right('rows'), { title: 'what is wrong' }]
  const rows = [['initial/agents.csv', 12, 'the column hire_date is missing']]

  it('breaks texts, and never numbers', () => {
    expect(renderTable(columns, rows, { width: 44 })).toBe(
      lines(
        'file                rows  what is wrong',
        '------------------  ----  ------------------',
        'initial/agents.csv    12  the column',
        '                          hire_date is',
        '                          missing',
      ),
    )
  })

  it('is turned on its side where that is not enough', () => {
    expect(renderTable(columns, [...rows, ['a.csv', 1200, null]], { width: 26 })).toBe(
      lines(
        'file           initial/',
        '               agents.csv',
        'rows           12',
        'what is wrong  the column',
        '               hire_date',
        '               is missing',
        '',
        'file           a.csv',
        'rows           1,200',
        'what is wrong',
      ),
    )
  })

  it('leaves out empty columns like those of zeros, and none where all fit', () => {
    const columns = [{ title: 'applied' }, right('inserted'), right('deleted'), { title: 'note' }]
    const rows = [['agents.csv', 12, 0, null]]
    expect(renderTable(columns, rows, { width: 60 })).toBe(renderTable(columns, rows, { width: null }))
    expect(renderTable(columns, rows, { width: 20 })).toMatchInlineSnapshot(`
      "applied     inserted
      ----------  --------
      agents.csv        12

      0 or empty in every
      row: deleted, note
      "
    `)
  })

  it('leaves out columns of zeros first, and names them', () => {
    const counts = ['inserted', 'updated', 'deleted'].map(right)
    expect(renderTable([{ title: 'applied' }, ...counts], [['agents.csv', 12, 0, 0]], { width: 30 })).toBe(
      lines(
        'applied     inserted',
        '----------  --------',
        'agents.csv        12',
        '',
        '0 or empty in every row:',
        'updated, deleted',
      ),
    )
  })

  it('is turned on its side rather than having cells of many lines', () => {
    const text = 'word '.repeat(60).trim()
    const shown = renderTable([{ title: 'a' }, right('n'), { title: 'b' }], [['x'.repeat(40), 1, text]], { width: 60 })
    expect(shown).toMatch(/^a {2}x{40}\nn {2}1\nb {2}word/)
  })

  it('lists its titles where it has no rows', () => {
    expect(renderTable(columns, [], { width: 12 })).toBe(lines('file, rows,', 'what is', 'wrong'))
  })
})

describe('a table of more rows than the limit', () => {
  it('says how many there are and how many are shown', () => {
    const rows = Array.from({ length: 2419 }, (_, row) => [row])
    const shown = renderTable([right('n')], rows, { limit: 2 })
    expect(shown).toBe(lines('n', '-', '0', '1', '', '2,419 rows, 2 shown; --all shows every row'))
    expect(renderTable([right('n')], rows.slice(0, 2), { limit: 2 })).toBe(lines('n', '-', '0', '1'))
  })

  it('counts rows that are made on demand', () => {
    function* made() {
      yield [1]
      yield [22]
    }
    const rows = { [Symbol.iterator]: made }
    expect([...tableChunks([right('n')], rows, { limit: 1 })].join('')).toContain('2 rows, 1 shown')
    expect(renderTable([right('n')], [[1]], { limit: 0 })).toBe(
      lines('n', '-', '', '1 row, 0 shown; --all shows every row'),
    )
  })
})

describe('any table', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'word', ' ', '/', '東', '1', '.'), maxLength: 20 })
  const cell: fc.Arbitrary<Cell> = fc.oneof(texts, fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(null))
  const tables = fc.integer({ min: 1, max: 6 }).chain((count) =>
    fc.record({
      columns: fc.array(fc.record({ title: texts, align: fc.constantFrom('left' as const, 'right' as const) }), {
        minLength: count,
        maxLength: count,
      }),
      rows: fc.array(fc.array(cell, { minLength: count, maxLength: count }), { maxLength: 50 }),
    }),
  )

  it('has no line wider than the terminal, and every letter of its cells', () => {
    fc.assert(
      fc.property(tables, fc.integer({ min: 20, max: 120 }), ({ columns, rows }, width) => {
        const shown = renderTable(columns, rows, { width })
        for (const line of shown.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(width)
        const letters = (text: string) => [...text.replace(/[ \n-]/g, '')].sort().join('')
        const whole = renderTable(columns, rows)
        if (rows.length === 1 && !shown.includes('0 or empty')) expect(letters(shown)).toBe(letters(whole))
      }),
    )
  })

  it('is one table, whole, where no width is known', () => {
    fc.assert(
      fc.property(tables, ({ columns, rows }) => {
        expect(renderTable(columns, rows).split('\n')).toHaveLength(rows.length + 3)
      }),
    )
  })
})

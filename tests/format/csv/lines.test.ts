import { describe, expect, it } from 'vitest'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import type { CsvReaderOptions } from '../../../src/format/csv/read/reading.ts'
import { defineTable, float64, key, string } from '../../../src/table/contract.ts'
import { read } from './csv-tables.ts'

const linesOf = (text: string, options: CsvReaderOptions = {}) => {
  const { frame, lines } = read(text, { lines: 'keep', foreign: readByCsvParse, ...options })
  expect(lines).toHaveLength(frame.rows)
  return [...(lines ?? [])]
}

describe('the lines of rows', () => {
  it.each([
    ['each line is a row', 'id,n\na,1\nb,2\n', [2, 3]],
    ['the last line has no end', 'id,n\na,1\nb,2', [2, 3]],
    ['a blank line is no row', 'id,n\n\na,1\n\n\nb,2\n\n', [3, 6]],
    ['blank lines that end in CRLF are no rows', 'id,n\r\n\r\na,1\r\n\r\n\r\nb,2\r\n\r\n', [3, 6]],
    ['blank lines that end in CR are no rows', 'id,n\ra,1\r\rb,2\r', [2, 4]],
    ['lines of white space are no rows', 'id,n\na,1\n \t\nb,2', [2, 4]],
    ['blank lines before the header count', '\r\n\nid,n\na,1\n', [4]],
    ['a quoted line end begins no row', 'id,name\n1,"Ada\nBrook"\n2,Ben\n', [2, 4]],
    ['a quoted CRLF is one line end', 'id,name\n1,"Ada\r\nBrook"\n2,Ben\n', [2, 4]],
    ['a doubled quote ends no quoted text', 'id,n\n"a""\n",1\nb,2\n', [2, 4]],
    ['a header of two lines', '\n"a\nb",c\n"1\r\n2\n""",3\n4,5\n', [4, 7]],
    ['a header alone has no row', 'id,n\r\n', []],
    ['a line that names the delimiter counts', 'sep=;\nid;n\na;1\n', [3]],
    ['a file of one column has rows without a value', 'id\na\n\nb\n', [2, 3, 4]],
  ])('%s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })

  it('are those of the rows that fit', () => {
    const contract = defineTable('notes', { id: key(string()), n: float64() })
    expect(linesOf('id,n\na,1\nb,x\nc,2,3\n\nid,n\nd,4\n', { contract })).toEqual([2, 7])
  })

  it('are the same by csv-parse', () => {
    const text = 'id,n\n# a note\na,"1\n2"\n\nb,3\n'
    expect(linesOf(text, { comment: '#' })).toEqual([3, 6])
  })

  it('are the same however the file is cut, and in order of thousands', () => {
    const text = `id,n\n${Array.from({ length: 5000 }, (_, row) => (row % 3 === 0 ? `\n"a\n${row}",1\n` : `b,${row}\n`)).join('')}`
    const expected: number[] = []
    for (let row = 0, line = 2; row < 5000; row++) {
      if (row % 3 === 0) line++
      expected.push(line)
      line += row % 3 === 0 ? 2 : 1
    }
    expect(linesOf(text)).toEqual(expected)
    expect(linesOf(text, { windowBytes: 64 })).toEqual(expected)
  })

  it('are left out unless they are asked for', () => {
    expect(read('id,n\na,1\n').lines).toBeNull()
  })
})

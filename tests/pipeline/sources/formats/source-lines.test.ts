import { describe, expect, it } from 'vitest'
import type { CsvDialect } from '../../../../src/format/csv/dialect.ts'
import { readByCsvParse } from '../../../../src/format/csv/read/fallback.ts'
import { CsvReader } from '../../../../src/format/csv/read/reader.ts'
import { findLines } from '../../../../src/pipeline/sources/formats/source-lines.ts'
import { defineTable, float64, key, string } from '../../../../src/table/contract.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const linesOf = (text: string, ...wanted: number[]) => [...findLines(bytesOf(text), new Set(wanted))]

describe('findLines', () => {
  it('gives records as they stand in the file, with the line on which each begins', () => {
    expect(linesOf('\ufeff\r\nid,note\r\n\r\na, "x\r\ny" \r\nb,é', 1, 2)).toEqual([
      [1, { line: 4, text: 'a, "x\r\ny" ' }],
      [2, { line: 6, text: 'b,é' }],
    ])
  })

  it('leaves out what the file does not have', () => {
    expect(linesOf('id\na\n', 7)).toEqual([])
    expect(linesOf('', 1)).toEqual([])
    expect(linesOf('id\na"\n', 1)).toEqual([])
  })

  it('counts blank lines in a file of one column, as the reader does', () => {
    expect(linesOf('\nid\n\nb\n', 2)).toEqual([[2, { line: 4, text: 'b' }]])
  })

  it('understands a first line that names the delimiter, and counts a repeated header line, as the reader does', () => {
    const text = '\ufeffsep=;\r\nid;size\r\na;"1;2"\r\nid;size\r\nb;x\r\n'
    expect(linesOf(text, 1, 2, 3)).toEqual([
      [1, { line: 3, text: 'a;"1;2"' }],
      [2, { line: 4, text: 'id;size' }],
      [3, { line: 5, text: 'b;x' }],
    ])
  })

  it('numbers and shows records as the reader does', () => {
    const contract = defineTable('notes', { id: key(string()), size: float64() })
    const text = 'id,size\n\na,"many\nlines"\n b ,x\nc,1\nd\n"e",,\n\r\nf,"y"'
    const reader = new CsvReader({ contract })
    reader.push(bytesOf(text))
    const { rejected } = reader.end()
    expect(rejected).toHaveLength(5)
    const wanted = rejected.map(({ row }) => row)
    expect(linesOf(text, ...wanted)).toEqual(rejected.map(({ row, line, text }) => [row, { line, text }]))
  })
})

describe('findLines, in a declared dialect', () => {
  const shapes: readonly CsvDialect[] = [
    { delimiter: ';', quote: "'", skipLines: 2 },
    { delimiter: ';', encoding: 'utf-16le', headerRow: 3 },
    { delimiter: '||', comment: '#' },
    { delimiter: ';', strayQuotes: 'text', encoding: 'windows-1252' },
    { delimiter: ';', header: ['id', 'size'], ragged: 'pad' },
  ]

  it.each(shapes)('numbers and shows records as the reader does: %o', (dialect) => {
    const contract = defineTable('notes', { id: key(string()), size: float64() })
    const delimiter = dialect.delimiter ?? ','
    const head = dialect.header === undefined ? ['id', 'size'].join(delimiter) : ['a', 'x'].join(delimiter)
    const before = dialect.skipLines === undefined && dialect.headerRow === undefined ? '' : 'made "by\r\nhand\r\n'
    const note = dialect.comment === undefined ? '' : '# a note\n'
    const text = `${before}${head}\n${note}ä${delimiter}1\nb${delimiter}x\n\nc${delimiter}1${delimiter}2\nö${delimiter}y`
    const bytes = new Uint8Array(
      dialect.encoding === 'utf-16le'
        ? Buffer.from(text, 'utf16le')
        : Buffer.from(text, dialect.encoding === undefined ? 'utf8' : 'latin1'),
    )
    const reader = new CsvReader({ contract, ...dialect, foreign: readByCsvParse })
    reader.push(bytes)
    const { rejected } = reader.end()
    expect(rejected.length).toBeGreaterThan(2)
    const slow = dialect.comment === undefined && dialect.strayQuotes === undefined ? {} : { foreign: readByCsvParse }
    const lines = findLines(bytes, new Set(rejected.map(({ row }) => row)), { dialect, ...slow })
    expect([...lines]).toEqual(rejected.map(({ row, line, text }) => [row, { line, text }]))
  })
})

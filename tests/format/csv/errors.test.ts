import { describe, expect, it } from 'vitest'
import { FormatError } from '../../../src/errors.ts'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { csvReader } from '../../../src/format/csv/read/reader.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'
import { bytesOf, caught, read } from './csv-tables.ts'

const file = 'calls.csv'
const message = (text: string | Uint8Array, options = {}) => {
  const error = caught(() => read(text, { file, ...options }))
  expect(error).toBeInstanceOf(FormatError)
  const { code, message: words } = error as FormatError
  return `${code}: ${words}`
}
const joined = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...bytesOf(part)] : part)))

describe('a damaged CSV file', () => {
  it('of 0 bytes is a torn upload (D16)', () => {
    expect(message('')).toBe(
      'empty_file: calls.csv: found 0 bytes, expected at least a header line; the upload may have been interrupted; send the file again',
    )
  })

  it('of blank lines has no header', () => {
    expect(message('\n \r\n')).toBe(
      'header_missing: calls.csv: found blank lines only, expected a header line with the column names',
    )
    expect(message('\ufeff')).toContain('header_missing')
  })

  it('whose last record is short and lacks its line end is cut short', () => {
    expect(message('a,b,c\n1,2,3\n4,5')).toBe(
      'record_truncated: calls.csv row 2: the last record has 2 of 3 cells and no line end, the file is cut short; send it again, or give the record all its cells',
    )
  })

  it('with a short last record that has its line end has an issue only', () => {
    expect(read('a,b,c\n1,2,3\n4,5\n').issues.map(({ code }) => code)).toEqual(['record_length'])
    expect(read('a,b,c\n1,2,3\n4,5\n  ').issues.map(({ code }) => code)).toEqual(['record_length'])
  })

  it('with an open quote says where it was opened', () => {
    expect(message('a,b\n1,x\n\n2,"y\n3,z\n')).toBe(
      'quote_invalid: calls.csv row 2 (line 4): found a quote that is never closed, expected its closing quote; the file may be cut short, or quote the cell and double the quotes in it',
    )
  })

  it('with text behind a closing quote, or a quote inside text, says so', () => {
    expect(message('a,b\n1,"x" y\n')).toContain('quote_invalid: calls.csv row 1: found text after a closing quote')
    expect(message('a,b\n1,x "y"\n')).toContain('quote_invalid: calls.csv row 1: found a quote inside an unquoted cell')
    expect(message('a,b" c\n1,2\n')).toContain('quote_invalid: calls.csv line 1: found a quote inside an unquoted cell')
  })

  it('is told the same by csv-parse, which is asked where the reader is given it', () => {
    const foreign = { foreign: readByCsvParse }
    for (const text of ['a,b\n1,x\n\n2,"y\n3,z\n', 'a,b\n1,"x" y\n', 'a,b\n1,x "y"\n', 'a,b" c\n1,2\n']) {
      expect(message(text, foreign)).toBe(message(text))
    }
  })

  it('in UTF-16, zipped, packed or of another format is recognised', () => {
    const utf16 = (text: string) => new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer)
    expect(message(utf16('\ufeffa,b\n1,2\n'))).toBe(
      'encoding_invalid: calls.csv: looks like UTF-16, expected CSV in UTF-8; save it as UTF-8',
    )
    expect(message(utf16('a,b\n1,2\n'))).toBe(message(utf16('\ufeffa,b\n1,2\n')))
    expect(message(joined([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0]))).toContain('looks like gzip')
  })

  it.each([
    ['Parquet', 'PAR1\x15\x04\x15', 'readParquet'],
    ['Arrow', 'ARROW1\0\0\xff\xff\xff\xff', 'readArrow'],
    ['an Arrow stream', '\xff\xff\xff\xff\x78\0\0\0', 'readArrow'],
    ['gzip', '\x1f\x8b\x08\0', 'unpack it first'],
    ['zstd', '(\xb5/\xfd', 'unpack it first'],
    ['xz', '\xfd7zXZ\0', 'unpack it first'],
    ['a 7z archive', '7z\xbc\xaf\x27\x1c', 'unpack it first'],
    ['a RAR archive', 'Rar!\x1a\x07', 'unpack it first'],
    ['a zip archive', 'PK\x03\x04\x14\0report.csv', 'unpack it first'],
    ['an Excel workbook (.xlsx)', 'PK\x03\x04\x14\0[Content_Types].xml', 'save it as CSV UTF-8'],
    ['an Excel workbook (.xlsx)', 'PK\x03\x04\x14\0xl/workbook.xml', 'save it as CSV UTF-8'],
    ['an Excel workbook (.xls)', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'save it as CSV UTF-8'],
    ['a PDF document', '%PDF-1.7\n', 'export the table as CSV'],
    ['an SQLite database', 'SQLite format 3\0', 'export the table as CSV'],
    ['a PNG image', '\x89PNG\r\n', 'export the table as CSV'],
    ['a JPEG image', '\xff\xd8\xff\xe0', 'export the table as CSV'],
  ])('that is %s is told so, with what makes CSV of it', (looks, begin, cure) => {
    for (const rest of ['', '\n1,2\n', '\n"a"b'.repeat(2000)]) {
      const said = message(Buffer.from(begin + rest, 'latin1'))
      expect(said).toContain(`encoding_invalid: calls.csv: looks like ${looks}, expected CSV in UTF-8; `)
      expect(said).toContain(cure)
    }
  })

  it('that is random bytes is told to be binary data, however it is cut', () => {
    let state = 1
    const bytes = Uint8Array.from({ length: 20_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      return state >> 16
    })
    const said =
      'encoding_invalid: calls.csv: looks like binary data, expected CSV in UTF-8; it is damaged, encrypted, or not a table; export the table as CSV from its source'
    for (const size of [100, 1000, 4096, 5000, 20_000]) expect(message(bytes.subarray(0, size))).toBe(said)
    const reader = csvReader({ file: 'calls.csv', windowBytes: 1 })
    expect(() => {
      for (let at = 0; at < bytes.length; at += 7) reader.push(bytes.subarray(at, at + 7))
      reader.end()
    }).toThrow(said.slice('encoding_invalid: '.length))
  })

  it('is never called binary while it is UTF-8, nor for the names of its columns', () => {
    const cells = `a,b\n${'"\0\u0001\u0002\u0003",é\n'.repeat(500)}`
    expect(read(cells).frame.rows).toBe(500)
    for (const name of ['PAR1', 'ARROW1', 'PK', '7z', 'Rar!', 'SQLite format 3', 'PDF-1']) {
      expect(read(`${name},b\n1,2\n`).frame.rows).toBe(1)
    }
  })

  it('with a NUL in a later row says where', () => {
    expect(message('a,b\n1,2\n3,\0\n')).toContain('encoding_invalid: calls.csv row 2: byte 10 of the file is a NUL')
  })

  it.each(['dictionary', 'plain'] as const)(
    'that is not UTF-8 is told by row, column and byte (%s text)',
    (encoding) => {
      const contract = defineTable('t', { id: key(string()), note: string({ encoding }) })
      const expected =
        'encoding_invalid: calls.csv row 2, column "note": byte 15 of the file is not UTF-8; save the file as UTF-8 (it may be Windows-1252 or Latin-1: iconv -f WINDOWS-1252 -t UTF-8), or read it with { encoding: \'windows-1252\' }'
      expect(message(joined('id,note\nx,y\nz,a', [0xe9], 'b\n'), { contract })).toBe(expected)
      expect(message(joined('id,note\nx,y\nz,"', [0xe9], '""b"\n'), { contract })).toBe(expected)
    },
  )

  it('that is not UTF-8 in its header is told by line and byte', () => {
    expect(message(joined('a,', [0xe9], '\n1,2\n'))).toContain('encoding_invalid: calls.csv line 1: byte 2 of the file')
  })

  it('with overlong forms, surrogates or cut characters is not UTF-8', () => {
    for (const bad of [[0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80]]) {
      expect(message(joined('a\n', bad, '\n'))).toContain('encoding_invalid')
    }
  })

  it('with a cell beyond 16 MiB is refused, open or closed', () => {
    const long = new Uint8Array(16 * 1024 * 1024 + 1).fill(0x78)
    const header = bytesOf('a,b\n1,2\n3,"')
    const push = (...chunks: Uint8Array[]) => {
      const reader = csvReader({ file })
      for (const chunk of chunks) reader.push(chunk)
      return reader.end()
    }
    expect(caught(() => push(header, long, bytesOf('"\n')))).toMatchObject({
      code: 'limit_exceeded',
      message:
        'calls.csv row 2: a cell is longer than 16 MiB; look for a quote that is never closed, or shorten the cell',
    })
    expect(caught(() => push(header, long, long))).toMatchObject({ code: 'limit_exceeded' })
    expect(caught(() => push(bytesOf('a,b\n1,2\n3,'), long, bytesOf('\n')))).toMatchObject({ code: 'limit_exceeded' })
  })

  it('with cells below 16 MiB is read, however long its records', () => {
    const long = `${'x'.repeat(9 * 1024 * 1024)}`
    const { frame } = read(`a,b\n${long},${long}y\n1,2\n`, { types: 'text' }, 1024 * 1024)
    expect(frame.rows).toBe(2)
    expect(frame.columns.get('b')?.at(0)).toBe(`${long}y`)
  })
})

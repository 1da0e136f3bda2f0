import { describe, expect, it } from 'vitest'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { checkCsv, readCsv } from '../../../src/format/csv/table.ts'
import { defineTable, float64, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { bytesOf, caught, read, rowsOf, textRows } from './csv-tables.ts'

const foreign = readByCsvParse
/** Both readers of CSV: a comment mark that no file has makes csv-parse read all of it. */
const READERS = [
  ['the fast reader', {}],
  ['csv-parse', { comment: '#never#', foreign }],
] as const

const centers = defineTable('centers', { center_id: key(string()), location: nullable(string()) })

describe.each(READERS)('a header line that is repeated, read by %s', (_, reader) => {
  const text = '\ufeffcenter_id,location\nC1,"Boston, MA"\n\ufeffcenter_id,location\nC2,Tampa\n"center_id", location \n'

  it('is an issue of its record and no row, also where every column is text', () => {
    const { frame, issues, rejected, records, recordCount } = read(text, {
      ...reader,
      contract: centers,
      file: 'c.csv',
    })
    expect(rowsOf(frame)).toEqual([
      ['C1', 'Boston, MA'],
      ['C2', 'Tampa'],
    ])
    const expected = 'a record, not the header line again'
    const issue = { code: 'header_repeated', file: 'c.csv', column: null, found: 'the header line', expected }
    expect(issues).toEqual([
      { ...issue, row: 2 },
      { ...issue, row: 4 },
    ])
    expect(rejected.map(({ row, line }) => [row, line])).toEqual([
      [2, 3],
      [4, 5],
    ])
    expect([[...(records ?? [])], recordCount]).toEqual([[1, 3], 4])
  })

  it('leaves the kinds of columns alone that have no contract', () => {
    const { frame } = read('id,minutes\na,1.5\nid,minutes\nb,2\n', reader)
    expect(rowsOf(frame)).toEqual([
      ['a', 1.5],
      ['b', 2],
    ])
  })

  it('is one issue, in order with those of other rows', () => {
    const contract = defineTable('calls', { id: key(string()), minutes: float64(), at: nullable(timestamp()) })
    const calls =
      'id,minutes,at\na,x,\nid,minutes,at\nid,minutes,at\nb,1,2025-01-01T00:00:00Z\nc\nid,minutes,at\nd,y,\n'
    const { frame, issues } = read(calls, { ...reader, contract })
    expect(rowsOf(frame)).toEqual([['b', 1, new Date('2025-01-01T00:00:00Z')]])
    expect(issues.map(({ row, code }) => [row, code])).toEqual([
      [1, 'type_mismatch'],
      [2, 'header_repeated'],
      [3, 'header_repeated'],
      [5, 'record_length'],
      [6, 'header_repeated'],
      [7, 'type_mismatch'],
    ])
  })

  it('is found by its names in the file, which may be aliases and hold quotes', () => {
    const aliases = { ...reader, contract: centers, columnAliases: { Id: 'center_id', 'The "Place"': 'location' } }
    const { frame, issues } = read('Id,"The ""Place"""\nC1,\n"Id","The ""Place"""\nId,"a ""b"" c"\n', aliases)
    expect(rowsOf(frame)).toEqual([
      ['C1', null],
      ['Id', 'a "b" c'],
    ])
    expect(issues.map(({ row }) => row)).toEqual([2])
  })

  it('is a record where the names were given, or only some of them are repeated', () => {
    expect(rowsOf(read('a,b\n', { ...reader, header: ['a', 'b'] }).frame)).toEqual([['a', 'b']])
    expect(rowsOf(read('a,b\na,c\n', reader).frame)).toEqual([['a', 'c']])
  })
})

describe('a header line that is repeated', () => {
  it('is refused by readCsv and told by checkCsv', () => {
    const bytes = bytesOf('a,b\n1,2\na,b\n')
    expect(caught(() => readCsv(bytes, undefined, { file: 'x.csv' }))).toMatchObject({
      code: 'header_repeated',
      message:
        'x.csv row 2 does not fit: expected a record, not the header line again; correct the file, or read it with checkCsv, which gives the rows that fit and the issues',
    })
    expect(checkCsv(bytes).table.objects()).toEqual([{ a: 1, b: 2 }])
  })

  it('is found in long files, however they are cut', () => {
    const part = `id,note\n${Array.from({ length: 3000 }, (_, at) => `n${at},x\n`).join('')}`
    for (const chunk of [7, 4096, 70_000]) {
      const { frame, issues, records } = read(part.repeat(3), { types: 'text' }, chunk)
      expect(frame.rows).toBe(9000)
      expect(issues.map(({ row }) => row)).toEqual([3001, 6002])
      expect([records?.[2999], records?.[3000], records?.[8999]]).toEqual([3000, 3002, 9002])
    }
  })
})

describe.each(READERS)('a first line that names the delimiter, read by %s', (_, reader) => {
  it.each([
    ['sep=;\na;b\n1;2\n', ';'],
    ['\ufeffsep=;\r\na;b\r\n1;2', ';'],
    ['"sep=;"\ra;b\r1;2\r', ';'],
    ['SEP=\t\na\tb\n1\t2\n', '\\t'],
    ['sep=|\na|b\n1|2\n', '|'],
    ['sep=,\na,b\n1,2\n', ','],
    ['sep=;\n\na;b\n1;2\n', ';'],
  ])('is understood and told: %j', (text, shown) => {
    const { frame, notes, header } = read(text, { ...reader, file: 'x.csv' })
    expect([header.names, rowsOf(frame)]).toEqual([['a', 'b'], [[1, 2]]])
    expect(notes).toEqual([
      {
        code: 'separator_line',
        message: `x.csv line 1: the line names the delimiter "${shown}", which the file is read with; it is not a record`,
      },
    ])
  })

  it('counts as a line, not as a record', () => {
    const { rejected } = read('sep=;\na;b\n1;2\n3\n', reader)
    expect(rejected).toEqual([{ row: 2, line: 4, text: '3' }])
    expect(caught(() => read('sep=;\na;b;a\n', reader))).toMatchObject({
      message: 'input line 2: column "a" occurs 2 times; give each column its own name',
    })
  })

  it('gives way to a delimiter that is given, which is told', () => {
    const { frame, notes } = read('sep=;\na,b\n1,2\n', { ...reader, delimiter: ',' })
    expect(rowsOf(frame)).toEqual([[1, 2]])
    expect(notes[0]?.message).toBe(
      'input line 1: the line names the delimiter ";", but the file is read with ","; it is not a record',
    )
    expect(rowsOf(read('sep=;\na;b\n1;2\n', { ...reader, delimiter: ';' }).frame)).toEqual([[1, 2]])
  })

  it('may stand in front of a file without header line', () => {
    expect(rowsOf(read('sep=;\n1;2\n', { ...reader, header: ['a', 'b'] }).frame)).toEqual([[1, 2]])
  })

  it('is a header where it names no delimiter', () => {
    for (const name of ['sep=', 'sep=x', 'sep', 'separator=;']) {
      expect(read(`${name},b\n1,2\n`, { ...reader, delimiter: ',' }).header.names).toEqual([name, 'b'])
    }
  })
})

describe('a first line that names a delimiter of several characters', () => {
  it('is understood by csv-parse, and refused with its cure where that is not given', () => {
    expect(textRows('sep=||\na||b\n1||2\n', { foreign })).toEqual([['1', '2']])
    expect(caught(() => read('sep=||\na||b\n1||2\n', { file: 'x.csv' }))).toMatchObject({
      code: 'csv_invalid',
      message:
        'x.csv line 1: the line names the delimiter "||", expected one ASCII character; save the file with commas between the cells',
    })
  })
})

describe.each(READERS)('a column without a name, read by %s', (_, reader) => {
  const note = (what: string) => [{ code: 'column_unnamed', message: `input: ${what} left out` }]
  const one = 'column 3 has no name, and no value in any row that fits; it is'
  const text = 'center_id,location,\nC1,Boston,\nC2,Tampa,""\n'
  const rows = [
    ['C1', 'Boston'],
    ['C2', 'Tampa'],
  ]

  it('and without a value is left out, and told', () => {
    for (const options of [{}, { contract: centers }, { types: 'text' as const }]) {
      const { frame, issues, notes } = read(text, { ...reader, ...options })
      expect([rowsOf(frame), issues, notes]).toEqual([rows, [], note(one)])
    }
  })

  it('is left out wherever it is, and however many there are', () => {
    const { frame, notes, header } = read(',center_id,,location,\n,C1,,Boston,\n,C2,,Tampa,\n', reader)
    expect([rowsOf(frame), header.extra]).toEqual([rows, []])
    expect(notes).toEqual(note('columns 1, 3, 5 have no name, and no value in any row that fits; they are'))
  })

  it.each(['freeze', 'discard_row'] as const)(
    'must not have values under %s: these rows are issues',
    (unknownColumns) => {
      const contract = { ...centers, unknownColumns }
      const { frame, issues, notes } = read('center_id,location,\nC1,Boston,\nC2,Tampa, FL\nC3,,\n', {
        ...reader,
        contract,
      })
      expect(rowsOf(frame)).toEqual([
        ['C1', 'Boston'],
        ['C3', null],
      ])
      const expected = 'no value in column 3, which has no name in the header line'
      expect(issues).toEqual([{ code: 'column_extra', file: null, row: 2, column: null, found: 'FL', expected }])
      expect(notes).toEqual(note(one))
    },
  )

  it('is kept where no contract forbids it and it has values, unless there are two', () => {
    expect(readCsv(bytesOf(',a\n0,x\n1,y\n')).objects()).toEqual([
      { '': 0, a: 'x' },
      { '': 1, a: 'y' },
    ])
    expect(caught(() => read('a,,,b,\n1,2,3,4,\n', { ...reader, file: 'x.csv' }))).toMatchObject({
      code: 'column_duplicate',
      message: 'x.csv: columns 2, 3 have values but no name; give each of them its own name in the header line',
    })
  })

  it('is one of several in a first line that is no header', () => {
    expect(caught(() => read(',,\ncenter_id,location,\n', { ...reader, file: 'x.csv' }))).toMatchObject({
      code: 'header_missing',
      message: 'x.csv line 1: found 3 blank cells, expected the column names; delete the lines before the header line',
    })
  })
})

describe('notes on a file', () => {
  it('are given to readCsv by a callback, and by checkCsv with the table', () => {
    const bytes = bytesOf('sep=;\na;b;\n1;2;\n')
    const codes: string[] = []
    const onNote = ({ code }: { readonly code: string }) => codes.push(code)
    expect(readCsv(bytes, undefined, { onNote }).objects()).toEqual([{ a: 1, b: 2 }])
    expect(codes).toEqual(['separator_line', 'column_unnamed'])
    expect(checkCsv(bytes).notes.map(({ code }) => code)).toEqual(codes)
  })
})

describe('an escape other than the quote', () => {
  const escaped = (text: string, options = {}) => textRows(text, { escape: '\\', foreign, ...options })

  it.each([
    ['"C:\\temp\\new"', 'C:\\temp\\new'],
    ['"say \\"hi\\""', 'say "hi"'],
    ['"a\\\\"', 'a\\'],
    ['"a\\\\nb\\nc"', 'a\\nb\\nc'],
    ['"é\\é,\\,\\\n"', 'é\\é,\\,\\\n'],
    ['  "x\\y"  ', 'x\\y'],
    ['a\\b', 'a\\b'],
    ['a\\\\b', 'a\\\\b'],
    ['""', ''],
  ])('is text in front of any other character than a quote or itself: %j', (cell, expected) => {
    expect(escaped(`a,b,c\n${cell},2,${cell}\n${cell},,"\\d"`)).toEqual([
      [expected, '2', expected],
      [expected, null, '\\d'],
    ])
    expect(escaped(`a||b\n${cell}||${cell}\n`, { delimiter: '||' })).toEqual([[expected, expected]])
    expect(escaped(`# "\\x"\na,b\n# "\\y"\n${cell},${cell}\n`, { comment: '#' })).toEqual([[expected, expected]])
  })

  it('is kept in the text of a record that is rejected', () => {
    const { rejected } = read('a,b\n"x\\y"\n1,2\n', { escape: '\\', foreign })
    expect(rejected).toEqual([{ row: 1, line: 2, text: '"x\\y"' }])
  })
})

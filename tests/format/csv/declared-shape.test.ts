/** The declared shape of a CSV file: lines before the header, names, records of other lengths, durations. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dialect } from '../../../src/format/csv/dialect.ts'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import type { CsvReaderOptions } from '../../../src/format/csv/read/reading.ts'
import { checkCsv, readCsv } from '../../../src/format/csv/table.ts'
import { defineTable, float64, int32, int64, key, nullable, string } from '../../../src/table/contract.ts'
import { bytesOf, caught, read, rowsOf } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)
const foreign = readByCsvParse

describe('lines before the header', () => {
  it('are skipped, and count as lines', () => {
    const text = 'Report of "May\n\nexported by x\nid,team\nA,1\nB\n'
    for (const options of [{ skipLines: 3 }, { headerRow: 4 }]) {
      const { frame, rejected } = read(text, options)
      expect(rowsOf(frame)).toEqual([['A', 1]])
      expect(rejected).toEqual([{ row: 2, line: 6, text: 'B' }])
    }
  })

  it('may hold anything, end in any way, and be cut anywhere', () => {
    const line = fc.string({ unit: fc.constantFrom('"', ',', 'ä', '\t', 'x', ' '), maxLength: 90 })
    const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
    const chunk = fc.constantFrom(1, 2, 7, 5000, Number.POSITIVE_INFINITY)
    fc.assert(
      fc.property(fc.array(fc.tuple(line, lineEnd), { maxLength: 60 }), chunk, fc.boolean(), (lines, size, isSlow) => {
        const text = `${lines.map((parts) => parts.join('')).join('')}id,name\r\n1,"a\nb"\r\n2,c\r\n3\r\n`
        // a final CR and the LF of an empty line would be one line end
        fc.pre(
          !/\r\n/.test(
            lines.map(([body, end], at) => (end === '\r' && lines[at + 1]?.[0] === '' ? '\r\n' : body)).join(''),
          ),
        )
        const options: CsvReaderOptions = { skipLines: lines.length, ...(isSlow && { comment: '#', foreign }) }
        const { frame, rejected } = read(text, options, size)
        expect(rowsOf(frame)).toEqual([
          [1, 'a\nb'],
          [2, 'c'],
        ])
        expect(rejected).toEqual([{ row: 3, line: lines.length + 5, text: '3' }])
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })

  it('are as many as the file has, or there is no header', () => {
    expect(caught(() => read('a\nb\n', { skipLines: 5, file: 'f.csv' }))).toMatchObject({
      code: 'header_missing',
      message:
        'f.csv: found blank lines only behind the 5 lines that are skipped, expected a header line with the column names',
    })
  })

  it('count a line sep= among them', () => {
    expect(rowsOf(read('sep=;\nReport\na;b\n1;2\n', { skipLines: 2 }).frame)).toEqual([[1, 2]])
    expect(rowsOf(read('sep=;\na;b\n1;2\n', { headerRow: 2 }).frame)).toEqual([[1, 2]])
  })

  it('are missing from a file of 0 bytes, which is refused', () => {
    for (const [skipLines, lines] of [
      [1, 'the line'],
      [2, 'the 2 lines'],
    ] as const) {
      expect(caught(() => read('', { skipLines, header: ['a'], file: 'f.csv' }))).toMatchObject({
        code: 'empty_file',
        message: expect.stringContaining(`f.csv: found 0 bytes, expected at least ${lines} to skip; the upload may`),
      })
    }
  })

  it('are followed by a record where the names are declared', () => {
    const { frame, rejected } = read('made by x\n1,2\n3\n', { skipLines: 1, header: ['a', 'b'] })
    expect(rowsOf(frame)).toEqual([[1, 2]])
    expect(rejected).toEqual([{ row: 2, line: 3, text: '3' }])
  })
})

describe('declared names', () => {
  it('are given to columns without one, by place', () => {
    const text = ',id,\n0,A,x\n1,B,y\n'
    expect([...read(text, { unnamedColumns: 'name' }).frame.columns.keys()]).toEqual(['column_1', 'id', 'column_3'])
    const contract = defineTable('t', { id: key(string()), row: int32(), note: string() })
    const aliases = { columnAliases: { column_1: 'row', column_3: 'note' }, unnamedColumns: 'name' } as const
    expect(readCsv(bytesOf(text), contract, aliases).objects()).toEqual([
      { id: 'A', row: 0, note: 'x' },
      { id: 'B', row: 1, note: 'y' },
    ])
    expect([...read(',\n1,2\n', { unnamedColumns: 'name' }).frame.columns.keys()]).toEqual(['column_1', 'column_2'])
  })

  it('of all columns give a table without rows of a file of 0 bytes, and say so', () => {
    const contract = defineTable('t', { id: key(string()), a: nullable(int32()) })
    for (const options of [{}, { comment: '#', foreign }, { encoding: 'utf-16le' }] as const) {
      const { frame, notes, recordCount } = read('', { contract, header: ['id', 'a'], file: 'f.csv', ...options })
      expect([frame.rows, [...frame.columns.keys()], recordCount]).toEqual([0, ['id', 'a'], 0])
      expect(notes).toEqual([
        { code: 'file_empty', message: 'f.csv: has 0 bytes and was read as no records (its header is declared)' },
      ])
    }
    expect(caught(() => read('', { contract, header: ['x'] }))).toMatchObject({ code: 'column_missing' })
    expect(read('\n', { contract, header: ['id', 'a'] }).notes).toEqual([])
  })

  it('number those that occur again, and never make two of one name', () => {
    const named = (text: string) => [...read(text, { repeatedColumns: 'number' }).frame.columns.keys()]
    expect(named('a,b,a,a\n1,2,3,4\n')).toEqual(['a', 'b', 'a_2', 'a_3'])
    expect(caught(() => named('a,a,a_2\n1,2,3\n'))).toMatchObject({ code: 'column_duplicate' })
    expect(caught(() => read('a,a\n1,2\n'))).toMatchObject({ code: 'column_duplicate' })
  })

  it('leave out columns outside the contract, and say so', () => {
    const contract = defineTable('t', { id: key(string()) })
    const bytes = bytesOf('id,x,y\nA,1,2\n')
    expect(caught(() => readCsv(bytes, contract))).toMatchObject({ code: 'column_extra' })
    const { table, notes } = checkCsv(bytes, contract, { extraColumns: 'drop', file: 'f.csv' })
    expect(table.objects()).toEqual([{ id: 'A' }])
    expect(notes).toEqual([{ code: 'column_dropped', message: 'f.csv: columns "x", "y" are left out as declared' }])
    // what is only spelt otherwise is no column to drop
    const renamed = bytesOf('ID\nA\n')
    expect(caught(() => readCsv(renamed, contract, { extraColumns: 'drop' }))).toMatchObject({ code: 'column_renamed' })
  })
})

describe('records of another length', () => {
  it('are filled with empty cells where that is declared, counted and told, by either reader', () => {
    const contract = defineTable('t', { id: key(string()), a: nullable(int32()), b: nullable(string()) })
    const text = 'id,a,b\nA,1,x\nB\nC,3\nD,4,y,z\n'
    for (const options of [{}, { comment: '#', foreign }]) {
      const { frame, issues, notes } = read(text, { contract, ragged: 'pad', file: 'f.csv', ...options })
      expect(rowsOf(frame)).toEqual([
        ['A', 1, 'x'],
        ['B', null, null],
        ['C', 3, null],
      ])
      expect(issues).toMatchObject([{ code: 'record_length', row: 4 }])
      expect(notes).toEqual([
        {
          code: 'record_padded',
          message:
            'f.csv: 2 records have fewer cells than the header and were filled with empty ones as declared (first: row 2)',
        },
      ])
    }
  })

  it('are as a record that has all its cells, whatever its place', () => {
    const rows = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 })
    const chunk = fc.constantFrom(1, 5, Number.POSITIVE_INFINITY)
    fc.assert(
      fc.property(rows, chunk, fc.boolean(), fc.boolean(), (lengths, size, isSlow, isOpen) => {
        const lineOf = (length: number, row: number, fill: boolean) =>
          Array.from({ length: fill ? 4 : length }, (_, at) => (at < length ? `r${row}c${at}` : '')).join(',')
        const textOf = (fill: boolean) =>
          `a,b,c,d\n${lengths.map((length, row) => lineOf(length, row, fill)).join('\n')}`
        const slow = isSlow ? { comment: '#', foreign } : {}
        const padded = read(textOf(false) + (isOpen ? '' : '\n'), { ragged: 'pad', types: 'text', ...slow }, size)
        expect(rowsOf(padded.frame)).toEqual(rowsOf(read(`${textOf(true)}\n`, { types: 'text' }).frame))
        expect(padded.issues).toEqual([])
        expect(padded.notes).toHaveLength(lengths.some((length) => length < 4) ? 1 : 0)
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })

  it('are told of where quotes out of place are text', () => {
    const { notes } = read('a,b\n1,"x" \n2,5" disk\n3,"a" b\n4,"c""d"\n', {
      strayQuotes: 'text',
      foreign,
      file: 'f.csv',
    })
    expect(notes).toEqual([
      {
        code: 'quote_kept',
        message: 'f.csv: 2 records have quotes out of place and were taken for text as declared (first: row 2)',
      },
    ])
  })
})

describe('declared durations', () => {
  const contract = defineTable('t', {
    id: key(string()),
    minutes: nullable(float64()),
    seconds: nullable(int32()),
    ms: nullable(int64()),
  })
  const durations = {
    minutes: { form: 'hh:mm:ss', unit: 'minutes' },
    seconds: { form: 'iso', unit: 'seconds' },
    ms: { form: 'seconds', unit: 'milliseconds' },
  } as const

  it('are numbers of the unit that the column counts', () => {
    const text = 'id;minutes;seconds;ms\nA;00:12:30;PT1H1S;0,25\nB;;;\nC;100:00:00,6;P1D;-3\n'
    const { frame, issues } = read(text, { contract, durations, decimal: ',', delimiter: ';' })
    expect(issues).toEqual([])
    expect(rowsOf(frame)).toEqual([
      ['A', 12.5, 3601, 250n],
      ['B', null, null, null],
      ['C', 6000.01, 86_400, -3000n],
    ])
  })

  it('are issues where they do not have the form, or are not whole in a column of integers', () => {
    const text = 'id,minutes,seconds,ms\nA,12.5,1,1\nB,00:60:00,PT0.5S,0.0001\n'
    const { issues } = read(text, { contract, durations })
    expect(issues.map(({ row, column, found, expected }) => [row, column, found, expected])).toEqual([
      [1, 'minutes', '12.5', 'a duration such as 00:12:30'],
      [1, 'seconds', '1', 'a duration such as PT12M30S, whole in the unit of the column'],
      [2, 'minutes', '00:60:00', 'a duration such as 00:12:30'],
      [2, 'seconds', 'PT0.5S', 'a duration such as PT12M30S, whole in the unit of the column'],
      [2, 'ms', '0.0001', 'a number of seconds, written as in 12.5, whole in the unit of the column'],
    ])
  })

  it('are of columns that there are, and of numbers', () => {
    const wrong = (names: object, message: RegExp) => {
      const error = caught(() => read('id,minutes,seconds,ms\n', { contract, durations: names as typeof durations }))
      expect(error).toMatchObject({ code: 'invalid_option', message: expect.stringMatching(message) })
    }
    wrong({ minute: durations.minutes }, /durations names "minute", which is no column; did you mean "minutes"\?/)
    wrong({ id: durations.minutes }, /durations.id is declared for a column of kind text/)
  })

  it('are doubles without a contract', () => {
    expect(rowsOf(read('minutes\n00:12:30\n', { durations: { minutes: durations.minutes } }).frame)).toEqual([[12.5]])
  })
})

describe('dialect', () => {
  it('refuses a shape that no file can have', () => {
    const wrong: readonly (readonly [options: object, message: RegExp])[] = [
      [{ skipLines: -1 }, /^skipLines is a number; expected a whole number of lines/],
      [{ skipLines: 1.5 }, /^skipLines/],
      [{ headerRow: 0 }, /^headerRow is a number; expected a line number from 1/],
      [{ headerRow: 2, skipLines: 1 }, /^headerRow is a number; expected no skipLines beside it/],
      [{ headerRow: 2, header: ['a'] }, /expected no header beside it/],
      [{ header: [] }, /^header is a list; expected a list of the names/],
      [{ ragged: 'fill' }, /^ragged is a string; expected reject or pad/],
      [{ unnamedColumns: 'keep' }, /^unnamedColumns/],
      [{ repeatedColumns: 'keep' }, /^repeatedColumns/],
      [{ extraColumns: 'keep' }, /^extraColumns/],
      [{ strayQuotes: 'keep' }, /^strayQuotes/],
      [{ durations: [] }, /^durations is a list/],
      [{ durations: { a: 'hh:mm:ss' } }, /^durations.a is a string; expected an object such as/],
      [
        { durations: { a: { form: 'hhmm', unit: 'minutes' } } },
        /^durations.a.form is a string; expected one of hh:mm:ss/,
      ],
      [{ durations: { a: { form: 'iso', unit: 'days' } } }, /^durations.a.unit is a string; expected one of hours/],
      [{ durations: { a: { form: 'iso', units: 'hours' } } }, /no option "units"; did you mean "unit"/],
    ]
    for (const [options, message] of wrong) {
      const error = caught(() => dialect(options))
      expect([JSON.stringify(options), (error as Error).message]).toEqual([
        JSON.stringify(options),
        expect.stringMatching(message),
      ])
      expect(error).toMatchObject({ code: 'invalid_option' })
    }
  })
})

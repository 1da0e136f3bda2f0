import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { EtlError } from '../../../src/errors.ts'
import { type CsvReadOptions, checkCsv, readCsv } from '../../../src/format/csv/table.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int64,
  key,
  nullable,
  string,
  type TableContract,
  timestamp,
} from '../../../src/table/contract.ts'
import { bytesOf, caught, read, rowsOf } from './csv-tables.ts'

const source = join(import.meta.dirname, '..', '..', '..', 'src', 'format', 'csv')

/** A file that is refused, and the same after its advice was followed. */
interface Advice {
  readonly file: string | Uint8Array
  readonly contract?: TableContract
  readonly options?: CsvReadOptions<'arquero'>
  /** The part of the message that says what to do. */
  readonly says: string
  /** What was followed: another file, contract or other options. */
  readonly followed: {
    readonly file?: string | Uint8Array
    readonly contract?: TableContract
    readonly options?: CsvReadOptions<'arquero'>
  }
  readonly rows: readonly object[]
}

const ab = [{ a: 1, b: 'x' }]
const textOf = (bytes: Uint8Array, encoding: string) => new TextDecoder(encoding).decode(bytes)
const utf16 = (text: string) => new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer)
const latin1 = Buffer.from('a,b\n1,\xa9t\xe9\n', 'latin1')
const numbered = defineTable('t', { a: key(int64()), b: nullable(string()) })
const abRows = [{ a: 1n, b: 'x' }]
const long = 'x'.repeat(16 * 1024 * 1024 + 1)

const ADVICE: Readonly<Record<string, Advice>> = {
  'a torn upload': {
    file: '',
    says: 'send the file again',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'an upload torn before the lines to skip': {
    file: '',
    options: { skipLines: 1, header: ['a', 'b'] },
    says: 'send the file again',
    followed: { file: 'Report\n1,x\n' },
    rows: ab,
  },
  'blank lines': {
    file: '\n\n',
    says: 'expected a header line with the column names',
    followed: { file: 'a,b\n' },
    rows: [],
  },
  'blank cells for a header': {
    file: ',\na,b\n1,x\n',
    says: 'delete the lines before the header line',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'a record that is cut short': {
    file: 'a,b\n1',
    says: 'give the record all its cells',
    followed: { file: 'a,b\n1,x' },
    rows: ab,
  },
  'text behind a quote': {
    file: 'a,b\n1,"x" y\n',
    says: 'quote the cell and double the quotes in it',
    followed: { file: 'a,b\n1,"""x"" y"\n' },
    rows: [{ a: 1, b: '"x" y' }],
  },
  'text behind a quote, allowed': {
    file: 'a,b\n1,"x" y\n',
    says: "or set strayQuotes: 'text'",
    followed: { options: { strayQuotes: 'text' } },
    rows: [{ a: 1, b: '"x" y' }],
  },
  'a quote in text, corrected': {
    file: 'a,b\n1,5" disk\n',
    says: 'quote the cell and double the quotes in it',
    followed: { file: 'a,b\n1,"5"" disk"\n' },
    rows: [{ a: 1, b: '5" disk' }],
  },
  'a quote in text, allowed': {
    file: 'a,b\n1,5" disk\n',
    says: "or set strayQuotes: 'text'",
    followed: { options: { strayQuotes: 'text' } },
    rows: [{ a: 1, b: '5" disk' }],
  },
  'a quote that is not closed': {
    file: 'a,b\n1,"x\n',
    says: 'quote the cell and double the quotes in it',
    followed: { file: 'a,b\n1,"""x"\n' },
    rows: [{ a: 1, b: '"x' }],
  },
  'a long cell, corrected': {
    file: `a,b\n1,"x\n2,${long}`,
    says: 'look for a quote that is never closed',
    followed: { file: 'a,b\n1,"x"\n2,y\n' },
    rows: [...ab, { a: 2, b: 'y' }],
  },
  'a long cell, shortened': {
    file: `a,b\n1,${long}\n`,
    says: 'shorten the cell',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'Windows-1252': {
    file: latin1,
    says: 'save the file as UTF-8 (it may be Windows-1252 or Latin-1: iconv -f WINDOWS-1252 -t UTF-8)',
    followed: { file: textOf(latin1, 'windows-1252') },
    rows: [{ a: 1, b: '©té' }],
  },
  'Windows-1252, declared': {
    file: latin1,
    says: "or read it with { encoding: 'windows-1252' }",
    followed: { file: latin1, options: { encoding: 'windows-1252' } },
    rows: [{ a: 1, b: '©té' }],
  },
  'a NUL': {
    file: 'a,b\n1,x\0\n',
    says: 'save it as CSV in UTF-8',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'UTF-16 with its mark': {
    file: utf16('\ufeffa,b\n1,x\n'),
    says: 'looks like UTF-16, expected CSV in UTF-8; save it as UTF-8',
    followed: { file: textOf(utf16('\ufeffa,b\n1,x\n'), 'utf-16le') },
    rows: ab,
  },
  'UTF-16 without a mark': {
    file: utf16('a,b\n1,x\n'),
    says: 'looks like UTF-16, expected CSV in UTF-8; save it as UTF-8',
    followed: { file: textOf(utf16('a,b\n1,x\n'), 'utf-16le') },
    rows: ab,
  },
  'UTF-32': {
    file: new Uint8Array(Uint32Array.from('\ufeffa', (letter) => letter.charCodeAt(0)).buffer),
    says: 'looks like UTF-32, expected CSV in UTF-8; save it as UTF-8',
    followed: { file: 'a' },
    rows: [],
  },
  gzip: {
    file: gzipSync('a,b\n1,x\n'),
    says: 'looks like gzip, expected CSV in UTF-8; unpack it first',
    followed: { file: gunzipSync(gzipSync('a,b\n1,x\n')) },
    rows: ab,
  },
  JSON: {
    file: '{"entries":[{"a":1,"b":"x"}]}',
    says: 'looks like a JSON object around a list of objects, "entries", expected CSV in UTF-8; export the table as CSV from its source',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'a web page': {
    file: '<!DOCTYPE html>\n<html><body>Please log in</body></html>',
    says: 'looks like an HTML page, expected CSV in UTF-8; export the table as CSV from its source',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  XML: {
    file: '<?xml version="1.0"?>\n<rows><row a="1" b="x"/></rows>',
    says: 'looks like XML, expected CSV in UTF-8; export the table as CSV from its source',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'too many columns': {
    file: Array.from({ length: 10_001 }, (_, at) => `c${at}`).join(','),
    says: 'at most 10000 are read, export fewer of them',
    followed: { file: Array.from({ length: 10_000 }, (_, at) => `c${at}`).join(',') },
    rows: [],
  },
  'a repeated name': {
    file: 'a,a\n1,x\n',
    says: 'give each column its own name',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'given names that are blank': {
    file: '1,x\n',
    options: { header: ['', ''] },
    says: 'expected the column names',
    followed: { options: { header: ['a', 'b'] } },
    rows: ab,
  },
  'two columns with values and no name': {
    file: 'a,,\n1,x,y\n',
    says: 'give each of them its own name in the header line',
    followed: { file: 'a,b,c\n1,x,y\n' },
    rows: [{ a: 1, b: 'x', c: 'y' }],
  },
  'a renamed column, renamed back': {
    file: 'A,b\n1,x\n',
    contract: numbered,
    says: 'did you mean "a"? Rename it',
    followed: { file: 'a,b\n1,x\n' },
    rows: abRows,
  },
  'a renamed column, by alias': {
    file: 'A,b\n1,x\n',
    contract: numbered,
    says: `or set columnAliases: { "A": 'a' }`,
    followed: { options: { columnAliases: { A: 'a' } } },
    rows: abRows,
  },
  'a missing column, added': {
    file: 'a\n1\n',
    contract: numbered,
    says: 'add what is missing',
    followed: { file: 'a,b\n1,x\n' },
    rows: abRows,
  },
  'a missing column, by alias': {
    file: 'a,note\n1,x\n',
    contract: numbered,
    says: 'add what is missing, name and cells, or set columnAliases',
    followed: { options: { columnAliases: { note: 'b' } } },
    rows: abRows,
  },
  'an unknown column': {
    file: 'a,b,c\n1,x,y\n',
    contract: numbered,
    says: 'add to the contract, or set its unknownColumns to evolve, discard_value or discard_row',
    followed: { contract: defineTable('t', { a: key(int64()), b: string(), c: string() }) },
    rows: [{ a: 1n, b: 'x', c: 'y' }],
  },
  'an unknown column, evolved': {
    file: 'a,b,c\n1,x,y\n',
    contract: numbered,
    says: 'set its unknownColumns to evolve, discard_value or discard_row',
    followed: { contract: { ...numbered, unknownColumns: 'evolve' } },
    rows: [{ a: 1n, b: 'x', c: 'y' }],
  },
  'an unknown column, dropped': {
    file: 'a,b,c\n1,x,y\n',
    contract: numbered,
    says: 'set its unknownColumns to evolve, discard_value or discard_row',
    followed: { contract: { ...numbered, unknownColumns: 'discard_value' } },
    rows: abRows,
  },
  'an unknown column, dropped by the dialect': {
    file: 'a,b,c\n1,x,y\n',
    contract: numbered,
    says: "set extraColumns: 'drop' to leave it out",
    followed: { options: { extraColumns: 'drop' } },
    rows: abRows,
  },
  'an unknown column without values': {
    file: 'a,b,c\n1,x,\n',
    contract: numbered,
    says: 'set its unknownColumns to evolve, discard_value or discard_row',
    followed: { contract: { ...numbered, unknownColumns: 'discard_row' } },
    rows: abRows,
  },
  'a value in an unknown column': {
    file: 'a,b,c\n1,x,y\n',
    contract: { ...numbered, unknownColumns: 'discard_row' },
    says: 'expected no value: the column is not in the contract; correct the file',
    followed: { file: 'a,b,c\n1,x,\n' },
    rows: abRows,
  },
  'a value in a column without a name': {
    file: 'a,b,\n1,x,y\n',
    contract: numbered,
    says: 'expected no value in column 3, which has no name in the header line; correct the file',
    followed: { file: 'a,b,\n1,x,\n' },
    rows: abRows,
  },
  'a repeated header line': {
    file: 'a,b\n1,x\na,b\n',
    says: 'expected a record, not the header line again; correct the file',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'records that end with the delimiter': {
    file: 'a,b\n1,x,\n',
    contract: numbered,
    says: 'expected 2 cells (the record ends with ",": if all records do, put one at the end of the header line too)',
    followed: { file: 'a,b,\n1,x,\n' },
    rows: abRows,
  },
  'records that are delimited otherwise than the header': {
    file: 'a,b\n1;x\n',
    says: 'expected 2 cells (the record has ";" between them, expected ",")',
    followed: { file: 'a,b\n1,x\n' },
    rows: ab,
  },
  'a delimiter that no file has': {
    file: 'a,b\n1,x\n',
    options: { delimiter: '\n' },
    says: 'option delimiter must be text without a line end',
    followed: { options: { delimiter: ',' } },
    rows: ab,
  },
  'an empty comment': {
    file: 'a,b\n1,x\n',
    options: { comment: '' },
    says: 'option comment must be text that is not empty',
    followed: { options: { comment: '#' } },
    rows: ab,
  },
  'a long quote': {
    file: 'a,b\n1,x\n',
    options: { quote: '""' },
    says: 'option quote must be one ASCII character or null',
    followed: { options: { quote: null } },
    rows: ab,
  },
  'a quote that is the delimiter': {
    file: 'a,b\n1,x\n',
    options: { quote: ',' },
    says: 'option quote must be another character than the delimiter',
    followed: { options: { quote: "'" } },
    rows: ab,
  },
  'a long escape': {
    file: 'a,b\n1,x\n',
    options: { escape: '\\\\' },
    says: 'option escape must be one ASCII character',
    followed: { options: { escape: '\\' } },
    rows: ab,
  },
}

for (const delimiter of [';', '\t', '|']) {
  const shown = delimiter === '\t' ? '\\t' : delimiter
  const line = delimiter === '\t' ? '"sep=" and a tab' : `sep=${delimiter}`
  const files = {
    plain: `a,b\n1,x\n`,
    'with a quoted header': `"a","b"\n1,x\n`,
    'quoted all over': `"a","b"\n"1","x"\n`,
    'with a quoted name': `a,"b"\n1,x\n`,
  }
  for (const [what, commas] of Object.entries(files)) {
    const file = commas.replaceAll(',', delimiter)
    const cures = {
      'as told': { options: { delimiter } },
      'with a first line': { file: `sep=${delimiter}\n${file}` },
      'saved with commas': { file: commas },
    }
    for (const [how, followed] of Object.entries(cures)) {
      Object.assign(ADVICE, {
        [`names separated by ${shown}, ${what}, read ${how}`]: {
          file,
          says: `seems to separate its names; set delimiter: '${shown}', or add a first line before it: ${line}`,
          followed,
          rows: ab,
        } satisfies Advice,
      })
    }
  }
}
Object.assign(ADVICE, {
  'names that the contract knows, separated by ; with a comma in one': {
    file: 'a;b;"x, y"\n1;x;z\n'.replaceAll('"', ''),
    contract: { ...numbered, unknownColumns: 'discard_value' },
    says: 'the header is 2 columns that the contract does not know, and ";" seems to separate its names; set delimiter: \';\'',
    followed: { options: { delimiter: ';' } },
    rows: abRows,
  } satisfies Advice,
})

const call = ({ file, contract, options }: Pick<Advice, 'file' | 'contract' | 'options'>) =>
  readCsv(typeof file === 'string' ? bytesOf(file) : file, contract, options).objects()

function refusalOf(advice: Advice): EtlError {
  try {
    call(advice)
  } catch (error) {
    if (error instanceof EtlError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('advice about a CSV file', () => {
  /** What only a reader without csv-parse refuses, as that of the pipeline is. */
  const withoutForeign = (text: string) => String(caught(() => read(text)))
  const messages = [
    ...Object.values(ADVICE).map((advice) => refusalOf(advice).message),
    withoutForeign('sep=||\na||b\n1||x\n'),
  ]

  it('works when followed where csv-parse is not asked', () => {
    expect(messages.at(-1)).toContain('save the file with commas between the cells')
    expect(rowsOf(read('a,b\n1,x\n').frame)).toEqual([[1, 'x']])
  })

  it.each(Object.entries(ADVICE))('works when followed: %s', (_, advice) => {
    expect(refusalOf(advice).message).toContain(advice.says)
    expect(call({ ...advice, ...advice.followed })).toEqual(advice.rows)
  })

  it('to read with checkCsv works for every row that does not fit', () => {
    const refused = refusalOf({ file: 'a,b\n1,x\n2\n', says: '', followed: {}, rows: [] })
    expect(refused.message).toContain('or read it with checkCsv, which gives the rows that fit and the issues')
    expect(checkCsv(bytesOf('a,b\n1,x\n2\n')).table.objects()).toEqual(ab)
  })

  it.each([
    ...['errors', 'foreign-format', 'forbid', 'quoting', 'dialect'],
    ...['read/csv-parse-records', 'read/header', 'read/header-line', 'read/notes'],
  ])('in %s.ts is all in this test', (name) => {
    // formats that another test holds, each with its cure, sentences that tell what is, and what only a terminal says
    const others =
      /^(?:it|they) (?:is|are)|unpack it first|open it and save it|a program reads it with|export the table as CSV|no table|take it out of the file/
    const unseen = [...readFileSync(join(source, `${name}.ts`), 'utf8').matchAll(/`([^`]*)`|'((?:[^'\\\n]|\\.)*)'/g)]
      .map(([, template, plain]) => template ?? plain ?? '')
      // advice is a part of a sentence that begins behind a semicolon, or a phrase that stands by itself
      .flatMap((sentence) => (/[;,] (?:or )?[a-z]+ /.test(sentence) ? [sentence.split(/; /).at(-1) ?? ''] : []))
      .filter((cure) => !others.test(cure))
      .map((cure) => cure.replace(/\\'/g, "'"))
      .filter((cure) => {
        const pattern = cure
          .split(/\$\{[^}]*\}/)
          .map((part) => part.replace(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
          .join('.*')
        return !messages.some((message) => new RegExp(pattern).test(message))
      })
    expect(unseen).toEqual([])
  })
})

const cells = defineTable('cells', {
  id: key(string()),
  number: nullable(float64()),
  whole: nullable(int64()),
  at: nullable(timestamp()),
  second: nullable(timestamp({ unit: 's' })),
  day: nullable(date()),
  flag: nullable(boolean()),
})

/** A cell that does not fit, what its issue says of it, and the cell as the advice wants it. */
const CELLS: readonly (readonly [column: string, cell: string, says: string, corrected: string, value: unknown])[] = [
  ['number', '14,5', 'a decimal comma: write 14.5, not 14,5', '14.5', 14.5],
  ['number', '-,5', 'a decimal comma: write 14.5, not 14,5', '-.5', -0.5],
  ['number', '1,234', 'a comma for thousands or for decimals: write 1234 or 1.234', '1234', 1234],
  ['number', '1,234,567.5', 'commas between thousands: write 1234567.5', '1234567.5', 1234567.5],
  ['number', '1.234,5', 'points between thousands: write 1234567.5', '1234.5', 1234.5],
  ['number', '1 234', 'gaps between thousands: write 1234567.5', '1234', 1234],
  ['number', '00:12:30', "a duration: write it as one number in the column's unit", '12.5', 12.5],
  ['number', '12:30', "a duration: write it as one number in the column's unit", '12.5', 12.5],
  ['number', 'PT12M30S', "a duration: write it as one number in the column's unit", '12.5', 12.5],
  ['number', '12.5 %', 'a currency or percent sign: write only the number', '12.5', 12.5],
  ['number', '$12', 'a currency or percent sign: write only the number', '12', 12],
  ['whole', '1.234', 'points between thousands: write 1234567.5', '1234', 1234n],
  [
    'at',
    '31/01/2025 14:30',
    'does not begin with the year: write 2025-01-31',
    '2025-01-31T14:30Z',
    '2025-01-31T14:30Z',
  ],
  [
    'at',
    '1.2.25',
    'because 01/02/2025 does not say which number is the month',
    '2025-02-01T00:00Z',
    '2025-02-01T00:00Z',
  ],
  ['at', '2025/01/31 14:30', 'a date without dashes: write 2025-01-31', '2025-01-31 14:30', '2025-01-31T14:30Z'],
  ['at', '2025-01-31', 'a day without a time: write 2025-01-31T00:00:00Z', '2025-01-31T00:00:00Z', '2025-01-31T00:00Z'],
  ['at', '1736087400', 'seconds or milliseconds since 1970: write', '2025-01-05T14:30:00Z', '2025-01-05T14:30Z'],
  [
    'at',
    '2025-01-05 14:30:00.123456+00',
    'a finer fraction of a second: cut it to 3 digits',
    '2025-01-05 14:30:00.123+00',
    '2025-01-05T14:30:00.123Z',
  ],
  ['at', '2025-01-05 14:30 CET', 'write Z or an offset such as +01:00', '2025-01-05 14:30+01:00', '2025-01-05T13:30Z'],
  [
    'second',
    '2025-01-05T14:30:00.5Z',
    'a finer fraction of a second: cut it off',
    '2025-01-05T14:30:00Z',
    '2025-01-05T14:30Z',
  ],
  ['day', '31.01.2025', 'does not begin with the year: write 2025-01-31', '2025-01-31', '2025-01-31'],
  ['day', '2025-01-31T00:00', 'a day with a time after it: write only the day', '2025-01-31', '2025-01-31'],
  ['flag', 'yes', 'true or false', 'true', true],
]

describe('advice about a cell', () => {
  const read = (column: string, cell: string) => {
    const names = Object.keys(cells.columns)
    const record = names.map((name) => (name === 'id' ? 'a' : name === column ? `"${cell}"` : ''))
    return checkCsv(bytesOf(`${names.join(',')}\n${record.join(',')}\n`), cells)
  }

  it.each(CELLS)('of %s names what %j looks like, and works when followed', (column, cell, says, corrected, value) => {
    expect(read(column, cell).issues).toMatchObject([{ column, found: cell, expected: expect.stringContaining(says) }])
    const { table, issues } = read(column, corrected)
    const [row] = table.objects() as Record<string, unknown>[]
    const expected = column === 'at' || column === 'second' ? new Date(String(value)) : value
    expect([issues, row?.[column]]).toEqual([[], expected])
  })

  it('says no more than what was expected where nobody knows what a cell is', () => {
    expect(read('number', 'many').issues[0]?.expected).toBe('a decimal number')
    expect(read('at', 'soon').issues[0]?.expected).toBe(
      'a timestamp such as 2025-01-31T14:30:00Z, no finer than milliseconds',
    )
  })
})

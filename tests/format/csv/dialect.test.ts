import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EtlError } from '../../../src/errors.ts'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { defineTable, float64, key, nullable, string, timestamp } from '../../../src/table/contract.ts'
import { caught, read, rowsOf, textRows } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)
const foreign = readByCsvParse

describe('another dialect, read by csv-parse', () => {
  it('may have a delimiter of several characters', () => {
    expect(textRows('a||b\n1|2||"x||y"\n', { delimiter: '||', foreign })).toEqual([['1|2', 'x||y']])
  })

  it('may escape quotes by a backslash', () => {
    expect(textRows('a,b\n"say \\"hi\\"",2\n', { escape: '\\', foreign })).toEqual([['say "hi"', '2']])
  })

  it('may have comment lines, which count as lines and not as records', () => {
    const { frame, rejected } = read('# made by hand\na,b\n# first\n1,2\n3\n#\n4,5\n', { comment: '#', foreign })
    expect(rowsOf(frame)).toEqual([
      [1, 2],
      [4, 5],
    ])
    expect(rejected).toEqual([{ row: 2, line: 5, text: '3' }])
  })

  it('may take stray quotes for text, from the first record on that has one', () => {
    const text = 'a,b\n1,"x"\n2,5" disk\n3, "y" \n'
    expect(textRows(text, { strayQuotes: 'text', foreign })).toEqual([
      ['1', 'x'],
      ['2', '5" disk'],
      ['3', 'y'],
    ])
  })

  it('may take text behind a closing quote for text, as it is written', () => {
    const text = 'a,b\n"x" y,"2"\n "x ""y"" z" t , " 3" \n"4"\t,""\n"5" "6","7\n8" 9"\n'
    expect(textRows(text, { strayQuotes: 'text', foreign })).toEqual([
      ['"x" y', '2'],
      ['"x ""y"" z" t', ' 3'],
      ['4', ''],
      ['"5" "6"', '"7\n8" 9"'],
    ])
    const escaped = 'a,b\n"x \\"y\\n" z,"\\"2\\\\"\n"\\"3" ,"4" "\n'
    expect(textRows(escaped, { strayQuotes: 'text', escape: '\\', foreign })).toEqual([
      ['"x \\"y\\n" z', '"2\\'],
      ['"3', '"4" "'],
    ])
    expect(
      rowsOf(read('# "\n"1" x,2\n', { strayQuotes: 'text', comment: '#', header: ['a', 'b'], foreign }).frame),
    ).toEqual([['"1" x', 2]])
  })

  it('takes stray quotes for text wherever they stand', () => {
    /** The records of a text as a pattern finds them; null if a quote is never closed. */
    const recordsOf = (text: string): string[][] | null => {
      const cell = / *"((?:[^"]|"")*)"(?!")([^,\n]*)([,\n])|(?! *")([^,\n]*)([,\n])/y
      const records: string[][] = [[]]
      for (let at = 0; at < text.length; at = cell.lastIndex) {
        cell.lastIndex = at
        const found = cell.exec(text)
        if (found === null) return null
        const [whole, inner, behind = '', , plain, end = found[3]] = found
        const isQuoted = inner !== undefined && behind.trim() === ''
        records.at(-1)?.push(isQuoted ? inner.replaceAll('""', '"') : (plain ?? whole.slice(0, -1)).trim())
        if (end === '\n') records.push([])
      }
      return records
    }
    const text = fc.string({ unit: fc.constantFrom('"', '"', ',', '\n', 'a', ' '), maxLength: 30 })
    const size = fc.constantFrom(1, 3, Number.POSITIVE_INFINITY)
    fc.assert(
      fc.property(text, size, (body, chunk) => {
        const expected = recordsOf(`${body}\n`)?.filter(({ length }) => length === 3) ?? 'quote_invalid'
        let ours: unknown
        try {
          const { frame } = read(`a,b,c\n${body}\n`, { types: 'text', strayQuotes: 'text', foreign }, chunk)
          ours = rowsOf(frame).map((row) => row.map((one) => String(one ?? '')))
        } catch (error) {
          ours = (error as EtlError).code
        }
        expect(ours).toEqual(expected)
      }),
      { numRuns, examples: ['a"b",c,d', '"a","b" c,d', ' "a" ,"b""" "",""d', '"a" "\n",b,c'].map((one) => [one, 1]) },
    )
  })

  it('fills the same columns and finds the same issues', () => {
    const contract = defineTable('t', { id: key(string()), at: nullable(timestamp()), share: nullable(float64()) })
    const text = 'id,at,share\na,2025-01-31T14:30:00Z,1.5\n,,x\nb,"","\0"\nc\n'
    const direct = read(text, { contract, file: 'f' })
    const through = read(text, { contract, file: 'f', comment: '#', foreign })
    expect(through).toEqual(direct)
    expect(direct.issues).toHaveLength(4)
  })

  it('is cut short where its last record is', () => {
    expect(caught(() => read('a||b\n1||2\n3', { delimiter: '||', foreign }))).toMatchObject({
      code: 'record_truncated',
    })
  })

  it('is checked for UTF-8 as a whole', () => {
    const bytes = Uint8Array.of(0x61, 0x0a, 0x78, 0x0a, 0xe9, 0x0a)
    expect(caught(() => read(bytes, { comment: '#', foreign, file: 'f' }))).toMatchObject({
      code: 'encoding_invalid',
      message: expect.stringContaining('f line 3: byte 4 of the file is not UTF-8'),
    })
  })

  it('needs csv-parse to be given, and options that mean something', () => {
    expect(caught(() => read('a\n', { comment: '#' }))).toMatchObject({ code: 'invalid_option' })
    for (const options of [
      { delimiter: '' },
      { delimiter: '\n' },
      { quote: '""' },
      { quote: ',' },
      { escape: '' },
      { comment: '' },
    ]) {
      expect(
        caught(() => read('a\n', { ...options, foreign })),
        JSON.stringify(options),
      ).toMatchObject({ code: 'invalid_option' })
    }
  })
})

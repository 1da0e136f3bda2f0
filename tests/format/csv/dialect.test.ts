import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
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

  it('takes stray quotes as csv-parse does, wherever they stand', () => {
    const text = fc.string({ unit: fc.constantFrom('"', '"', ',', '\n', 'a', ' '), maxLength: 30 })
    const attempt = (call: () => string[][]) => {
      try {
        return call()
      } catch {
        return 'refused'
      }
    }
    fc.assert(
      fc.property(text, (body) => {
        const theirs = attempt(() =>
          parse(`${body}\n`, {
            relax_quotes: true,
            relax_column_count: true,
            trim: true,
            record_delimiter: ['\r\n', '\n', '\r'],
          }).filter(({ length }) => length === 3),
        )
        const ours = attempt(() => {
          const { frame } = read(`a,b,c\n${body}\n`, { types: 'text', strayQuotes: 'text', foreign })
          return rowsOf(frame).map((row) => row.map((cell) => String(cell ?? '')))
        })
        expect(ours).toEqual(theirs)
      }),
      { numRuns, examples: [['a"b",c,d'], ['"a","b" c,d']] },
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

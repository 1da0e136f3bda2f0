import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../../src/errors.ts'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { bytesOf, read, rowsOf } from './csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 5000)

/** What csv-parse makes of a document under the dialect that the fast reader speaks. */
function authority(
  text: string,
): { cells: (string | null)[][]; ragged: { row: number; cells: number | 'header' }[] } | 'refused' {
  const records: { cells: (string | null)[]; isBlank: boolean }[] = []
  let quoted: boolean[] = []
  try {
    parse(text, {
      trim: true,
      bom: true,
      relax_column_count: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      cast: (cell, { quoting }) => {
        quoted.push(quoting)
        return cell
      },
      on_record: (cells: string[]) => {
        const flags = quoted
        quoted = []
        records.push({
          cells: cells.map((cell, at) => (cell === '' && !flags[at] ? null : cell)),
          isBlank: cells.length === 1 && cells[0] === '' && !flags[0],
        })
        return null
      },
    })
  } catch {
    return 'refused'
  }
  const headerAt = records.findIndex(({ isBlank }) => !isBlank)
  const header = records[headerAt]
  if (header === undefined) return { cells: [], ragged: [] }
  const width = header.cells.length
  const names = header.cells.map((cell) => cell ?? '')
  const isNamed = names.some((name) => name !== '')
  const isRepeated = (cells: (string | null)[]) =>
    isNamed && cells.length === width && cells.every((cell, at) => (cell ?? '') === names[at])
  const kept = records.slice(headerAt + 1).filter(({ isBlank }) => !isBlank || width === 1)
  const rows = kept.map(({ cells }) => cells).filter((cells) => cells.length === width && !isRepeated(cells))
  // a column that has neither name nor value is left out
  const isShown = names.map((name, at) => name !== '' || width === 1 || rows.some((cells) => (cells[at] ?? '') !== ''))
  return {
    cells: [names, ...rows.map((cells) => cells.filter((_, at) => isShown[at]))],
    ragged: kept.flatMap<{ row: number; cells: number | 'header' }>(({ cells }, at) => {
      if (isRepeated(cells)) return [{ row: at + 1, cells: 'header' }]
      return cells.length === width ? [] : [{ row: at + 1, cells: cells.length }]
    }),
  }
}

/** What the columnar reader makes of it; what it does not recognise it leaves to csv-parse. */
function columnar(text: string, chunk?: number): ReturnType<typeof authority> | 'unreadable' {
  try {
    const { frame, issues, header } = read(
      bytesOf(text),
      { types: 'text', delimiter: ',', foreign: readByCsvParse },
      chunk,
    )
    return {
      cells: [[...header.names], ...(rowsOf(frame) as (string | null)[][])],
      ragged: issues.map(({ code, row, found }) => ({
        row,
        cells: code === 'header_repeated' ? 'header' : Number.parseInt(found ?? '', 10),
      })),
    }
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    return error.code === 'quote_invalid' ? 'refused' : 'unreadable'
  }
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const plainCell = fc.string({
  unit: fc.constantFrom('a', 'B', '0', '7', ' ', '\t', 'é', '😀', ' ', '-', ':', "'"),
  maxLength: 12,
})
const quotedCell = fc
  .string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', '😀', '1', '\u3000'), maxLength: 8 })
  .map((text) => `"${text.replaceAll('"', '""')}"`)
const paddedCell = fc
  .tuple(fc.constantFrom('', ' ', '\t '), quotedCell, fc.constantFrom('', ' ', ' \t'))
  .map((parts) => parts.join(''))
const cell = fc.oneof(
  { weight: 6, arbitrary: plainCell },
  { weight: 3, arbitrary: quotedCell },
  { weight: 1, arbitrary: paddedCell },
)

/** A document of one width, with ragged records and blank lines here and there. */
const document = fc
  .record({
    width: fc.integer({ min: 1, max: 4 }),
    bom: fc.boolean(),
    end: lineEnd,
    records: fc.array(
      fc.record({
        cells: fc.array(cell, { minLength: 6, maxLength: 6 }),
        oddity: fc.integer({ min: 0, max: 30 }),
        end: lineEnd,
      }),
      {
        maxLength: 8,
      },
    ),
    last: fc.constantFrom('', 'end'),
  })
  .map(({ width, bom, end, records, last }) => {
    const names = Array.from({ length: width }, (_, at) => `c${at}`).join(',')
    const lines = records.map(({ cells, oddity, end: own }, at) => {
      const length = oddity === 0 ? width + 1 : oddity === 1 && width > 1 ? width - 1 : width
      const text = oddity === 2 ? '' : oddity === 3 ? '  ' : cells.slice(0, length).join(',')
      return text + (at === records.length - 1 && last === '' ? '' : oddity === 4 ? own : end)
    })
    return `${bom ? '\ufeff' : ''}${names}${end}${lines.join('')}`
  })

const noise = fc.constantFrom('"', ',', '\n', '\r', ' ', '""', ',,', 'x', '\r\n', '\0')
const mutated = fc
  .tuple(document, fc.array(fc.tuple(fc.nat(200), noise, fc.boolean()), { minLength: 1, maxLength: 4 }))
  .map(([text, edits]) =>
    edits.reduce((edited, [at, added, removes]) => {
      const place = at % (edited.length + 1)
      return edited.slice(0, place) + added + edited.slice(place + (removes ? 1 : 0))
    }, text),
  )

describe('the columnar reader and csv-parse', () => {
  const agree = (text: string) => {
    const ours = columnar(text)
    const theirs = authority(text)
    if (ours === 'unreadable') return
    expect(ours).toEqual(theirs)
  }

  it('agree on regular documents, in values, nulls and record numbers', () => {
    let readable = 0
    fc.assert(
      fc.property(document, (text) => {
        if (columnar(text) !== 'unreadable') readable++
        agree(text)
      }),
      { numRuns },
    )
    expect(readable).toBeGreaterThan(numRuns / 2)
  })

  it('agree on damaged documents, also on which are refused', () => {
    fc.assert(fc.property(mutated, agree), { numRuns })
  })

  it('agree on any text of the characters that matter', () => {
    const text = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', '1', '\t'), maxLength: 40 })
    fc.assert(fc.property(text, agree), { numRuns })
  })

  it('give the same columns through the fallback', () => {
    const forced = fc.property(mutated, (text) => {
      const options = { types: 'text', delimiter: ',', foreign: readByCsvParse, file: 'x.csv' } as const
      const attempt = (more: object) => {
        try {
          const { frame, issues, rejected, recordCount } = read(bytesOf(text), { ...options, ...more })
          return { rows: rowsOf(frame), issues, rejected, recordCount }
        } catch (error) {
          if (error instanceof FormatError) return error.code
          if (error instanceof Error && 'code' in error) return error.code
          throw error
        }
      }
      const direct = attempt({})
      // a comment mark that no document has makes csv-parse read all of it
      const foreign = attempt({ comment: '#never#' })
      // a NUL is refused where it can be seen
      if (direct !== 'encoding_invalid') expect(foreign).toEqual(direct)
    })
    fc.assert(forced, { numRuns: Math.ceil(numRuns / 2) })
  })

  it('give the same result for any cut into chunks (law 18)', () => {
    fc.assert(
      fc.property(mutated, fc.integer({ min: 1, max: 9 }), (text, chunk) => {
        expect(columnar(text, chunk)).toEqual(columnar(text))
      }),
      { numRuns },
    )
  })
})

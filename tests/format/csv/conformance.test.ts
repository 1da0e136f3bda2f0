import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readByCsvParse } from '../../../src/format/csv/read/fallback.ts'
import { csvReader } from '../../../src/format/csv/read/reader.ts'
import { agents, contactCenters, interactions, serviceCategories } from '../../../src/systems/support/tables.ts'
import { defineTable, string } from '../../../src/table/contract.ts'
import { caught, read, rowsOf } from './csv-tables.ts'

const data = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'data')
const spectrum = join(data, 'conformance', 'csv-spectrum')
const testData = join(data, 'conformance', 'csv-test-data')
const challenge = join(data, 'support-challenge')

const filesOf = (folder: string) =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.csv')) : []

/** Header and rows as text; neither suite knows null. */
function textTable(path: string, options = {}): string[][] {
  const { frame, header, issues } = read(readFileSync(path), { types: 'text', ...options })
  expect(issues).toEqual([])
  return [[...header.names], ...rowsOf(frame).map((row) => row.map((cell) => String(cell ?? '')))]
}

/** What a suite's JSON says: rows with their header in front, or objects. */
function expectedTable(path: string): string[][] {
  const rows: (string[] | Record<string, string>)[] = JSON.parse(readFileSync(path, 'utf8'))
  const [first] = rows
  if (first === undefined || Array.isArray(first)) return rows as string[][]
  return [Object.keys(first), ...rows.map((row) => Object.values(row))]
}

describe.skipIf(!existsSync(spectrum))('csv-spectrum', () => {
  const odd = 'location_coordinates.csv'

  it.each(filesOf(join(spectrum, 'csvs')).filter((name) => name !== odd))('%s reads as its JSON says', (name) => {
    expect(textTable(join(spectrum, 'csvs', name))).toEqual(
      expectedTable(join(spectrum, 'json', name.replace('.csv', '.json'))),
    )
  })

  it(`${odd} has quotes inside text: refused, and read where that is asked`, () => {
    const path = join(spectrum, 'csvs', odd)
    expect(caught(() => textTable(path))).toMatchObject({ code: 'quote_invalid' })
    // its JSON is one object, of another telephone number
    const expected: Record<string, string> = JSON.parse(
      readFileSync(join(spectrum, 'json', odd.replace('.csv', '.json')), 'utf8'),
    )
    const [names, row] = textTable(path, { strayQuotes: 'text', foreign: readByCsvParse })
    expect(names).toEqual(Object.keys(expected))
    expect(row?.slice(1)).toEqual(Object.values(expected).slice(1))
  })
})

describe.skipIf(!existsSync(testData))('csv-test-data', () => {
  const folder = join(testData, 'csv')
  const good = filesOf(folder).filter((name) => !name.startsWith('bad-'))
  /** This reader trims white space around unquoted cells; the suite keeps it. */
  const trimmed = ['leading-space.csv', 'trailing-space.csv']

  it.each(good.filter((name) => name !== 'all-empty.csv'))('%s reads as its JSON says', (name) => {
    const expected = expectedTable(join(testData, 'json', name.replace('.csv', '.json')))
    const table = textTable(join(folder, name))
    const wanted = trimmed.includes(name) ? expected.map((row) => row.map((cell) => cell.trim())) : expected
    // a header without rows is no row in its JSON
    expect(wanted.length === 0 ? table.slice(1) : table).toEqual(wanted)
  })

  it('all-empty.csv has two rows, where it is said that it has no header', () => {
    expect(textTable(join(folder, 'all-empty.csv'), { header: ['only'] }).slice(1)).toEqual([[''], ['']])
    expect(caught(() => textTable(join(folder, 'all-empty.csv')))).toMatchObject({ code: 'header_missing' })
  })

  const contract = defineTable('t', { foo: string(), bar: string(), baz: string() })
  it.each([
    ['bad-header-less-fields.csv', 'record_truncated'],
    ['bad-header-more-fields.csv', 'record_length'],
    ['bad-header-no-header.csv', 'empty_file'],
    ['bad-header-wrong-header.csv', 'column_missing'],
    ['bad-missing-quote.csv', 'quote_invalid'],
    ['bad-quotes-with-unescaped-quote.csv', 'quote_invalid'],
    ['bad-unescaped-quote.csv', 'quote_invalid'],
  ])('%s is diagnosed as %s', (name, code) => {
    const diagnose = () => {
      const [issue] = read(readFileSync(join(folder, name)), { contract }).issues
      throw issue
    }
    expect(caught(diagnose)).toMatchObject({ code })
  })

  it('has no bad file that is not diagnosed above', () => {
    expect(filesOf(folder).filter((name) => name.startsWith('bad-'))).toHaveLength(7)
  })
})

describe.skipIf(!existsSync(challenge))('the files of the support challenge', () => {
  const contracts = { interactions, agents, contact_centers: contactCenters, service_categories: serviceCategories }
  const isDelete = (action: string) => action === 'delete'
  const readFile = (folder: string, name: string) => {
    const contract = Object.values(contracts).find(({ name: table }) => name.startsWith(table))
    const actionColumn = folder === 'delta' ? 'action' : undefined
    return read(readFileSync(join(challenge, folder, name)), { contract, actionColumn, isDelete, file: name })
  }

  it('read without an issue, delete rows with their blank and stale cells included', () => {
    for (const folder of ['initial', 'delta']) {
      for (const name of filesOf(join(challenge, folder))) expect(readFile(folder, name).issues, name).toEqual([])
    }
  })

  it('have 10 + 22 facts and 36 changes, whose actions come trimmed', () => {
    const rows = (folder: string, table: string) =>
      filesOf(join(challenge, folder))
        .filter((name) => name.startsWith(table))
        .reduce((sum, name) => sum + readFile(folder, name).frame.rows, 0)
    expect([rows('initial', 'interactions'), rows('delta', 'interactions'), rows('delta', '')]).toEqual([10, 22, 36])
    const actions = filesOf(join(challenge, 'delta')).flatMap((name) => [
      ...(readFile('delta', name).frame.columns.get('action') ?? []),
    ])
    expect([...new Set(actions)].sort()).toEqual(['add', 'delete', 'update'])
  })

  it('type stamps, durations and ratings, and keep ids as text', () => {
    const { frame } = readFile('initial', 'interactions.csv')
    expect(Array.from(frame.columns.values(), ({ kind }) => kind)).toEqual([
      'text',
      'timestamp',
      ...['text', 'text', 'text', 'text'],
      ...['timestamp', 'timestamp', 'timestamp'],
      ...['float64', 'float64'],
    ])
    expect(frame.columns.get('interaction_start')?.at(0)).toBeInstanceOf(Date)
  })

  it('read the same byte by byte', () => {
    const bytes = readFileSync(join(challenge, 'delta', 'interactions_delta_202502.csv'))
    const reader = csvReader({ contract: interactions, actionColumn: 'action', isDelete, windowBytes: 1 })
    for (const byte of bytes) reader.push(Uint8Array.of(byte))
    expect(rowsOf(reader.end().frame)).toEqual(rowsOf(readFile('delta', 'interactions_delta_202502.csv').frame))
  })
})

/** JSON in a declared shape: lists inside objects, objects in a row, names inside objects, and the forms of values. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonFrame } from '../../../src/format/json/read.ts'
import { type JsonTableOptions, readJson, readJsonLines } from '../../../src/format/json/table.ts'
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  int64,
  key,
  nullable,
  string,
  timestamp,
} from '../../../src/table/contract.ts'
import { caught, rowsOf } from '../csv/csv-tables.ts'

const numRuns = Number(process.env.SUPPORT_ETL_RUNS ?? 1000)
const encoder = new TextEncoder()
const read = (text: string, options: JsonTableOptions<'arquero'> = {}) =>
  readJson(encoder.encode(text), undefined, options).objects()

describe('a list inside an object', () => {
  it('is found by its path, whatever else is there', () => {
    const text = '{"page":1,"meta":{"rows":[{"x":1}],"n":1e999},"rows":[{"a":1},{"a":2}],"next":null}'
    expect(read(text, { path: 'rows' })).toEqual([{ a: 1 }, { a: 2 }])
    expect(read(text, { path: 'meta.rows' })).toEqual([{ x: 1 }])
    expect(read('{"rows":[]}', { path: 'rows' })).toEqual([])
    expect(read('{\n "a": {"b": {"c": [\n{"x":[1]}]}}}\n', { path: 'a.b.c' })).toEqual([{ x: [1] }])
  })

  it('is on each line, or in each object of several', () => {
    const text = '{"rows":[{"a":1}]}\n{"rows":[]}\n\n{"rows":[{"a":2},{"a":3}]}\n'
    const rows = [{ a: 1 }, { a: 2 }, { a: 3 }]
    expect(readJsonLines(encoder.encode(text), undefined, { path: 'rows' }).objects()).toEqual(rows)
    expect(read(text.replaceAll('\n', ''), { path: 'rows', layout: 'concatenated' })).toEqual(rows)
  })

  it('must be where it is declared, and be a list of objects', () => {
    const refusal = (text: string, path: string) => {
      const error = caught(() => read(text, { path, file: 'f.json' })) as Error & { code: string }
      return [error.code, error.message]
    }
    expect(refusal('{"row":[]}', 'rows')).toEqual([
      'json_invalid',
      'f.json line 1 column 2: found """, expected "rows", the declared path of the rows, in this object',
    ])
    expect(refusal('{"a":{"row":[]}}', 'a.rows')).toMatchObject(['json_invalid', expect.stringContaining('"a.rows"')])
    expect(refusal('{"a":1}', 'a.rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('an object that has "a.rows"'),
    ])
    expect(refusal('{"rows":{}}', 'rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('an array of objects'),
    ])
    expect(refusal('{"rows":[1]}', 'rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('an object (row 1)'),
    ])
    expect(refusal('{"rows":[],"rows":[]}', 'rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('only once'),
    ])
    expect(refusal('{"rows":[]} {}', 'rows')).toMatchObject(['json_invalid', expect.stringContaining('nothing after')])
    expect(refusal('[{"rows":[]}]', 'rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('an object that has "rows"'),
    ])
    expect(refusal('{"x":[01],"rows":[]}', 'rows')).toMatchObject([
      'json_invalid',
      expect.stringContaining('leading zero'),
    ])
    expect(refusal('a,b\n1,2\n', 'rows')).toEqual([
      'json_invalid',
      'f.json: looks like CSV, expected a JSON object around the list of rows; export it as JSON; a program reads it with readCsv',
    ])
  })
})

describe('objects in a row', () => {
  const rows = fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof(fc.string(), fc.integer())), {
    minLength: 1,
  })
  const between = fc.constantFrom('', ' ', '\n', '\r\n\t', '\n\u001e', '\u001e')

  it('give the rows of an array of them, whatever is between them', () => {
    fc.assert(
      fc.property(rows, between, fc.constantFrom(undefined, 1), (objects, space, indent) => {
        const text = objects.map((row) => JSON.stringify(row, null, indent)).join(space)
        const begin = space.includes('\u001e') ? '\u001e' : ''
        expect(read(begin + text, { layout: 'concatenated' })).toEqual(read(JSON.stringify(objects)))
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })

  it('are refused where one is damaged, with its place', () => {
    expect(caught(() => read('{"a":1}{"a":}', { layout: 'concatenated' }))).toMatchObject({
      message: expect.stringContaining('line 1 column 13'),
    })
    expect(caught(() => read('{"a":1},{"a":2}', { layout: 'concatenated' }))).toMatchObject({ code: 'json_invalid' })
  })
})

describe('names inside objects', () => {
  const contract = defineTable('contacts', {
    id: key(string()),
    agent: nullable(string()),
    queue: nullable(string()),
    seconds: nullable(int32()),
  })
  const columnAliases = {
    ContactId: 'id',
    'Agent.Username': 'agent',
    'Queue.Name': 'queue',
    'Agent.Work.Seconds': 'seconds',
  }
  const contacts = (text: string, options: JsonTableOptions<'arquero'> = {}) =>
    readJson(encoder.encode(text), contract, { columnAliases, extraColumns: 'drop', ...options }).objects()

  it('are columns, in any order; an object that is null has none of them', () => {
    const text = `[
      {"ContactId":"1","Agent":{"ARN":{"x":[1]},"Username":"ada","Work":{"Seconds":12}},"Queue":{"Name":"q"},"Other":1},
      {"Agent":null,"ContactId":"2","Queue":{}},
      {"Queue":{"ARN":"y","Name":"r"},"Agent":{"Work":null,"Username":"bob"},"ContactId":"3"},
      {"ContactId":"4"}]`
    expect(contacts(text)).toEqual([
      { id: '1', agent: 'ada', queue: 'q', seconds: 12 },
      { id: '2', agent: null, queue: null, seconds: null },
      { id: '3', agent: 'bob', queue: 'r', seconds: null },
      { id: '4', agent: null, queue: null, seconds: null },
    ])
  })

  it('may hold the point themselves', () => {
    expect(contacts('[{"ContactId":"1","Agent.Username":"ada"}]')).toMatchObject([{ id: '1', agent: 'ada' }])
    expect(caught(() => contacts('[{"ContactId":"1","Agent.Username":"ada","Agent":{"Username":"b"}}]'))).toMatchObject(
      {
        code: 'json_invalid',
        message: expect.stringContaining('a name that occurs only once'),
      },
    )
  })

  it('are in objects, or the file is refused', () => {
    for (const value of ['1', '"x"', 'true', '[1]']) {
      const text = `[{"ContactId":"1","Agent":${value}}]`
      expect(
        caught(() => contacts(text)),
        value,
      ).toMatchObject({ code: 'json_invalid' })
    }
  })

  it('may be spelt in several ways, of which a row has one', () => {
    const aliases = { columnAliases: { contactId: 'id', ContactId: 'id' } }
    expect(
      contacts('[{"ContactId":"1"},{"contactId":"2"},{"ContactId":"3"}]', aliases).map(
        (row) => (row as { id: string }).id,
      ),
    ).toEqual(['1', '2', '3'])
    expect(caught(() => contacts('[{"ContactId":"1","contactId":"2"}]', aliases))).toMatchObject({
      code: 'json_invalid',
    })
  })

  it('are dropped where they are of no column, or refused as the contract says', () => {
    expect(caught(() => contacts('[{"ContactId":"1","Other":1}]', { extraColumns: 'contract' }))).toMatchObject({
      code: 'column_extra',
    })
  })

  it('gives the same rows as objects that were flattened before', () => {
    const value = fc.option(fc.constantFrom('x', 'y', 'ä"'), { nil: undefined })
    const row = fc.record(
      {
        Agent: fc.option(
          fc.record({
            Username: value,
            Work: fc.option(fc.record({ Seconds: fc.integer({ min: 0, max: 9 }) })),
            Z: value,
          }),
        ),
        Queue: fc.record({ Name: value }),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.array(row), (objects) => {
        const text = JSON.stringify(objects.map((one, at) => ({ ...one, ContactId: `C${at}` })))
        const flat = objects.map(({ Agent, Queue }, at) => ({
          id: `C${at}`,
          agent: Agent?.Username ?? null,
          queue: Queue?.Name ?? null,
          seconds: Agent?.Work?.Seconds ?? null,
        }))
        expect(contacts(text)).toEqual(flat)
      }),
      { numRuns: Math.ceil(numRuns / 4) },
    )
  })
})

describe('declared forms of JSON values', () => {
  const contract = defineTable('t', {
    id: key(string()),
    at: nullable(timestamp()),
    day: nullable(date()),
    cost: nullable(float64()),
    count: nullable(int64()),
    open: nullable(boolean()),
    minutes: nullable(float64()),
  })
  const dialect = {
    timestamps: { form: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin' },
    dates: 'd.M.yyyy',
    decimal: ',',
    thousands: '.',
    booleans: { true: ['ja'], false: ['nein'] },
    nulls: ['-'],
    durations: { minutes: { form: 'hh:mm:ss', unit: 'minutes' } },
  } as const

  it('are those of CSV cells, and a JSON number is a number', () => {
    const text =
      '[{"id":"A","at":"31/01/2025 14:30","day":"1.2.2025","cost":"1.234,5","count":"9.007.199.254.740.993","open":"ja","minutes":"00:12:30"},' +
      '{"id":"B","at":"-","day":null,"cost":0.5,"count":12,"open":"nein","minutes":""},{"id":"C"}]'
    expect(readJson(encoder.encode(text), contract, dialect).objects()).toEqual([
      {
        id: 'A',
        at: new Date('2025-01-31T13:30:00Z'),
        day: '2025-02-01',
        cost: 1234.5,
        count: 9_007_199_254_740_993n,
        open: true,
        minutes: 12.5,
      },
      { id: 'B', at: null, day: null, cost: 0.5, count: 12n, open: false, minutes: null },
      { id: 'C', at: null, day: null, cost: null, count: null, open: null, minutes: null },
    ])
  })

  it('are issues of their rows where they do not fit, beside those of the check', () => {
    const strict = defineTable('t', { id: key(string()), at: timestamp(), minutes: float64(), note: string() })
    const text =
      '[{"id":"A","at":"2025-01-31","minutes":"1:00:00","note":"x"},{"id":null,"at":"31/01/2025 14:30","minutes":[],"note":"x"},' +
      '{"id":"C","at":null,"minutes":"0:00:06","note":"y"},{"id":"D","at":"01/02/2025 00:00","minutes":"0:00:06","note":"z"}]'
    const { timestamps, durations } = dialect
    const { frame, issues } = jsonFrame(encoder.encode(text), { contract: strict, dialect: { timestamps, durations } })
    expect(rowsOf(frame)).toEqual([['D', new Date('2025-01-31T23:00:00Z'), 0.1, 'z']])
    expect(issues.map(({ row, column, code, found }) => [row, column, code, found])).toEqual([
      [1, 'at', 'type_mismatch', '2025-01-31'],
      [2, 'id', 'null_key', null],
      [2, 'minutes', 'type_mismatch', 'a list or an object'],
      [3, 'at', 'null_value', null],
    ])
  })

  it('take epoch numbers as numbers', () => {
    const text = '[{"id":"A","at":1738333800000},{"id":"B","at":"1738333800000"},{"id":"C","at":1738333800000.5}]'
    const { frame, issues } = jsonFrame(encoder.encode(text), {
      contract,
      dialect: { timestamps: { form: 'epoch_milliseconds' } },
    })
    expect(rowsOf(frame).map(([, at]) => at)).toEqual([new Date(1_738_333_800_000), new Date(1_738_333_800_000)])
    expect(issues).toMatchObject([{ row: 3, column: 'at', found: '1738333800000.5' }])
  })

  it('need a contract', () => {
    expect(caught(() => read('[]', { dates: 'd.M.yyyy' }))).toMatchObject({ code: 'invalid_option' })
  })
})

describe('the options of a JSON reader', () => {
  it('refuse what no file can be read with, and name it', () => {
    const wrong: readonly (readonly [options: object, message: RegExp])[] = [
      [{ path: '' }, /^path is a string; expected names such as entries/],
      [{ path: 'a..b' }, /^path/],
      [{ path: 5 }, /^path is a number/],
      [{ layout: 'array' }, /^layout is a string; expected concatenated/],
      [{ encoding: 'ebcdic' }, /^encoding/],
      [{ columnAliases: { a: 1 } }, /^columnAliases/],
      [{ extraColumns: 'keep' }, /^extraColumns/],
      [{ delimiter: ';' }, /no option "delimiter"/],
    ]
    for (const [options, message] of wrong) {
      const error = caught(() => read('[]', options)) as Error
      expect([JSON.stringify(options), error.message]).toEqual([
        JSON.stringify(options),
        expect.stringMatching(message),
      ])
    }
  })

  it('declare another encoding', () => {
    const utf16 = new Uint8Array(Buffer.from('\ufeff[{"ä":"€"}]', 'utf16le'))
    expect(readJson(utf16, undefined, { encoding: 'utf-16le' }).objects()).toEqual([{ ä: '€' }])
    expect(caught(() => readJson(utf16, undefined, { encoding: 'utf-16be' }))).toMatchObject({
      code: 'encoding_invalid',
      message: expect.stringContaining('byte order mark of utf-16le'),
    })
  })
})

const faults = join(import.meta.dirname, '../../../../shared/data/faults/11-calls-wrong-format')

describe.skipIf(!exists(faults))('the files that are read once formats can be declared', () => {
  const file = (name: string) => readFileSync(join(faults, name))

  it('are read: an envelope, objects in a row, a text sequence, UTF-16', () => {
    expect(readJson(file('envelope.json'), undefined, { path: 'entries' }).numRows()).toBeGreaterThan(0)
    for (const name of ['concatpretty.json', 'rs.json']) {
      expect(readJson(file(name), undefined, { layout: 'concatenated' }).numRows(), name).toBeGreaterThan(0)
    }
    expect(readJsonLines(file('u16.json'), undefined, { encoding: 'utf-16le' }).numRows()).toBeGreaterThan(0)
  })
})

function exists(path: string): boolean {
  try {
    return readdirSync(path).length > 0
  } catch {
    // the real inputs are not there on every machine
    return false
  }
}

/** Declarations of formats: what is refused with its place, what counts, and what a run reads again. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import type { CsvFormat, JsonFormat, SourceFormat } from '../../src/pipeline/index.ts'
import {
  appends,
  csv,
  declarationSchema,
  defineJob,
  extractsAndDeltas,
  json,
  objects,
  parquet,
  planRun,
  readDeclaration,
  runPipeline,
  snapshots,
  withDeclaredFormats,
} from '../../src/pipeline/index.ts'
import type { NumberColumn } from '../../src/table/column.ts'
import { defineTable, float64, key, nullable, string, timestamp } from '../../src/table/contract.ts'
import { columnOf } from '../../src/table/frame.ts'
import { caught } from '../format/csv/csv-tables.ts'
import { textOf } from './phone-job.ts'

const columns = { id: key(string()), at: nullable(timestamp()), cost: nullable(float64()) }
const calls = defineTable('calls', columns)
const agents = defineTable('agents', columns)
const bills = defineTable('bills', columns)
const files = defineTable('files', columns)

const job = defineJob({
  name: 'center',
  tables: {
    calls: { contract: calls, source: extractsAndDeltas() },
    agents: { contract: agents, source: snapshots({ file: 'agents.json', format: json() }) },
    bills: { contract: bills, source: extractsAndDeltas({ format: csv({ decimal: ',', nulls: ['-'] }) }) },
    files: { contract: files, source: snapshots({ file: 'files.parquet', format: parquet() }) },
  },
})

const declare = (value: unknown) =>
  readDeclaration(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)), 'd.json')
const declared = (tables: object, overrides: object = {}) => withDeclaredFormats(job, declare({ tables }), overrides)

/** The dialect that a file of a table is read in. */
function dialectIn(of: typeof job, table: string, name = `initial/${table}.csv`, month: string | null = null): object {
  const source = of.tables[table]?.source as { format?: CsvFormat | JsonFormat } | undefined
  return source?.format?.dialectOf({ name, month }) ?? {}
}

describe('readDeclaration', () => {
  it('gives the options in the names of code', () => {
    const entry = {
      ...{ delimiter: ';', quote: null, encoding: 'latin1', skip_lines: 2, comment: '#', columns: { Nr: 'id' } },
      ...{ timestamps: { form: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin' }, finer_than_ms: 'cut', dates: 'dd/MM/yyyy' },
      ...{ durations: { cost: { form: 'hh:mm:ss', unit: 'minutes' } }, decimal: ',', thousands: '.', nulls: ['-'] },
      ...{ true: ['ja'], false: ['nein'], ragged: 'pad', stray_quotes: 'text', unnamed_columns: 'name' },
      ...{ repeated_columns: 'number', extra_columns: 'drop', names: 'a*', from: '2025-06' },
    }
    expect(declare({ $schema: 'x', tables: { calls: entry } }).tables.calls).toEqual([
      {
        names: 'a*',
        from: '2025-06',
        place: 'tables.calls',
        options: {
          ...{
            delimiter: ';',
            quote: null,
            encoding: 'latin1',
            skipLines: 2,
            comment: '#',
            columnAliases: { Nr: 'id' },
          },
          timestamps: { form: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin', finer: 'cut' },
          ...{ dates: 'dd/MM/yyyy', durations: { cost: { form: 'hh:mm:ss', unit: 'minutes' } } },
          ...{ decimal: ',', thousands: '.', nulls: ['-'], booleans: { true: ['ja'], false: ['nein'] } },
          ...{
            ragged: 'pad',
            strayQuotes: 'text',
            unnamedColumns: 'name',
            repeatedColumns: 'number',
            extraColumns: 'drop',
          },
        },
      },
    ])
  })

  it('names file, path, what was found and what was expected', () => {
    const wrong: readonly (readonly [value: unknown, message: string])[] = [
      ['{"tables":', 'd.json line 1 column 11: found the end, expected a value'],
      ['{"tables":{},"tables":{}}', 'd.json line 1 column 14: found """, expected a name that occurs only once'],
      [[], 'd.json is a list, expected an object with "tables"'],
      [{}, 'd.json: tables is not there, expected an object'],
      [{ table: {} }, 'd.json has "table", which is no name of a declaration; did you mean "tables"?'],
      [{ tables: [] }, 'd.json: tables is a list, expected an object'],
      [{ tables: { calls: [] } }, 'd.json: tables.calls is an empty list, expected one entry or more'],
      [{ tables: { calls: 'x' } }, 'd.json: tables.calls is "x", expected an object'],
      [
        { tables: { calls: { delimeter: ';' } } },
        'd.json: tables.calls has "delimeter", which is no name of a declaration; did you mean "delimiter"?',
      ],
      [{ tables: { calls: [{}, { delimiter: 5 }] } }, 'd.json: tables.calls[1].delimiter is 5, expected text'],
      [
        { tables: { calls: { encoding: 'utf8' } } },
        'd.json: tables.calls.encoding is "utf8", expected one of "utf-8", "utf-16le", "utf-16be", "latin1", "windows-1252"',
      ],
      [
        { tables: { calls: { skip_lines: -1 } } },
        'd.json: tables.calls.skip_lines is -1, expected a whole number from 0',
      ],
      [
        { tables: { calls: { header_row: 0 } } },
        'd.json: tables.calls.header_row is 0, expected a whole number from 1',
      ],
      [{ tables: { calls: { nulls: ['-', 5] } } }, 'd.json: tables.calls.nulls[1] is 5, expected text'],
      [
        { tables: { calls: { durations: { cost: { form: 'iso' } } } } },
        'd.json: tables.calls.durations.cost.unit is not there, expected a value',
      ],
      [
        { tables: { calls: { timestamps: { from: 'x' } } } },
        'd.json: tables.calls.timestamps has "from", which is no name of a declaration; expected form, zone, disambiguation',
      ],
      [
        { tables: { calls: { timestamps: { form: 'dd/MM/yyyy' } } } },
        'd.json: tables.calls: the form "dd/MM/yyyy" lacks the hour, minute',
      ],
      [
        { tables: { calls: { timestamps: { zone: 'Berlin/Europe' } } } },
        'd.json: tables.calls: time zone "Berlin/Europe" is not known',
      ],
      [
        { tables: { calls: { skip_lines: 1, header_row: 2 } } },
        'd.json: tables.calls: header_row is a number; expected no skip_lines beside it',
      ],
      [{ tables: { calls: { true: ['x'] } } }, 'd.json: tables.calls: booleans.false is undefined'],
      [
        { tables: { calls: { path: 'a', delimiter: ';' } } },
        'd.json: tables.calls is with "delimiter", which only CSV has, expected options of JSON beside path or layout',
      ],
      [
        { tables: { calls: { from: 'June' } } },
        'd.json: tables.calls.from is "June", expected a month such as 2025-06',
      ],
      [
        { tables: { calls: { names: '' } } },
        'd.json: tables.calls.names is "", expected a name of files such as log/2024-*.csv',
      ],
      [{ tables: { calls: { preset: 'exel-de' } } }, 'd.json: tables.calls.preset is "exel-de", expected "excel-de"'],
    ]
    for (const [value, message] of wrong) {
      const error = caught(() => declare(value)) as Error & { code: string }
      expect([JSON.stringify(value), error.message]).toEqual([JSON.stringify(value), expect.stringContaining(message)])
      expect(error.code).toMatch(/^(?:invalid_option|json_invalid)$/)
    }
  })

  it('bases an entry on a preset, and adds to its columns', () => {
    const [entry] = declare({ tables: { calls: { preset: 'excel-de', encoding: 'utf-8' } } }).tables.calls ?? []
    expect(entry).toMatchObject({ format: 'csv', options: { delimiter: ';', decimal: ',', encoding: 'utf-8' } })
    const [own] =
      declare({ tables: { calls: { preset: 'talkdesk', columns: { total_time: 'seconds' } } } }).tables.calls ?? []
    expect(own?.options.columnAliases).toMatchObject({ total_time: 'seconds', talk_time: 'talk_seconds' })
  })

  it('takes no long time over hostile files', () => {
    const before = performance.now()
    for (const text of [
      '['.repeat(100_000),
      '{"tables":'.repeat(20_000),
      `{"tables":{"${'a'.repeat(100_000)}":{"x":1}}}`,
    ]) {
      expect(() => declare(text)).toThrow()
    }
    expect(performance.now() - before).toBeLessThan(1000)
  })
})

describe('declarationSchema', () => {
  it('is the file that ships', () => {
    const shipped = readFileSync(join(import.meta.dirname, '../../support-etl.schema.json'), 'utf8')
    expect(shipped).toBe(`${JSON.stringify(declarationSchema(), null, 2)}\n`)
  })
})

describe('withDeclaredFormats', () => {
  it('lets the declaration count before the job, option by option, and overrides before both', () => {
    const of = declared({ bills: { delimiter: ';', nulls: ['n/a'] } }, { encoding: 'latin1' })
    expect(dialectIn(of, 'bills')).toEqual({ decimal: ',', nulls: ['n/a'], delimiter: ';', encoding: 'latin1' })
    expect(dialectIn(of, 'calls')).toEqual({ encoding: 'latin1' })
    expect(dialectIn(of, 'agents', 'agents.json')).toEqual({ encoding: 'latin1' })
    const forms = declared(
      { calls: { timestamps: { form: 'dd/MM/yyyy HH:mm', zone: 'Europe/Berlin' } } },
      { timestamps: { form: 'MM/dd/yyyy HH:mm' }, delimiter: ';' },
    )
    expect(dialectIn(forms, 'calls')).toEqual({
      timestamps: { form: 'MM/dd/yyyy HH:mm', zone: 'Europe/Berlin' },
      delimiter: ';',
    })
    expect(dialectIn(forms, 'agents', 'agents.json')).toEqual({ timestamps: { form: 'MM/dd/yyyy HH:mm' } })
    expect(forms.tables.files).toBe(job.tables.files)
  })

  it('takes the first entry whose names and month fit, else the job', () => {
    const of = declared({
      calls: [
        { from: '2025-06', delimiter: ';' },
        { names: 'initial/*', delimiter: '|' },
      ],
    })
    expect(dialectIn(of, 'calls', 'delta/calls_delta_202507.csv', '2025-07')).toEqual({ delimiter: ';' })
    expect(dialectIn(of, 'calls', 'delta/calls_delta_202505.csv', '2025-05')).toEqual({})
    expect(dialectIn(of, 'calls')).toEqual({ delimiter: '|' })
  })

  it('says things of every table that is not named, where they can be said of it', () => {
    const of = declared({ '*': [{ delimiter: ';' }], bills: { decimal: '.' } })
    expect(dialectIn(of, 'calls')).toEqual({ delimiter: ';' })
    expect(dialectIn(of, 'bills')).toEqual({ decimal: '.', nulls: ['-'] })
    expect(of.tables.agents).toBe(job.tables.agents)
  })

  it('refuses what a table cannot be, with its place', () => {
    const wrong: readonly (readonly [tables: object, message: string])[] = [
      [{ cals: {} }, 'd.json: tables has "cals", which is no table of job center; did you mean "calls"?'],
      [
        { calls: { path: 'x' } },
        'd.json: tables.calls is for JSON, expected options of CSV, which the files of "calls" are, or another "format"',
      ],
      [{ agents: { delimiter: ';' } }, 'd.json: tables.agents is for CSV, expected options of JSON'],
      [
        { agents: { from: '2025-06' } },
        'd.json: tables.agents.from is "2025-06", expected "names": only extracts and deltas have months',
      ],
      [
        { calls: { format: 'json' } },
        'd.json: tables.calls.format is "json", expected "csv": extracts and deltas are CSV',
      ],
      [
        { agents: [{ names: 'a', format: 'csv' }, {}] },
        'd.json: tables.agents[1].format is "json", expected "csv" as in tables.agents[0]',
      ],
      [
        { files: { encoding: 'latin1' } },
        'd.json: tables.files is declared, expected no entry: "files" is read as parquet, which takes none',
      ],
    ]
    for (const [tables, message] of wrong) {
      expect(caught(() => declared(tables))).toMatchObject({
        code: 'invalid_option',
        message: expect.stringContaining(message),
      })
    }
    expect(caught(() => declared({}, { delimiter: '' }))).toMatchObject({ code: 'invalid_option' })
  })

  it('makes another format of a snapshot, a list in an object of pieces, and one object a file of objects', async () => {
    const place = { data: memoryStore(), out: memoryStore() }
    const put = (name: string, text: string) => place.data.write(name, [new TextEncoder().encode(text)])
    const own = defineJob({
      name: 'shapes',
      tables: {
        calls: { contract: calls, source: appends({ prefix: 'log/', name: '*', format: json(), sequenceBy: null }) },
        agents: { contract: agents, source: snapshots({ file: 'agents', format: json() }) },
        bills: { contract: bills, source: objects({ prefix: 'bills/', name: '*', format: json() }) },
      },
    })
    await put('log/1', '{"list":[{"id":"A","cost":1}]}')
    await put('agents', 'id;at;cost\nB;;2\n')
    await put('bills/C', '{"bill":{"id":"C"},\n"cost":3}')
    const declaration = declare({
      tables: {
        calls: { path: 'list' },
        agents: { format: 'csv', delimiter: ';' },
        bills: { columns: { 'bill.id': 'id' } },
      },
    })
    await runPipeline(withDeclaredFormats(own, declaration), place)
    const rows = await Promise.all(['calls', 'agents', 'bills'].map((name) => textOf(place.out, `${name}.csv`)))
    expect(rows.map((text) => text.split('\n')[1])).toEqual(['A,,1', 'B,,2', 'C,,3'])
  })

  it('reads again only inputs whose own dialect is another one, as the ledger has it', async () => {
    const small = defineJob({ name: 'center', tables: { calls: { contract: calls, source: extractsAndDeltas() } } })
    const place = { data: memoryStore(), out: memoryStore() }
    const put = (name: string, text: string) => place.data.write(name, [new TextEncoder().encode(text)])
    await put('initial/calls.csv', 'id,at,cost\nA,,1\n')
    await put('delta/calls_delta_202506.csv', 'id,at,cost,action\nB,03/04/2025 10:00,2,add\n')
    const under = (form: string) =>
      withDeclaredFormats(small, declare({ tables: { calls: [{ from: '2025-06', timestamps: { form } }] } }))
    await runPipeline(under('dd/MM/yyyy HH:mm'), place)
    // what is not declared any more, or otherwise, is refused until a rebuild, and only that is read again
    await expect(runPipeline(small, place)).rejects.toMatchObject({ code: 'options_changed' })
    const plan = await planRun(under('MM/dd/yyyy HH:mm'), { ...place, apply: 'rebuild' })
    expect(plan.apply.filter(({ file }) => file !== null).map(({ name }) => name)).toEqual([
      'delta/calls_delta_202506.csv',
    ])
    await runPipeline(under('MM/dd/yyyy HH:mm'), { ...place, apply: 'rebuild' })
    expect(await textOf(place.out, 'calls.csv')).toBe('id,at,cost\nA,,1\nB,2025-03-04T10:00:00Z,2\n')
    // a declaration that says what was so before changes nothing
    const same = withDeclaredFormats(
      small,
      declare({
        tables: {
          calls: [
            { from: '2025-06', timestamps: { form: 'MM/dd/yyyy HH:mm' } },
            { delimiter: ',', decimal: '.' },
          ],
        },
      }),
    )
    expect((await planRun(same, place)).action).toBe('nothing')
  })
})

describe('a declaration that is about several jobs', () => {
  const of = (tables: object) => withDeclaredFormats(job, declare({ tables }))

  it('names the job in front of a table, and says nothing of the others', () => {
    const both = of({
      ...{ 'center.calls': { delimiter: ';' }, 'center.*': { decimal: ',' }, 'clinic.calls': { delimiter: '|' } },
      ...{ calls: { delimiter: '!' }, 'clinic.doctors': { delimiter: '|' } },
    })
    expect([dialectIn(both, 'calls'), dialectIn(both, 'agents')]).toEqual([{ delimiter: ';' }, { decimal: ',' }])
  })

  it.each([
    [
      'doctors',
      'tables has "doctors", which is no table of job center; the tables are calls, agents, bills, files, and',
    ],
    ['center.doctors', 'tables has "center.doctors", which is no table of job center'],
    ['center.cals', 'did you mean "calls"?'],
    ['centre.calls', 'did you mean "center.calls"?'],
  ])('refuses %s', (name, message) => {
    expect(caught(() => of({ [name]: { delimiter: ';' } }))).toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining(message),
    })
  })
})

describe('a format of a job of its own', () => {
  const own = (format: CsvFormat): SourceFormat => ({
    kind: 'bills_of_mine',
    declaration: { ...format.declaration, cost: 'doubled' },
    async read(given) {
      const reading = await format.read(given)
      // the contract says float64
      const costs = columnOf(reading.frame, 'cost') as NumberColumn
      for (let row = 0; row < costs.length; row++) costs.values[row] = (costs.values[row] as number) * 2
      return reading
    },
    declarable: { usual: format, kinds: ['csv'], as: (other) => own(other as CsvFormat) },
  })
  const source = snapshots({ file: 'bills.csv', format: own(csv({ columnAliases: { Nr: 'id' } })) })
  const ownJob = defineJob({ name: 'own', tables: { bills: { contract: bills, source } } })

  it('keeps what it does, whatever is declared of its files', async () => {
    const data = memoryStore({ 'bills.csv': 'Nr;at;cost\nB1;;1,5\n' })
    const out = memoryStore()
    const written = withDeclaredFormats(ownJob, declare({ tables: { bills: { delimiter: ';' } } }), { decimal: ',' })
    await runPipeline(written, { data, out })
    expect(await textOf(out, 'bills.csv')).toBe('id,at,cost\nB1,,3\n')
    expect(written.tables.bills?.source.declaration).toMatchObject({ format: { cost: 'doubled', delimiter: ';' } })
    // declared again, what was declared before is below it
    const again = withDeclaredFormats(written, declare({ tables: { bills: { decimal: '.' } } }))
    expect(again.tables.bills?.source.declaration).toMatchObject({ format: { cost: 'doubled', delimiter: ';' } })
  })

  it('refuses what its files cannot be', () => {
    const json = declare({ tables: { bills: { format: 'json' } } })
    expect(caught(() => withDeclaredFormats(ownJob, json))).toMatchObject({
      message: 'd.json: tables.bills.format is "json", expected "csv"',
    })
  })
})

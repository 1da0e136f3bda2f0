/** Declared formats of a source: what they read, and what a run does when they change. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../../src/connect/memory.ts'
import { type CsvDialect, dialect } from '../../../../src/format/index.ts'
import {
  appends,
  type CsvFormat,
  checkSource,
  csv,
  defineJob,
  extractsAndDeltas,
  json,
  jsonLines,
  type NamedDialect,
  objects,
  partitions,
  planRun,
  readStatus,
  runPipeline,
  type Source,
  snapshots,
} from '../../../../src/pipeline/index.ts'
import { defineTable, float64, key, nullable, string, timestamp } from '../../../../src/table/contract.ts'
import { textOf } from '../../phone-job.ts'

const calls = defineTable('calls', { id: key(string()), at: nullable(timestamp()), cost: nullable(float64()) })
const jobOf = (source: Source) => defineJob({ name: 'calls', tables: { calls: { contract: calls, source } } })
const GERMAN = dialect({
  delimiter: ';',
  encoding: 'windows-1252',
  decimal: ',',
  timestamps: { form: 'dd.MM.yyyy HH:mm', zone: 'Europe/Berlin' },
})
const latin = (...lines: string[]) => new Uint8Array(Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1'))

class Place {
  readonly data = memoryStore()
  readonly out = memoryStore()

  async put(name: string, bytes: Uint8Array | string): Promise<void> {
    await this.data.write(name, [typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes])
  }

  async run(source: Source, options: object = {}) {
    return runPipeline(jobOf(source), { data: this.data, out: this.out, ...options })
  }

  /** The rows of the published copy, without its header. */
  async rows(): Promise<string[]> {
    return (await textOf(this.out, 'calls.csv')).trimEnd().split('\n').slice(1)
  }

  async plan(source: Source, options: object = {}) {
    const { action, apply, refusals } = await planRun(jobOf(source), { data: this.data, out: this.out, ...options })
    return {
      action,
      read: apply.filter(({ file }) => file !== null).map(({ name }) => name),
      codes: refusals.map(({ code }) => code),
    }
  }
}

const FIRST = latin('id;at;cost', 'Kö;31.01.2025 14:30;1,5', 'B;;')
const ROWS = ['Kö,2025-01-31T13:30:00Z,1.5', 'B,,']

/** The codes of what a CSV reader tells of a whole file, in their order. */
const CSV_NOTES = ['separator_line', 'column_unnamed', 'column_dropped', 'record_padded', 'quote_kept']

/** Each kind of source, with the name of a file of it. */
const sourcesOf = (format: CsvFormat): readonly (readonly [source: Source, name: string])[] => [
  [extractsAndDeltas({ format }), 'initial/calls.csv'],
  [snapshots({ file: 'calls.csv', format }), 'calls.csv'],
  [objects({ prefix: 'log/', name: '*.csv', format }), 'log/1.csv'],
  [appends({ prefix: 'log/', name: '*.csv', format, sequenceBy: null }), 'log/1.csv'],
  [partitions({ prefix: 'days/', name: '{day}.csv', format }), 'days/2025-01-31.csv'],
]

describe('what is worth knowing of a CSV file', () => {
  const text = 'sep=;\nid;at;cost;team;\nC1;;"";Ä;\nC2;\nC3;;;5" x;\n'
  const format = csv({ ragged: 'pad', strayQuotes: 'text', extraColumns: 'drop' })

  it('is told by every kind of source, in the same words, by run and by check', async () => {
    for (const [source, name] of sourcesOf(format)) {
      const place = new Place()
      await place.put(name, text)
      const { findings } = await checkSource(jobOf(source), { data: place.data })
      const { notes } = await place.run(source)
      for (const told of [notes, findings]) {
        const own = told.filter(({ code }) => CSV_NOTES.includes(code))
        expect([source.kind, ...own.map(({ code }) => code)]).toEqual([source.kind, ...CSV_NOTES])
        expect(own.every(({ severity, message }) => severity === 'info' && message.startsWith(name))).toBe(true)
      }
    }
  })

  it('is told of a file of 0 bytes too, where its header is declared', async () => {
    const declared = csv({ delimiter: ';', header: ['id', 'at', 'cost'] })
    for (const [source, name] of sourcesOf(declared)) {
      const place = new Place()
      await place.put(name, '')
      const { findings } = await checkSource(jobOf(source), { data: place.data })
      const { status, notes } = await place.run(source)
      expect([source.kind, status]).toEqual([source.kind, 'committed'])
      const told = { code: 'file_empty', severity: 'info', message: expect.stringContaining(`${name}: has 0 bytes`) }
      for (const one of [notes, findings]) expect(one).toContainEqual(expect.objectContaining(told))
    }
  })

  it('does not empty a snapshot without a word: the run is refused', async () => {
    const source = snapshots({ file: 'calls.csv', format: csv({ header: ['id', 'at', 'cost'] }) })
    const place = new Place()
    await place.put('calls.csv', Array.from({ length: 9 }, (_, row) => `C${row},,1\n`).join(''))
    await place.run(source)
    await place.put('calls.csv', '')
    await expect(place.run(source)).rejects.toMatchObject({ code: 'input_shrunk' })
  })

  it('stops no run, not even a strict one', async () => {
    const place = new Place()
    await place.put('log/1.csv', text)
    const source = appends({ prefix: 'log/', name: '*.csv', format, sequenceBy: null })
    const { status } = await place.run(source, { mode: 'strict' })
    expect(status).toBe('committed')
  })
})

describe('csv, as the format of a source', () => {
  it('reads extracts, deltas, snapshots, objects and pieces in the declared dialect, packed too', async () => {
    const format = csv(GERMAN)
    const everywhere: readonly (readonly [source: Source, name: string])[] = [
      [extractsAndDeltas({ format }), 'initial/calls.csv'],
      [extractsAndDeltas({ format }), 'initial/calls.csv.gz'],
      [snapshots({ file: 'calls.txt', format }), 'calls.txt'],
      [appends({ prefix: 'log/', name: '*.csv', format, sequenceBy: null }), 'log/1.csv.gz'],
    ]
    for (const [source, name] of everywhere) {
      const place = new Place()
      await place.put(name, name.endsWith('.gz') ? gzipSync(FIRST) : FIRST)
      await place.run(source)
      expect([name, await place.rows()]).toEqual([name, ROWS])
    }
    const source = objects({ prefix: 'calls/', name: '{id}.csv', format })
    const place = new Place()
    await place.put('calls/A.csv', latin('id;at;cost', 'A;01.07.2025 00:00;0,25'))
    await place.run(source)
    expect(await place.rows()).toEqual(['A,2025-06-30T22:00:00Z,0.25'])
  })

  it('sets rows aside that do not have the declared form, with their place', async () => {
    const place = new Place()
    const source = extractsAndDeltas({ format: csv(GERMAN) })
    await place.put('initial/calls.csv', FIRST)
    await place.put(
      'delta/calls_delta_202502.csv',
      latin('id;at;cost;action', 'C;2025-02-01T00:00Z;1,5;add', 'D;01.02.2025 00:00;2;add'),
    )
    await place.run(source, { maxQuarantined: 1 })
    expect(await place.rows()).toEqual([...ROWS, 'D,2025-01-31T23:00:00Z,2'])
    expect((await readStatus({ out: place.out })).quarantined).toBe(1)
  })

  it('loads csv-parse where only that reads the dialect', async () => {
    const place = new Place()
    const source = extractsAndDeltas({ format: csv({ delimiter: '||', comment: '#' }) })
    await place.put('initial/calls.csv', '# made by hand\nid||at||cost\nA||||1.5\n')
    await place.run(source)
    expect(await place.rows()).toEqual(['A,,1.5'])
  })

  it('refuses what no file can be read with, where it is declared', () => {
    expect(() => csv({ delimeter: ';' } as CsvDialect)).toThrow(/did you mean "delimiter"/)
    expect(() => csv([{ names: 'a*' }])).toThrow(/whose last dialect has neither names nor from/)
    expect(() => csv([])).toThrow(/whose last dialect/)
    expect(() => csv([{ from: 'June' }, {}])).toThrow(/from is a string; expected a month/)
    expect(() => csv([{ names: '' }, {}])).toThrow(/names is a string/)
    expect(() => snapshots({ file: 'x', format: csv([{ from: '2025-06' }, {}]) })).toThrow(
      /only extractsAndDeltas\(\) has months/,
    )
    expect(() => extractsAndDeltas({ format: { kind: 'json' } as unknown as CsvFormat })).toThrow(/what csv\(\) gives/)
  })

  it('tells dialects apart by names with stars, with or without .gz', () => {
    const format = csv([{ names: 'log/*-us-*.csv', delimiter: '|' }, { names: 'x.csv.gz', delimiter: ';' }, {}])
    const of = (name: string) => format.dialectOf({ name, month: null }).delimiter ?? ','
    expect(
      ['log/1-us-2.csv', 'log/1-us-2.csv.gz', 'log/-us-.csv', 'x.csv', 'log/1-us.csv', 'log/a-us-b.csvx'].map(of),
    ).toEqual([...['|', '|', '|', ';', ',', ',']])
    const stars = csv([{ names: '*a'.repeat(500), delimiter: '|' }, {}])
    const before = performance.now()
    stars.dialectOf({ name: 'a'.repeat(100_000), month: null })
    expect(performance.now() - before).toBeLessThan(200)
  })
})

describe('a dialect that changes', () => {
  const june: NamedDialect = { from: '2025-06', ...GERMAN }

  it('leaves what was applied before it as it is: later months are read by the new one', async () => {
    const place = new Place()
    const before = extractsAndDeltas({ format: csv() })
    await place.put('initial/calls.csv', 'id,at,cost\nA,2025-01-01T00:00Z,1.5\n')
    await place.put('delta/calls_delta_202505.csv', 'id,at,cost,action\nB,,2.5,add\n')
    await place.run(before)
    await place.put('delta/calls_delta_202506.csv', latin('id;at;cost;action', 'Ü;01.06.2025 12:00;3,5;add'))
    const after = extractsAndDeltas({ format: csv([june, {}]) })
    expect(await place.plan(after)).toEqual({ action: 'apply', read: ['delta/calls_delta_202506.csv'], codes: [] })
    await place.run(after)
    expect(await place.rows()).toEqual(['A,2025-01-01T00:00:00Z,1.5', 'B,,2.5', 'Ü,2025-06-01T10:00:00Z,3.5'])
    expect((await place.plan(after)).action).toBe('nothing')
  })

  it('is refused for a month that was applied, and a rebuild reads only that one again', async () => {
    const place = new Place()
    await place.put('initial/calls.csv', 'id,at,cost\nA,,1\n')
    await place.put('delta/calls_delta_202505.csv', 'id,at,cost,action\nB,,2,add\n')
    await place.put('delta/calls_delta_202506.csv', 'id,at,cost,action\nC,04/03/2025 10:00,3,add\n')
    const dayFirst = extractsAndDeltas({
      format: csv([{ from: '2025-06', timestamps: { form: 'dd/MM/yyyy HH:mm' } }, {}]),
    })
    const monthFirst = extractsAndDeltas({
      format: csv([{ from: '2025-06', timestamps: { form: 'MM/dd/yyyy HH:mm' } }, {}]),
    })
    await place.run(dayFirst)
    expect(await place.rows()).toEqual(['A,,1', 'B,,2', 'C,2025-03-04T10:00:00Z,3'])
    await expect(place.run(monthFirst)).rejects.toMatchObject({
      code: 'options_changed',
      message: expect.stringContaining('the declared format of delta/calls_delta_202506.csv is not the one'),
    })
    expect(await place.plan(monthFirst, { apply: 'rebuild' })).toMatchObject({
      action: 'rebuild',
      read: ['delta/calls_delta_202506.csv'],
    })
    await place.run(monthFirst, { apply: 'rebuild' })
    expect(await place.rows()).toEqual(['A,,1', 'B,,2', 'C,2025-04-03T10:00:00Z,3'])
    expect((await place.plan(monthFirst)).action).toBe('nothing')
  })

  it('cannot be taken back to a file that is gone', async () => {
    const place = new Place()
    await place.put('initial/calls.csv', 'id,at,cost\nA,,1\n')
    await place.run(extractsAndDeltas())
    await place.data.remove('initial/calls.csv')
    const source = extractsAndDeltas({ format: csv({ decimal: ',' }) })
    await expect(place.run(source, { apply: 'rebuild' })).rejects.toThrow(/initial\/calls\.csv/)
    expect(await place.rows()).toEqual(['A,,1'])
  })

  it('makes a mirrored table read the files again whose own dialect is another one', async () => {
    const place = new Place()
    const source = (...dialects: NamedDialect[]) =>
      objects({ prefix: 'calls/', name: '{id}.csv', format: csv([...dialects, {}]) })
    await place.put('calls/A.csv', 'id,at,cost\nA,03/04/2025 00:00,1\n')
    await place.put('calls/B.csv', 'id,at,cost\nB,,2\n')
    const dayFirst = source({ names: 'calls/A*', timestamps: { form: 'dd/MM/yyyy HH:mm' } })
    await place.run(dayFirst)
    expect(await place.rows()).toEqual(['A,2025-04-03T00:00:00Z,1', 'B,,2'])
    const monthFirst = source({ names: 'calls/A*', timestamps: { form: 'MM/dd/yyyy HH:mm' } })
    expect(await place.plan(monthFirst)).toEqual({ action: 'apply', read: ['calls/A.csv'], codes: [] })
    await place.run(monthFirst)
    expect(await place.rows()).toEqual(['A,2025-03-04T00:00:00Z,1', 'B,,2'])
    // and back: what counts is what the ledger says now
    await place.run(dayFirst)
    expect(await place.rows()).toEqual(['A,2025-04-03T00:00:00Z,1', 'B,,2'])
    expect((await place.plan(dayFirst)).action).toBe('nothing')
  })

  it('is refused for pieces that were appended, until a rebuild', async () => {
    const place = new Place()
    const source = (options: CsvDialect) =>
      appends({ prefix: 'log/', name: '*.csv', format: csv(options), sequenceBy: null })
    await place.put('log/1.csv', 'id,at,cost\nA,,"1,5"\n')
    await expect(place.run(source({}), { maxQuarantined: 1 })).resolves.toBeDefined()
    expect(await place.rows()).toEqual([])
    await expect(place.run(source({ decimal: ',' }))).rejects.toMatchObject({ code: 'options_changed' })
    await place.run(source({ decimal: ',' }), { apply: 'rebuild' })
    expect(await place.rows()).toEqual(['A,,1.5'])
  })
})

describe('json, as the format of a source', () => {
  const forms = { timestamps: { form: 'dd/MM/yyyy HH:mm' }, columnAliases: { 'call.id': 'id' } } as const
  const record = (id: string, cost: number) => ({ call: { id }, at: '03/04/2025 10:00', cost })

  it('reads snapshots, days, pieces and objects in a declared shape', async () => {
    const everywhere: readonly (readonly [source: Source, name: string, text: string])[] = [
      [
        snapshots({ file: 'c.json', format: json({ ...forms, path: 'page.calls' }) }),
        'c.json',
        JSON.stringify({ n: 1, page: { calls: [record('A', 1)] } }),
      ],
      [
        appends({
          prefix: 'log/',
          name: '*.json',
          format: json({ ...forms, layout: 'concatenated' }),
          sequenceBy: null,
        }),
        'log/1.json',
        JSON.stringify(record('A', 1)),
      ],
      [
        appends({ prefix: 'log/', name: '*.json', format: jsonLines(forms), sequenceBy: null }),
        'log/1.json',
        `${JSON.stringify(record('A', 1))}\n`,
      ],
      [
        objects({ prefix: 'calls/', name: '{id}.json', format: json(forms) }),
        'calls/A.json',
        JSON.stringify(record('A', 1), null, 2),
      ],
    ]
    for (const [source, name, text] of everywhere) {
      const place = new Place()
      await place.put(name, text)
      await place.run(source)
      expect([name, await place.rows()]).toEqual([name, ['A,2025-04-03T10:00:00Z,1']])
    }
  })

  it('reads a mirrored table again when its dialect is another one', async () => {
    const place = new Place()
    const source = (form: string) => snapshots({ file: 'c.json', format: json({ timestamps: { form } }) })
    await place.put('c.json', '[{"id":"A","at":"03/04/2025 10:00","cost":1}]')
    await place.run(source('dd/MM/yyyy HH:mm'))
    await place.run(source('MM/dd/yyyy HH:mm'))
    expect(await place.rows()).toEqual(['A,2025-03-04T10:00:00Z,1'])
    expect((await place.plan(source('MM/dd/yyyy HH:mm'))).action).toBe('nothing')
  })

  it('refuses what no file can be read with, where it is declared', () => {
    expect(() => json({ pat: 'x' } as object)).toThrow(/did you mean "path"/)
    expect(() => jsonLines({ path: '' })).toThrow(/^path is a string/)
    expect(() => json([{ names: 'a*' }])).toThrow(/whose last dialect has neither names nor from/)
  })
})

describe('a dialect', () => {
  it('is the same in any order of its options, and with what is so without them', async () => {
    const place = new Place()
    await place.put('initial/calls.csv', 'id;at;cost\nA;;1,5\n')
    await place.run(extractsAndDeltas({ format: csv({ delimiter: ';', decimal: ',' }) }))
    const same = extractsAndDeltas({ format: csv({ decimal: ',', encoding: 'utf-8', delimiter: ';', skipLines: 0 }) })
    expect(await place.plan(same)).toMatchObject({ action: 'nothing', codes: [] })
    const other = new Place()
    await other.put('initial/calls.csv', 'id,at,cost\nA,,1.5\n')
    await other.run(extractsAndDeltas())
    const plain = extractsAndDeltas({ format: csv([{ from: '2025-06', delimiter: ';' }, { delimiter: ',' }]) })
    expect(await other.plan(plain)).toMatchObject({ action: 'nothing', codes: [] })
  })
})

import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import { writeArrow, writeParquet } from '../../../src/format/index.ts'
import {
  arrow,
  checkSource,
  collectGarbage,
  csv,
  defineJob,
  explainFigure,
  json,
  jsonColumns,
  jsonLines,
  objects,
  type Progress,
  parquet,
  planRun,
  type RunOptions,
  readHistory,
  readQuarantine,
  readState,
  readStatus,
  runPipeline,
  type SourceFormat,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, float64, int64, key, nullable, string } from '../../../src/table/contract.ts'
import { columnOf } from '../../../src/table/frame.ts'
import { FILES, halls, machines, workshopJob } from '../../systems/workshop/job.ts'
import { contentOf, textOf } from '../phone-job.ts'

const placeOf = (files: Readonly<Record<string, string | null>>): FileStore =>
  memoryStore(
    Object.fromEntries(Object.entries({ ...FILES, ...files }).filter(([, text]) => text !== null)) as Record<
      string,
      string
    >,
  )
const machine = (id: string, hall = 'H1') => JSON.stringify({ machine_id: id, hall_id: hall })

class Workshop {
  readonly out = memoryStore()
  run(files: Readonly<Record<string, string | null>> = {}, options: RunOptions = {}) {
    return runPipeline(workshopJob, { data: placeOf(files), out: this.out, ...options })
  }
  table(name = 'machines') {
    return textOf(this.out, `${name}.csv`)
  }
}

/** Both places hold the same copies, state, rollups and quarantine. */
async function expectSame(out: FileStore, clean: FileStore): Promise<void> {
  const { files } = await collectGarbage({ out, graceDays: 0, keepVersions: 1 })
  const left = new Set(files.map(({ name }) => name))
  const content = Object.entries(await contentOf(out)).filter(([name]) => !left.has(name))
  expect(Object.fromEntries(content)).toEqual(await contentOf(clean))
}

describe('a job with sources of both laws', () => {
  it('tells how far it is with many files of a table, and not with a few', async () => {
    const told: unknown[] = []
    const files = Object.fromEntries(
      Array.from({ length: 150 }, (_, at) => [`machines/N${at}.json`, machine(`N${at}`)]),
    )
    const options = { data: placeOf(files), out: memoryStore() }
    const onProgress = ({ step, name, done, total }: Progress): void => {
      if (step === 'read' && (name === 'machines' || name === 'halls')) told.push([name, done, total])
    }
    expect((await runPipeline(workshopJob, options, { onProgress })).tables.machines).toBe(152)
    expect(told).toEqual([
      ['machines', 0, 152],
      ['machines', 64, 152],
      ['machines', 128, 152],
    ])
  })

  it('is verified with what is known of the way: bytes, up to all of them', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const told: Progress[] = []
    const { damages } = await verifyState(workshopJob, { out: workshop.out }, { onProgress: (one) => told.push(one) })
    expect(damages).toEqual([])
    expect(told.length).toBeGreaterThan(2)
    const shares = told.map(({ done, total }) => Number(done) / Number(total))
    expect(shares).toEqual(shares.toSorted((a, b) => a - b))
    expect(shares.at(-1)).toBe(1)
  })

  it('tells which of its unreferenced files are removed', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const names = ['a', 'b', 'c'].map((letter) => `.support-etl/data/halls-${letter.repeat(16)}.arrow`)
    for (const name of names) await workshop.out.write(name, [new Uint8Array(8)])
    const told: Progress[] = []
    const options = { out: workshop.out, graceDays: 0, action: 'remove' } as const
    const { files } = await collectGarbage(options, { onProgress: (one) => told.push(one) })
    expect(files.map(({ name }) => name)).toEqual(names)
    expect(told.map(({ step, done, total }) => [step, done, total])).toEqual([
      ['read', null, null],
      ['remove', 0, 3],
      ['remove', 1, 3],
      ['remove', 2, 3],
    ])
  })

  it('runs from its files, and has nothing to do the second time', async () => {
    const workshop = new Workshop()
    const { tables, applied } = await workshop.run()
    expect(tables).toEqual({ machines: 2, halls: 2, repairs: 3 })
    expect(applied.map(({ name, rows }) => [name, rows])).toEqual([
      ['machines/{machine_id}.json', 2],
      ['halls.csv', 2],
      ['initial/repairs.csv', 2],
      ['delta/repairs_delta_202502.csv', 1],
    ])
    expect(await workshop.table()).toBe(
      'machine_id,hall_id,bought_on,serial\nM1,H1,,9007199254740993\nM2,H2,2024-05-01,\n',
    )
    expect(await workshop.table('machines_by_hall')).toBe('hall_name,machines,repairs\nNorth,1,2\nSouth,1,1\n')
    expect((await workshop.run()).status).toBe('nothing_to_do')
    expect((await verifyState(workshopJob, { out: workshop.out })).damages).toEqual([])
    expect((await collectGarbage({ out: workshop.out, graceDays: 0 })).files).toEqual([])
    expect((await readStatus({ out: workshop.out })).inputs).toHaveLength(5)
  })

  it('keeps no files of mirrored inputs: their rows say which bytes they came from', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const stored = (await workshop.out.list('.support-etl/data/')).map(({ name }) =>
      name.replace(/^.*\/|-[0-9a-f]+\.arrow$/g, ''),
    )
    expect(stored.sort()).toEqual(
      [
        'hall_machines',
        'halls',
        'machine_repairs',
        'machines',
        'repairs',
        'repairs-delta-202502',
        'repairs-initial',
      ].filter((name) => stored.includes(name)),
    )
    const rows = await (await readState(workshopJob, { out: workshop.out })).loadTable('machines')
    expect([...columnOf(rows, '_file')]).toEqual(['machines/M1.json', 'machines/M2.json'])
    expect([...columnOf(rows, '_sha256')].every((hash) => /^[0-9a-f]{64}$/.test(String(hash)))).toBe(true)
  })
})

describe('a source of objects', () => {
  it('adds, replaces and withdraws records, and ends where one run into an empty folder ends', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const files = {
      'machines/M1.json': machine('M1', 'H2'),
      'machines/M2.json': null,
      'machines/M0.json': machine('M0'),
    }
    const { applied } = await workshop.run(files)
    expect(applied).toHaveLength(1)
    expect(applied[0]?.summary).toMatchObject({
      rowsIn: 2,
      rowsOut: 2,
      inserted: 1,
      updated: 1,
      deleted: 1,
      unchanged: 0,
    })
    expect(await workshop.table()).toBe('machine_id,hall_id,bought_on,serial\nM0,H1,,\nM1,H2,,\n')
    const clean = new Workshop()
    await clean.run(files)
    await expectSame(workshop.out, clean.out)
  })

  it('compares a file with its present content alone: A, B, A ends in A', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const first = await contentOf(workshop.out)
    await workshop.run({ 'machines/M1.json': machine('M1', 'H2') })
    await workshop.run()
    const { files } = await collectGarbage({ out: workshop.out, graceDays: 0, keepVersions: 1 })
    const left = new Set(files.map(({ name }) => name))
    const content = Object.entries(await contentOf(workshop.out)).filter(([name]) => !left.has(name))
    expect(Object.fromEntries(content)).toEqual(first)
  })

  it('sorts by the UTF-8 bytes of names', async () => {
    const workshop = new Workshop()
    await workshop.run({ 'machines/\u{1F600}.json': machine('\u{1F600}'), 'machines/\uFF5E.json': machine('\uFF5E') })
    expect((await workshop.table()).split('\n').slice(3, 5)).toEqual(['\uFF5E,H1,,', '\u{1F600},H1,,'])
  })

  it.each<[string, string, string]>([
    ['an empty file', '', 'empty_file'],
    ['white space', ' \n', 'empty_file'],
    ['what is not JSON', '{"machine_id":', 'json_invalid'],
    ['a list', '[{"machine_id":"M3"}]', 'json_invalid'],
    ['two records', '{"machine_id":"M3"}\n{"machine_id":"M4"}', 'json_invalid'],
    ['a value of another type', '{"machine_id":"M3","bought_on":"soon"}', 'type_mismatch'],
    ['no key', '{"hall_id":"H1"}', 'null_key'],
    ['an unknown name', '{"machine_id":"M3","colour":"red"}', 'column_extra'],
    ['another key than its name says', '{"machine_id":"M4"}', 'key_mismatch'],
  ])('sets a record aside: %s', async (_, text, code) => {
    const workshop = new Workshop()
    const { quarantined, tables } = await workshop.run({ 'machines/M3.json': text, 'machines/M9.json': machine('M9') })
    expect([quarantined, tables.machines]).toEqual([1, 3])
    const [waiting] = (await workshop.out.list('.support-etl/data/quarantine')).map(({ name }) => name)
    const [row] = (await textOf(workshop.out, waiting ?? ''))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect([row.file, row.code]).toEqual(['machines/M3.json', code])
    await expect(new Workshop().run({ 'machines/M3.json': text }, { mode: 'strict' })).rejects.toMatchObject({ code })
    // mended, it leaves quarantine
    const mended = await workshop.run({ 'machines/M3.json': machine('M3'), 'machines/M9.json': machine('M9') })
    expect([mended.quarantined, mended.tables.machines]).toEqual([0, 4])
  })

  it('takes the row of a changed file that cannot be read any more out', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const { quarantined } = await workshop.run({ 'machines/M1.json': '{' })
    expect([quarantined, await workshop.table()]).toEqual([
      1,
      'machine_id,hall_id,bought_on,serial\nM2,H2,2024-05-01,\n',
    ])
  })

  describe('with a damaged file', () => {
    const whole = machine('M3')
    const packed = gzipSync(whole)
    const flipped = packed.map((byte, at) => (at === 14 ? byte ^ 0xff : byte))
    const nested = json({ layout: 'concatenated', columnAliases: { 'machine.id': 'machine_id' } })
    const cut = '{"machine":{"id":"M3"'
    it.each<[string, string, SourceFormat, Uint8Array | string, Uint8Array | string, string]>([
      ['gzip that was cut', 'json.gz', json(), packed.subarray(0, -9), packed, 'gzip_invalid'],
      ['gzip with another byte in it', 'json.gz', json(), flipped, packed, 'gzip_invalid'],
      ['gzip with bytes behind it', 'json.gz', json(), Buffer.concat([packed, Buffer.of(1)]), packed, 'gzip_invalid'],
      ['what is not gzip', 'json.gz', json(), whole, packed, 'gzip_invalid'],
      ['a gzip bomb', 'json.gz', json(), gzipSync(Buffer.alloc(32 << 20)), packed, 'limit_exceeded'],
      ['JSON of a declared shape', 'json', nested, cut, `${cut},"place":1},"hall_id":"H1"}`, 'json_invalid'],
      ['packed JSON of a declared shape', 'json.gz', nested, cut, gzipSync(`${cut}},"hall_id":"H1"}`), 'gzip_invalid'],
      ['CSV without its key', 'csv', csv(), 'hall_id\nH1\n', 'machine_id,hall_id\nM3,H1\n', 'column_missing'],
    ])('sets it alone aside: %s', async (_, ending, format, damaged, mended, code) => {
      const source = objects({ prefix: 'machines/', name: `*.${ending.replace('.gz', '')}`, format })
      const part = defineTable('machines', { machine_id: key(string()), hall_id: nullable(string()) })
      const job = defineJob({ name: 'damaged', tables: { machines: { contract: part, source } } })
      const [data, out] = [memoryStore(), memoryStore()]
      const put = (bytes: Uint8Array | string) =>
        data.write(`machines/3.${ending}`, [typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes])
      const run = (options: RunOptions = {}) => runPipeline(job, { data, out, ...options })
      const waiting = async () => (await readQuarantine({ out })).rows.map(({ file, row, code }) => [file, row, code])
      // beside files before and behind it, which are read in one batch with it
      const text = { json: machine('M1'), csv: 'machine_id,hall_id\nM1,H1\n' }
      const plain = ending.startsWith('csv') ? text.csv : format === nested ? '{"machine":{"id":"M1"}}' : text.json
      for (const at of [1, 5]) {
        await data.write(`machines/${at}.${ending.replace('.gz', '')}`, [
          new TextEncoder().encode(plain.replace('M1', `M${at}`)),
        ])
      }
      await put(mended)
      expect((await run()).tables).toEqual({ machines: 3 })
      await put(damaged)
      const found = await checkSource(job, { data })
      expect(found.files).toEqual(
        ['1', '3', '5'].map((at) => ({
          ...{ name: expect.stringContaining(`machines/${at}.`), rows: 1, quarantined: at === '3' ? 1 : 0 },
        })),
      )
      expect((await run()).tables).toEqual({ machines: 2 })
      expect(await waiting()).toEqual([[`machines/3.${ending}`, 1, code]])
      expect((await run()).status).toBe('nothing_to_do')
      const clean = memoryStore()
      await runPipeline(job, { data, out: clean })
      await expectSame(out, clean)
      await expect(runPipeline(job, { data, out: memoryStore(), mode: 'strict' })).rejects.toMatchObject({
        code,
        message: expect.stringContaining(`machines/3.${ending} row 1: expected `),
      })
      await put(mended)
      expect((await run()).tables).toEqual({ machines: 3 })
      expect(await waiting()).toEqual([])
    })

    it('is refused where many are damaged at once, and where its place fails', async () => {
      const workshop = new Workshop()
      const names = Array.from({ length: 6 }, (_, at) => `machines/D${at}.json.gz`)
      const data = placeOf({})
      for (const name of names) await data.write(name, [packed.subarray(0, 12)])
      await expect(runPipeline(workshopJob, { data, out: workshop.out })).rejects.toMatchObject({
        code: 'too_many_quarantined',
        message: expect.stringContaining('machines/D0.json.gz: expected a gzip file that is whole'),
      })
      const { open: _, windows: __, ...plain } = data
      const failing: FileStore = {
        ...plain,
        async *read(name) {
          if (name === names[0]) throw new Error('the disk failed')
          yield* data.read(name)
        },
      }
      await expect(runPipeline(workshopJob, { data: failing, out: workshop.out })).rejects.toThrow('the disk failed')
    })
  })

  const anyName = defineJob({
    name: 'anyname',
    tables: {
      machines: { contract: machines, source: objects({ prefix: 'machines/', name: '*.json', format: json() }) },
    },
  })
  it('lets the first of two files with one key count, and the next one when it is gone', async () => {
    const out = memoryStore()
    const file = (hall: string) => machine('M1', hall)
    const run = (files: Record<string, string>) => runPipeline(anyName, { data: memoryStore(files), out })
    const both = await run({ 'machines/b.json': file('H2'), 'machines/c.json': file('H3') })
    expect([both.quarantined, both.tables.machines]).toEqual([1, 1])
    expect(await textOf(out, 'machines.csv')).toContain('M1,H2')
    await run({ 'machines/a.json': file('H1'), 'machines/b.json': file('H2'), 'machines/c.json': file('H3') })
    expect(await textOf(out, 'machines.csv')).toContain('M1,H1')
    await run({ 'machines/c.json': file('H3') })
    expect(await textOf(out, 'machines.csv')).toContain('M1,H3')
    const clean = memoryStore()
    await runPipeline(anyName, { data: memoryStore({ 'machines/c.json': file('H3') }), out: clean })
    await expectSame(out, clean)
  })

  const many = (count: number, except = new Set<number>()) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, at) => at)
        .filter((at) => !except.has(at))
        .map((at) => [`machines/X${at}.json`, machine(`X${at}`)]),
    )
  const first = (count: number) => new Set(Array.from({ length: count }, (_, at) => at))

  it('refuses to withdraw more than 5 rows and more than 5 %, until a run accepts it', async () => {
    const workshop = new Workshop()
    await workshop.run(many(100))
    await expect(workshop.run(many(100, first(6)))).rejects.toMatchObject({
      code: 'too_many_withdrawn',
      message: expect.stringContaining("acceptWithdrawals: ['machines']"),
    })
    expect((await readStatus({ out: workshop.out })).tables.machines).toBe(102)
    expect((await workshop.run(many(100, first(5)))).tables.machines).toBe(97)
    expect((await workshop.run(many(100, first(60)), { acceptWithdrawals: ['machines'] })).tables.machines).toBe(42)
    await expect(workshop.run({}, { acceptWithdrawals: ['machine'] })).rejects.toMatchObject({ code: 'invalid_option' })
  })

  it('does not call a renamed file withdrawn', async () => {
    const out = memoryStore()
    const named = (suffix: string) =>
      Object.fromEntries(Object.values(many(20)).map((text, at) => [`machines/${at}${suffix}.json`, text]))
    await runPipeline(anyName, { data: memoryStore(named('a')), out })
    expect((await runPipeline(anyName, { data: memoryStore(named('b')), out })).tables).toEqual({ machines: 20 })
  })

  it('refuses too many records that newly do not fit', async () => {
    const workshop = new Workshop()
    await workshop.run(many(100))
    const broken = Object.fromEntries(Object.keys(many(6)).map((name) => [name, '{']))
    await expect(workshop.run({ ...many(100), ...broken })).rejects.toMatchObject({ code: 'too_many_quarantined' })
    expect((await workshop.run({ ...many(100), ...broken }, { maxQuarantined: 0.1 })).quarantined).toBe(6)
    expect(
      (await workshop.run({ ...many(100), ...broken, 'machines/new.json': machine('new') }, { maxQuarantined: 0 }))
        .quarantined,
    ).toBe(6)
  })

  it('refuses an empty listing where the ledger has inputs', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const gone = { 'machines/M1.json': null, 'machines/M2.json': null }
    const before = await contentOf(workshop.out)
    await expect(workshop.run(gone)).rejects.toMatchObject({ code: 'source_empty' })
    expect(await contentOf(workshop.out)).toEqual(before)
    expect((await workshop.run(gone, { acceptWithdrawals: ['machines'] })).tables.machines).toBe(0)
  })

  it('withdraws nothing in a run of selected months', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const { tables } = await workshop.run({ 'machines/M1.json': null }, { months: ['202502'] })
    expect(tables.machines).toBe(2)
  })

  it('changes nothing when a listing fails', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const before = await contentOf(workshop.out)
    const data = placeOf({ 'machines/M1.json': null })
    const failing: FileStore = {
      ...data,
      list: async (prefix) => {
        if (prefix === 'machines/') throw new Error('page 2 of the listing failed')
        return data.list(prefix)
      },
    }
    await expect(runPipeline(workshopJob, { data: failing, out: workshop.out })).rejects.toThrow('page 2')
    expect(await contentOf(workshop.out)).toEqual(before)
  })

  it('plans again when a file goes away between listing and reading', async () => {
    const workshop = new Workshop()
    const data = memoryStore({ ...FILES, 'machines/M3.json': machine('M3') })
    let reads = 0
    const moving: FileStore = {
      location: data.location,
      list: (prefix) => data.list(prefix),
      async *read(name) {
        if (name === 'machines/M3.json' && reads++ === 0) await data.remove(name)
        yield* data.read(name)
      },
      write: (name, chunks) => data.write(name, chunks),
      writeIfAbsent: (name, bytes) => data.writeIfAbsent(name, bytes),
      remove: (name) => data.remove(name),
    }
    const { tables, commit } = await runPipeline(workshopJob, { data: moving, out: workshop.out })
    expect([tables.machines, commit]).toEqual([2, 1])
  })

  it('is another source with another prefix, name or format: refused until rebuilt', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const source = objects({ prefix: 'machinery/', name: '{machine_id}.json', format: json() })
    const moved = { ...workshopJob, tables: { ...workshopJob.tables, machines: { contract: machines, source } } }
    const data = placeOf({ 'machinery/M1.json': machine('M1'), 'machinery/M2.json': machine('M2') })
    await expect(runPipeline(moved, { data, out: workshop.out })).rejects.toMatchObject({ code: 'options_changed' })
    const { tables } = await runPipeline(moved, { data, out: workshop.out, apply: 'rebuild' })
    expect(tables.machines).toBe(2)
  })

  it('tells of files below its prefix that are not records', async () => {
    const { notes } = await new Workshop().run({ 'machines/readme.txt': 'hello' })
    expect(notes.filter(({ code }) => code === 'file_unrecognized').map(({ file }) => file)).toEqual([
      'machines/readme.txt',
    ])
  })

  it('has no history and no state of a month', async () => {
    const workshop = new Workshop()
    await workshop.run()
    await expect(readHistory(workshopJob, { out: workshop.out, table: 'machines' })).rejects.toMatchObject({
      code: 'invalid_option',
    })
    const past = await readState(workshopJob, { out: workshop.out, asOf: '2025-01' })
    expect((await past.loadTable('repairs')).rows).toBe(2)
    await expect(past.loadTable('machines')).rejects.toMatchObject({ code: 'invalid_option' })
  })

  it('plans without writing', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const data = placeOf({ 'machines/M1.json': machine('M1', 'H2'), 'machines/M2.json': null })
    const { action, apply, withdraw } = await planRun(workshopJob, { data, out: workshop.out })
    expect([action, apply.map(({ name }) => name), withdraw.map(({ name }) => name)]).toEqual([
      'apply',
      ['machines/M1.json'],
      ['machines/M2.json'],
    ])
  })
})

describe('a source of snapshots', () => {
  const rows = (count: number) => ({
    'halls.csv': `hall_id;hall_name\n${Array.from({ length: count }, (_, at) => `H${at + 1};Hall\n`).join('')}`,
  })

  it('is the file as it is now: rows come, change and go with it', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const files = { 'halls.csv': 'hall_id;hall_name\nH3;West\nH1;Old hall\n' }
    const { applied } = await workshop.run(files)
    expect(applied[0]?.summary).toMatchObject({ inserted: 1, updated: 1, deleted: 1, unchanged: 0 })
    expect(await workshop.table('halls')).toBe('hall_id,hall_name\nH3,West\nH1,Old hall\n')
    const clean = new Workshop()
    await clean.run(files)
    await expectSame(workshop.out, clean.out)
  })

  it('gives every row the file and record of the new file, and keeps the copy where cells and order are the same', async () => {
    const workshop = new Workshop()
    await workshop.run()
    const { published } = await workshop.run({ 'halls.csv': 'hall_id;hall_name\n"H1";North\nH2;South\n' })
    expect(published.find(({ name }) => name === 'halls.csv')?.isWritten).toBe(false)
  })

  it.each<[string, string | null, string]>([
    ['that is gone', null, 'source_empty'],
    ['with a key twice', 'hall_id;hall_name\nH1;North\nH1;South\n', 'base_duplicate_key'],
    ['without a column', 'hall_id\nH1\n', 'column_missing'],
    ['with a row without its key', 'hall_id;hall_name\n;North\n', 'null_key'],
    ['that is empty', '', 'empty_file'],
  ])('refuses a snapshot %s, and changes nothing', async (_, text, code) => {
    const workshop = new Workshop()
    await workshop.run()
    const before = await contentOf(workshop.out)
    await expect(workshop.run({ 'halls.csv': text })).rejects.toMatchObject({ code })
    await expect(workshop.run({ 'halls.csv': text }, { acceptWithdrawals: ['halls'] })).rejects.toMatchObject({ code })
    expect(await contentOf(workshop.out)).toEqual(before)
  })

  it('refuses a snapshot that was cut, until a run accepts it', async () => {
    const workshop = new Workshop()
    await workshop.run(rows(100))
    await expect(workshop.run(rows(94))).rejects.toMatchObject({ code: 'input_shrunk' })
    expect((await workshop.run(rows(95))).tables.halls).toBe(95)
    expect((await workshop.run(rows(10), { acceptWithdrawals: ['halls'] })).tables.halls).toBe(10)
  })

  it('is missed at the first run', async () => {
    await expect(new Workshop().run({ 'halls.csv': null })).rejects.toMatchObject({ code: 'initial_missing' })
  })

  it('may have other names, of which one is there', async () => {
    const source = snapshots({ file: 'halls.csv', otherNames: ['rooms.csv'], format: csv() })
    const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
    const out = memoryStore()
    const rows = 'hall_id,hall_name\nH1,North\n'
    expect((await runPipeline(job, { data: memoryStore({ 'rooms.csv': rows }), out })).tables).toEqual({ halls: 1 })
    const renamed = memoryStore({ 'halls.csv': rows })
    expect((await runPipeline(job, { data: renamed, out })).status).toBe('nothing_to_do')
    const both = memoryStore({ 'halls.csv': rows, 'rooms.csv': rows })
    await expect(runPipeline(job, { data: both, out })).rejects.toThrow('holds both halls.csv and rooms.csv')
  })

  it('may be allowed to be missing: the table is empty until it comes, and then it may not go', async () => {
    const source = snapshots({ file: 'halls.csv', format: csv(), whereMissing: 'empty' })
    const tables = { halls: { contract: halls, source }, machines: workshopJob.tables.machines as never }
    const job = defineJob({ name: 'halls', tables })
    const out = memoryStore()
    const without = memoryStore({ 'machines/M1.json': machine('M1') })
    const first = await runPipeline(job, { data: without, out })
    expect(first.tables).toEqual({ halls: 0, machines: 1 })
    expect(first.notes).toMatchObject([{ code: 'file_missing', severity: 'info' }])
    expect((await runPipeline(job, { data: without, out })).status).toBe('nothing_to_do')
    const come = memoryStore({ 'machines/M1.json': machine('M1'), 'halls.csv': 'hall_id,hall_name\nH1,North\n' })
    expect((await runPipeline(job, { data: come, out })).tables).toEqual({ halls: 1, machines: 1 })
    await expect(runPipeline(job, { data: without, out })).rejects.toMatchObject({ code: 'source_empty' })
    expect((await readStatus({ out })).tables).toEqual({ halls: 1, machines: 1 })
  })

  it('may have no key: rows are told apart by content and occurrence', async () => {
    const lines = defineTable('lines', { text: string(), count: nullable(float64()) })
    const source = snapshots({ file: 'lines.csv', format: csv() })
    const job = defineJob({ name: 'lines', tables: { lines: { contract: lines, source } } })
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore({ 'lines.csv': 'text,count\na,1\na,1\nb,\n' }), out })
    expect(await textOf(out, 'lines.csv')).toBe('text,count\na,1\na,1\nb,\n')
    await runPipeline(job, { data: memoryStore({ 'lines.csv': 'text,count\nb,\na,1\n' }), out })
    expect(await textOf(out, 'lines.csv')).toBe('text,count\nb,\na,1\n')
  })
})

describe('the format of a source', () => {
  it('tells what is worth knowing of a whole file; a warning stops a strict run', async () => {
    const read: SourceFormat['read'] = async (file) => ({
      ...(await csv().read(file)),
      notes: [{ code: 'date_order', severity: 'warning', message: `${file.file}: odd` }],
    })
    const source = snapshots({ file: 'halls.csv', format: { kind: 'csv', declaration: { kind: 'csv' }, read } })
    const job = defineJob({ name: 'halls', tables: { halls: { contract: halls, source } } })
    const data = memoryStore({ 'halls.csv': 'hall_id,hall_name\nH1,North\n' })
    const told = { code: 'date_order', severity: 'warning', file: 'halls.csv', message: 'halls.csv: odd' }
    expect((await runPipeline(job, { data, out: memoryStore() })).notes).toEqual([told])
    expect((await checkSource(job, { data })).findings).toMatchObject([told])
    const strict = runPipeline(job, { data, out: memoryStore(), mode: 'strict' })
    await expect(strict).rejects.toMatchObject({ code: 'date_order', message: 'halls.csv: odd' })
  })

  const counts = defineTable('counts', { id: key(string()), count: nullable(int64()), name: nullable(string()) })
  const columns = '{"id":{"0":"a","1":"b"},"count":{"0":9007199254740993,"1":null},"name":{"1":"B"}}'
  const objectsText = '[{"id":"a","count":9007199254740993},{"id":"b","count":null,"name":"B"}]'
  const binary = async (): Promise<Record<string, Uint8Array>> => {
    const state = memoryStore()
    const job = jobOf('counts.json', json())
    await runPipeline(job, { data: memoryStore({ 'counts.json': objectsText }), out: state })
    const frame = await (await readState(job, { out: state })).loadTable('counts')
    const { toArrow } = await import('../../../src/index.ts')
    const { selectColumns } = await import('../../../src/table/frame.ts')
    const table = toArrow(selectColumns(frame, ['id', 'count', 'name']))
    return { 'counts.arrow': writeArrow(table), 'counts.parquet': await writeParquet(table) }
  }
  const jobOf = (file: string, format: SourceFormat) =>
    defineJob({ name: 'counts', tables: { counts: { contract: counts, source: snapshots({ file, format }) } } })

  it.each<[string, string, SourceFormat, string | null]>([
    ['csv with a delimiter', 'counts.txt', csv({ delimiter: '|' }), 'id|count|name\na|9007199254740993|\nb||B\n'],
    [
      'csv with other names',
      'counts.csv',
      csv({ columnAliases: { key: 'id', n: 'count' } }),
      'key,n,name\na,9007199254740993,\nb,,B\n',
    ],
    ['json', 'counts.json', json(), objectsText],
    ['json lines', 'counts.jsonl', jsonLines(), '{"id":"a","count":9007199254740993}\n{"id":"b","name":"B"}\n'],
    ['column-oriented json', 'counts.json', jsonColumns(), columns],
    [
      'column-oriented json with lists',
      'counts.json',
      jsonColumns(),
      '{"id":["a","b"],"count":[9007199254740993,null],"name":[null,"B"]}',
    ],
    ['parquet', 'counts.parquet', parquet(), null],
    ['arrow', 'counts.arrow', arrow(), null],
  ])('reads %s, plain and packed', async (_, file, format, text) => {
    const bytes = text === null ? ((await binary())[file] ?? new Uint8Array()) : new TextEncoder().encode(text)
    for (const [name, content] of [
      [file, bytes],
      [`${file}.gz`, gzipSync(bytes)],
    ] as const) {
      const [data, out] = [memoryStore(), memoryStore()]
      await data.write(name, [content])
      await runPipeline(jobOf(file, format), { data, out })
      expect(await textOf(out, 'counts.csv'), name).toBe('id,count,name\na,9007199254740993,\nb,,B\n')
    }
  })

  it.each([['[1]'], ['{"id":3}'], ['{'], ['7']])('refuses %s as column-oriented json', async (text) => {
    const data = memoryStore({ 'counts.json': text })
    await expect(runPipeline(jobOf('counts.json', jsonColumns()), { data, out: memoryStore() })).rejects.toMatchObject({
      code: 'json_invalid',
    })
  })

  it('is declared: a job refuses what is none, and options that it does not have', () => {
    expect(() => csv({ delimiters: ';' } as never)).toThrow(/no option "delimiters"/)
    expect(() => snapshots({ file: '../x.csv', format: csv() })).toThrow(/name of a file/)
    expect(() => snapshots({ file: 'x.csv', format: 'csv' as never })).toThrow(/format is a string/)
    expect(() => snapshots({ file: 'x.csv', format: csv(), otherNames: ['/x'] })).toThrow(/list of names of files/)
    expect(() => snapshots({ file: 'x.csv', format: csv(), whereMissing: 'keep' as never })).toThrow(
      /'refuse' or 'empty'/,
    )
    expect(() => objects({ prefix: 'x', name: '{id}.json', format: json() })).toThrow(/a folder such as/)
    const source = objects({ prefix: 'x/', name: '{hall}.json', format: json() })
    expect(() => defineJob({ name: 'x', tables: { halls: { contract: halls, source } } })).toThrow(/named by "hall"/)
  })
})

describe('checkSource', () => {
  it('looks at objects, snapshots and pieces in their own formats', async () => {
    const data = placeOf({
      'machines/M3.json': '{',
      'machines/M4.json': '{"machine_id":"M5"}',
      'halls.csv': 'hall_id;hall_name\nH1;North\nH2;\n',
    })
    const { findings, tables, files } = await checkSource(workshopJob, { data })
    expect(findings.map(({ severity, code, file }) => [severity, code, file])).toEqual([
      ['quarantined', 'json_invalid', 'machines/M3.json'],
      ['quarantined', 'key_mismatch', 'machines/M4.json'],
      ['quarantined', 'null_value', 'halls.csv'],
    ])
    expect(tables).toEqual({ machines: 2, halls: 1, repairs: 3 })
    expect(files.map(({ name }) => name)).toContain('machines/M1.json')
  })

  it('tells why a snapshot would be refused', async () => {
    const data = placeOf({ 'halls.csv': 'hall_id;hall_name\nH1;North\nH1;South\n' })
    const { findings } = await checkSource(workshopJob, { data })
    expect(findings.map(({ severity, code }) => [severity, code])).toEqual([['refused', 'base_duplicate_key']])
  })
})

describe('explainFigure', () => {
  it('shows the object behind a row as it is in its file', async () => {
    const [output] = Object.values(workshopJob.outputs)
    if (output === undefined) throw new Error('the workshop has a report')
    const explain = { table: 'machines', reads: ['machines'], rowsBehind: () => Int32Array.of(1) }
    const job = { ...workshopJob, outputs: { machines_by_hall: { ...output, explain } } }
    const [data, out] = [placeOf({}), memoryStore()]
    await runPipeline(job, { data, out })
    const query = { data, out, output: 'machines_by_hall', cells: {} }
    const { origins } = await explainFigure(job, query)
    expect(origins).toEqual([
      {
        file: 'machines/M2.json',
        row: 1,
        source: { line: 1, text: '{\n  "machine_id": "M2",\n  "hall_id": "H2", "bought_on": "2024-05-01"\n}' },
        stored: null,
      },
    ])
    await data.write('machines/M2.json', [Buffer.from(machine('M2'))])
    expect((await explainFigure(job, query)).unread).toEqual([{ file: 'machines/M2.json', reason: 'changed' }])
  })
})

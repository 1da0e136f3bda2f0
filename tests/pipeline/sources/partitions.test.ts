import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { describedParquet } from '../../../src/format/parquet/parquet.ts'
import {
  type CurrentIndex,
  checkSource,
  collectGarbage,
  csv,
  defineJob,
  diffCommits,
  eachRow,
  explainFigure,
  type Job,
  json,
  partitions,
  planRun,
  type RunOptions,
  readLoggedJob,
  readState,
  readStatus,
  refuseRow,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import type { RollupCells } from '../../../src/pipeline/job/job.ts'
import { DictionaryColumn, NumberColumn } from '../../../src/table/column.ts'
import {
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
import { columnOf, type Frame, frameOf } from '../../../src/table/frame.ts'
import { contentOf, textOf } from '../phone-job.ts'

/** Fact, one row a call and delivery. */
const calls = defineTable('calls', {
  call_id: key(string()),
  team: string(),
  minutes: nullable(int32()),
})
const teams = defineTable('teams', { team: key(string()), name: string() })
const report = defineTable('team_calls', { day: key(string()), team: key(string()), calls: int32() })

type Counts = ReadonlyMap<string, number>
const cellsOf = (counts: Counts): RollupCells => {
  const names = [...counts.keys()].sort()
  return {
    cells: frameOf([
      ['team', new DictionaryColumn(Int32Array.from(names.keys()), names)],
      [
        'calls',
        new NumberColumn(
          'int32',
          Int32Array.from(names, (name) => counts.get(name) ?? 0),
        ),
      ],
    ]),
    metadata: {},
  }
}
const countsOf = (names: readonly string[], counts?: readonly number[]): Counts => {
  const found = new Map<string, number>()
  for (const [at, name] of names.entries()) found.set(name, (found.get(name) ?? 0) + (counts?.[at] ?? 1))
  return found
}
const textsOf = (rows: Frame, name: string): string[] => Array.from(columnOf(rows, name), String)

/** How often rollups of a day were made, by the first call of the day. */
const built: string[] = []
const jobOf = (source: ReturnType<typeof partitions>): Job =>
  defineJob({
    name: 'phone',
    tables: {
      calls: { contract: calls, source },
      teams: { contract: teams, source: snapshots({ file: 'teams.csv', format: csv() }) },
    },
    rollups: {
      team_counts: {
        table: 'calls',
        build: (rows) => {
          built.push(textsOf(rows, 'call_id')[0] ?? '')
          return cellsOf(countsOf(textsOf(rows, 'team')))
        },
        merge: (days) =>
          cellsOf(
            countsOf(
              days.flatMap(({ cells }) => textsOf(cells, 'team')),
              days.flatMap(({ cells }) => Array.from(columnOf(cells, 'calls'), Number)),
            ),
          ),
      },
    },
    outputs: {
      /** By day, read day by day. */
      team_calls: {
        contract: report,
        reads: ['calls', 'teams'],
        async build(state) {
          const rows: [string, string, number][] = []
          for (const day of state.partitions('calls')) {
            const counts = countsOf(textsOf(await day.load(), 'team'))
            for (const [team, count] of counts) rows.push([day.day, team, count])
          }
          const column = (at: 0 | 1) => {
            const texts = rows.map((row) => row[at])
            return new DictionaryColumn(Int32Array.from(texts.keys()), texts)
          }
          const counts = new NumberColumn(
            'int32',
            Int32Array.from(rows, ([, , count]) => count),
          )
          return frameOf([
            ['day', column(0)],
            ['team', column(1)],
            ['calls', counts],
          ])
        },
        explain: {
          table: 'calls',
          reads: ['calls'],
          rowsBehind: (state, { team }) =>
            Int32Array.from(
              textsOf(state.table('calls'), 'team')
                .entries()
                .flatMap(([row, name]) => (name === team ? [row] : [])),
            ),
        },
      },
      /** Of all days, of the merged rollup. */
      all_calls: {
        contract: defineTable('all_calls', { team: key(string()), calls: int32() }),
        reads: ['team_counts'],
        build: (state) => state.rollup('team_counts').cells,
      },
    },
  })
const source = partitions({ prefix: 'calls/', name: 'calls_{day}.csv', format: csv() })
const job = jobOf(source)

const dayOf = (...rows: readonly string[]): string => `call_id,team,minutes\n${rows.map((row) => `${row}\n`).join('')}`
const many = (count: number, team = 't1'): string =>
  dayOf(...Array.from({ length: count }, (_, row) => `c${row},${team},${row}`))
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'teams.csv': 'team,name\nt1,Red\nt2,Blue\n',
  'calls/calls_2025-03-01.csv': dayOf('c1,t1,5', 'c2,t2,'),
  'calls/calls_20250302.csv': dayOf('c1,t2,7'),
}

class Lake {
  readonly out = memoryStore()
  readonly job: Job
  constructor(given = job) {
    this.job = given
  }
  data(files: Readonly<Record<string, string | Uint8Array | null>> = {}): FileStore {
    const all = Object.entries({ ...FILES, ...files }).filter(([, text]) => text !== null)
    return memoryStore(Object.fromEntries(all) as Record<string, string>)
  }
  run(files: Readonly<Record<string, string | Uint8Array | null>> = {}, options: RunOptions = {}) {
    return runPipeline(this.job, { data: this.data(files), out: this.out, ...options })
  }
  async current(): Promise<CurrentIndex> {
    return JSON.parse(await textOf(this.out, 'current.json')) as CurrentIndex
  }
  async calls(): Promise<string[]> {
    const state = await readState(this.job, { out: this.out })
    const lines: string[] = []
    for (const day of state.partitions('calls')) {
      const rows = await day.load()
      const cells = ['call_id', 'team', 'minutes', '_file', '_row'].map((name) => textsOf(rows, name))
      for (let row = 0; row < rows.rows; row++) lines.push([day.day, ...cells.map((cell) => cell[row])].join(' '))
    }
    return lines
  }
}

/** Both places hold the same copies and files of the state; the list of files tells times and runs. */
async function expectSame(out: FileStore, clean: FileStore): Promise<void> {
  const version = async (place: FileStore) => {
    const { files } = await collectGarbage({ out: place, graceDays: 0, keepVersions: 1 })
    const left = new Set([...files.map(({ name }) => name), 'current.json'])
    return Object.fromEntries(Object.entries(await contentOf(place)).filter(([name]) => !left.has(name)))
  }
  expect(await version(out)).toEqual(await version(clean))
}

describe('a partitioned table', () => {
  it('is one file a day, whatever form the day has in its name', async () => {
    const lake = new Lake()
    const { tables, applied, published } = await lake.run()
    expect(tables).toEqual({ calls: 3, teams: 2 })
    expect(applied.map(({ name, rows }) => [name, rows])).toEqual([
      ['calls/calls_2025-03-01.csv', 2],
      ['calls/calls_20250302.csv', 1],
      ['teams.csv', 2],
    ])
    expect(await lake.calls()).toEqual([
      '2025-03-01 c1 t1 5 calls/calls_2025-03-01.csv 1',
      '2025-03-01 c2 t2 null calls/calls_2025-03-01.csv 2',
      '2025-03-02 c1 t2 7 calls/calls_20250302.csv 1',
    ])
    expect(await textOf(lake.out, 'team_calls.csv')).toBe(
      'day,team,calls\n2025-03-01,t1,1\n2025-03-01,t2,1\n2025-03-02,t2,1\n',
    )
    expect(await textOf(lake.out, 'all_calls.csv')).toBe('team,calls\nt1,1\nt2,2\n')
    expect(published.map(({ name }) => name)).toEqual(['team_calls.csv', 'all_calls.csv', 'teams.csv', 'current.json'])
    expect((await lake.run()).status).toBe('nothing_to_do')
  })

  it('replaces a corrected day, applies a late one, and ends where one run into an empty folder ends', async () => {
    const lake = new Lake()
    await lake.run()
    built.length = 0
    const files = { 'calls/calls_20250302.csv': dayOf('c9,t1,1'), 'calls/calls_2025-02-28.csv': dayOf('c8,t2,1') }
    const { applied } = await lake.run(files)
    expect(applied.map(({ name, summary: { inserted, deleted } }) => [name, inserted, deleted])).toEqual([
      ['calls/calls_2025-02-28.csv', 1, 0],
      ['calls/calls_20250302.csv', 1, 1],
    ])
    // only changed days are made again
    expect(built).toEqual(['c8', 'c9'])
    const clean = new Lake()
    await clean.run(files)
    await expectSame(lake.out, clean.out)
    // and back again
    await lake.run()
    expect(await lake.calls()).toContain('2025-03-02 c1 t2 7 calls/calls_20250302.csv 1')
  })

  it('keeps a day whose file is gone, and tells so, until a run withdraws it', async () => {
    const lake = new Lake()
    await lake.run({ 'calls/calls_2025-03-04.csv': dayOf('c4,t1,4') })
    const kept = await lake.run()
    expect(kept.status).toBe('nothing_to_do')
    expect(kept.notes.map(({ code, message }) => [code, message.replace('memory', 'the place')])).toEqual([
      ['day_kept', expect.stringContaining('has no file of 2025-03-04 any more; the rows are kept')],
      ['day_missing', 'table calls has no file of 2025-03-03'],
    ])
    expect((await readStatus({ out: lake.out })).missing).toEqual([{ table: 'calls', day: '2025-03-03' }])
    await expect(lake.run({}, { withdraw: ['2025-03-02'] })).rejects.toMatchObject({
      code: 'invalid_option',
      message: expect.stringContaining('calls/calls_20250302.csv is still there'),
    })
    const { notes, status } = await lake.run({}, { withdraw: ['20250304'] })
    expect(status).toBe('committed')
    expect(notes.map(({ code }) => code)).toContain('day_withdrawn')
    const again = await lake.run({}, { withdraw: ['20250304'] })
    expect(again.status).toBe('nothing_to_do')
    expect(again.notes.map(({ message }) => message)).toEqual([
      'withdraw names 2025-03-04, which no partitioned table has',
    ])
    const clean = new Lake()
    await clean.run()
    await expectSame(lake.out, clean.out)
    expect((await lake.run()).notes).toEqual([])
  })

  it('keeps days whose files are gone through a rebuild, and refuses one under another contract', async () => {
    const lake = new Lake()
    await lake.run({ 'calls/calls_2025-03-03.csv': dayOf('c4,t1,4') })
    const before = await lake.current()
    await lake.run({}, { apply: 'rebuild' })
    expect((await lake.current()).tables.calls).toEqual(before.tables.calls)
    const other = partitions({ prefix: 'calls/', name: 'calls_{day}.csv', format: csv({ nulls: ['none'] }) })
    const changed = runPipeline(jobOf(other), { data: lake.data(), out: lake.out, apply: 'rebuild' })
    await expect(changed).rejects.toMatchObject({
      code: 'options_changed',
      message: expect.stringContaining('2025-03-03'),
    })
    const { status } = await runPipeline(jobOf(other), {
      ...{ data: lake.data(), out: lake.out, apply: 'rebuild', withdraw: ['2025-03-03'] },
    })
    expect(status).toBe('committed')
  })

  it('refuses a day that comes again much smaller, until a run accepts it', async () => {
    const lake = new Lake()
    await lake.run({ 'calls/calls_20250302.csv': many(100) })
    await expect(lake.run({ 'calls/calls_20250302.csv': many(90) })).rejects.toMatchObject({
      code: 'input_shrunk',
      details: { day: '2025-03-02', lost: 10, rows: 100 },
    })
    expect((await lake.run({ 'calls/calls_20250302.csv': many(96) })).status).toBe('committed')
    const accepted = await lake.run({ 'calls/calls_20250302.csv': many(1) }, { acceptWithdrawals: ['calls'] })
    expect(accepted.tables.calls).toBe(3)
  })

  it('refuses the same bytes under two days, and takes days without records', async () => {
    const lake = new Lake()
    await lake.run({ 'calls/calls_2025-03-03.csv': dayOf(), 'calls/calls_2025-03-04.csv': dayOf() })
    const twin = { 'calls/calls_2025-03-05.csv': FILES['calls/calls_20250302.csv'] as string }
    await expect(lake.run(twin)).rejects.toMatchObject({
      code: 'duplicate_day',
      details: { days: ['2025-03-02', '2025-03-05'] },
    })
    const renamed = { ...twin, 'calls/calls_20250302.csv': null }
    await expect(lake.run(renamed)).rejects.toMatchObject({ code: 'duplicate_day' })
    expect((await lake.run(renamed, { withdraw: ['2025-03-02'] })).status).toBe('committed')
    const { findings } = await checkSource(job, { data: lake.data(twin) })
    expect(findings.map(({ code, file }) => [code, file])).toContainEqual([
      'duplicate_day',
      'calls/calls_2025-03-05.csv',
    ])
  })

  it('sets records aside that do not fit, lack their key or repeat one, by day', async () => {
    const lake = new Lake()
    const { quarantined, tables, notes } = await lake.run({
      'calls/calls_20250302.csv': dayOf('c1,t2,7', 'c1,t9,8', ',t1,1', 'c3,t1,many'),
    })
    expect([quarantined, tables.calls]).toEqual([3, 3])
    expect(notes.map(({ code }) => code)).toEqual(['quarantined'])
    const codes = (await textOf(lake.out, (await lake.out.list('.support-etl/data/quarantine'))[0]?.name ?? ''))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string; row: number })
    expect(codes.map(({ code, row }) => [code, row])).toEqual([
      ['base_duplicate_key', 2],
      ['null_key', 3],
      ['type_mismatch', 4],
    ])
    // corrected: nothing waits any more
    expect((await lake.run()).quarantined).toBe(0)
    await expect(
      lake.run({ 'calls/calls_20250302.csv': dayOf('c1,t2,7', 'c1,t9,8') }, { mode: 'strict' }),
    ).rejects.toMatchObject({
      code: 'base_duplicate_key',
    })
    const bad = dayOf(...Array.from({ length: 20 }, (_, row) => `c${row % 10},t1,1`))
    await expect(lake.run({ 'calls/calls_2025-03-03.csv': bad })).rejects.toMatchObject({
      code: 'too_many_quarantined',
    })
  })

  it('applies chosen days alone, and tells a day that has no file', async () => {
    const lake = new Lake()
    const { skipped, tables } = await lake.run({}, { days: ['20250302', '2025-03-07'] })
    expect(tables.calls).toBe(1)
    expect(skipped).toEqual([
      { name: 'calls/calls_2025-03-01.csv', reason: 'not_selected' },
      { name: 'calls/calls_2025-03-07.csv', reason: 'missing' },
    ])
    expect((await lake.run()).tables.calls).toBe(3)
  })

  it('refuses both forms of one day, and a file whose day does not exist is no input', async () => {
    const lake = new Lake()
    await expect(lake.run({ 'calls/calls_2025-03-02.csv': dayOf() })).rejects.toMatchObject({
      code: 'file_unrecognized',
    })
    const plan = await planRun(job, { data: lake.data({ 'calls/calls_2025-02-30.csv': dayOf() }), out: lake.out })
    expect(plan.notes.map(({ code, file }) => [code, file])).toEqual([
      ['file_unrecognized', 'calls/calls_2025-02-30.csv'],
    ])
  })

  it('reads packed days, and a renamed one again', async () => {
    const lake = new Lake()
    const packed = {
      'calls/calls_20250302.csv': null,
      'calls/calls_2025-03-02.csv.gz': gzipSync(String(FILES['calls/calls_20250302.csv'])),
    }
    await lake.run(packed)
    expect(await lake.calls()).toContain('2025-03-02 c1 t2 7 calls/calls_2025-03-02.csv.gz 1')
    await lake.run({
      'calls/calls_20250302.csv': null,
      'calls/calls_2025_03_02.csv': FILES['calls/calls_20250302.csv'] as string,
    })
    expect(await lake.calls()).toContain('2025-03-02 c1 t2 7 calls/calls_2025_03_02.csv 1')
  })

  it('looks again at its last days and at named ones where it says so', async () => {
    const lake = new Lake(jobOf(partitions({ prefix: 'calls/', name: 'calls_{day}.csv', format: csv(), recheck: 1 })))
    await lake.run()
    const files = { 'calls/calls_2025-03-01.csv': dayOf('c5,t1,5'), 'calls/calls_20250302.csv': dayOf('c6,t1,5') }
    expect((await lake.run(files)).applied.map(({ name }) => name)).toEqual(['calls/calls_20250302.csv'])
    expect((await lake.run(files, { days: ['2025-03-01'] })).applied.map(({ name }) => name)).toEqual([
      'calls/calls_2025-03-01.csv',
    ])
  })

  it('may be its newest delivery alone', async () => {
    const lake = new Lake(
      jobOf(partitions({ prefix: 'calls/', name: 'calls_{day}.csv', format: csv(), counts: 'newest' })),
    )
    expect((await lake.run()).tables.calls).toBe(1)
    expect(await lake.calls()).toEqual(['2025-03-02 c1 t2 7 calls/calls_20250302.csv 1'])
    expect(await textOf(lake.out, 'all_calls.csv')).toBe('team,calls\nt2,1\n')
    expect((await lake.current()).tables.calls?.files.map(({ day }) => day)).toEqual(['2025-03-02'])
    const past = await readState(lake.job, { out: lake.out, asOf: '2025-03-01' })
    expect(past.partitions('calls').map(({ day, rows }) => [day, rows])).toEqual([['2025-03-01', 2]])
    await lake.run({ 'calls/calls_20250302.csv': null }, { withdraw: ['2025-03-02'] })
    expect((await readStatus({ out: lake.out })).tables.calls).toBe(2)
  })
})

describe('a table derived from days', () => {
  const rated = defineTable('rated', { call_id: key(string()), minutes: int32() })
  const derivedJob = (version = '1'): Job =>
    defineJob({
      name: 'phone',
      tables: { calls: { contract: calls, source } },
      derived: {
        rated: {
          from: 'calls',
          contract: rated,
          version,
          rows: eachRow(calls, rated, ({ call_id, minutes }) =>
            minutes === null
              ? refuseRow({ code: 'null_value', column: 'minutes', expected: 'minutes' })
              : { call_id, minutes: minutes * Number(version) },
          ),
        },
      },
      rollups: {
        rated_counts: {
          table: 'rated',
          build: (rows) => cellsOf(new Map([['all', rows.rows]])),
          merge: (days) =>
            cellsOf(
              new Map([['all', days.reduce((sum, { cells }) => sum + Number(columnOf(cells, 'calls').at(0)), 0)]]),
            ),
        },
      },
      outputs: {
        rated_calls: {
          contract: defineTable('rated_calls', { team: key(string()), calls: int32() }),
          reads: ['rated_counts'],
          build: (state) => state.rollup('rated_counts').cells,
          explain: {
            table: 'rated',
            reads: ['rated'],
            rowsBehind: (state) => Int32Array.from(state.table('rated').rows > 0 ? [0] : []),
          },
        },
      },
    })
  const ratedIn = async (given: Job, out: FileStore): Promise<string[]> => {
    const lines: string[] = []
    for (const { day, load } of (await readState(given, { out })).partitions('rated')) {
      const rows = await load()
      const [ids, minutes] = [textsOf(rows, 'call_id'), textsOf(rows, 'minutes')]
      lines.push(...ids.map((id, row) => `${day} ${id} ${minutes[row]}`))
    }
    return lines
  }

  it('is made day by day, waits by day, and is made again by another version', async () => {
    const lake = new Lake(derivedJob())
    const { tables, quarantined, notes } = await lake.run()
    expect([tables, quarantined, notes.map(({ code }) => code)]).toEqual([{ calls: 3, rated: 2 }, 1, ['quarantined']])
    expect(await ratedIn(lake.job, lake.out)).toEqual(['2025-03-01 c1 5', '2025-03-02 c1 7'])
    expect(await textOf(lake.out, 'rated_calls.csv')).toBe('team,calls\nall,2\n')
    expect((await lake.current()).tables.rated?.files.map(({ day, rows }) => [day, rows])).toEqual([
      ['2025-03-01', 1],
      ['2025-03-02', 1],
    ])
    // another day changes: what waits of the first one still waits
    const files = { 'calls/calls_20250302.csv': dayOf('c7,t1,1', 'c8,t1,') }
    expect((await lake.run(files)).quarantined).toBe(2)
    expect((await lake.run({ ...files, 'calls/calls_2025-03-01.csv': dayOf('c1,t1,6') })).quarantined).toBe(1)
    const second = derivedJob('2')
    const { status } = await runPipeline(second, { data: lake.data(), out: lake.out })
    expect(status).toBe('committed')
    expect(await ratedIn(second, lake.out)).toEqual(['2025-03-01 c1 10', '2025-03-02 c1 14'])
    const clean = memoryStore()
    await runPipeline(second, { data: lake.data(), out: clean })
    await expectSame(lake.out, clean)
    expect((await verifyState(second, { out: lake.out })).damages).toEqual([])
    const { rows, origins } = await explainFigure(second, {
      ...{ data: lake.data(), out: lake.out, output: 'rated_calls', cells: {} },
    })
    expect(textsOf(rows, 'minutes')).toEqual(['10', '14'])
    expect(origins.map(({ file, row }) => `${file} ${row}`)).toEqual([
      'calls/calls_2025-03-01.csv 1',
      'calls/calls_20250302.csv 1',
    ])
  })

  it('refuses a day of which too much does not fit', async () => {
    const lake = new Lake(derivedJob())
    const bad = dayOf(...Array.from({ length: 30 }, (_, row) => `c${row},t1,${row < 10 ? '' : row}`))
    await expect(lake.run({ 'calls/calls_20250302.csv': bad })).rejects.toMatchObject({ code: 'too_many_quarantined' })
  })

  it('differs between commits by day, and is read without the code of its job', async () => {
    const lake = new Lake(derivedJob())
    await lake.run()
    await lake.run({ 'calls/calls_20250302.csv': dayOf('c1,t2,8', 'c5,t1,1') })
    const { tables } = await diffCommits(lake.job, { out: lake.out })
    expect(tables.map(({ name, added, removed, changed }) => [name, added, removed, changed])).toEqual([
      ['calls', 1, 0, 1],
      ['rated', 1, 0, 1],
      ['rated_calls', 0, 0, 1],
    ])
    const logged = await readLoggedJob({ out: lake.out })
    expect(await ratedIn(logged, lake.out)).toEqual(['2025-03-01 c1 5', '2025-03-02 c1 8', '2025-03-02 c5 1'])
  })
})

describe('current.json', () => {
  it('lists the files of every table, which readers find by it alone', async () => {
    const lake = new Lake()
    await lake.run({}, { format: 'parquet' })
    const { format, commit, job: name, tables } = await lake.current()
    expect([format, commit, name, Object.keys(tables)]).toEqual([
      1,
      1,
      'phone',
      ['calls', 'teams', 'team_calls', 'all_calls'],
    ])
    expect(tables.calls).toMatchObject({ kind: 'partitioned', rows: 3 })
    expect(tables.calls?.files.map(({ day, rows, source: from }) => [day, rows, from])).toEqual([
      ['2025-03-01', 2, 'calls/calls_2025-03-01.csv'],
      ['2025-03-02', 1, 'calls/calls_20250302.csv'],
    ])
    const kinds = Object.fromEntries(Object.entries(tables).map(([table, { kind }]) => [table, kind]))
    expect(kinds).toEqual({ calls: 'partitioned', teams: 'keyed', team_calls: 'output', all_calls: 'output' })
    for (const { path, bytes } of Object.values(tables).flatMap(({ files }) => files)) {
      expect((await lake.out.list(path))[0]?.size, path).toBe(bytes)
    }
    const [first] = tables.calls?.files ?? []
    const parts: Uint8Array[] = []
    for await (const part of lake.out.read(first?.path ?? '')) parts.push(part)
    const { frame } = await describedParquet(Buffer.concat(parts))
    expect([...frame.columns.keys()]).toEqual(['call_id', 'team', 'minutes', '_file', '_row'])
    expect(first).toMatchObject({
      loaded_at: expect.stringMatching(/^20/),
      batch: expect.any(String),
      contract_version: expect.any(String),
    })
  })

  it('is of the last commit, tells when a day was loaded, and is put right when it is gone', async () => {
    const lake = new Lake()
    await lake.run()
    const before = await lake.current()
    await lake.run({ 'calls/calls_20250302.csv': dayOf('c9,t1,1') })
    const after = await lake.current()
    expect(after.commit).toBe(2)
    expect(after.tables.calls?.files[0]).toEqual(before.tables.calls?.files[0])
    expect(after.tables.calls?.files[1]?.batch).not.toBe(before.tables.calls?.files[1]?.batch)
    await lake.out.remove('current.json')
    const { status, published } = await lake.run({ 'calls/calls_20250302.csv': dayOf('c9,t1,1') })
    expect(status).toBe('republished')
    expect(published.filter(({ isWritten }) => isWritten).map(({ name }) => name)).toEqual(['current.json'])
    expect(await lake.current()).toEqual(after)
    await lake.out.write('current.json', [Buffer.from('{}')])
    expect((await verifyState(job, { out: lake.out, repair: 'copies' })).repaired).toEqual(['current.json'])
    expect(await lake.current()).toEqual(after)
  })

  it('never takes the place of a file that no run wrote', async () => {
    const lake = new Lake()
    await lake.out.write('current.json', [Buffer.from('mine')])
    await expect(lake.run()).rejects.toMatchObject({ code: 'file_exists' })
  })
})

describe('readers of a partitioned table', () => {
  it('read it as of a day, and are told what it has no state of', async () => {
    const lake = new Lake()
    await lake.run()
    const state = await readState(job, { out: lake.out, asOf: '20250301' })
    expect(state.asOf).toBe('2025-03-01')
    expect(state.partitions('calls').map(({ day }) => day)).toEqual(['2025-03-01'])
    expect([...columnOf((await state.loadRollup('team_counts')).cells, 'calls')]).toEqual([1, 1])
    await expect(state.loadTable('teams')).rejects.toThrow(/not those of days/)
    const month = await readState(job, { out: lake.out, asOf: '202503' })
    expect(() => month.partitions('calls')).toThrow(/not those of months/)
    await expect(readState(job, { out: lake.out, asOf: 'soon' })).rejects.toMatchObject({ code: 'invalid_option' })
    const now = await readState(job, { out: lake.out })
    await expect(now.loadTable('calls')).rejects.toThrow(/partitions\('calls'\)/)
    expect(() => now.partitions('teams')).toThrow(/not a partitioned table/)
  })

  it('explain a figure by the rows of each day', async () => {
    const lake = new Lake()
    await lake.run()
    const { rows, origins } = await explainFigure(job, {
      data: lake.data(),
      out: lake.out,
      output: 'team_calls',
      cells: { team: 't2' },
    })
    expect(textsOf(rows, 'call_id')).toEqual(['c2', 'c1'])
    expect(origins).toEqual([
      { file: 'calls/calls_2025-03-01.csv', row: 2, source: { line: 3, text: 'c2,t2,' }, stored: null },
      { file: 'calls/calls_20250302.csv', row: 1, source: { line: 2, text: 'c1,t2,7' }, stored: null },
    ])
  })

  it('see damage of a day, and gc keeps every file that a run or a reader reads', async () => {
    const lake = new Lake()
    const read = new Set<string>()
    const traced: FileStore = {
      ...lake.out,
      location: lake.out.location,
      list: (prefix) => lake.out.list(prefix),
      read: (name) => {
        read.add(name)
        return lake.out.read(name)
      },
      write: (name, chunks) => lake.out.write(name, chunks),
      writeIfAbsent: (name, bytes) => lake.out.writeIfAbsent(name, bytes),
      remove: (name) => lake.out.remove(name),
    }
    await lake.run()
    await lake.run({ 'calls/calls_20250302.csv': dayOf('c9,t1,1') })
    const other = jobOf(source)
    const changed: Job = { ...other, rollups: { team_counts: { ...other.rollups.team_counts, version: '2' } as never } }
    await runPipeline(changed, { data: lake.data({ 'calls/calls_20250302.csv': dayOf('c9,t1,1') }), out: traced })
    const state = await readState(changed, { out: traced })
    await state.loadOutput('team_calls')
    await state.loadOutput('all_calls')
    const data = [...read].filter((name) => name.startsWith('.support-etl/data/'))
    expect(data.filter((name) => name.endsWith('.parquet')).length).toBeGreaterThanOrEqual(2)
    expect(data.filter((name) => /team_counts-2025-03-0\d/.test(name)).length).toBeGreaterThanOrEqual(2)
    await collectGarbage({ out: lake.out, graceDays: 0, action: 'remove', keepVersions: 1 })
    for (const name of data) expect((await lake.out.list(name)).length, name).toBe(1)
    expect((await verifyState(changed, { out: lake.out })).damages).toEqual([])
    const [day] = await lake.out.list('.support-etl/data/calls-2025-03-01-')
    await lake.out.write(day?.name ?? '', [Buffer.alloc(day?.size ?? 0)])
    expect((await verifyState(changed, { out: lake.out })).damages).toEqual([
      { name: day?.name, problem: 'differs', kind: 'data' },
    ])
    await expect(state.partitions('calls')[0]?.load()).rejects.toMatchObject({ code: 'data_damaged' })
  })

  it('refuse a record that needs partitioned tables where they do not know them', async () => {
    const lake = new Lake()
    await lake.run()
    expect(await textOf(lake.out, '.support-etl/log/00000001.json')).toContain('"partitioned_tables"')
  })
})

describe('values of a partitioned table', () => {
  it('come back from their file as they were, in the kinds of their contract', async () => {
    const contract = defineTable('values', {
      id: key(int64()),
      at: nullable(timestamp()),
      seconds: nullable(timestamp({ unit: 's' })),
      microseconds: nullable(timestamp({ unit: 'us' })),
      on: nullable(date()),
      share: nullable(float64()),
      text: nullable(string({ encoding: 'plain' })),
      coded: nullable(string()),
    })
    const files = {
      'in/2025-03-01.json':
        '[{"id":9007199254740993,"at":"2025-03-01T10:00:00.123Z","seconds":"2025-03-01T10:00:00Z","microseconds":"2025-03-01T10:00:00.123456Z","on":"2025-03-01","share":-0.0,"text":"é","coded":"a"},{"id":-1}]',
      'in/2025-03-02.json': '[]',
    }
    const job = defineJob({
      name: 'values',
      tables: { values: { contract, source: partitions({ prefix: 'in/', name: '{day}.json', format: json() }) } },
    })
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore(files), out })
    const [first, empty] = (await readState(job, { out })).partitions('values')
    const rows = (await first?.load()) as Frame
    expect([...columnOf(rows, 'id')]).toEqual([9007199254740993n, -1n])
    expect([...rows.columns].map(([name, { kind }]) => `${name} ${kind}`)).toEqual([
      'id int64',
      'at timestamp',
      'seconds timestamp',
      'microseconds timestamp',
      'on date',
      'share float64',
      'text text',
      'coded text',
      '_file text',
      '_row int32',
    ])
    const units = ['at', 'seconds', 'microseconds']
      .map((name) => columnOf(rows, name))
      .map((column) => {
        return column.kind === 'timestamp' ? `${column.unit} ${column.values[0]}` : column.kind
      })
    expect(units).toEqual(['ms 1740823200123', 's 1740823200', 'us 1740823200123456'])
    expect(Object.is(columnOf(rows, 'share').at(0), -0)).toBe(true)
    const none = (await empty?.load()) as Frame
    expect(none.rows).toBe(0)
    expect([...none.columns.keys()]).toEqual([...rows.columns.keys()])
  })
})

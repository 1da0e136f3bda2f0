import { symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type FileStore, type FolderStore, folderStore, memoryStore } from '../../src/connect/index.ts'
import {
  extractsAndDeltas,
  planRun,
  type RunOptions,
  readHistory,
  readState,
  runPipeline,
} from '../../src/pipeline/index.ts'
import type { Job } from '../../src/pipeline/job/job.ts'
import { defineTable, float64, key, nullable, string } from '../../src/table/contract.ts'
import {
  contentOf,
  filesOf,
  phoneJob,
  snapshot,
  sourceOf,
  stateFolder,
  teams,
  testFolders,
  textOf,
  threeMonths,
} from './phone-job.ts'

const folders = testFolders('run')
afterAll(folders.remove)

type PhoneOptions = RunOptions<typeof phoneJob.options>
const run = (options: PhoneOptions) => runPipeline(phoneJob, options)
const all = () => sourceOf(threeMonths)

/** The methods of a place as an object whose parts can be replaced. */
const watchedMethods = (store: FolderStore): FileStore => ({
  location: store.location,
  list: (prefix) => store.list(prefix),
  read: (name) => store.read(name),
  write: (name, chunks) => store.write(name, chunks),
  writeIfAbsent: (name, bytes) => store.writeIfAbsent(name, bytes),
  remove: (name) => store.remove(name),
})

describe('runPipeline', () => {
  it.each(['initial', 'delta'])(
    'refuses to publish into the folder %s of its source, also through a link',
    async (folder) => {
      const data = folders.next()
      const source = folderStore(data)
      for (const [name, text] of Object.entries(filesOf(threeMonths)))
        await source.write(name, [new TextEncoder().encode(text)])
      const before = await contentOf(source)
      const link = folders.next()
      symlinkSync(join(data, folder), link)
      for (const out of [join(data, folder), link]) {
        await expect(run({ data, out })).rejects.toMatchObject({
          code: 'invalid_option',
          message: expect.stringMatching(`^out .* is the folder of the source file ${folder}/`),
        })
      }
      expect(await contentOf(source)).toEqual(before)
    },
  )

  it('applies extracts and deltas and publishes tables and reports', async () => {
    const out = memoryStore()
    const result = await run({ data: all(), out })
    expect(result).toMatchObject({
      status: 'committed',
      commit: 1,
      tables: { calls: 3, teams: 3 },
      quarantined: 0,
      published: [
        { output: 'call_report', name: 'call_report.csv', rows: 3, isWritten: true },
        { output: 'calls', name: 'calls.csv', rows: 3, isWritten: true },
        { output: 'teams', name: 'teams.csv', rows: 3, isWritten: true },
      ],
    })
    expect(await textOf(out, 'calls.csv')).toBe(
      [
        'call_id,started_at,team_id,minutes',
        'c1,2025-01-02T10:00:00Z,t2,6',
        'c3,2025-02-01T10:00:00Z,t3,8',
        'c2,2025-03-03T10:00:00Z,t1,1',
        '',
      ].join('\n'),
    )
    expect(await textOf(out, 'call_report.csv')).toBe('team_name,total_calls\nRed,1\nNavy,1\nGreen,1\n')
  })

  it('counts what each input did, the same however many months one run folds', async () => {
    const once = await run({ data: all(), out: memoryStore() })
    const out = memoryStore()
    const [first, second] = [
      await run({ data: all(), out, months: ['2025-02'] }),
      await run({ data: all(), out, months: ['2025-03'] }),
    ]
    const summaries = (results: readonly (typeof once)[]) =>
      results
        .flatMap(({ applied }) => applied)
        .map(({ name, summary }) => [name, summary])
        .sort()
    expect(summaries([first, second])).toEqual(summaries([once]))
    expect(once.applied.find(({ name }) => name === 'delta/calls_delta_202502.csv')?.summary).toMatchObject({
      rowsIn: 2,
      rowsOut: 2,
      deltaRows: 3,
      inserted: 1,
      updated: 1,
      deleted: 1,
    })
  })

  it('keeps where each row came from, and does not publish it', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    const state = await (await readState(phoneJob, { out })).loadTable('calls')
    expect([...state.columns.keys()]).toEqual(['call_id', 'started_at', 'team_id', 'minutes', '_file', '_row'])
    expect([...(state.columns.get('_file') ?? [])]).toEqual([
      'delta/calls_delta_202502.csv',
      'delta/calls_delta_202503.csv',
      'delta/calls_delta_202503.csv',
    ])
    expect([...(state.columns.get('_row') ?? [])]).toEqual([2, 2, 1])
  })

  it('ends in the same bytes month by month, at once and rebuilt', async () => {
    const once = memoryStore()
    await run({ data: all(), out: once })
    const monthly = memoryStore()
    for (const month of ['202502', '2025-03']) await run({ data: all(), out: monthly, months: [month] })
    const rebuilt = memoryStore()
    await run({ data: all(), out: rebuilt, months: ['202502'] })
    await run({ data: all(), out: rebuilt, apply: 'rebuild' })
    const expected = await contentOf(once)
    const current = async (out: ReturnType<typeof memoryStore>) => {
      const content = await contentOf(out)
      return Object.fromEntries(Object.keys(expected).map((name) => [name, content[name]]))
    }
    expect(await current(monthly)).toEqual(expected)
    expect(await current(rebuilt)).toEqual(expected)
  })

  it.each([8, 1])(
    'writes over nothing that a place gives, in memory that others use before it: %i bytes',
    async (others) => {
      const inner = memoryStore()
      // content-addressed files never change, so that what was given once can be given again
      const given = new Map<string, Buffer>()
      const out: FileStore = {
        ...inner,
        async *read(name) {
          for await (const part of inner.read(name)) {
            const isKept = name.startsWith('.support-etl/data/')
            const shifted = given.get(name) ?? Buffer.concat([new Uint8Array(others), part]).subarray(others)
            if (isKept) given.set(name, shifted)
            yield shifted
          }
        },
      }
      await run({ data: sourceOf(), out })
      await run({ data: sourceOf({ 'calls 2025-02': ['c1,2025-01-02T10:00Z,t2,6,update'] }), out })
      expect(given.size).toBeGreaterThan(0)
      for (const [name, bytes] of given) expect(bytes.toString()).toBe(await textOf(inner, name))
    },
  )

  it('touches no file when there is nothing to do', async () => {
    const [data, out] = [stateFolder(folders.next()), folders.next()]
    for (const [name, text] of Object.entries(filesOf(threeMonths))) await data.write(name, [Buffer.from(text)])
    await run({ data, out })
    const before = snapshot(out)
    const again = await run({ data, out })
    expect(again).toMatchObject({ status: 'nothing_to_do', commit: 1, applied: [], tables: { calls: 3, teams: 3 } })
    expect(snapshot(out)).toEqual(before)
  })

  it('applies what arrives later, and only that', async () => {
    const out = memoryStore()
    await run({ data: sourceOf(), out })
    const later = await run({ data: sourceOf({ 'calls 2025-02': threeMonths['calls 2025-02'] }), out })
    expect([later.commit, later.applied.map(({ name }) => name)]).toEqual([2, ['delta/calls_delta_202502.csv']])
    expect(later.skipped.map(({ reason }) => reason)).toEqual(['already_applied', 'already_applied'])
    const written = later.published.filter(({ isWritten }) => isWritten).map(({ name }) => name)
    expect(written).toEqual(['call_report.csv', 'calls.csv'])
  })

  it('needs no applied file any more', async () => {
    const out = memoryStore()
    await run({ data: sourceOf(), out })
    const rest = Object.entries(filesOf({ 'calls 2025-02': threeMonths['calls 2025-02'] })).filter(([name]) =>
      name.startsWith('delta/'),
    )
    const later = await run({ data: memoryStore(Object.fromEntries(rest)), out })
    expect(later.applied.map(({ name }) => name)).toEqual(['delta/calls_delta_202502.csv'])
    const rebuilt = await run({ data: memoryStore(), out, apply: 'rebuild' })
    expect(rebuilt.applied).toHaveLength(3)
  })

  it('refuses a month while an earlier one waits, naming its files, and changes nothing', async () => {
    const out = memoryStore()
    await expect(run({ data: all(), out, months: ['202503'] })).rejects.toMatchObject({
      name: 'PipelineError',
      code: 'month_pending',
      message: expect.stringContaining('delta/calls_delta_202502.csv'),
    })
    expect(await out.list('')).toEqual([])
  })

  it('refuses a changed file until rebuilt, then replays it (D23)', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    const changed = sourceOf({ ...threeMonths, 'calls 2025-02': ['c9,2025-02-01T10:00Z,t1,1,add'] })
    await expect(run({ data: changed, out })).rejects.toMatchObject({
      code: 'file_changed',
      message: expect.stringContaining("set apply: 'rebuild'"),
    })
    const rebuilt = await run({ data: changed, out, apply: 'rebuild' })
    expect(rebuilt.tables).toEqual({ calls: 4, teams: 3 })
    const clean = memoryStore()
    await run({ data: changed, out: clean })
    expect(await textOf(out, 'calls.csv')).toBe(await textOf(clean, 'calls.csv'))
    expect((await run({ data: changed, out })).status).toBe('nothing_to_do')
  })

  it('does not read applied files again while the place says that they are the same', async () => {
    const [folder, out] = [folders.next(), memoryStore()]
    const data = folderStore(folder)
    for (const [name, text] of Object.entries(filesOf({}))) await data.write(name, [Buffer.from(text)])
    const visited: string[] = []
    const watched: FileStore = {
      ...watchedMethods(data),
      windows(name) {
        visited.push(name)
        return data.windows(name)
      },
    }
    // an hour later: no clock ticks so seldom that a change could have gone unnoticed
    const effects = { now: () => Date.now() + 3_600_000 }
    await runPipeline(phoneJob, { data: watched, out }, effects)
    expect(visited.splice(0)).toEqual(['initial/calls.csv', 'initial/teams.csv'])
    await runPipeline(phoneJob, { data: watched, out }, effects)
    expect(visited).toEqual([])
  })

  it('sees a change that keeps size and time of a file', async () => {
    const [folder, out] = [folders.next(), memoryStore()]
    const data = folderStore(folder)
    for (const [name, text] of Object.entries(filesOf({}))) await data.write(name, [Buffer.from(text)])
    const path = join(folder, 'initial/teams.csv')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    await runPipeline(phoneJob, { data, out }, { now: () => Date.now() + 3_600_000 })
    // the clock of a file system ticks every few milliseconds; what is that young is never trusted, but for the hour above
    await new Promise((resolve) => setTimeout(resolve, 30))
    writeFileSync(path, 'team_id,team_name\nt1,Rex\nt2,Blue\n')
    utimesSync(path, 1_700_000_000, 1_700_000_000)
    await expect(run({ data, out })).rejects.toMatchObject({ code: 'file_changed' })
  })

  it('refuses a late file until rebuilt, then applies it in its order (D20)', async () => {
    const out = memoryStore()
    const { 'calls 2025-02': february, ...rest } = threeMonths
    await run({ data: sourceOf(rest), out })
    await expect(run({ data: all(), out })).rejects.toMatchObject({ code: 'late_file' })
    await run({ data: all(), out, apply: 'rebuild' })
    const clean = memoryStore()
    await run({ data: sourceOf({ ...rest, 'calls 2025-02': february }), out: clean })
    expect(await textOf(out, 'calls.csv')).toBe(await textOf(clean, 'calls.csv'))
  })

  it('applies an earlier month of another table as it comes (D20)', async () => {
    const out = memoryStore()
    const { 'teams 2025-03': march, ...rest } = threeMonths
    await run({ data: sourceOf(rest), out })
    const later = await run({ data: sourceOf({ ...rest, 'teams 2025-02': march }), out })
    expect(later.applied.map(({ name }) => name)).toEqual(['delta/teams_delta_202502.csv'])
  })

  it('skips the same file again (D22)', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    const again = await run({ data: all(), out })
    expect(again.notes.map(({ code }) => code)).toEqual(Array(5).fill('already_applied'))
  })

  it('applies the same content under another month, with a warning that strict mode lets pass (D24)', async () => {
    const rows = ['c3,2025-02-01T10:00Z,t1,7,add']
    const data = sourceOf({ 'calls 2025-02': rows, 'calls 2025-04': rows })
    const result = await run({ data, out: memoryStore() })
    expect(result.notes).toContainEqual({
      code: 'duplicate_content',
      severity: 'warning',
      file: 'delta/calls_delta_202504.csv',
      message:
        'delta/calls_delta_202504.csv: has the same content as delta/calls_delta_202502.csv; it was applied nevertheless, because each month counts by itself',
    })
    const empty = await run({
      data: sourceOf({ 'calls 2025-02': [], 'calls 2025-03': [] }),
      out: memoryStore(),
      mode: 'strict',
    })
    expect(empty.notes.find(({ code }) => code === 'duplicate_content')?.severity).toBe('info')
  })

  it('records a delta without rows, and warns of an extract without (D15)', async () => {
    const result = await run({ data: sourceOf({ 'calls 2025-02': [], calls: [] }), out: memoryStore() })
    expect(result.applied.map(({ name, rows }) => [name, rows])).toContainEqual(['delta/calls_delta_202502.csv', 0])
    expect(result.notes).toContainEqual({
      code: 'empty_extract',
      severity: 'warning',
      file: 'initial/calls.csv',
      message: 'initial/calls.csv: the extract has no rows',
    })
    await expect(run({ data: sourceOf({ calls: [] }), out: memoryStore(), mode: 'strict' })).rejects.toMatchObject({
      code: 'empty_extract',
    })
  })

  it('refuses a file of 0 bytes (D16)', async () => {
    const out = memoryStore()
    await run({ data: sourceOf(), out })
    const data = memoryStore({ ...filesOf({}), 'delta/calls_delta_202502.csv': '' })
    await expect(run({ data, out })).rejects.toMatchObject({
      code: 'empty_file',
      message: expect.stringContaining('delta/calls_delta_202502.csv'),
    })
    expect((await readState(phoneJob, { out })).commit).toBe(1)
  })

  it.each(['all', 'call_report'])(
    'refuses a month for rows that it does not touch, whoever asks for %s',
    async (publish) => {
      // no double holds a number that an earlier delta brought, and the new delta brings a fraction
      const files = {
        ...filesOf({ calls: Array.from({ length: 9 }, (_, row) => `c${row},2025-01-02T10:00Z,t1,5`) }),
        'delta/calls_delta_202502.csv': 'call_id,score,action\nc1,9007199254740993,update\nc2,3,update\n',
        'delta/calls_delta_202503.csv': 'call_id,score,action\nc2,2.5,update\n',
      }
      const evolving: Job = {
        ...phoneJob,
        tables: Object.fromEntries(
          Object.entries(phoneJob.tables).map(([name, table]) => [name, { ...table, delta: { contract: 'evolve' } }]),
        ),
      }
      const options = { data: memoryStore(files), out: memoryStore(), publish: [publish] }
      await runPipeline(evolving, { ...options, months: ['2025-02'] })
      await expect(runPipeline(evolving, options)).rejects.toMatchObject({ code: 'type_mismatch' })
      expect((await (await readState(evolving, { out: options.out })).loadTable('calls')).rows).toBe(9)
    },
  )

  it('shows one key for 0 and −0, whichever change wrote the row', async () => {
    const levels = defineTable('levels', { level: key(float64()), name: nullable(string()) })
    const job: Job = {
      ...phoneJob,
      tables: { levels: { contract: levels, source: extractsAndDeltas() } },
      rollups: {},
      outputs: {},
    }
    const data = memoryStore({
      'initial/levels.csv': 'level,name\n-0,Ground\n1,First\n',
      'delta/levels_delta_202502.csv': 'level,name,action\n0,Lobby,update\n',
      'delta/levels_delta_202503.csv': 'level,name,action\n-0,Foyer,update\n',
    })
    const out = memoryStore()
    await runPipeline(job, { data, out })
    expect(await textOf(out, 'levels.csv')).toBe('level,name\n0,Foyer\n1,First\n')
    const versions = await readHistory(job, { out, table: 'levels' })
    expect([...(versions.columns.get('level') ?? [])]).toEqual([0, 0, 0, 1])
  })

  it('inherits the options of the last commit', async () => {
    const out = memoryStore()
    await run({ data: sourceOf(), out, format: 'json', publish: ['report'], timeZone: 'EST' })
    const later = await run({ data: all(), out })
    expect(later.options).toMatchObject({ format: 'json', publish: ['call_report'], timeZone: 'EST' })
    expect((await out.list('call')).map(({ name }) => name)).toEqual(['call_report.json'])
  })

  it.each<PhoneOptions>([{ format: 'json' }, { timeZone: 'EST' }, { publish: ['teams'] }])(
    'commits anew, applying nothing, for %j',
    async (options) => {
      const out = memoryStore()
      await run({ data: all(), out })
      const again = await run({ data: all(), out, ...options })
      expect(again).toMatchObject({ status: 'committed', commit: 2, applied: [], options })
      expect((await run({ data: all(), out })).status).toBe('nothing_to_do')
    },
  )

  it('publishes only the copies that are asked for', async () => {
    const out = memoryStore()
    await run({ data: all(), out, publish: ['report', 'dimensions'] })
    expect((await out.list('')).map(({ name }) => name).filter((name) => name.endsWith('.csv'))).toEqual([
      'call_report.csv',
      'teams.csv',
    ])
    expect(await textOf(out, 'teams.csv')).toContain('t3,Green')
  })

  it('writes copies again that were changed or removed, without a commit', async () => {
    const out = folders.next()
    await run({ data: all(), out })
    const store = stateFolder(out)
    const before = await contentOf(store)
    await store.remove('teams.csv')
    writeFileSync(join(out, 'calls.csv'), before['calls.csv']?.replace('c1', 'c0') ?? '')
    const again = await run({ data: all(), out })
    expect(again).toMatchObject({ status: 'republished', commit: 1 })
    expect(again.published.filter(({ isWritten }) => isWritten).map(({ name }) => name)).toEqual([
      'calls.csv',
      'teams.csv',
    ])
    expect(await contentOf(store)).toEqual(before)
  })

  it('refuses another contract until rebuilt from the files', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    const wider = defineTable('teams', { ...teams.columns, city: nullable(string()) })
    const tables = { ...phoneJob.tables, teams: { contract: wider, source: extractsAndDeltas() } }
    const changed = { ...phoneJob, tables }
    await expect(runPipeline(changed, { data: all(), out })).rejects.toMatchObject({ code: 'options_changed' })
    await expect(readState(changed, { out })).rejects.toMatchObject({ code: 'options_changed' })
    const files = { ...filesOf(threeMonths), 'initial/teams.csv': 'team_id,team_name,city\nt1,Red,Rome\n' }
    const rebuilt = await runPipeline(changed, { data: memoryStore(files), out, apply: 'rebuild' })
    expect(rebuilt.commit).toBe(2)
    expect(await textOf(out, 'teams.csv')).toBe('team_id,team_name,city\nt1,Red,Rome\nt3,Green,\nt2,Navy,\n')
    const gone = memoryStore()
    await run({ data: all(), out: gone })
    await expect(runPipeline(changed, { data: memoryStore(), out: gone, apply: 'rebuild' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  it('refuses the place of another job', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    await expect(runPipeline({ ...phoneJob, name: 'mail' }, { data: all(), out })).rejects.toMatchObject({
      code: 'options_changed',
    })
  })

  it('warns of files that belong to no table, and refuses them in strict mode', async () => {
    const data = memoryStore({ ...filesOf({}), 'delta/call_delta_202502.csv': 'x', 'initial/.hidden': 'x' })
    const result = await run({ data, out: memoryStore() })
    expect(result.notes.filter(({ severity }) => severity === 'warning')).toMatchObject([
      { code: 'file_unrecognized', file: 'delta/call_delta_202502.csv' },
    ])
    await expect(run({ data, out: memoryStore(), mode: 'strict' })).rejects.toMatchObject({ code: 'file_unrecognized' })
  })

  it('refuses in strict mode what lenient mode counts', async () => {
    const data = sourceOf({ 'calls 2025-02': ['c7,2025-02-01T10:00Z,t1,1,update'] })
    const lenient = await run({ data, out: memoryStore() })
    expect(lenient.notes).toMatchObject([{ code: 'update_missing', severity: 'warning' }])
    await expect(run({ data, out: memoryStore(), mode: 'strict' })).rejects.toMatchObject({
      name: 'DeltaError',
      code: 'update_missing',
    })
  })

  it.each<[PhoneOptions, RegExp]>([
    [{ months: ['202513'] }, /months "202513" is no month; write it as 202503 or 2025-03/],
    [{ months: [] }, /months is empty/],
    [{ publish: ['calls', 'cals'] }, /publish "cals" is none of call_report, calls, teams, report, dimensions, all/],
    [{ maxQuarantined: 5 }, /maxQuarantined is 5; give it a share from 0 to 1/],
    [{ format: 'xlsx' as 'csv' }, /format "xlsx" is none of csv, json, parquet/],
    [{ mode: 'loose' as 'strict' }, /mode "loose" is none of lenient, strict/],
    [{ apply: 'all' as 'pending' }, /apply "all" is none of pending, rebuild/],
  ])('refuses options %j', async (options, message) => {
    await expect(run({ data: all(), out: memoryStore(), ...options })).rejects.toThrow(message)
  })
})

describe('planRun', () => {
  it('says what a run would do and writes nothing', async () => {
    const out = memoryStore()
    const plan = await planRun(phoneJob, { data: all(), out, months: ['202502'] })
    expect(plan.action).toBe('apply')
    expect(plan.apply.map(({ name }) => name)).toEqual([
      'initial/calls.csv',
      'initial/teams.csv',
      'delta/calls_delta_202502.csv',
    ])
    expect(plan.apply.every(({ file }) => file?.sha256?.length === 64)).toBe(true)
    expect(await out.list('')).toEqual([])
  })

  it('says which copies a run would put right', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    await out.remove('teams.csv')
    await out.write('call_report.csv', [new TextEncoder().encode('mine\n')])
    const { action, copies } = await planRun(phoneJob, { data: all(), out })
    expect([action, copies]).toEqual(['nothing', { write: ['call_report.csv', 'teams.csv'], remove: [] }])
    expect(await run({ data: all(), out })).toMatchObject({ status: 'republished' })
    expect((await planRun(phoneJob, { data: all(), out })).copies).toEqual({ write: [], remove: [] })
    await out.remove('teams.csv')
    const anew = await planRun(phoneJob, { data: all(), out, apply: 'rebuild' })
    expect([anew.action, anew.copies]).toEqual(['rebuild', { write: [], remove: [] }])
  })

  it('promises no copies where the run would be refused', async () => {
    const out = memoryStore()
    await run({ data: all(), out })
    await out.remove('teams.csv')
    const late = sourceOf({ ...threeMonths, 'calls 2025-01': ['c1,2025-01-02T10:00Z,t2,6,update'] })
    const stray = memoryStore({ ...filesOf(threeMonths), 'delta/call_delta_202502.csv': 'x' })
    for (const [data, mode, code] of [
      [late, 'lenient', 'late_file'],
      [stray, 'strict', 'file_unrecognized'],
    ] as const) {
      const { action, copies, refusals } = await planRun(phoneJob, { data, out, mode })
      expect([action, copies, refusals.map((refusal) => refusal.code)]).toEqual([
        'nothing',
        { write: [], remove: [] },
        [code],
      ])
      await expect(run({ data, out, mode })).rejects.toMatchObject({ code })
    }
    expect((await planRun(phoneJob, { data: stray, out })).copies.write).toEqual(['teams.csv'])
  })

  it('tells what would be refused instead of throwing it', async () => {
    const plan = await planRun(phoneJob, { data: all(), out: memoryStore(), months: ['202503'] })
    expect(plan.refusals.map(({ code }) => code)).toEqual(['month_pending'])
  })
})

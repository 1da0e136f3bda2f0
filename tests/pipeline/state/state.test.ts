import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromArrays } from '@uwdata/flechette'
import { afterAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import {
  collectGarbage,
  readHistory,
  readState,
  readStatus,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import type { Job, RollupCells } from '../../../src/pipeline/job/job.ts'
import { readWhole } from '../../../src/pipeline/state/data-files.ts'
import { columnOf, type Frame, withColumns } from '../../../src/table/frame.ts'
import { toFrame } from '../../../src/table/to-frame.ts'
import { filesOf, phoneJob, sourceOf, textOf, threeMonths } from '../phone-job.ts'

const folder = mkdtempSync(join(tmpdir(), 'support-etl-state-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function committed() {
  const out = memoryStore()
  const result = await runPipeline(phoneJob, { data: sourceOf(threeMonths), out })
  return { out, result }
}

const column = (frame: Frame, name: string) => [...(frame.columns.get(name) ?? [])]

describe('readState', () => {
  it('gives tables, rollups and outputs as they are committed', async () => {
    const { out } = await committed()
    const state = await readState(phoneJob, { out })
    expect(state).toMatchObject({ commit: 1, asOf: null, options: { timeZone: 'UTC' } })
    expect(column(await state.loadTable('teams'), 'team_name')).toEqual(['Red', 'Navy', 'Green'])
    expect((await state.loadRollup('team_counts')).cells.rows).toBe(3)
    expect(column(await state.loadOutput('call_report'), 'total_calls')).toEqual([1, 1, 1])
  })

  it.each([
    ['2025-01', ['c1', 'c2'], ['Red', 'Blue'], [1, 1]],
    ['202502', ['c1', 'c3'], ['Red', 'Blue'], [1, 1]],
    ['2025-03', ['c1', 'c3', 'c2'], ['Red', 'Navy', 'Green'], [1, 1, 1]],
    ['2030-12', ['c1', 'c3', 'c2'], ['Red', 'Navy', 'Green'], [1, 1, 1]],
  ])('gives all tables as of %s, dimensions included', async (asOf, calls, teams, counts) => {
    const { out } = await committed()
    const state = await readState(phoneJob, { out, asOf })
    expect(column(await state.loadTable('calls'), 'call_id')).toEqual(calls)
    expect(column(await state.loadTable('teams'), 'team_name')).toEqual(teams)
    expect(column(await state.loadOutput('call_report'), 'total_calls')).toEqual(counts)
  })

  it('reads the state through the log: published copies may be gone', async () => {
    const { out } = await committed()
    for (const { name } of await out.list('c')) await out.remove(name)
    expect((await (await readState(phoneJob, { out })).loadTable('calls')).rows).toBe(3)
  })

  it('says what it does not have', async () => {
    const { out } = await committed()
    const state = await readState(phoneJob, { out })
    await expect(state.loadTable('cals')).rejects.toThrow('job phone has no table "cals"; it has calls, teams')
    await expect(state.loadRollup('cals')).rejects.toThrow('job phone has no rollup "cals"')
    await expect(state.loadOutput('cals')).rejects.toThrow('job phone has no output "cals"; it has call_report')
    await expect(readState(phoneJob, { out, asOf: 'may' })).rejects.toThrow('asOf "may" is no month and no commit')
  })

  it('says that nothing is committed', async () => {
    await expect(readState(phoneJob, { out: memoryStore() })).rejects.toMatchObject({ code: 'nothing_committed' })
  })

  it('says which file is gone or was cut, in memory and in a folder', async () => {
    for (const out of [memoryStore(), folderStore(join(folder, 'cut'))]) {
      await runPipeline(phoneJob, { data: sourceOf(threeMonths), out })
      const files = await out.list('.support-etl/data/calls-')
      const name = files.find((entry) => !/initial|delta/.test(entry.name))?.name ?? ''
      const bytes = Buffer.from(await textOf(out, name), 'latin1')
      await out.write(name, [bytes.subarray(0, 100)])
      await expect((await readState(phoneJob, { out })).loadTable('calls')).rejects.toMatchObject({
        code: 'data_damaged',
        message: expect.stringContaining(`${name} has 100 bytes`),
      })
      await out.remove(name)
      await expect((await readState(phoneJob, { out })).loadTable('calls')).rejects.toThrow(`${name} is gone`)
    }
  })
})

describe('readStatus', () => {
  it('tells what stands, from the log alone', async () => {
    const { out, result } = await committed()
    const status = await readStatus({ out })
    expect(status).toMatchObject({
      commit: 1,
      runId: result.runId,
      job: 'phone',
      tables: { calls: 3, teams: 3 },
      quarantined: 0,
      copies: [
        { name: 'call_report.csv', rows: 3, state: 'intact' },
        { name: 'calls.csv', rows: 3, state: 'intact' },
        { name: 'teams.csv', rows: 3, state: 'intact' },
      ],
      lock: null,
    })
    expect(status.inputs.map(({ table, month, rows }) => [table, month, rows])).toEqual([
      ['calls', null, 2],
      ['teams', null, 2],
      ['calls', '2025-02', 3],
      ['calls', '2025-03', 2],
      ['teams', '2025-03', 2],
    ])
  })

  it('tells copies that differ and who holds the lock', async () => {
    const { out } = await committed()
    await out.write('calls.csv', [Buffer.from('edited')])
    await out.write('.support-etl/lock', [Buffer.from(JSON.stringify({ host: 'elsewhere', process: 5 }))])
    expect(await readStatus({ out })).toMatchObject({
      copies: [{ state: 'intact' }, { name: 'calls.csv', state: 'differs' }, { state: 'intact' }],
      lock: { host: 'elsewhere', process: 5, isRunning: 'unknown' },
    })
  })

  it('says that nothing is committed', async () => {
    await expect(readStatus({ out: memoryStore() })).rejects.toMatchObject({ code: 'nothing_committed' })
  })
})

describe('verifyState', () => {
  it('finds a place whole', async () => {
    const { out } = await committed()
    const found = await verifyState(phoneJob, { out })
    expect(found).toMatchObject({ commits: 1, damages: [], repaired: [] })
    expect(found.files).toBe((await out.list('')).length)
  })

  it('finds every file that lost a bit, went away or was edited', async () => {
    const { out } = await committed()
    for (const { name } of await out.list('')) {
      if (name.startsWith('.support-etl/log/')) continue
      const bytes = await readWhole(out, name)
      const kind = name.startsWith('.support-etl/') ? 'data' : 'copy'
      const flipped = Buffer.from(bytes)
      flipped[bytes.length >> 1] = (flipped[bytes.length >> 1] ?? 0) ^ 4
      await out.write(name, [flipped])
      expect((await verifyState(phoneJob, { out })).damages).toEqual([{ name, problem: 'differs', kind }])
      await out.remove(name)
      expect((await verifyState(phoneJob, { out })).damages).toEqual([{ name, problem: 'missing', kind }])
      await out.write(name, [bytes])
    }
    expect((await verifyState(phoneJob, { out })).damages).toEqual([])
  })

  it('is not the only one to notice: what is made anew of kept files is made of none that lost a bit', async () => {
    const source = {
      'calls 2025-02': ['c3,2025-02-01T10:00Z,t1,4,add'],
      'calls 2025-03': ['c1,2025-01-02T10:00Z,t2,9,update'],
    }
    const out = memoryStore()
    await runPipeline(phoneJob, { data: memoryStore(filesOf({})), out })
    const [input] = await out.list('.support-etl/data/calls-initial-')
    const name = input?.name ?? ''
    const flipped = Buffer.from(await readWhole(out, name))
    // inside the rows: the file keeps its form
    const at = flipped.indexOf('c1c2')
    flipped[at + 1] = '7'.charCodeAt(0)
    await out.write(name, [flipped])
    const damaged = { code: 'data_damaged', message: expect.stringContaining(name) }
    const data = memoryStore(filesOf(source))
    await expect(runPipeline(phoneJob, { data, out, apply: 'rebuild' }), 'a rebuild').rejects.toMatchObject(damaged)
    await expect(readHistory(phoneJob, { out, table: 'calls' }), 'a history').rejects.toMatchObject(damaged)
    const past = await readState(phoneJob, { out, asOf: '2025-01' })
    await expect(past.loadTable('calls'), 'a state as of a month').rejects.toMatchObject(damaged)
    await expect(runPipeline(phoneJob, { data, out }), 'a new snapshot').rejects.toMatchObject(damaged)
    expect((await readStatus({ out })).commit).toBe(1)
  })

  it('writes copies again when told to', async () => {
    const { out } = await committed()
    const before = await textOf(out, 'calls.csv')
    await out.write('calls.csv', [Buffer.from('edited')])
    await out.remove('call_report.csv')
    const found = await verifyState(phoneJob, { out, repair: 'copies' })
    expect(found.repaired).toEqual(['calls.csv', 'call_report.csv'])
    expect(await textOf(out, 'calls.csv')).toBe(before)
    expect((await verifyState(phoneJob, { out })).damages).toEqual([])
    expect((await readStatus({ out })).commit).toBe(1)
  })

  it('repairs nothing from a state that is damaged', async () => {
    const { out } = await committed()
    await out.remove('calls.csv')
    await out.remove((await out.list('.support-etl/data/teams-'))[0]?.name ?? '')
    const found = await verifyState(phoneJob, { out, repair: 'copies' })
    expect(found.damages.map(({ kind }) => kind)).toEqual(['data', 'copy'])
    expect(found.repaired).toEqual([])
  })
})

describe('collectGarbage', () => {
  const DAY = 86_400_000

  it('finds what no version refers to, and removes it only when told to', async () => {
    const { out } = await committed()
    const stray = '.support-etl/data/calls-0123456789abcdef.arrow'
    await out.write(stray, [Buffer.from('left by a run that was killed')])
    const before = (await out.list('')).map(({ name }) => name)
    const found = await collectGarbage({ out, graceDays: 0 })
    expect(found).toEqual({ files: [{ name: stray, bytes: 29, reason: 'unreferenced' }], bytes: 29, isRemoved: false })
    expect((await out.list('')).map(({ name }) => name)).toEqual(before)
    expect(await collectGarbage({ out, graceDays: 0, action: 'remove' })).toMatchObject({ isRemoved: true })
    expect((await out.list('')).map(({ name }) => name)).toEqual(before.filter((name) => name !== stray))
    expect((await verifyState(phoneJob, { out })).damages).toEqual([])
  })

  it('lets young files be: a run may be about to refer to them', async () => {
    const { out } = await committed()
    const now = Date.now()
    const aged = (age: number) => ({
      ...out,
      list: async (prefix: string) => (await out.list(prefix)).map((entry) => ({ ...entry, changedAt: now - age })),
    })
    await out.write('.support-etl/data/stray-0123456789abcdef.arrow', [Buffer.from('x')])
    expect((await collectGarbage({ out: aged(0.9 * DAY) }, { now: () => now })).files).toEqual([])
    expect((await collectGarbage({ out: aged(1.1 * DAY) }, { now: () => now })).files).toHaveLength(1)
    expect((await collectGarbage({ out })).files, 'where ages are not known').toEqual([])
  })

  it('keeps the data of all versions, or of the last ones', async () => {
    const out = memoryStore()
    for (const months of [['2025-02'], ['2025-03']])
      await runPipeline(phoneJob, { data: sourceOf(threeMonths), out, months })
    expect((await collectGarbage({ out, graceDays: 0 })).files).toEqual([])
    const found = await collectGarbage({ out, graceDays: 0, keepVersions: 1, action: 'remove' })
    expect(
      found.files.map(({ name, reason }) => [
        name
          .replace(/-[0-9a-f]{16}/, '')
          .split('/')
          .pop(),
        reason,
      ]),
    ).toEqual([
      ['calls.arrow', 'superseded'],
      ['team_counts.arrow', 'superseded'],
    ])
    expect((await verifyState(phoneJob, { out })).damages).toEqual([])
    expect((await (await readState(phoneJob, { out, asOf: '2025-02' })).loadTable('calls')).rows).toBe(2)
  })

  it('takes the lock', async () => {
    const { out } = await committed()
    await out.write('.support-etl/lock', [
      Buffer.from(JSON.stringify({ host: 'h', process: 5, beatAt: new Date().toISOString() })),
    ])
    await expect(collectGarbage({ out, action: 'remove' })).rejects.toMatchObject({ code: 'lock_held' })
  })

  it('refuses to keep nothing', async () => {
    await expect(collectGarbage({ keepVersions: 0 })).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(collectGarbage({ graceDays: -1 })).rejects.toMatchObject({ code: 'invalid_option' })
  })
})

describe('a rollup with a column that Arrow knows and the library does not', () => {
  it('is read again by the next run, from a folder and from memory', async () => {
    const rollup = phoneJob.rollups.team_counts as NonNullable<Job['rollups'][string]>
    const listed = (made: RollupCells): RollupCells => {
      const lists = tableFromArrays({ marks: Array.from({ length: made.cells.rows }, (_, row) => [row]) })
      return { ...made, cells: withColumns(made.cells, [['marks', columnOf(toFrame(lists), 'marks')]]) }
    }
    const job: Job = {
      ...phoneJob,
      rollups: {
        team_counts: {
          ...rollup,
          build: (...given) => listed(rollup.build(...given)),
          update: (...given) => listed((rollup.update as NonNullable<typeof rollup.update>)(...given)),
        },
      },
    }
    for (const out of [memoryStore(), folderStore(join(folder, 'lists'))]) {
      const data = sourceOf(threeMonths)
      await runPipeline(job, { data, out, months: ['202502'] })
      expect(await runPipeline(job, { data, out })).toMatchObject({ status: 'committed', commit: 2 })
      const { cells } = await (await readState(job, { out })).loadRollup('team_counts')
      expect([...columnOf(cells, 'marks')][1]).toEqual([1])
    }
  })
})

describe('the rows that a rollup is brought forward by', () => {
  it.each([
    ['all columns, where it names none', undefined, ['call_id', 'started_at', 'team_id', 'minutes', '_file', '_row']],
    ['a key, and where the rows came from', ['_file', 'call_id'], ['call_id', '_file']],
    ['what it counts by', ['team_id'], ['team_id']],
  ])('have their values in %s', async (_, columns, names) => {
    const { team_counts: rollup } = phoneJob.rollups as { team_counts: NonNullable<Job['rollups'][string]> }
    const seen: Frame[] = []
    const watched: typeof rollup = {
      ...rollup,
      ...(columns === undefined ? {} : { columns }),
      update(before, touched) {
        seen.push(touched.before)
        return before
      },
    }
    const job: Job = { ...phoneJob, rollups: { team_counts: watched } }
    const changes = { 'calls 2025-02': ['c1,2025-02-02T10:00Z,t2,7,update', 'c2,,,,delete'] }
    for (const out of [memoryStore(), folderStore(join(folder, `seen-${names.length}`))]) {
      await runPipeline(job, { data: sourceOf({}), out, publish: ['teams'] })
      await runPipeline(job, { data: sourceOf(changes), out })
    }
    const values: Record<string, unknown[]> = {
      call_id: ['c1', 'c2'],
      started_at: [new Date('2025-01-02T10:00Z'), new Date('2025-01-03T10:00Z')],
      team_id: ['t1', 't2'],
      minutes: [5, null],
      _file: ['initial/calls.csv', 'initial/calls.csv'],
      _row: [1, 2],
    }
    expect(seen).toHaveLength(2)
    for (const before of seen) {
      expect([...before.columns.keys()]).toEqual(names)
      for (const name of names) expect(column(before, name)).toEqual(values[name])
    }
  })
})

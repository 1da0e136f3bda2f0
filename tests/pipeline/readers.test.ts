import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/index.ts'
import { checkSource, explainFigure, readHistory, runPipeline } from '../../src/pipeline/index.ts'
import type { Job } from '../../src/pipeline/job/job.ts'
import { columnOf } from '../../src/table/frame.ts'
import { filesOf, phoneJob, sourceOf, threeMonths } from './phone-job.ts'

const report = phoneJob.outputs.call_report as NonNullable<Job['outputs'][string]>
/** The job with a report whose figures can be traced: rows of the team that the first cell names. */
const traced: Job = {
  ...phoneJob,
  outputs: {
    call_report: {
      ...report,
      explain: {
        table: 'calls',
        reads: ['calls', 'teams'],
        rowsBehind(state, { team_name }) {
          const teams = state.table('teams')
          const team = [...columnOf(teams, 'team_id')][[...columnOf(teams, 'team_name')].indexOf(team_name ?? '')]
          return Int32Array.from(
            [...columnOf(state.table('calls'), 'team_id')].flatMap((id, row) => (id === team ? [row] : [])),
          )
        },
      },
    },
  },
}

async function committed(rows = threeMonths) {
  const out = memoryStore()
  const data = sourceOf(rows)
  await runPipeline(traced, { data, out })
  return { data, out }
}

const figure = (team_name: string) => ({ output: 'call_report', cells: { team_name } })

describe('explainFigure', () => {
  it('gives the rows that a figure counts and the lines that supplied them last', async () => {
    const places = await committed()
    const found = await explainFigure(traced, { ...places, ...figure('Green') })
    expect(found).toMatchObject({ commit: 1, asOf: null, table: 'calls', unread: [] })
    expect([...columnOf(found.rows, 'call_id')]).toEqual(['c3'])
    expect(found.origins).toEqual([
      {
        file: 'delta/calls_delta_202503.csv',
        row: 2,
        source: { line: 3, text: 'c3,2025-02-01T10:00Z,t3,8,update' },
        stored: null,
      },
    ])
  })

  it('explains a figure as it was', async () => {
    const places = await committed()
    const found = await explainFigure(traced, { ...places, ...figure('Blue'), asOf: '2025-02' })
    expect(found.origins.map(({ source }) => source?.text)).toEqual(['c1,2025-01-02T10:00Z,t2,6,update'])
  })

  it('has no rows for a row that the output does not have', async () => {
    const places = await committed()
    expect(await explainFigure(traced, { ...places, ...figure('Violet') })).toMatchObject({
      rows: { rows: 0 },
      origins: [],
    })
  })

  it('says which files are gone or are not what was applied, and shows the rows all the same', async () => {
    const { out } = await committed()
    const changed = sourceOf({
      ...threeMonths,
      'calls 2025-03': ['c2,2025-03-03T10:00Z,t1,2,add', 'c3,2025-02-01T10:00Z,t3,9,update'],
    })
    const found = await explainFigure(traced, { out, data: changed, ...figure('Green') })
    expect(found.unread).toEqual([{ file: 'delta/calls_delta_202503.csv', reason: 'changed' }])
    const stored = { call_id: 'c3', started_at: new Date('2025-02-01T10:00Z'), team_id: 't3', minutes: 8 }
    expect(found.origins).toEqual([{ file: 'delta/calls_delta_202503.csv', row: 2, source: null, stored }])
    const gone = await explainFigure(traced, { out, data: memoryStore(), ...figure('Green') })
    expect(gone.unread).toEqual([{ file: 'delta/calls_delta_202503.csv', reason: 'missing' }])
    expect([...columnOf(gone.rows, 'minutes')]).toEqual([8])
  })

  it('says what it cannot explain', async () => {
    const places = await committed()
    await expect(explainFigure(traced, { ...places, output: 'calls', cells: {} })).rejects.toThrow(
      'no output "calls" of job phone can be explained; call_report can',
    )
    await expect(explainFigure(phoneJob, { ...places, output: 'call_report', cells: {} })).rejects.toThrow('none can')
    await expect(explainFigure(traced, { ...places, output: 'call_report', cells: { team: 'Red' } })).rejects.toThrow(
      'call_report has no column "team"; it has team_name, total_calls',
    )
  })
})

describe('readHistory', () => {
  it('gives every version with the months in which it held and the record that made it', async () => {
    const { out } = await committed()
    const versions = await readHistory(traced, { out, table: 'calls' })
    const names = ['call_id', 'minutes', 'valid_from', 'valid_to', 'is_deleted', 'version', '_file', '_row']
    const columns = names.map((name) => [...columnOf(versions, name)])
    expect(Array.from({ length: versions.rows }, (_, row) => columns.map((column) => column[row]))).toEqual([
      ['c1', 5, null, '2025-02', false, 1, 'initial/calls.csv', 1],
      ['c1', 6, '2025-02', null, false, 2, 'delta/calls_delta_202502.csv', 2],
      ['c2', null, null, '2025-02', true, 1, 'initial/calls.csv', 2],
      ['c2', 1, '2025-03', null, false, 2, 'delta/calls_delta_202503.csv', 1],
      ['c3', 7.5, '2025-02', '2025-03', false, 1, 'delta/calls_delta_202502.csv', 1],
      ['c3', 8, '2025-03', null, false, 2, 'delta/calls_delta_202503.csv', 2],
    ])
  })

  it('is the same for one run and month by month', async () => {
    const { out } = await committed()
    const monthly = memoryStore()
    for (const month of ['2025-02', '2025-03'])
      await runPipeline(traced, { data: sourceOf(threeMonths), out: monthly, months: [month] })
    const cells = async (place: typeof out) => {
      const { columns } = await readHistory(traced, { out: place, table: 'teams' })
      return Array.from(columns, ([name, column]) => [name, [...column]])
    }
    expect(await cells(monthly)).toEqual(await cells(out))
  })

  it('knows a table without deltas, and says which tables there are', async () => {
    const out = memoryStore()
    await runPipeline(traced, { data: sourceOf(), out })
    const versions = await readHistory(traced, { out, table: 'teams' })
    expect([...columnOf(versions, 'valid_to')]).toEqual([null, null])
    await expect(readHistory(traced, { out, table: 'team' })).rejects.toThrow(
      'job phone has no table "team"; it has calls, teams',
    )
  })
})

describe('checkSource', () => {
  it('finds nothing where nothing is wrong', async () => {
    const { findings, tables, files } = await checkSource(phoneJob, { data: sourceOf() })
    expect(findings).toEqual([])
    expect(tables).toEqual({ calls: 2, teams: 2 })
    expect(files.map(({ name, rows }) => [name, rows])).toEqual([
      ['initial/calls.csv', 2],
      ['initial/teams.csv', 2],
    ])
  })

  it('finds all that runs would refuse, set aside or warn of, and goes on behind each', async () => {
    const data = memoryStore({
      ...filesOf({
        'calls 2025-02': ['c3,yesterday,t1,5,add', 'c7,2025-02-01T10:00Z,t1,1,update'],
        'calls 2025-03': ['c8,2025-03-01T10:00Z,t1,1,upd'],
        'calls 2025-04': ['c9,2025-04-01T10:00Z,t1,1,add'],
      }),
      'delta/teams_delta_202502.csv': '',
      'delta/notes.csv': 'x',
    })
    const { findings, tables } = await checkSource(phoneJob, { data })
    const shown = findings
      .filter(({ severity }) => severity !== 'info')
      .map(({ severity, code, file, row, column }) => [severity, code, file, row, column])
    expect(shown).toEqual([
      ['warning', 'file_unrecognized', 'delta/notes.csv', null, null],
      ['quarantined', 'type_mismatch', 'delta/calls_delta_202502.csv', 1, 'started_at'],
      ['warning', 'update_missing', 'delta/calls_delta_202502.csv', null, null],
      ['refused', 'unknown_action', 'delta/calls_delta_202503.csv', 1, null],
      ['refused', 'empty_file', 'delta/teams_delta_202502.csv', null, null],
    ])
    expect(tables).toEqual({ calls: 4, teams: 2 })
  })

  it('tells a missing extract, and an empty place', async () => {
    const { 'initial/teams.csv': _, ...files } = filesOf({})
    expect((await checkSource(phoneJob, { data: memoryStore(files) })).findings).toMatchObject([
      { severity: 'refused', code: 'initial_missing' },
    ])
    expect((await checkSource(phoneJob, { data: memoryStore() })).findings[0]).toMatchObject({ code: 'no_input' })
  })

  it('shows what a job finds odd, with the record of the first row', async () => {
    const job: Job = {
      ...phoneJob,
      oddities: (state) => [
        {
          code: 'long_call',
          table: 'calls',
          column: 'minutes',
          count: 1,
          message: `1 of ${state.table('calls').rows} calls is long`,
          rows: [0],
        },
      ],
    }
    const { findings } = await checkSource(job, { data: sourceOf() })
    expect(findings).toEqual([
      {
        severity: 'odd',
        code: 'long_call',
        file: 'initial/calls.csv',
        row: 1,
        line: null,
        column: 'minutes',
        found: '5',
        expected: null,
        message: '1 of 2 calls is long',
        statement: '1 of 2 calls is long',
        advice: [],
      },
    ])
  })
})

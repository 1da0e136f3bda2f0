import { describe, expect, it } from 'vitest'
import type { RunRequest, StateOptions } from '../../../src/pipeline/job/options.ts'
import type { CommitRecord, InputRecord } from '../../../src/pipeline/log/commit-record.ts'
import { makePlan, noteDuplicate } from '../../../src/pipeline/plan/make-plan.ts'
import type { PlanInput } from '../../../src/pipeline/plan/plan-input.ts'
import { extractsAndDeltas, sourceName } from '../../../src/pipeline/sources/extracts-and-deltas.ts'
import type { SourceFile } from '../../../src/pipeline/sources/files/inventory.ts'
import { defineTable, key, string } from '../../../src/table/contract.ts'

const options: StateOptions = {
  format: 'csv',
  publish: ['report', 'calls', 'teams'],
  mode: 'lenient',
  maxQuarantined: 0.05,
}
const jobOptions = { timeZone: 'America/New_York', monthFrom: 'started_at' }
const contracts = { calls: 'c1', teams: 't1' }
const summary = {
  rowsIn: 0,
  rowsOut: 1,
  deltaRows: 1,
  inserted: 1,
  updated: 0,
  unchanged: 0,
  deleted: 0,
  ignored: 0,
  folded: 0,
  quarantined: 0,
  codes: [],
}

/** `calls` is the extract, `calls 2025-02` a month; `=x` gives its content another name than its own. */
function fileOf(text: string): SourceFile {
  const [, table = '', month = null, sha256] = /^(\w+)(?: ([\d-]+))?(?:=(\w+))?$/.exec(text) ?? []
  return {
    table,
    unit: month ?? '',
    month,
    name: sourceName(table, month),
    bytes: 10,
    sha256: sha256 ?? `${table}${month ?? ''}`,
  }
}

function inputOf(text: string): InputRecord {
  const { table, month, name, bytes, sha256 } = fileOf(text)
  const stored = { name: `stored ${name}`, sha256: '', bytes: 1, rows: 1 }
  return {
    table,
    unit: month ?? '',
    month,
    name,
    bytes,
    sha256: sha256 ?? '',
    version: null,
    rows: 1,
    quarantined: 0,
    summary,
    stored,
    contract: contracts[table as 'calls'],
  }
}

const calls = defineTable('calls', { call_id: key(string()) })

/** Tables of a record with these fingerprints. */
function tablesOf(prints: Readonly<Record<string, string>>): CommitRecord['tables'] {
  const record = { contract: calls, delta: {}, source: { kind: 'extracts_and_deltas' } }
  return Object.fromEntries(Object.entries(prints).map(([name, fingerprint]) => [name, { ...record, fingerprint }]))
}

function headOf(applied: readonly string[], changes: Partial<CommitRecord> = {}): CommitRecord {
  return {
    format: 2,
    features: [],
    number: 1,
    parent: null,
    runId: 'r',
    committedAt: '2025-04-01T00:00:00Z',
    job: 'phone',
    versions: {},
    options,
    jobOptions,
    tables: tablesOf(contracts),
    fingerprints: {},
    inputs: applied.map(inputOf),
    pages: [],
    state: {},
    rollups: {},
    quarantine: null,
    published: [],
    stale: [],
    ...changes,
  }
}

interface Case {
  readonly files: readonly string[]
  readonly applied?: readonly string[]
  readonly head?: Partial<CommitRecord>
  readonly request?: Partial<RunRequest>
  readonly unrecognized?: readonly string[]
  readonly now?: Partial<PlanInput>
}

function plan({ files, applied, head, request, unrecognized = [], now }: Case) {
  return makePlan({
    tables: ['calls', 'teams'],
    job: 'phone',
    inventory: { files: files.map(fileOf), unrecognized },
    head: applied === undefined ? null : headOf(applied, head),
    request: {
      ...{
        months: null,
        days: null,
        withdraw: [],
        apply: 'pending',
        acceptWithdrawals: [],
        delivered: [],
        overwrite: [],
      },
      ...{ options, jobOptions, ...request },
    },
    contracts,
    steps: {},
    mirrored: new Map(),
    appended: new Set(),
    source: 'data',
    expected: extractsAndDeltas().expected,
    ...now,
  })
}

const applyOf = (made: ReturnType<typeof makePlan>) => made.apply.map(({ name }) => name.replace(/^.*\/|\.csv$/g, ''))
const refusalsOf = (made: ReturnType<typeof makePlan>) => made.refusals.map(({ code }) => code)
const extracts = ['calls', 'teams']

describe('makePlan', () => {
  it('applies extracts first, then month by month, tables in the order of the job', () => {
    const made = plan({ files: ['teams 2025-02', 'calls 2025-03', 'calls 2025-02', 'teams', 'calls'] })
    expect(made.action).toBe('apply')
    expect(applyOf(made)).toEqual(['calls', 'teams', 'calls_delta_202502', 'teams_delta_202502', 'calls_delta_202503'])
    expect(made.refusals).toEqual([])
  })

  it('applies only what the ledger does not hold', () => {
    const made = plan({
      files: [...extracts, 'calls 2025-02', 'calls 2025-03'],
      applied: [...extracts, 'calls 2025-02'],
    })
    expect(applyOf(made)).toEqual(['calls_delta_202503'])
  })

  it('has nothing to do when all is applied (D22)', () => {
    const files = [...extracts, 'calls 2025-02']
    const made = plan({ files, applied: files })
    expect([made.action, made.apply, made.refusals]).toEqual(['nothing', [], []])
    expect(made.skip).toEqual([
      { name: 'initial/calls.csv', reason: 'already_applied' },
      { name: 'initial/teams.csv', reason: 'already_applied' },
      { name: 'delta/calls_delta_202502.csv', reason: 'already_applied' },
    ])
    expect(made.notes.every(({ code, severity }) => code === 'already_applied' && severity === 'info')).toBe(true)
  })

  it('does not miss applied files that are gone', () => {
    const made = plan({ files: ['calls 2025-03'], applied: [...extracts, 'calls 2025-02'] })
    expect(applyOf(made)).toEqual(['calls_delta_202503'])
    expect(made.refusals).toEqual([])
  })

  it('refuses a file of a month earlier than one applied of the same table (D20)', () => {
    const made = plan({ files: ['calls 2025-02'], applied: [...extracts, 'calls 2025-03'] })
    expect(made.refusals).toMatchObject([
      {
        code: 'late_file',
        files: ['delta/calls_delta_202502.csv'],
        message:
          "delta/calls_delta_202502.csv: a later month of the same table is applied already; set apply: 'rebuild' to replay all months in order",
      },
    ])
  })

  it('simply applies a file of a month earlier than one applied of another table (D20)', () => {
    const made = plan({ files: ['teams 2025-02'], applied: [...extracts, 'calls 2025-03'] })
    expect([applyOf(made), made.refusals]).toEqual([['teams_delta_202502'], []])
  })

  it('replays everything in order when late files are rebuilt (D20)', () => {
    const made = plan({
      files: ['calls 2025-02'],
      applied: [...extracts, 'calls 2025-03'],
      request: { apply: 'rebuild' },
    })
    expect(made.action).toBe('rebuild')
    expect(made.apply.map(({ name, file }) => [name, file === null ? 'kept rows' : 'file'])).toEqual([
      ['initial/calls.csv', 'kept rows'],
      ['initial/teams.csv', 'kept rows'],
      ['delta/calls_delta_202502.csv', 'file'],
      ['delta/calls_delta_202503.csv', 'kept rows'],
    ])
  })

  it('refuses a known table and month with other content, naming the remedy (D23)', () => {
    const made = plan({ files: ['calls=other'], applied: extracts })
    expect(made.refusals).toMatchObject([{ code: 'file_changed', files: ['initial/calls.csv'] }])
    expect(made.refusals[0]?.message).toContain("or set apply: 'rebuild' to take the new one")
  })

  it('reads a changed file again when rebuilt (D23)', () => {
    const made = plan({
      files: [...extracts, 'calls 2025-02=other'],
      applied: [...extracts, 'calls 2025-02'],
      request: { apply: 'rebuild' },
    })
    expect(made.refusals).toEqual([])
    expect(made.apply.map(({ file, applied }) => [file?.sha256 ?? null, applied?.sha256 ?? null])).toEqual([
      [null, 'calls'],
      [null, 'teams'],
      ['other', null],
    ])
  })

  it('applies the same content under another month and says so (D24)', () => {
    const made = plan({ files: ['calls 2025-03=twin'], applied: [...extracts, 'calls 2025-02=twin'] })
    expect([applyOf(made), made.refusals]).toEqual([['calls_delta_202503'], []])
    const applied = [inputOf('calls 2025-02=twin'), inputOf('teams 2025-03=twin')]
    expect(noteDuplicate(fileOf('calls 2025-03'), 'twin', applied, 3)).toMatchObject({
      code: 'duplicate_content',
      severity: 'warning',
    })
    expect(noteDuplicate(fileOf('calls 2025-03'), 'twin', applied, 0)).toMatchObject({ severity: 'info' })
    expect(noteDuplicate(fileOf('calls 2025-03'), 'else', applied, 3)).toBeNull()
  })

  describe('with months selected', () => {
    const files = [...extracts, 'calls 2025-02', 'teams 2025-02', 'calls 2025-03']

    it('leaves other months for later', () => {
      const made = plan({ files, request: { months: ['2025-02'] } })
      expect(applyOf(made)).toEqual(['calls', 'teams', 'calls_delta_202502', 'teams_delta_202502'])
      expect(made.skip).toEqual([{ name: 'delta/calls_delta_202503.csv', reason: 'not_selected' }])
      expect(made.refusals).toEqual([])
    })

    it('refuses a month while an earlier file of any table is pending, naming it', () => {
      const made = plan({ files, applied: [...extracts, 'calls 2025-02'], request: { months: ['2025-03'] } })
      expect(made.refusals).toMatchObject([
        {
          code: 'month_pending',
          files: ['delta/teams_delta_202502.csv'],
          message:
            "month 2025-02 must be applied before 2025-03: delta/teams_delta_202502.csv still wait; set months: ['2025-02', '2025-03'] to apply them in order",
        },
      ])
    })

    it('takes months that were applied for done', () => {
      const made = plan({ files, applied: files, request: { months: ['2025-02'] } })
      expect([made.action, made.refusals]).toEqual(['nothing', []])
    })

    it('says which month has no file, and which have', () => {
      const made = plan({ files, request: { months: ['2025-02', '2025-04'] } })
      expect(refusalsOf(made)).toEqual(['month_unknown'])
      expect(made.refusals[0]?.message).toContain('no table has a file of month 2025-04: data has 2025-02, 2025-03')
    })

    it('refuses to rebuild past a late file that is not selected', () => {
      const made = plan({
        files: ['calls 2025-02'],
        applied: [...extracts, 'calls 2025-03'],
        request: { apply: 'rebuild', months: ['2025-03'] },
      })
      expect(refusalsOf(made)).toEqual(['month_pending'])
    })
  })

  it('refuses a place without any file', () => {
    const made = plan({ files: [] })
    expect(refusalsOf(made)).toEqual(['no_input'])
    expect(made.refusals[0]?.message).toContain(
      'expected files such as data/initial/calls.csv and data/delta/calls_delta_202502.csv',
    )
  })

  it('warns when a place that once had files has none', () => {
    const made = plan({ files: [], applied: extracts })
    expect(made.notes).toMatchObject([{ code: 'no_input', severity: 'warning' }])
    expect(made.refusals).toEqual([])
  })

  it('refuses deltas without an extract', () => {
    const made = plan({ files: ['calls', 'teams 2025-02'] })
    expect(made.refusals).toMatchObject([{ code: 'initial_missing', files: ['initial/teams.csv'] }])
  })

  it('warns of names that mean nothing to the job', () => {
    const made = plan({ files: extracts, unrecognized: ['delta/call_delta_202502.csv'] })
    expect(made.notes).toMatchObject([
      { code: 'file_unrecognized', severity: 'warning', file: 'delta/call_delta_202502.csv' },
    ])
  })

  it('mentions months that no table has', () => {
    const made = plan({ files: [...extracts, 'calls 2025-02', 'teams 2025-05'] })
    expect(made.notes.map(({ code, message }) => [code, message])).toEqual([
      ['month_gap', 'no table has a file of month 2025-03'],
      ['month_gap', 'no table has a file of month 2025-04'],
    ])
  })

  it.each<Partial<RunRequest>>([
    { jobOptions: { ...jobOptions, timeZone: 'EST' } },
    { jobOptions: { ...jobOptions, monthFrom: 'logged_at' } },
    { options: { ...options, format: 'json' } },
    { options: { ...options, publish: ['report'] } },
  ])('makes copies anew, applying nothing, for %j', (request) => {
    const made = plan({ files: extracts, applied: extracts, request })
    expect([made.action, made.apply]).toEqual(['refresh', []])
    expect(made).toMatchObject(request)
  })

  it.each([{ mode: 'strict' as const }, { maxQuarantined: 0 }])('has nothing to do for %j alone', (change) => {
    expect(plan({ files: extracts, applied: extracts, request: { options: { ...options, ...change } } }).action).toBe(
      'nothing',
    )
  })

  it('refuses another contract or policy until rebuilt', () => {
    const now = { contracts: { ...contracts, teams: 't2' } }
    const refused = plan({ files: extracts, applied: extracts, now })
    expect(refusalsOf(refused)).toEqual(['options_changed'])
    expect(refused.refusals[0]?.message).toContain('policies or the source of teams are not those')
    const rebuilt = plan({ files: extracts, applied: extracts, now, request: { apply: 'rebuild' } })
    expect(rebuilt.refusals).toEqual([])
    expect(rebuilt.apply.map(({ name, file }) => [name, file !== null])).toEqual([
      ['initial/calls.csv', false],
      ['initial/teams.csv', true],
    ])
  })

  it('asks for the file of rows that were typed under another contract, even if it is gone', () => {
    const made = plan({
      files: [],
      applied: extracts,
      now: { contracts: { ...contracts, teams: 't2' } },
      request: { apply: 'rebuild' },
    })
    expect(made.apply.map(({ file }) => file?.name ?? null)).toEqual([null, 'initial/teams.csv'])
  })

  it('refuses the place of another job', () => {
    const made = plan({ files: extracts, applied: extracts, head: { job: 'mail' } })
    expect(refusalsOf(made)).toEqual(['options_changed'])
  })

  it('drops the tables that a job no longer has when rebuilt', () => {
    const made = plan({
      files: extracts,
      applied: extracts,
      now: { tables: ['calls'], contracts: { calls: 'c1' }, inventory: { files: [fileOf('calls')], unrecognized: [] } },
      request: { apply: 'rebuild' },
    })
    expect(applyOf(made)).toEqual(['calls'])
  })

  it('applies nothing where all that waits is late', () => {
    const made = plan({ files: ['calls 2025-02', 'calls 2025-03'], applied: [...extracts, 'calls 2025-04'] })
    expect([made.action, applyOf(made)]).toEqual(['nothing', []])
    expect(made.refusals).toMatchObject([
      { code: 'late_file', files: ['delta/calls_delta_202502.csv', 'delta/calls_delta_202503.csv'] },
    ])
  })

  it('says in order of time which months no table has, whatever the order of files', () => {
    const made = plan({ files: [...extracts, 'teams 2025-05', 'calls 2025-02'], applied: ['calls', 'teams 2025-03'] })
    expect(made.notes.filter(({ code }) => code === 'month_gap')).toEqual([
      { code: 'month_gap', severity: 'info', file: null, message: 'no table has a file of month 2025-04' },
    ])
  })

  it('notes each file that was applied before', () => {
    const made = plan({ files: extracts, applied: extracts })
    expect(made.notes).toEqual([
      {
        code: 'already_applied',
        severity: 'info',
        file: 'initial/calls.csv',
        message: 'initial/calls.csv: applied before',
      },
      {
        code: 'already_applied',
        severity: 'info',
        file: 'initial/teams.csv',
        message: 'initial/teams.csv: applied before',
      },
    ])
  })

  it('calls no file a twin of itself, of another table or of other content (D24)', () => {
    const twin = (applied: string) => noteDuplicate(fileOf('calls 2025-03'), 'twin', [inputOf(applied)], 1)
    expect(twin('calls 2025-02=twin')?.file).toBe('delta/calls_delta_202503.csv')
    expect(twin('calls 2025-03=twin')).toBeNull()
    expect(twin('teams 2025-02=twin')).toBeNull()
    expect(twin('calls 2025-02=else')).toBeNull()
  })

  it('rebuilds a place that holds nothing yet', () => {
    const made = plan({ files: [...extracts, 'calls 2025-02'], request: { apply: 'rebuild' } })
    expect([made.action, applyOf(made)]).toEqual(['rebuild', ['calls', 'teams', 'calls_delta_202502']])
    expect(made.refusals).toEqual([])
  })

  it('refuses a rebuild of a table without an extract', () => {
    const made = plan({ files: ['calls'], applied: ['calls'], request: { apply: 'rebuild' } })
    expect(refusalsOf(made)).toEqual(['initial_missing'])
    expect(made.refusals[0]?.message).toContain('data lacks initial/teams.csv')
  })

  it('names the job that a place belongs to', () => {
    const made = plan({ files: extracts, applied: extracts, head: { job: 'mail' } })
    expect(made.refusals).toMatchObject([
      {
        code: 'options_changed',
        files: [],
        message: 'this place holds the state of job "mail", not of "phone"; set out to use another place',
      },
    ])
  })

  it('names five files and counts the others', () => {
    const months = [1, 2, 3, 4, 5, 6, 7].map((month) => `2025-0${month}`)
    const late = (count: number) =>
      plan({
        files: months.slice(0, count).map((month) => `calls ${month}`),
        applied: [...extracts, 'calls 2025-12'],
      }).refusals[0]
    const names = months.map((month) => `delta/calls_delta_${month.replace('-', '')}.csv`)
    expect(late(5)?.message).toContain(`${names.slice(0, 5).join(', ')}: a later month`)
    expect(late(7)?.message).toContain(`${names.slice(0, 5).join(', ')} and 2 more: a later month`)
    expect(late(7)?.files).toEqual(names)
  })

  it('says that there are no deltas when a month is asked for', () => {
    const made = plan({ files: extracts, request: { months: ['2025-02'] } })
    expect(made.refusals).toMatchObject([
      {
        code: 'month_unknown',
        files: [],
        message:
          'no table has a file of month 2025-02: data has no deltas; fetch the files, such as delta/calls_delta_202502.csv, or choose other months',
      },
    ])
  })

  it('knows the months that were applied, though their files are gone', () => {
    const made = plan({ files: extracts, applied: [...extracts, 'calls 2025-02'], request: { months: ['2025-02'] } })
    expect([made.action, made.refusals]).toEqual(['nothing', []])
  })

  it('does nothing for a place and a source without anything', () => {
    expect(plan({ files: [] }).action).toBe('nothing')
  })

  it('names the months there are, and nothing else, where one is not there', () => {
    const made = plan({ files: [...extracts, 'calls 2025-03', 'calls 2025-02'], request: { months: ['2025-07'] } })
    expect(made.refusals[0]?.message).toContain('data has 2025-02, 2025-03; fetch')
  })

  it('refuses to overwrite files that no run wrote, naming them', () => {
    const refused = (...foreign: string[]) => plan({ files: extracts, now: { foreign, out: 'there' } }).refusals
    expect(refused()).toEqual([])
    expect(refused('report.csv')).toMatchObject([
      {
        code: 'file_exists',
        files: ['report.csv'],
        message:
          'there holds report.csv, which no run of this place wrote and a copy would overwrite; move the file, or set out to use another place, or set publish to publish fewer copies',
      },
    ])
    expect(refused('report.csv', 'calls.csv')[0]?.message).toContain(
      'copies would overwrite; move the files, or set out to use another place',
    )
  })

  it('reads rows that were typed under another contract from the file that is there, with its content', () => {
    const made = plan({
      files: extracts,
      applied: extracts,
      now: { contracts: { ...contracts, teams: 't2' } },
      request: { apply: 'rebuild' },
    })
    expect(made.apply.map(({ file }) => file?.sha256 ?? null)).toEqual([null, 'teams'])
  })

  it('knows the latest month of a table, in whatever order months were applied', () => {
    const made = plan({ files: ['calls 2025-03'], applied: [...extracts, 'calls 2025-04', 'calls 2025-02'] })
    expect(refusalsOf(made)).toEqual(['late_file'])
  })

  it.each([[['calls', 'teams']], [['teams', 'calls']]])('takes tables in the order of the job: %j', (tables) => {
    const made = plan({ files: ['teams', 'calls', 'teams 2025-02', 'calls 2025-02'], now: { tables } })
    const months = tables.map((table) => `${table}_delta_202502`)
    expect(applyOf(made)).toEqual([...tables, ...months])
  })

  it('has nothing to rebuild where there is nothing', () => {
    expect(plan({ files: [], request: { apply: 'rebuild' } }).action).toBe('nothing')
  })

  it('refuses a month while an earlier one waits, in whatever order files are listed', () => {
    const made = plan({
      files: ['calls 2025-03', 'teams 2025-02', 'calls', 'teams'],
      request: { months: ['2025-03'] },
    })
    expect(refusalsOf(made)).toEqual(['month_pending'])
  })

  it('takes a new table of the job for a change of contracts, not for a missing extract', () => {
    const now = { tables: ['calls', 'teams', 'desks'], contracts: { ...contracts, desks: 'd1' } }
    expect(refusalsOf(plan({ files: extracts, applied: extracts, now }))).toEqual(['options_changed'])
    const rebuilt = plan({ files: extracts, applied: extracts, now, request: { apply: 'rebuild' } })
    expect(rebuilt.refusals).toMatchObject([{ code: 'initial_missing', files: ['initial/desks.csv'] }])
  })
})

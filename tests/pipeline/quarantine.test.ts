import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/index.ts'
import { type RunOptions, runPipeline } from '../../src/pipeline/index.ts'
import {
  decodeQuarantine,
  encodeQuarantine,
  orderQuarantine,
  type QuarantinedRow,
} from '../../src/pipeline/quarantine.ts'
import { filesOf, phoneJob, sourceOf, textOf } from './phone-job.ts'

const run = (options: RunOptions) => runPipeline(phoneJob, options)
const bad = [
  'c3,yesterday,t1,5,add',
  'c4,2025-02-02T10:00Z,t1,9,add',
  'c5,2025-02-03T10:00Z,t1,many,add',
  'c6,2025-02-03T10:00Z,t1',
]

async function quarantineOf(out: ReturnType<typeof memoryStore>): Promise<unknown[]> {
  const files = (await out.list('.support-etl/data/quarantine-')).map(({ name }) => name)
  expect(files).toHaveLength(1)
  return (await textOf(out, files[0] ?? ''))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
}

describe('the quarantine', () => {
  it('takes rows that do not fit, with what was found and what was expected; the rest is applied', async () => {
    const out = memoryStore()
    const result = await run({ data: sourceOf({ 'calls 2025-02': bad }), out })
    expect(result).toMatchObject({ quarantined: 3, tables: { calls: 3 } })
    expect(result.notes).toContainEqual({
      code: 'quarantined',
      severity: 'warning',
      file: 'delta/calls_delta_202502.csv',
      message: 'delta/calls_delta_202502.csv: 3 of 4 rows do not fit their contract and wait in quarantine',
    })
    expect(await quarantineOf(out)).toMatchObject([
      {
        table: 'calls',
        month: '2025-02',
        file: 'delta/calls_delta_202502.csv',
        row: 1,
        line: 2,
        code: 'type_mismatch',
        column: 'started_at',
        found: 'yesterday',
        raw: 'c3,yesterday,t1,5,add',
      },
      { row: 3, code: 'type_mismatch', column: 'minutes', found: 'many', raw: bad[2] },
      { row: 4, code: 'record_length', column: null, raw: 'c6,2025-02-03T10:00Z,t1' },
    ])
  })

  it('counts rows in the summary so that it balances', async () => {
    const { applied } = await run({ data: sourceOf({ 'calls 2025-02': bad }), out: memoryStore() })
    const { summary } = applied.find(({ month }) => month !== null) as (typeof applied)[number]
    const { inserted, updated, unchanged, deleted, ignored, folded, quarantined, deltaRows } = summary
    expect([deltaRows, quarantined]).toEqual([4, 3])
    expect(inserted + updated + unchanged + deleted + ignored + folded + quarantined).toBe(deltaRows)
  })

  it('leaves the other cells of a delete alone (D27)', async () => {
    const { quarantined, tables } = await run({
      data: sourceOf({ 'calls 2025-02': ['c1,never,,many,delete'] }),
      out: memoryStore(),
    })
    expect([quarantined, tables.calls]).toEqual([0, 1])
  })

  it('stops a strict run at the first row, without its value in the message', async () => {
    const error = await run({ data: sourceOf({ 'calls 2025-02': bad }), out: memoryStore(), mode: 'strict' }).catch(
      (thrown: Error) => thrown,
    )
    expect(error).toMatchObject({ name: 'PipelineError', code: 'type_mismatch' })
    expect((error as Error).message).toMatch(/^delta\/calls_delta_202502\.csv row 1, column started_at: expected /)
    expect((error as Error).message).not.toContain('yesterday')
  })

  it.each([
    { rows: 5, records: 5, maxQuarantined: 0, stops: false },
    { rows: 6, records: 6, maxQuarantined: 0, stops: true },
    { rows: 6, records: 120, maxQuarantined: 0.05, stops: false },
    { rows: 7, records: 120, maxQuarantined: 0.05, stops: true },
    { rows: 7, records: 7, maxQuarantined: 1, stops: false },
  ])(
    '$rows bad rows of $records with at most $maxQuarantined: stops $stops',
    async ({ rows, records, maxQuarantined, stops }) => {
      const lines = Array.from(
        { length: records },
        (_, at) => `n${at},${at < rows ? 'yesterday' : '2025-02-01T10:00Z'},t1,1,add`,
      )
      const out = memoryStore()
      const running = run({ data: sourceOf({ 'calls 2025-02': lines }), out, maxQuarantined })
      if (!stops) expect((await running).quarantined).toBe(rows)
      else {
        await expect(running).rejects.toMatchObject({
          code: 'too_many_quarantined',
          message: expect.stringContaining(`${rows} of ${records} rows`),
        })
        expect(await out.list('')).toEqual([])
      }
    },
  )

  const many = (rows: number, fits: number) => [
    ...Array.from({ length: rows }, (_, at) => `n${at},yesterday,t1,1,add`),
    ...Array.from({ length: fits }, (_, at) => `m${at},2025-02-01T10:00Z,t1,1,add`),
  ]
  const refusal = async (data: ReturnType<typeof sourceOf>, more: Partial<RunOptions> = {}) => {
    const thrown = await run({ data, out: memoryStore(), ...more }).catch((error: Error) => error)
    return (thrown as Error).message
  }

  it.each([
    [29, 71],
    [7, 93],
    [10, 2],
    [57, 43],
    [110, 3],
  ])('says the share that lets %i rows wait beside %i that fit, and it does when followed', async (rows, fits) => {
    const data = sourceOf({ 'calls 2025-02': many(rows, fits) })
    const message = await refusal(data)
    const [, share] = /, or set maxQuarantined: ([\d.]+) to set them aside$/.exec(message) ?? []
    expect((await run({ data, out: memoryStore(), maxQuarantined: Number(share) })).quarantined).toBe(rows)
    expect(await refusal(data, { maxQuarantined: Number(share) - 0.01 })).toContain('do not fit their contract')
  })

  it('advises to correct the file alone where no row of it fits', async () => {
    const stamp = 'a timestamp such as 2025-01-31T14:30:00Z, no finer than milliseconds'
    expect(await refusal(sourceOf({ 'calls 2025-02': many(6, 0) }))).toBe(
      `delta/calls_delta_202502.csv: 6 of 6 rows do not fit their contract, more than 5 %; the first is row 1, column started_at: expected ${stamp}; correct the file (checkSource lists all of them)`,
    )
  })

  it('does not count header lines that are repeated, for no row is lost with them', async () => {
    const header = 'call_id,started_at,team_id,minutes,action'
    const parts = Array.from({ length: 8 }, (_, at) => [header, `n${at},2025-02-01T10:00Z,t1,1,add`]).flat()
    const data = sourceOf({ 'calls 2025-02': parts })
    const out = memoryStore()
    const result = await run({ data, out, maxQuarantined: 0 })
    expect([result.quarantined, result.tables.calls]).toEqual([8, 10])
    expect((await quarantineOf(out))[0]).toMatchObject({ code: 'header_repeated', row: 1, line: 2, raw: header })
  })

  it('lets rows wait where a strict run that stopped at one is followed by a lenient one, as its message says', async () => {
    const data = sourceOf({ 'calls 2025-02': bad })
    expect(await refusal(data, { mode: 'strict' })).toMatch(
      /correct the file, or set mode: 'lenient' to set such rows aside$/,
    )
    expect((await run({ data, out: memoryStore(), mode: 'lenient' })).quarantined).toBe(3)
  })

  it('tells of a line that names the delimiter and of a column without a name, and sets nothing aside', async () => {
    const files = filesOf({ 'teams 2025-02': ['t8,Pink,add'] })
    const name = 'delta/teams_delta_202502.csv'
    const text = `sep=;\n${files[name]?.replaceAll(',', ';').replaceAll('\n', ';\n')}`
    const { notes, quarantined, tables } = await run({
      data: memoryStore({ ...files, [name]: text }),
      out: memoryStore(),
      mode: 'strict',
    })
    expect([quarantined, tables.teams]).toEqual([0, 3])
    expect(notes.filter(({ code }) => code === 'separator_line' || code === 'column_unnamed')).toEqual([
      {
        code: 'separator_line',
        severity: 'info',
        file: name,
        message: `${name} line 1: the line names the delimiter ";", which the file is read with; it is not a record`,
      },
      {
        code: 'column_unnamed',
        severity: 'info',
        file: name,
        message: `${name}: column 4 has no name, and no value in any row that fits; it is left out`,
      },
    ])
  })

  it.each<[string, string, string]>([
    ['null_key', 'calls 2025-02', ',2025-02-01T10:00Z,t1,1,add'],
    ['null_key', 'calls', ' ,2025-02-01T10:00Z,t1,1'],
    ['unknown_action', 'calls 2025-02', 'c9,2025-02-01T10:00Z,t1,1,upd'],
  ])('never takes a row with %s: the run stops in lenient mode too (%s)', async (code, unit, line) => {
    await expect(run({ data: sourceOf({ [unit]: [line] }), out: memoryStore() })).rejects.toMatchObject({ code })
  })

  it.each<[string, string, string]>([
    ['empty_file', 'initial/calls.csv', ''],
    ['header_missing', 'initial/calls.csv', '\n\n'],
    ['column_missing', 'initial/calls.csv', 'started_at,team_id,minutes\n'],
    ['column_missing', 'delta/calls_delta_202502.csv', 'started_at,team_id,minutes,action\n'],
    ['action_column_missing', 'delta/calls_delta_202502.csv', 'call_id,started_at,team_id,minutes\n'],
    ['record_truncated', 'initial/calls.csv', 'call_id,started_at,team_id,minutes\nc1,2025-02-01T10:00Z'],
    ['encoding_invalid', 'initial/calls.csv', '\u00ff\u00fec\u0000'],
    ['base_duplicate_key', 'initial/teams.csv', 'team_id,team_name\nt1,Red\nt1,Rot\n'],
  ])('never takes damage for rows: %s in %s stops the run and names the file', async (code, name, text) => {
    const out = memoryStore()
    const files = { ...filesOf({}), [name]: Uint8Array.from(text, (letter) => letter.charCodeAt(0)) }
    await expect(run({ data: memoryStore(files), out })).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    })
    expect(await out.list('.support-etl/log/')).toEqual([])
  })

  it('keeps what waits from run to run, in order of month and table', async () => {
    const monthly = memoryStore()
    const rows = { 'teams 2025-02': ['t9', 't8,Pink,add'], 'calls 2025-02': bad, 'calls 2025-03': ['c7,today,,,add'] }
    const data = sourceOf(rows)
    await run({ data, out: monthly, months: ['2025-02'] })
    const later = await run({ data, out: monthly })
    expect(later.quarantined).toBe(5)
    const once = memoryStore()
    await run({ data, out: once })
    const [expected] = (await once.list('.support-etl/data/quarantine-')).map(({ name }) => name)
    expect((await monthly.list('.support-etl/data/quarantine-')).map(({ name }) => name)).toContain(expected)
    const rebuilt = await run({ data, out: monthly, apply: 'rebuild' })
    expect(rebuilt.quarantined).toBe(5)
  })

  it('lets a row go when its file is corrected and rebuilt', async () => {
    const out = memoryStore()
    const rows = { 'calls 2025-02': bad, 'calls 2025-03': ['c7,today,,,add'] }
    await run({ data: sourceOf(rows), out })
    const corrected = sourceOf({ ...rows, 'calls 2025-02': ['c3,2025-02-01T10:00Z,t1,5,add'] })
    const result = await run({ data: corrected, out, apply: 'rebuild' })
    expect([result.quarantined, result.tables.calls]).toEqual([1, 3])
  })

  it('comes back as it was written', () => {
    const row: QuarantinedRow = {
      table: 'calls',
      month: null,
      file: 'f',
      row: 2,
      line: 3,
      code: 'null_value',
      column: 'x',
      found: null,
      expected: 'a value',
      raw: 'a,"b\nc"',
    }
    expect(decodeQuarantine(encodeQuarantine([row, row]))).toEqual([row, row])
    expect(decodeQuarantine(new Uint8Array(0))).toEqual([])
    const other = { ...row, table: 'teams', row: 1 }
    expect(orderQuarantine([{ ...row, month: '2025-01' }, other, row], ['calls', 'teams'])).toEqual([
      row,
      other,
      { ...row, month: '2025-01' },
    ])
  })
})

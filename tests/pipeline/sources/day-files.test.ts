/** Files of days that say more than their names: the day of each row; and one file that is the table whenever it comes. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  csv,
  defineJob,
  jsonColumns,
  type PartitionOptions,
  partitions,
  type RunOptions,
  readLoggedJob,
  readQuarantine,
  readState,
  readStatus,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { columnOf } from '../../../src/table/frame.ts'
import { textOf } from '../phone-job.ts'

const calls = defineTable('calls', { id: key(string()), made_on: nullable(string()) })
const jobOf = (options: Partial<PartitionOptions> = {}) =>
  defineJob({
    name: 'phone',
    tables: {
      calls: {
        contract: calls,
        source: partitions({ prefix: 'calls/', name: '{day}.csv', format: csv(), dayColumn: 'made_on', ...options }),
      },
    },
  })
const fileOf = (...rows: readonly string[]) => `id,made_on\n${rows.map((row) => `${row}\n`).join('')}`
const run = (files: Record<string, string>, out = memoryStore(), options: RunOptions = {}) =>
  runPipeline(jobOf(), { data: memoryStore(files), out, ...options })

describe('rows of a day that say which day they are of', () => {
  it('wait where they say another day, or none', async () => {
    const out = memoryStore()
    const rows = ['a,2025-03-01', 'b,20250301', 'c,2025-02-28', 'd,', 'e,soon', 'a,2025-03-01', 'c,2025-03-01']
    const result = await run({ 'calls/2025-03-01.csv': fileOf(...rows) }, out)
    expect([result.tables.calls, result.quarantined]).toEqual([3, 4])
    const { rows: waiting } = await readQuarantine({ out })
    expect(waiting.map(({ row, code, column, found }) => [row, code, column, found])).toEqual([
      [3, 'day_mismatch', 'made_on', '2025-02-28'],
      [4, 'day_mismatch', 'made_on', null],
      [5, 'day_mismatch', 'made_on', 'soon'],
      // the first c waits already, so that the second one counts
      [6, 'base_duplicate_key', 'id', null],
    ])
  })

  it('refuse a file that is mostly of another day, and nothing is changed', async () => {
    const out = memoryStore()
    await run({ 'calls/2025-03-01.csv': fileOf('a,2025-03-01') }, out)
    const wrong = { 'calls/2025-03-02.csv': fileOf('b,2025-03-01', 'c,2025-03-01', 'd,2025-03-02') }
    await expect(run({ 'calls/2025-03-01.csv': fileOf('a,2025-03-01'), ...wrong }, out)).rejects.toMatchObject({
      code: 'day_mismatch',
      message:
        'calls/2025-03-02.csv: 2 of 3 rows are of 2025-03-01 by their made_on, and the name says 2025-03-02; nothing was changed; fetch the file of the day, or give the file the name of its day',
    })
    expect((await readStatus({ out })).inputs.map(({ day }) => day)).toEqual(['2025-03-01'])
  })

  it('may be of no day at all where nothing says a day', async () => {
    const { quarantined } = await run({ 'calls/2025-03-01.csv': fileOf('a,', 'b,') })
    expect(quarantined).toBe(2)
  })

  it.each([
    ['is not in the contract', { dayColumn: 'day' }],
    ['has another kind', { dayColumn: 'minutes' }],
  ])('refuse a job whose day column %s', (_, options) => {
    const contract = defineTable('calls', { id: key(string()), minutes: int32() })
    const source = partitions({ prefix: 'calls/', name: '{day}.csv', format: csv(), ...options })
    expect(() => defineJob({ name: 'phone', tables: { calls: { contract, source } } })).toThrow(/whose days are in/)
  })
})

describe('a file without a day in its name', () => {
  const source = partitions({ prefix: 'calls/', name: 'all.csv', format: csv(), counts: 'newest' })
  const undated = defineJob({ name: 'phone', tables: { calls: { contract: calls, source } } })
  const other = { 'calls/all.csv': fileOf('a,x', 'b,y') }

  it('is the table, and its newest content counts', async () => {
    const job = undated
    const [data, out] = [memoryStore(other), memoryStore()]
    expect((await runPipeline(job, { data, out })).tables).toEqual({ calls: 2 })
    await data.write('calls/all.csv', [new TextEncoder().encode(fileOf('c,z', 'a,x', 'b,y'))])
    // days are chosen of other tables: a file without one is always looked at
    const { tables, notes, skipped } = await runPipeline(job, { data, out, days: ['2025-03-01'] })
    expect([tables, notes, skipped]).toEqual([{ calls: 3 }, [], []])
    const [part] = (await readState(job, { out })).partitions('calls')
    expect([part?.day, [...columnOf((await part?.load()) ?? never(), 'id')]]).toEqual(['', ['c', 'a', 'b']])
    expect((await readStatus({ out })).inputs.map(({ day, name }) => [day, name])).toEqual([[null, 'calls/all.csv']])
    const { tables: index } = JSON.parse(await textOf(out, 'current.json'))
    expect(Object.keys(index.calls.files[0])).not.toContain('day')
    expect((await verifyState(job, { out })).damages).toEqual([])
    expect((await readState(await readLoggedJob({ out }), { out })).partitions('calls')).toHaveLength(1)
  })

  it('is kept when it is gone, and refused when it shrank', async () => {
    const [data, out] = [memoryStore(), memoryStore()]
    const many = fileOf(...Array.from({ length: 40 }, (_, row) => `r${row},x`))
    await data.write('calls/all.csv', [new TextEncoder().encode(many)])
    await runPipeline(undated, { data, out })
    await data.write('calls/all.csv', [new TextEncoder().encode(fileOf('r0,x', 'r1,x'))])
    await expect(runPipeline(undated, { data, out })).rejects.toThrow(/fewer than the 40 that table calls had/)
    await data.remove('calls/all.csv')
    const { notes, tables } = await runPipeline(undated, { data, out })
    expect(notes.map(({ message }) => message)).toEqual([
      "memory has no file of the job's tables; is it the right folder?",
      'table calls: memory has no calls/all.csv any more; the rows are kept',
    ])
    expect(tables).toEqual({ calls: 40 })
  })

  it('is only for tables whose newest delivery counts', () => {
    const format = csv()
    expect(() => partitions({ prefix: 'calls/', name: 'all.csv', format })).toThrow(/a pattern with \{day\}/)
    const dated = { prefix: 'calls/', name: 'all.csv', format, counts: 'newest', dayColumn: 'made_on' } as const
    expect(() => partitions(dated)).toThrow(/a pattern with \{day\}/)
  })
})

describe('column-oriented JSON', () => {
  const read = (value: unknown, columnAliases: Record<string, string> = { 'I d': 'id' }) => {
    const source = partitions({ prefix: 'in/', name: '{day}.json', format: jsonColumns({ columnAliases }) })
    const job = defineJob({ name: 'phone', tables: { calls: { contract: calls, source } } })
    return runPipeline(job, { data: memoryStore({ 'in/20250301.json': JSON.stringify(value) }), out: memoryStore() })
  }
  const labels = Array.from({ length: 40 }, (_, row) => String(row * 3))
  const column = (skipped: number) => Object.fromEntries(labels.slice(skipped).map((label) => [label, `c${label}`]))

  it('has names of its own for columns, and tells of rows that lack a cell', async () => {
    const { tables, notes } = await read({ 'I d': column(0), made_on: column(2) })
    expect(tables).toEqual({ calls: 40 })
    expect(notes.map(({ code, message }) => [code, message])).toEqual([
      ['cells_missing', 'in/20250301.json: 2 of 40 rows lack a cell in "made_on", which is read as null'],
    ])
  })

  it('is refused where more than a few rows lack a cell', async () => {
    await expect(read({ 'I d': column(0), made_on: column(6) })).rejects.toMatchObject({
      code: 'json_invalid',
      message: 'in/20250301.json: 6 of 40 rows lack a cell in "made_on" (15 %); was the file cut? Fetch it again',
    })
  })

  it('is refused where two names mean one column', async () => {
    await expect(read({ 'I d': column(0), id: column(0), made_on: column(0) })).rejects.toThrow(/two columns are "id"/)
  })
})

function never(): never {
  throw new Error('there is a partition')
}

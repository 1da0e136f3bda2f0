import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import { readLastCommit } from '../../../src/pipeline/audit/status.ts'
import { nodeEffects } from '../../../src/pipeline/effects.ts'
import {
  collectGarbage,
  csv,
  defineJob,
  diffCommits,
  readHistory,
  readLoggedJob,
  readQuarantine,
  readState,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, float64, int32, key, nullable, string } from '../../../src/table/contract.ts'
import type { Frame } from '../../../src/table/frame.ts'
import { FILES, workshopJob } from '../../systems/workshop/job.ts'

const rowsOf = ({ columns, rows }: Frame): unknown[][] =>
  Array.from({ length: rows }, (_, row) => Array.from(columns.values(), (column) => column.at(row)))
const bytes = (text: string) => [new TextEncoder().encode(text)]

/** A place of the workshop with two commits. */
async function twoCommits() {
  const [data, out] = [memoryStore(FILES), memoryStore()]
  await runPipeline(workshopJob, { data, out })
  await data.write('halls.csv', bytes('hall_id;hall_name\nH1;North wing\nH2;South\nH3;West\n'))
  await data.write('machines/M2.json', bytes('{"machine_id":"M2","hall_id":"H3"}'))
  const delta = 'repair_id,machine_id,hours,action\nR1,,,delete\nR4,M2,1,add\n'
  await data.write('delta/repairs_delta_202503.csv', bytes(delta))
  await runPipeline(workshopJob, { data, out })
  return { data, out }
}

describe('diffCommits', () => {
  it('tells rows by key in every table and output', async () => {
    const { out } = await twoCommits()
    const { from, to, job, tables, uncompared } = await diffCommits(workshopJob, { out })
    expect([job, from, to, uncompared]).toEqual(['workshop', 1, 2, []])
    expect(tables.map(({ name, added, removed, changed }) => [name, added, removed, changed])).toEqual([
      ['machines', 0, 0, 1],
      ['halls', 1, 0, 1],
      ['repairs', 1, 1, 0],
      ['machines_by_hall', 2, 1, 1],
    ])
    const [, halls, repairs, report] = tables
    expect([rowsOf(halls?.before as Frame), rowsOf(halls?.after as Frame)]).toEqual([
      [['H1', 'North']],
      [
        ['H1', 'North wing'],
        ['H3', 'West'],
      ],
    ])
    expect([rowsOf(repairs?.before as Frame), rowsOf(repairs?.after as Frame)]).toEqual([
      [['R1', 'M1', 1.5]],
      [['R4', 'M2', 1]],
    ])
    // its key is the hall's name: another name is another row
    expect([rowsOf(report?.before as Frame), rowsOf(report?.after as Frame)]).toEqual([
      [
        ['North', 1, 2],
        ['South', 1, 1],
      ],
      [
        ['South', 0, 0],
        ['North wing', 1, 1],
        ['West', 1, 2],
      ],
    ])
  })

  it('needs no code for tables, and says which outputs were not compared', async () => {
    const { out } = await twoCommits()
    const told = await diffCommits(await readLoggedJob({ out }), { out, from: 1, to: 2 })
    const known = await diffCommits(workshopJob, { out })
    expect(told.tables).toEqual(known.tables.slice(0, 3))
    expect(told.uncompared).toEqual(['machines_by_hall'])
  })

  it('runs backwards as well, and finds nothing between a commit and itself', async () => {
    const { out } = await twoCommits()
    const [, halls] = (await diffCommits(workshopJob, { out, from: 2, to: 1 })).tables
    expect([halls?.added, halls?.removed, halls?.changed]).toEqual([0, 1, 1])
    const same = await diffCommits(workshopJob, { out, from: 2, to: 2 })
    expect(same.tables.every(({ added, removed, changed }) => added + removed + changed === 0)).toBe(true)
  })

  it('refuses commits and tables that are not there', async () => {
    const { out } = await twoCommits()
    await expect(diffCommits(workshopJob, { out, from: 1, to: 9 })).rejects.toThrow('has no commit 9; they are 1 to 2')
    await expect(diffCommits(workshopJob, { out, to: 1 })).rejects.toThrow('has nothing before commit 1')
    await expect(diffCommits(workshopJob, { out, from: 0 })).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(diffCommits(workshopJob, { out, table: 'hall' })).rejects.toThrow(
      'no table "hall"; they have machines, halls, repairs, machines_by_hall',
    )
  })

  it('says that gc removed files of a commit, and compares what is still there', async () => {
    const { data, out } = await twoCommits()
    await data.write('delta/repairs_delta_202504.csv', bytes('repair_id,machine_id,hours,action\nR9,M1,2,add\n'))
    await runPipeline(workshopJob, { data, out })
    await collectGarbage({ out, action: 'remove', graceDays: 0, keepVersions: 2 })
    await expect(diffCommits(workshopJob, { out, from: 1 })).rejects.toMatchObject({
      code: 'commit_collected',
      message: expect.stringMatching(
        /^commit 1 of memory: gc removed \.support-etl\/data\/.+; compare later commits, or set table: 'NAME' to compare/,
      ),
    })
    const later = await diffCommits(workshopJob, { out, from: 2 })
    expect(later.tables.map(({ name, added }) => [name, added])).toContainEqual(['repairs', 1])
    const halls = await diffCommits(workshopJob, { out, from: 2, table: 'halls' })
    expect(halls.tables).toMatchObject([{ name: 'halls', added: 0, removed: 0, changed: 0 }])
  })

  it('says that the data of the last commit is damaged where a file of it is gone, and not that it was collected', async () => {
    const { out } = await twoCommits()
    const before = new Set((await out.list('.support-etl/data/machines')).map(({ name }) => name))
    expect(before.size).toBe(2)
    const { record } = await readLastCommit(out, nodeEffects())
    await out.remove(record.state.machines?.snapshot?.name ?? '')
    await expect(diffCommits(workshopJob, { out })).rejects.toMatchObject({ code: 'data_damaged' })
    await expect(diffCommits(workshopJob, { out, from: 1, to: 1 })).resolves.toMatchObject({ from: 1, to: 1 })
  })

  it('leaves out columns that one of the commits does not have', async () => {
    const jobOf = (columns: Parameters<typeof defineTable>[1]) =>
      defineJob({
        name: 'lists',
        tables: {
          list: { contract: defineTable('list', columns), source: snapshots({ file: 'list.csv', format: csv() }) },
        },
      })
    const [data, out] = [memoryStore({ 'list.csv': 'id,n\na,1\nb,2\n' }), memoryStore()]
    await runPipeline(jobOf({ id: key(string()), n: int32() }), { data, out })
    await data.write('list.csv', bytes('id,n,note\na,1,x\nb,3,\n'))
    const later = jobOf({ id: key(string()), n: int32(), note: nullable(string()) })
    await runPipeline(later, { data, out, apply: 'rebuild' })
    const [list] = (await diffCommits(later, { out })).tables
    expect([list?.otherColumns, list?.changed, rowsOf(list?.after as Frame)]).toEqual([['note'], 1, [['b', 3]]])
  })

  const cells = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 3 })), { maxLength: 40 })
  test.prop([cells, cells, fc.boolean()], { numRuns: 60 })(
    'agrees with a comparison row by row, with and without a key',
    async (first, second, hasKey) => {
      const unique = (rows: [number, number][]) => (hasKey ? [...new Map(rows)] : rows)
      const [was, is] = [unique(first), unique(second)]
      const columns = hasKey ? { id: key(string()), n: float64() } : { id: string(), n: float64() }
      const source = snapshots({ file: 'list.csv', format: csv() })
      const job = defineJob({ name: 'lists', tables: { list: { contract: defineTable('list', columns), source } } })
      const text = (rows: [number, number][]) => bytes(`id,n\n${rows.map(([id, n]) => `k${id},${n}\n`).join('')}`)
      const [data, out] = [memoryStore({}), memoryStore()]
      await data.write('list.csv', text(was))
      await runPipeline(job, { data, out })
      await data.write('list.csv', text(is))
      await runPipeline(job, { data, out, acceptWithdrawals: ['list'] })
      const { commit } = await readState(job, { out })
      if (commit === 1) return
      const [list] = (await diffCommits(await readLoggedJob({ out }), { out })).tables
      const rest = is.map((row) => row.join())
      const gone = was.filter((row) => {
        const at = rest.indexOf(row.join())
        if (at >= 0) rest.splice(at, 1)
        return at < 0
      })
      const named = (rows: readonly (readonly unknown[])[]) => rows.map((row) => row.join()).sort()
      expect(named(rowsOf(list?.before as Frame))).toEqual(named(gone.map(([id, n]) => [`k${id}`, n])))
      expect(named(rowsOf(list?.after as Frame))).toEqual(rest.map((row) => `k${row}`).sort())
      const changed = hasKey ? gone.filter(([id]) => is.some(([other]) => other === id)).length : 0
      expect([list?.changed, list?.removed, list?.added]).toEqual([
        changed,
        gone.length - changed,
        rest.length - changed,
      ])
    },
  )
})

describe('the job that a log describes', () => {
  it('reads tables and history, and verifies', async () => {
    const { out } = await twoCommits()
    const logged = await readLoggedJob({ out })
    const [mine, its] = [await readState(workshopJob, { out }), await readState(logged, { out })]
    for (const name of Object.keys(workshopJob.tables)) {
      expect(rowsOf(await its.loadTable(name))).toEqual(rowsOf(await mine.loadTable(name)))
    }
    const history = await readHistory(logged, { out, table: 'repairs' })
    expect(rowsOf(history)).toEqual(rowsOf(await readHistory(workshopJob, { out, table: 'repairs' })))
    expect((await verifyState(logged, { out })).damages).toEqual([])
  })

  it('neither runs nor repairs the copies of outputs', async () => {
    const { data, out } = await twoCommits()
    const logged = await readLoggedJob({ out })
    await expect(runPipeline(logged, { data, out })).rejects.toMatchObject({ code: 'invalid_option' })
    for (const source of [data, memoryStore()]) {
      const run = runPipeline(logged, { data: source, out, publish: ['all'] })
      await expect(run).rejects.toThrow('read inputs with the job itself')
    }
    await out.remove('halls.csv')
    await expect(verifyState(logged, { out, repair: 'copies' })).rejects.toMatchObject({ code: 'options_changed' })
    expect(await verifyState(workshopJob, { out, repair: 'copies' })).toMatchObject({ repaired: ['halls.csv'] })
  })
})

describe('readQuarantine', () => {
  it('lists the rows that wait, and refuses a list that was changed', async () => {
    const data = memoryStore({ ...FILES, 'machines/M3.json': '{"machine_id":"M9"}' })
    const out = memoryStore()
    await runPipeline(workshopJob, { data, out })
    const { commit, job, rows } = await readQuarantine({ out })
    expect([commit, job, rows.map(({ table, file, code }) => [table, file, code])]).toEqual([
      1,
      'workshop',
      [['machines', 'machines/M3.json', 'key_mismatch']],
    ])
    const [file] = (await out.list('.support-etl/data/')).filter(({ name }) => name.endsWith('.jsonl'))
    await out.write(file?.name ?? '', [new Uint8Array(file?.size ?? 0)])
    await expect(readQuarantine({ out })).rejects.toMatchObject({ code: 'data_damaged' })
  })

  it('is empty where nothing waits', async () => {
    const { out } = await twoCommits()
    expect((await readQuarantine({ out })).rows).toEqual([])
  })
})

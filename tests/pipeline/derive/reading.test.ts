/** Reads of states with derived tables: as of months and commits, with another function, and explained. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/index.ts'
import {
  type AsOf,
  collectGarbage,
  explainFigure,
  extractsAndDeltas,
  readState,
  runPipeline,
} from '../../../src/pipeline/index.ts'
import { columnOf, type Frame } from '../../../src/table/frame.ts'
import { fileOf, handed, job, machinesJobOf, Place } from './machines-job.ts'

const rowsOf = (frame: Frame, names: readonly string[] = [...frame.columns.keys()]) =>
  Array.from({ length: frame.rows }, (_, row) => names.map((name) => columnOf(frame, name).at(row)))

describe('a state as of a commit', () => {
  const history = async () => {
    const place = new Place()
    await place.run(['M1,North,8', 'M2,North,16'])
    await place.run(['M1,North,4', 'M3,North,16'])
    await place.run(['M1,South,4'], { perDay: 4 })
    return place
  }
  const read = async ({ out }: Place, asOf: AsOf) => readState(job, { out, asOf })

  it('has the tables that the commit stored, with rollups and outputs as the job makes them now', async () => {
    const place = await history()
    const first = await read(place, 'commit:1')
    expect([first.commit, first.asOf, first.committedAt]).toEqual([1, 'commit:1', '2025-01-01T00:00:00.000Z'])
    expect(rowsOf(await first.loadTable('machines'), ['id', 'hours'])).toEqual([
      ['M1', 8],
      ['M2', 16],
    ])
    // with the option of now: 4 hours a day
    expect(rowsOf(await first.loadTable('used'), ['id', 'days'])).toEqual([
      ['M1', 2],
      ['M2', 4],
    ])
    expect(rowsOf(await first.loadOutput('busy_machines'))).toEqual([[2]])
    expect(rowsOf(await (await read(place, { commit: 2 })).loadTable('busy'))).toEqual([
      ['M1', 1],
      ['M3', 1],
    ])
    const last = await read(place, 'commit:3')
    expect(rowsOf(await last.loadTable('machines'), ['id', 'hall'])).toEqual([['M1', 'South']])
  })

  it('shows recorded times as the commit recorded them', async () => {
    const place = new Place()
    await place.run(['M1,North,8'])
    await place.run(['M1,South,8'])
    await place.run(['M1,West,8'])
    const [row] = rowsOf(await (await read(place, 'commit:2')).loadTable('used'), ['created_at', 'updated_at'])
    expect(row).toEqual([new Date('2025-01-01T00:00:00Z'), new Date('2025-01-01T00:01:00Z')])
  })

  it('is refused when gc removed its files, and when there is no such commit', async () => {
    const place = await history()
    await collectGarbage({ out: place.out, action: 'remove', graceDays: 0, keepVersions: 2 })
    await expect(read(place, 'commit:1')).rejects.toMatchObject({
      code: 'commit_collected',
      message: expect.stringMatching(/^commit 1 of .*: gc removed .*; ask for a later commit/),
    })
    expect((await (await read(place, 'commit:2')).loadTable('machines')).rows).toBe(2)
    await expect(read(place, 'commit:4')).rejects.toThrow('asOf "commit:4" is after the last commit, commit:3')
  })

  it.each<[unknown, string]>([
    ['commit:0', '"commit:0" is no month and no commit'],
    ['commit:1.5', '"commit:1.5" is no month and no commit'],
    ['3', '"3" is no month and no commit'],
    [{ commit: 0 }, '"{"commit":0}" is no month and no commit'],
    [{ commits: 1 }, 'commits'],
    ['2025-02', 'the inputs of table machines (machines.csv) are not those of months'],
  ])('is refused for %j', async (asOf, message) => {
    const place = await history()
    const reading = async () => (await read(place, asOf as AsOf)).loadTable('machines')
    await expect(reading()).rejects.toThrow(message)
  })
})

describe('a state as of a month', () => {
  it('has derived tables of that month; times that no commit recorded are null', async () => {
    const monthly = machinesJobOf(extractsAndDeltas())
    const data = memoryStore({
      'initial/machines.csv': 'id,hall,hours\nM1,North,8\nM2,North,16\n',
      'delta/machines_delta_202502.csv': 'id,hall,hours,action\nM1,North,4,update\nM3,North,1,add\n',
    })
    const out = memoryStore()
    const now = () => Date.parse('2025-03-01T00:00:00Z')
    await runPipeline(monthly, { data, out }, { now })
    const past = await readState(monthly, { out, asOf: '2025-01' })
    const at = new Date(now())
    expect(rowsOf(await past.loadTable('used'))).toEqual([
      ['M1', 'North', 1, at, null],
      ['M2', 'North', 2, at, at],
    ])
    expect(rowsOf(await past.loadOutput('busy_machines'))).toEqual([[2]])
  })
})

describe('a state that another function made', () => {
  it('is read with rows as they would be made now', async () => {
    const place = new Place()
    await place.run(['M1,North,8'])
    const { used, busy } = job.derived
    if (used === undefined || busy === undefined) throw new Error('the job has both')
    const other = { ...job, derived: { used, busy: { ...busy, version: '2' } } }
    handed.busy = 0
    await (await readState(job, { out: place.out })).loadTable('busy')
    expect(handed.busy).toBe(0)
    const rows = rowsOf(await (await readState(other, { out: place.out })).loadTable('busy'))
    expect([rows, handed.busy]).toEqual([[['M1', 1]], 1])
  })
})

describe('explainFigure', () => {
  const lines = ['M1,North,8', 'M2,North,', 'M3,"South', 'east",16']
  it('traces rows of a derived table to the lines that supplied them', async () => {
    const place = new Place()
    await place.run(lines)
    const query = { out: place.out, output: 'busy_machines', cells: {} }
    const found = await explainFigure(job, { ...query, data: memoryStore(fileOf(lines)) })
    expect([found.table, found.sourceTable, rowsOf(found.rows)]).toEqual([
      'busy',
      'machines',
      [
        ['M1', 1],
        ['M3', 1],
      ],
    ])
    expect(found.origins).toEqual([
      { file: 'machines.csv', row: 1, source: { line: 2, text: 'M1,North,8' }, stored: null },
      { file: 'machines.csv', row: 3, source: { line: 4, text: 'M3,"South\neast",16' }, stored: null },
    ])
  })

  it('shows the row that was applied where the file is another one now', async () => {
    const place = new Place()
    await place.run(lines)
    const query = { out: place.out, output: 'busy_machines', cells: {} }
    const { origins, unread } = await explainFigure(job, { ...query, data: memoryStore(fileOf(['M1,North,9'])) })
    expect(unread).toEqual([{ file: 'machines.csv', reason: 'changed' }])
    expect(origins[0]).toEqual({
      file: 'machines.csv',
      row: 1,
      source: null,
      stored: { id: 'M1', hall: 'North', hours: 8 },
    })
  })
})

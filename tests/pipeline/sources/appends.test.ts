import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../../src/connect/memory.ts'
import {
  appends,
  collectGarbage,
  csv,
  defineJob,
  jsonLines,
  type RunOptions,
  readState,
  runPipeline,
  type SourceFormat,
  verifyState,
} from '../../../src/pipeline/index.ts'
import type { RollupCells } from '../../../src/pipeline/job/job.ts'
import { NumberColumn } from '../../../src/table/column.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { type Frame, frameOf } from '../../../src/table/frame.ts'
import { textOf } from '../phone-job.ts'

const calls = defineTable('calls', { id: key(string()), team: nullable(string()), at: int32() })
const rows = (count: number): RollupCells => ({
  cells: frameOf([['rows', new NumberColumn('int32', Int32Array.of(count))]]),
  metadata: {},
})
const countOf = ({ cells }: RollupCells): number => Number(cells.columns.get('rows')?.at(0))
const jobWith = (sequenceBy: string | null, format: SourceFormat = csv()) =>
  defineJob({
    name: 'calls',
    tables: { calls: { contract: calls, source: appends({ prefix: 'log/', name: '*', format, sequenceBy }) } },
    rollups: {
      rows: {
        table: 'calls',
        build: (frame: Frame) => rows(frame.rows),
        update: (before, { before: was, after }) => rows(countOf(before) - was.rows + after.rows),
      },
    },
  })

class Log {
  readonly out = memoryStore()
  readonly data = memoryStore()
  readonly #job
  constructor(sequenceBy: string | null = 'at', format: SourceFormat = csv()) {
    this.#job = jobWith(sequenceBy, format)
  }
  async add(name: string, ...lines: readonly string[]) {
    await this.data.write(`log/${name}`, [Buffer.from(`${lines.join('\n')}\n`)])
    return this.run()
  }
  run(options: RunOptions = {}) {
    return runPipeline(this.#job, { data: this.data, out: this.out, ...options })
  }
  async rows() {
    const { cells } = await (await readState(this.#job, { out: this.out })).loadRollup('rows')
    const copy = (await textOf(this.out, 'calls.csv')).trim().split('\n').slice(1)
    expect(countOf({ cells, metadata: {} })).toBe(copy.length)
    return copy
  }
  verify() {
    return verifyState(this.#job, { out: this.out })
  }
}

describe('a source of appends', () => {
  it('writes rows without an action over rows with their key', async () => {
    const log = new Log()
    await log.add('1.csv', 'id,team,at', 'a,T1,1', 'b,T1,2')
    const { applied } = await log.add('2.csv', 'id,team,at', 'a,T2,3')
    expect(applied.map(({ name, summary }) => [name, summary.updated])).toEqual([['log/2.csv', 1]])
    expect(await log.rows()).toEqual(['a,T2,3', 'b,T1,2'])
    expect((await log.run()).status).toBe('nothing_to_do')
  })

  it('lets the greater sequence win, however late a piece arrives; of equal ones the later change', async () => {
    const log = new Log()
    await log.add('1.csv', 'id,team,at', 'a,new,5', 'b,one,2')
    const { applied } = await log.add('2.csv', 'id,team,at', 'a,old,4', 'b,two,2')
    expect(applied[0]?.summary).toMatchObject({ deltaRows: 2, updated: 1, ignored: 1 })
    expect(await log.rows()).toEqual(['a,new,5', 'b,two,2'])
  })

  it('remembers the sequence of a delete, so that an earlier change does not bring its row back', async () => {
    const log = new Log()
    await log.add('1.csv', 'id,team,at,action', 'a,T1,1,add', 'a,,5,delete', 'b,T1,1,add')
    await log.add('2.csv', 'id,team,at,action', 'a,T1,4,add')
    await log.add('3.csv', 'id,team,at,action', 'c,T1,1,add')
    expect(await log.rows()).toEqual(['b,T1,1', 'c,T1,1'])
    await log.add('4.csv', 'id,team,at,action', 'a,T1,6,add')
    expect(await log.rows()).toEqual(['b,T1,1', 'c,T1,1', 'a,T1,6'])
    expect((await log.verify()).damages).toEqual([])
    expect((await collectGarbage({ out: log.out, graceDays: 0 })).files).toEqual([])
  })

  it('knows a piece by its unpacked bytes: renamed, packed or copied it is no new one, and gone it stays', async () => {
    const log = new Log()
    const text = 'id,team,at\na,T1,1\n'
    await log.add('1.csv', ...text.trim().split('\n'))
    await log.data.remove('log/1.csv')
    expect((await log.run()).status).toBe('nothing_to_do')
    await log.data.write('log/1.csv.gz', [gzipSync(text)])
    await log.data.write('log/rotated.csv', [Buffer.from(text)])
    expect((await log.run()).status).toBe('nothing_to_do')
    expect(await log.rows()).toEqual(['a,T1,1'])
  })

  it('ends in the same rows after a rebuild, from the stored pieces alone', async () => {
    const log = new Log()
    await log.add('2.csv', 'id,team,at,action', 'a,T1,3,add', 'b,T1,1,add', 'b,,9,delete')
    await log.add('1.csv', 'id,team,at,action', 'a,T2,2,update', 'b,T1,8,add', 'c,T3,1,add')
    const before = await textOf(log.out, 'calls.csv')
    for (const { name } of await log.data.list('')) await log.data.remove(name)
    const { status, applied } = await log.run({ apply: 'rebuild' })
    expect([status, applied.map(({ name }) => name)]).toEqual(['committed', ['log/2.csv', 'log/1.csv']])
    expect(await textOf(log.out, 'calls.csv')).toBe(before)
  })

  it('goes by the order of the ledger where no sequence is named', async () => {
    const log = new Log(null)
    await log.add('1.csv', 'id,team,at', 'a,first,9', 'a,second,1')
    expect(await log.rows()).toEqual(['a,second,1'])
    await log.add('0.csv', 'id,team,at', 'a,third,0')
    expect(await log.rows()).toEqual(['a,third,0'])
  })

  it('sets rows aside that do not fit, and refuses a row without key or sequence', async () => {
    const log = new Log()
    const { quarantined } = await log.add('1.csv', 'id,team,at', 'a,T1,1', 'b,T1,soon')
    expect([quarantined, await log.rows()]).toEqual([1, ['a,T1,1']])
    await expect(log.add('2.csv', 'id,team,at', ',T1,1')).rejects.toMatchObject({ code: 'null_key' })
    // a delete has its sequence too
    expect((await log.add('2.csv', 'id,team,at,action', 'a,,,delete')).quarantined).toBe(2)
    expect(await log.rows()).toEqual(['a,T1,1'])
  })

  it('reads the formats of any source', async () => {
    const log = new Log('at', jsonLines())
    await log.add('1.jsonl', '{"id":"a","team":"T1","at":1}', '{"id":"b","at":2}')
    await log.add('2.jsonl', '{"id":"a","at":3,"action":"delete"}')
    expect(await log.rows()).toEqual(['b,,2'])
  })

  it('needs a key, and the column of its sequence', () => {
    expect(() => jobWith('changed_at')).toThrow(/without the column "changed_at" of its sequence/)
    expect(() => appends({ prefix: 'log/', name: '*', format: csv() } as never)).toThrow(/sequenceBy is undefined/)
  })

  it('may be empty at first', async () => {
    const log = new Log()
    await log.data.write('log/.keep', [])
    await expect(log.run()).rejects.toMatchObject({ code: 'no_input' })
  })
})

/** What a ledger of pieces holds, and what a run may be told of its copies. */
import { describe, expect, it } from 'vitest'
import type { FileStore } from '../../../src/connect/file-store.ts'
import { memoryStore } from '../../../src/connect/memory.ts'
import { PipelineError } from '../../../src/errors.ts'
import {
  appends,
  csv,
  defineJob,
  explainFigure,
  nodeEffects,
  type RunOptions,
  readStatus,
  runPipeline,
  type SourceFormat,
} from '../../../src/pipeline/index.ts'
import { readHead } from '../../../src/pipeline/log/commit-log.ts'
import { LOCK, takeLock } from '../../../src/pipeline/log/lock.ts'
import { decodeQuarantine } from '../../../src/pipeline/quarantine.ts'
import { readStored } from '../../../src/pipeline/state/data-files.ts'
import { defineTable, int32, key, string } from '../../../src/table/contract.ts'
import { countUp } from '../../../src/table/take.ts'
import { textOf } from '../phone-job.ts'

const calls = defineTable('calls', { id: key(string()), minutes: int32() })
const jobOf = (format: SourceFormat = csv()) =>
  defineJob({
    name: 'phone',
    tables: { calls: { contract: calls, source: appends({ prefix: 'log/', name: '*', format, sequenceBy: null }) } },
    outputs: {
      list: {
        contract: calls,
        reads: ['calls'],
        build: (state) => state.table('calls'),
        explain: { table: 'calls', reads: ['calls'], rowsBehind: (state) => countUp(state.table('calls').rows, 0) },
      },
    },
  })

const HEAD = 'id,minutes\n'
const piece = (...rows: readonly string[]) => Buffer.from(HEAD + rows.map((row) => `${row}\n`).join(''))

async function waitingIn(out: FileStore) {
  const file = (await readHead(out, nodeEffects()))?.record.quarantine ?? null
  return file === null ? [] : decodeQuarantine(await readStored(out, file)).map(({ file: name, row }) => [name, row])
}

async function place() {
  const [data, out] = [memoryStore(), memoryStore()]
  const run = (options: RunOptions = {}) => runPipeline(jobOf(), { data, out, publish: ['list'], ...options })
  return { data, out, run, rows: async () => (await textOf(out, 'list.csv')).trim().split('\n').slice(1) }
}

describe('a ledger of pieces', () => {
  it('reads a new piece once', async () => {
    const { data, out } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    const read: string[] = []
    const watched: FileStore = {
      location: 'watched',
      list: (prefix) => data.list(prefix),
      read: (name) => {
        read.push(name)
        return data.read(name)
      },
      write: (name, chunks) => data.write(name, chunks),
      writeIfAbsent: (name, bytes) => data.writeIfAbsent(name, bytes),
      remove: (name) => data.remove(name),
    }
    await runPipeline(jobOf(), { data: watched, out })
    expect(read).toEqual(['log/1.csv'])
  })

  it('stores the rows of a piece that is the whole table once, in the first run and in a rebuild', async () => {
    const { data, out, run } = await place()
    await data.write('log/1.csv', [piece('a,1', 'b,2')])
    const snapshotOf = async () => (await readHead(out, nodeEffects()))?.record
    await run()
    const first = await snapshotOf()
    expect(first?.state.calls?.snapshot).toEqual(first?.inputs[0]?.stored)
    await run({ apply: 'rebuild' })
    expect((await snapshotOf())?.state).toEqual(first?.state)
    await data.write('log/2.csv', [piece('c,3')])
    await run()
    expect((await snapshotOf())?.state.calls?.snapshot?.rows).toBe(3)
  })

  it('does not take a piece with a repeated key for the table', async () => {
    const { data, run, rows } = await place()
    await data.write('log/1.csv', [piece('a,1', 'b,2', 'a,3')])
    await run()
    expect(await rows()).toEqual(['a,3', 'b,2'])
  })

  it('is begun anew by a run that replaces, with what is there now', async () => {
    const { data, run, rows } = await place()
    await data.write('log/1.csv', [piece('a,1', 'b,1')])
    await run()
    await data.remove('log/1.csv')
    await data.write('log/2.csv', [piece('b,2')])
    await run()
    expect(await rows()).toEqual(['a,1', 'b,2'])
    const { status, applied } = await run({ apply: 'replace' })
    expect([status, applied.map(({ name }) => name), await rows()]).toEqual(['committed', ['log/2.csv'], ['b,2']])
    expect((await run({ apply: 'replace' })).status).toBe('nothing_to_do')
    await data.write('log/0.csv', [piece('b,9', 'c,3')])
    await run({ apply: 'replace' })
    // in order of their names now, whichever came first
    expect(await rows()).toEqual(['b,2', 'c,3'])
  })

  it('is not replaced by nothing', async () => {
    const { data, run, rows } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    await run()
    await data.remove('log/1.csv')
    await expect(run({ apply: 'replace' })).rejects.toMatchObject({ code: 'no_input' })
    expect(await rows()).toEqual(['a,1'])
  })

  it('drops what waits of pieces that a new ledger does not hold', async () => {
    const { data, out, run } = await place()
    await data.write('log/1.csv', [piece('a,1', 'b,many')])
    await run()
    await data.remove('log/1.csv')
    await data.write('log/2.csv', [piece('a,1')])
    expect((await run()).quarantined).toBe(1)
    expect((await run({ apply: 'replace' })).quarantined).toBe(0)
    expect(await waitingIn(out)).toEqual([])
  })

  it('tells pieces apart that came in files of one name', async () => {
    const { data, out, run } = await place()
    await data.write('log/today.csv', [piece('a,1', 'x,none')])
    await run()
    await data.write('log/today.csv', [piece('b,2', 'y,none')])
    expect((await run()).quarantined).toBe(2)
    expect(await waitingIn(out)).toEqual([
      ['log/today.csv', 2],
      ['log/today.csv (piece 2)', 2],
    ])
    const { origins, unread } = await explainFigure(jobOf(), { data, out, output: 'list', cells: {} })
    expect(origins.map(({ file, source }) => [file, source?.text ?? null])).toEqual([
      ['log/today.csv', null],
      ['log/today.csv (piece 2)', 'b,2'],
    ])
    expect(unread).toEqual([{ file: 'log/today.csv', reason: 'changed' }])
  })
})

describe("a format of a job's own", () => {
  const strict: SourceFormat = {
    kind: 'phone_log',
    declaration: { kind: 'phone_log' },
    read: async (file) => ({
      ...(await csv().read(file)),
      refusal: ({ maxQuarantined }) =>
        file.bytes.includes(0x21) ? new PipelineError('too_many_quarantined', `loud beyond ${maxQuarantined}`) : null,
    }),
    findRecords: (_, wanted) => new Map(Array.from(wanted, (row) => [row, { line: row, text: `record ${row}` }])),
  }

  it('judges its files itself, and shows their records', async () => {
    const [data, out] = [memoryStore({ 'log/1.csv': `${HEAD}a,1\n` }), memoryStore()]
    await runPipeline(jobOf(strict), { data, out })
    const { origins } = await explainFigure(jobOf(strict), { data, out, output: 'list', cells: {} })
    expect(origins[0]?.source).toEqual({ line: 1, text: 'record 1' })
    await data.write('log/2.csv', [piece('b!,2')])
    await expect(runPipeline(jobOf(strict), { data, out, maxQuarantined: 0.5 })).rejects.toThrow('loud beyond 0.5')
  })
})

describe('the copies of a run', () => {
  it('have the names that it was told, until it is told others', async () => {
    const { data, out, run } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    await run({ names: { list: 'all calls.csv' } })
    expect((await readStatus({ out })).copies.map(({ name }) => name)).toEqual(['all calls.csv'])
    await data.write('log/2.csv', [piece('b,2')])
    await run()
    expect(await textOf(out, 'all calls.csv')).toBe('id,minutes\na,1\nb,2\n')
    const { removed } = await run({ names: { list: 'list.csv' } })
    expect(removed).toEqual(['all calls.csv'])
  })

  it.each([
    [{ nothing: 'x.csv' }, /names\.nothing is of nothing that can be published/],
    [{ list: '.support-etl/b.csv' }, /names\.list is "\.support-etl\/b\.csv"; give it the name of a file/],
    [{ list: '..' }, /names\.list/],
    [{ list: 'x.csv', calls: 'x.csv' }, /names gives "x\.csv" to two copies, list and calls/],
    [{ list: 'calls.csv' }, /names gives "calls\.csv" to two copies, list and calls/],
  ])('refuse the names %j', async (names, message) => {
    const { data, run } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    await expect(run({ names, publish: ['all'] })).rejects.toThrow(message)
  })

  it("take the place of somebody's file only where that is said", async () => {
    const { data, out, run } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    await out.write('list.csv', [Buffer.from('mine')])
    await expect(run()).rejects.toMatchObject({ code: 'file_exists' })
    await run({ overwrite: ['list'] })
    expect(await textOf(out, 'list.csv')).toBe('id,minutes\na,1\n')
    await expect(run({ overwrite: ['lists'] })).rejects.toThrow(/overwrite "lists" is nothing that can be published/)
  })

  it('are written under the lock of a caller who holds it, and keeps it', async () => {
    const { data, out, run } = await place()
    await data.write('log/1.csv', [piece('a,1')])
    const lock = await takeLock(out, 'mine', nodeEffects())
    await expect(run()).rejects.toMatchObject({ code: 'lock_held' })
    expect((await runPipeline(jobOf(), { data, out, publish: ['list'] }, { lock })).status).toBe('committed')
    expect((await out.list(LOCK)).length).toBe(1)
    await lock.release()
    expect((await out.list(LOCK)).length).toBe(0)
  })
})

/** Files as they came, kept in the state beside their rows. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import {
  type CurrentIndex,
  collectGarbage,
  csv,
  defineJob,
  type Job,
  json,
  partitions,
  readStatus,
  runPipeline,
  snapshots,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'
import { textOf } from '../phone-job.ts'

const jobWith = (originals: 'keep' | 'leave'): Job =>
  defineJob({
    name: 'phone',
    tables: {
      calls: {
        contract: defineTable('calls', { call_id: key(string()), minutes: nullable(int32()) }),
        source: partitions({ prefix: 'calls/', name: '{day}.csv*', format: csv(), originals }),
      },
      teams: {
        contract: defineTable('teams', { team: key(string()) }),
        source: snapshots({ file: 'teams.json', format: json(), originals }),
      },
    },
  })
const job = jobWith('keep')

const DAY = 'calls/2025-03-01.csv'
const text = 'call_id,minutes\r\nc1,1\r\nc2,many\r\n'
const files = {
  [DAY]: text,
  'calls/2025-03-02.csv.gz': gzipSync('call_id,minutes\nc3,3\n'),
  'teams.json': '[{"team":"t1"}]',
}

async function bytesOf(store: FileStore, name: string): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  return Buffer.concat(parts)
}
const landed = async (out: FileStore) =>
  (await out.list('landed/')).map(({ name }) => name.replace(/-[0-9a-f]{16}/, ''))
const indexOf = async (out: FileStore) => JSON.parse(await textOf(out, 'current.json')) as CurrentIndex

describe('originals of a source', () => {
  it('are kept byte for byte, packed as they came, and named by the ledger, status and the index', async () => {
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore(files), out, maxQuarantined: 1 })
    expect(await landed(out)).toEqual([
      'landed/calls-2025-03-01.csv',
      'landed/calls-2025-03-02.csv.gz',
      'landed/teams.json',
    ])
    const { inputs } = await readStatus({ out })
    for (const { name, landed: file = '' } of inputs) {
      expect((await bytesOf(out, file)).equals(Buffer.from(files[name as keyof typeof files])), name).toBe(true)
    }
    const [first] = (await indexOf(out)).tables.calls?.files ?? []
    expect(first).toMatchObject({ landed: inputs.find(({ name }) => name === DAY)?.landed, seq: 1 })
  })

  it('are looked at by verify, and collected by gc when no version has them', async () => {
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore(files), out, maxQuarantined: 1 })
    const before = await landed(out)
    const data = memoryStore({ ...files, [DAY]: 'call_id,minutes\nc1,2\n' })
    await runPipeline(job, { data, out, maxQuarantined: 1 })
    expect((await indexOf(out)).tables.calls?.files.map(({ seq }) => seq)).toEqual([2, 1])
    expect(await landed(out)).toHaveLength(before.length + 1)
    const garbage = await collectGarbage({ out, graceDays: 0, keepVersions: 1, action: 'remove' })
    expect(garbage.files.filter(({ name }) => name.startsWith('landed/')).map(({ reason }) => reason)).toEqual([
      'superseded',
    ])
    expect(await landed(out)).toEqual(before)
    const [file = ''] = (await out.list('landed/')).map(({ name }) => name)
    await out.write(file, [Buffer.from('other')])
    expect((await verifyState(job, { out })).damages).toEqual([{ name: file, problem: 'differs', kind: 'data' }])
  })

  it('of a file that is refused are garbage: nothing refers to them', async () => {
    const out = memoryStore()
    await runPipeline(job, { data: memoryStore(files), out, maxQuarantined: 1 })
    const data = memoryStore({ ...files, 'calls/2025-03-03.csv': 'call_id,minutes\nc9,1\nc10' })
    await expect(runPipeline(job, { data, out })).rejects.toMatchObject({ code: 'record_truncated' })
    const { files: found } = await collectGarbage({ out, graceDays: 0 })
    expect(found.map(({ name, reason }) => `${name.replace(/-[0-9a-f]{16}/, '')} ${reason}`)).toEqual([
      'landed/calls-2025-03-03.csv unreferenced',
    ])
  })

  it('are not kept unless the source says so, and its rows are the same', async () => {
    const [kept, left] = [memoryStore(), memoryStore()]
    await runPipeline(job, { data: memoryStore(files), out: kept, maxQuarantined: 1 })
    await runPipeline(jobWith('leave'), { data: memoryStore(files), out: left, maxQuarantined: 1 })
    expect(await landed(left)).toEqual([])
    const dataOf = async (out: FileStore) =>
      (await out.list('.support-etl/data/')).map(({ name, size }) => `${name} ${size}`)
    expect(await dataOf(left)).toEqual(await dataOf(kept))
    // a source may begin to keep them: what is applied is not read again for it
    expect((await runPipeline(job, { data: memoryStore(files), out: left })).status).toBe('nothing_to_do')
  })

  it('are kept or left, and nothing else', () => {
    expect(() => partitions({ prefix: 'a/', name: '{day}.csv', format: csv(), originals: 'all' as never })).toThrow(
      "originals is a string; expected 'keep' or 'leave'",
    )
  })
})

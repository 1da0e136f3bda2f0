/** Persons who are erased from a place: no byte of it names them afterwards, and no later delivery brings them back. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type FileStore, memoryStore } from '../../../src/connect/index.ts'
import { parquetFrame } from '../../../src/format/parquet/parquet.ts'
import {
  csv,
  defineJob,
  eachRow,
  eraseKeys,
  type Job,
  jsonColumns,
  partitions,
  readState,
  readStatus,
  refuseRow,
  runPipeline,
  verifyState,
} from '../../../src/pipeline/index.ts'
import { defineTable, int32, key, nullable, string } from '../../../src/table/contract.ts'

const visits = defineTable('visits', { id: key(string()), guest: nullable(string()), nights: nullable(int32()) })
const guests = defineTable('guests', { guest: key(string()), mail: string() })
const stays = defineTable('stays', { id: key(string()), guest: nullable(string()), nights: int32() })
const notes = defineTable('notes', { id: key(string()), guest: nullable(string()), stars: nullable(int32()) })

const job: Job = defineJob({
  name: 'hotel',
  tables: {
    guests: {
      contract: guests,
      source: partitions({ prefix: 'guests/', name: 'guests.csv', format: csv(), counts: 'newest', originals: 'keep' }),
    },
    visits: {
      contract: visits,
      source: partitions({ prefix: 'visits/', name: '{day}.csv*', format: csv(), originals: 'keep' }),
    },
    notes: {
      contract: notes,
      source: partitions({ prefix: 'notes/', name: '{day}.json', format: jsonColumns(), originals: 'keep' }),
    },
  },
  derived: {
    stays: {
      from: 'visits',
      contract: stays,
      rows: eachRow(visits, stays, ({ id, guest, nights }) =>
        nights === null
          ? refuseRow({ code: 'null_value', column: 'nights', found: guest ?? '', expected: 'nights' })
          : { id, guest, nights },
      ),
    },
  },
  erasure: {
    keysIn: (text) => text.match(/G[0-9]{4}/g) ?? [],
    tables: {
      guests: { columns: ['guest'], rows: 'remove' },
      visits: { columns: ['id', 'guest'], rows: 'replace' },
      notes: { columns: ['id', 'guest'], rows: 'replace' },
    },
  },
})

const GUEST = 'G1002'
const SECRET = /G1002|eve@example/
const first = {
  'guests/guests.csv':
    'guest,mail\r\nG1001,"adam@example.com"\r\nG1002,"eve@example.com\nsecond line"\r\nG1003,c@example.com\r\n',
  'visits/2025-03-01.csv': 'id,guest,nights\nV1,G1001,3\n"V-G1002-a","G1002",2\nV3,,1\nV-G1002-b,,\nV5,G1002,many\n',
  'visits/2025-03-02.csv': 'id,guest,nights\nV9,G1003,1\n',
  'visits/2025-03-03.csv.gz': gzipSync('id,guest,nights\nV6,G1002,4\nV7,G1001,4'),
  'notes/2025-03-01.json': '{"id":{"0":"N1","1":"N-G1002"},"guest":{"0":"G1001","1":"G1002"},"stars":{"0":5,"1":1}}',
}

/** Every byte of a place, decoded: Parquet as its cells, packed files unpacked. */
async function contentOf(out: FileStore): Promise<Map<string, string>> {
  const content = new Map<string, string>()
  for (const { name } of await out.list('')) {
    const parts: Uint8Array[] = []
    for await (const part of out.read(name)) parts.push(part)
    const bytes = Buffer.concat(parts)
    const plain = bytes.toString('latin1')
    if (name.endsWith('.parquet')) {
      const { columns } = await parquetFrame(bytes)
      content.set(name, plain + JSON.stringify([...columns.values()].map((column) => [...column].map(String))))
    } else content.set(name, plain + (name.endsWith('.gz') ? gunzipSync(bytes).toString() : ''))
  }
  return content
}
const naming = async (out: FileStore): Promise<string[]> =>
  [...(await contentOf(out))].filter(([, text]) => SECRET.test(text)).map(([name]) => name)

const run = (out: FileStore, files: Readonly<Record<string, string | Uint8Array>>) =>
  runPipeline(job, { data: memoryStore(files), out, maxQuarantined: 1 })

describe('eraseKeys', () => {
  const out = memoryStore()

  it('leaves no byte that names the person, in files, rows, quarantine and log', async () => {
    await run(out, { ...first, 'visits/2025-03-01.csv': 'id,guest,nights\nV-G1002-old,G1002,2\n' })
    const { tables } = await run(out, first)
    expect((await naming(out)).length).toBeGreaterThan(5)
    const { files, commit } = await eraseKeys(job, { out, keys: [GUEST] })
    expect(commit).toBe(3)
    expect([...files].sort()).toEqual([
      'guests/guests.csv',
      'notes/2025-03-01.json',
      'visits/2025-03-01.csv',
      'visits/2025-03-03.csv.gz',
    ])
    expect(await naming(out)).toEqual([])
    expect((await readStatus({ out })).tables).toEqual({ ...tables, guests: 2 })
    expect((await verifyState(job, { out })).damages).toEqual([])
  })

  it('edits only the records of the person, and keeps every other byte as it came', async () => {
    const { inputs } = await readStatus({ out })
    const content = await contentOf(out)
    const landed = (name: string) => content.get(inputs.find((input) => input.name === name)?.landed ?? '')
    expect(landed('guests/guests.csv')).toBe('guest,mail\r\nG1001,"adam@example.com"\r\nG1003,c@example.com\r\n')
    expect(landed('visits/2025-03-01.csv')).toBe(
      'id,guest,nights\nV1,G1001,3\n"erased-20250301-2","erased-20250301-2",2\nV3,,1\nerased-20250301-4,,\nerased-20250301-5,erased-20250301-5,many\n',
    )
    expect(landed('visits/2025-03-02.csv')).toBe(first['visits/2025-03-02.csv'])
    expect(landed('visits/2025-03-03.csv.gz')).toContain(
      'id,guest,nights\nerased-20250303-1,erased-20250303-1,4\nV7,G1001,4',
    )
    expect(JSON.parse(landed('notes/2025-03-01.json') ?? '')).toEqual({
      ...{ id: { 0: 'N1', 1: 'erased-20250301-2' }, guest: { 0: 'G1001', 1: 'erased-20250301-2' } },
      stars: { 0: 5, 1: 1 },
    })
    const [, , day] = (await readState(job, { out })).partitions('stays')
    expect([...((await day?.load())?.columns.get('guest') ?? [])]).toEqual(['erased-20250303-1', 'G1001'])
  })

  it('has nothing to do while the sources have what they had, and leaves the person out of what comes later', async () => {
    expect((await run(out, first)).status).toBe('nothing_to_do')
    const later = {
      ...first,
      'guests/guests.csv': `${first['guests/guests.csv']}G1004,d@example.com\r\n`,
      'visits/2025-03-04.csv': 'id,guest,nights\nV-G1002-c,G1002,1\nV8,G1004,1\n',
    }
    expect((await run(out, later)).status).toBe('committed')
    expect(await naming(out)).toEqual([])
    const again = await run(out, later)
    expect(again.status).toBe('nothing_to_do')
    expect(again.tables).toMatchObject({ guests: 3 })
  })

  it('is the same the second time, and names nobody in the log', async () => {
    const before = await readStatus({ out })
    expect(await eraseKeys(job, { out, keys: [GUEST] })).toMatchObject({ commit: before.commit, files: [] })
    await eraseKeys(job, { out, keys: ['G1003'] })
    const log = [...(await contentOf(out))].filter(([name]) => name.startsWith('.support-etl/log/'))
    expect(log.every(([, text]) => !/G100[23]/.test(text))).toBe(true)
  })

  it('commits its list where no delivery names the person: a later one may', async () => {
    const other = memoryStore()
    await run(other, { 'guests/guests.csv': 'guest,mail\nG1001,a@example.com\n' })
    expect((await eraseKeys(job, { out: other, keys: [GUEST] })).files).toEqual([])
    await run(other, first)
    expect(await naming(other)).toEqual([])
  })

  it('refuses a job without persons, keys of none and files that were not kept', async () => {
    await expect(eraseKeys(job, { out, keys: ['nobody'] })).rejects.toMatchObject({ code: 'invalid_option' })
    await expect(eraseKeys({ ...job, erasure: undefined } as never, { out, keys: [GUEST] })).rejects.toThrow('erasure')
    const { erasure: _, ...without } = job
    const more = { ...first, 'visits/2025-03-09.csv': 'id,guest,nights\nV1,G1001,3\n' }
    const going = runPipeline(without as Job, { data: memoryStore(more), out, maxQuarantined: 1 })
    await expect(going).rejects.toMatchObject({ code: 'erase_refused' })
  })
})

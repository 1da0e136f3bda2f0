import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { folderStore } from '../../src/connect/files/folder-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { placesBelow } from '../../src/dashboard/place-folders.ts'
import { type NamedPlace, placesData } from '../../src/dashboard/places.ts'
import { parquetFrame } from '../../src/format/parquet/parquet.ts'
import type { JobPlace } from '../../src/page/places.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { csv, defineJob, eachRow, extractsAndDeltas, partitions } from '../../src/pipeline/index.ts'
import type { RunOptions } from '../../src/pipeline/job/options.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { defineTable, float64, key, string } from '../../src/table/contract.ts'
import { Place } from '../pipeline/derive/machines-job.ts'
import { FILES, workshopJob } from '../systems/workshop/job.ts'

async function workshop(options: Partial<RunOptions> = {}): Promise<FileStore> {
  const out = memoryStore()
  await runPipeline(workshopJob, { data: memoryStore(FILES), out, ...options })
  return out
}

function dataOf(places: readonly NamedPlace[], jobs = [workshopJob as never]) {
  return placesData(
    async () => places,
    async () => jobs,
    nodeEffects(),
  )
}

async function rowsOf(bytes: Uint8Array | null): Promise<Record<string, unknown>[]> {
  const { columns, rows } = await parquetFrame(bytes ?? new Uint8Array())
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(Array.from(columns, ([name, column]) => [name, column.at(row)])),
  )
}

const HALLS = [
  { hall_name: 'North', machines: 1, repairs: 2 },
  { hall_name: 'South', machines: 1, repairs: 1 },
]
const REPAIRS = [
  { repair_id: 'R1', machine_id: 'M1', hours: 1.5 },
  { repair_id: 'R2', machine_id: 'M2', hours: 2 },
  { repair_id: 'R3', machine_id: 'M1', hours: 4 },
]

describe('placesData', () => {
  it('lists outputs, then tables, each with its contract, rows, copies and file', async () => {
    const data = dataOf([{ id: '', out: await workshop() }])
    const [place] = (await data.readPlaces()) as JobPlace[]
    expect(place).toMatchObject({ id: '', job: 'workshop', commit: 1, quarantined: 0 })
    expect(place?.tables.map(({ name, kind, rows, file }) => [name, kind, rows, file])).toEqual([
      ['machines_by_hall', 'output', 2, 'data/tables/machines_by_hall.parquet'],
      ['machines', 'table', 2, 'data/tables/machines.parquet'],
      ['halls', 'table', 2, 'data/tables/halls.parquet'],
      ['repairs', 'table', 3, 'data/tables/repairs.parquet'],
    ])
    expect(place?.tables.map(({ contract }) => contract?.key)).toEqual([
      ['hall_name'],
      ['machine_id'],
      ['hall_id'],
      ['repair_id'],
    ])
    expect(place?.tables[0]?.copies).toEqual(['machines_by_hall.csv'])
  })

  it('lists derived tables with their contract, and reads them by the log', async () => {
    const place = new Place()
    await place.run(['M1,North,8'])
    const data = dataOf([{ id: '', out: place.out }], [])
    const [{ tables } = { tables: [] }] = (await data.readPlaces()) as JobPlace[]
    const used = tables.find(({ name }) => name === 'used')
    expect([used?.kind, used?.contract?.columns.created_at?.role]).toEqual(['derived', 'recorded'])
    const at = new Date('2025-01-01T00:00:00Z')
    expect(await rowsOf(await data.readTable('data/tables/used.parquet'))).toEqual([
      { id: 'M1', hall: 'North', days: 1, created_at: at, updated_at: at },
    ])
  })

  it('gives the rows of an output by the job’s code, and of a table by the log, without where they came from', async () => {
    const data = dataOf([{ id: 'a b', out: await workshop() }])
    expect(await rowsOf(await data.readTable('data/tables/a b/machines_by_hall.parquet'))).toEqual(HALLS)
    expect(await rowsOf(await data.readTable('data/tables/a b/repairs.parquet'))).toEqual(REPAIRS)
    expect(await rowsOf(await data.readTable('data/tables/a b/machines.parquet'))).toMatchObject([
      { machine_id: 'M1', serial: 9_007_199_254_740_993n },
      { machine_id: 'M2', serial: null },
    ])
  })

  it.each(['csv', 'json', 'parquet'] as const)(
    'gives the same of a job whose code is not here, from the log and the %s copies',
    async (format) => {
      const data = dataOf([{ id: '', out: await workshop({ format }) }], [])
      const [place] = (await data.readPlaces()) as JobPlace[]
      const named = (place?.tables ?? []).map(({ name, kind, contract }) => [name, kind, contract === null])
      expect(named).toEqual([
        ['machines_by_hall', 'output', true],
        ['machines', 'table', false],
        ['halls', 'table', false],
        ['repairs', 'table', false],
      ])
      const shown = await rowsOf(await data.readTable('data/tables/machines_by_hall.parquet'))
      expect(shown).toEqual(HALLS)
      expect(await rowsOf(await data.readTable('data/tables/repairs.parquet'))).toEqual(REPAIRS)
    },
  )

  it('gives derived tables from the log, whether the job’s code is here or not', async () => {
    const machines = defineTable('machines', { id: key(string()), hours: float64() })
    const used = defineTable('used', { id: key(string()), days: float64() })
    const rows = eachRow(machines, used, ({ id, hours }) => ({ id, days: hours / 8 }))
    const job = defineJob({
      name: 'usage',
      tables: { machines: { contract: machines, source: extractsAndDeltas() } },
      derived: { used: { from: 'machines', contract: used, rows } },
    })
    const out = memoryStore()
    const data = memoryStore({ 'initial/machines.csv': 'id,hours\nM1,16\nM2,4\n' })
    await runPipeline(job, { data, out })
    for (const jobs of [[job as never], []]) {
      const [place] = (await dataOf([{ id: '', out }], jobs).readPlaces()) as JobPlace[]
      const found = place?.tables.find(({ name }) => name === 'used')
      expect(found).toMatchObject({ kind: 'derived', rows: 2, contract: { name: 'used', key: ['id'] } })
      expect(await rowsOf(await dataOf([{ id: '', out }], jobs).readTable('data/tables/used.parquet'))).toEqual([
        { id: 'M1', days: 2 },
        { id: 'M2', days: 0.5 },
      ])
    }
  })

  it('gives partitioned tables, and those derived from them, with the day of each row', async () => {
    const visits = defineTable('visits', { id: key(string()), hours: float64() })
    const long = defineTable('long', { id: key(string()), days: float64() })
    const prices = defineTable('prices', { item: key(string()), price: float64() })
    const job = defineJob({
      name: 'visits',
      tables: {
        visits: { contract: visits, source: partitions({ prefix: 'visits/', name: '{day}.csv', format: csv() }) },
        prices: {
          contract: prices,
          source: partitions({ prefix: 'now/', name: 'prices.csv', format: csv(), counts: 'newest' }),
        },
      },
      derived: {
        long: {
          from: 'visits',
          contract: long,
          rows: eachRow(visits, long, ({ id, hours }) => ({ id, days: hours / 8 })),
        },
      },
    })
    const out = memoryStore()
    const data = memoryStore({
      'visits/2025-03-02.csv': 'id,hours\nV1,4\n',
      'visits/2025-02-28.csv': 'id,hours\nV2,16\nV1,8\n',
      'now/prices.csv': 'item,price\nsoap,2.5\n',
    })
    await runPipeline(job, { data, out })
    for (const jobs of [[job as never], []]) {
      const places = dataOf([{ id: '', out }], jobs)
      const [place] = (await places.readPlaces()) as JobPlace[]
      // and not current.json, which lists the files of a lake
      expect(place?.tables.map(({ name, kind, rows, contract }) => [name, kind, rows, contract?.key])).toEqual([
        ['visits', 'table', 3, ['_day', 'id']],
        ['long', 'derived', 3, ['_day', 'id']],
        ['prices', 'table', 1, ['item']],
      ])
      expect(await rowsOf(await places.readTable('data/tables/visits.parquet'))).toEqual([
        { _day: '2025-02-28', id: 'V2', hours: 16 },
        { _day: '2025-02-28', id: 'V1', hours: 8 },
        { _day: '2025-03-02', id: 'V1', hours: 4 },
      ])
      expect(await rowsOf(await places.readTable('data/tables/long.parquet'))).toEqual([
        { _day: '2025-02-28', id: 'V2', days: 2 },
        { _day: '2025-02-28', id: 'V1', days: 1 },
        { _day: '2025-03-02', id: 'V1', days: 0.5 },
      ])
      expect(await rowsOf(await places.readTable('data/tables/prices.parquet'))).toEqual([{ item: 'soap', price: 2.5 }])
      expect(await places.readTable('data/tables/current.parquet')).toBeNull()
    }
  })

  it('refuses a copy that is not as it was published', async () => {
    const out = await workshop()
    await out.write('machines_by_hall.csv', [new TextEncoder().encode('hall_name,machines,repairs\nNorth,9,9\n')])
    const read = dataOf([{ id: '', out }], []).readTable('data/tables/machines_by_hall.parquet')
    await expect(read).rejects.toMatchObject({ code: 'data_damaged' })
    // the job's code needs no copy
    expect(await rowsOf(await dataOf([{ id: '', out }]).readTable('data/tables/machines_by_hall.parquet'))).toEqual(
      HALLS,
    )
  })

  it('names a place whose log cannot be read, and lists the others', async () => {
    const broken = await workshop()
    for (const { name } of await broken.list('.support-etl/log/')) {
      await broken.write(name, [new TextEncoder().encode('{')])
    }
    const data = dataOf([
      { id: 'broken', out: broken },
      { id: 'empty', out: memoryStore() },
      { id: 'whole', out: await workshop() },
    ])
    const places = await data.readPlaces()
    expect(places.map(({ id }) => id)).toEqual(['broken', 'whole'])
    expect(places[0]).toEqual({ id: 'broken', problem: 'log_damaged' })
    expect(await data.readTable('data/tables/broken/halls.parquet')).toBeNull()
  })

  it('has nothing else: no other table, place or file', async () => {
    const data = dataOf([{ id: 'shop', out: await workshop() }])
    for (const file of [
      'halls.csv',
      'data/tables/halls.parquet',
      'data/tables/shop/none.parquet',
      'data/tables/shop/',
    ]) {
      expect(await data.readTable(file), file).toBeNull()
    }
  })
})

describe('placesBelow', () => {
  it('finds the folder and the folders right below it that have a log, anew on every call', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'support-etl-places-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const run = (name: string) =>
      runPipeline(workshopJob, { data: memoryStore(FILES), out: folderStore(join(folder, name)) })
    await run('shop')
    await folderStore(join(folder, 'other')).write('x.csv', [new Uint8Array(1)])
    const places = placesBelow(folder, folderStore(folder), folderStore)
    const ids = async () => (await places()).map(({ id }) => id)
    expect(await ids()).toEqual(['', 'shop'])
    await run('bakery')
    expect(await ids()).toEqual(['', 'bakery', 'shop'])
    const [, bakery] = await places()
    expect((await bakery?.out.list('.support-etl/log/'))?.length).toBe(1)
    expect((await placesBelow(join(folder, 'none'), folderStore(folder), folderStore)()).length).toBe(1)
  })

  it('finds those of a bucket, and asks it once', async () => {
    const bucket = memoryStore({ 'shop/.support-etl/log/00000001.json': '{}', 'shop/x.csv': 'x', 'y/z.csv': 'z' })
    let asked = 0
    const counted: FileStore = {
      ...bucket,
      ...{
        list(prefix: string) {
          asked++
          return bucket.list(prefix)
        },
      },
    }
    const opened: string[] = []
    const places = placesBelow('s3://bucket/out/', counted, (location) => {
      opened.push(location)
      return bucket
    })
    expect((await places()).map(({ id }) => id)).toEqual(['', 'shop'])
    await places()
    expect([asked, opened]).toEqual([1, ['s3://bucket/out/shop']])
  })
})

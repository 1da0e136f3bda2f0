/** The embedded database in a folder: one owner, killed processes, runs beside the owner. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderStore, memoryStore } from '../../../src/connect/index.ts'
import { openEmbedded } from '../../../src/connect/postgres/embedded.ts'
import { type CommitFollower, followCommits } from '../../../src/pipeline/destinations/follow-commits.ts'
import { pglite } from '../../../src/pipeline/destinations/postgres/postgres.ts'
import { defineJob } from '../../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../../src/pipeline/run.ts'
import { csv } from '../../../src/pipeline/sources/formats/csv-format.ts'
import { snapshots } from '../../../src/pipeline/sources/snapshots.ts'
import { defineTable, int32, key, string } from '../../../src/table/contract.ts'
import { committedRows, databaseRows, hallJob, sourceOf } from './delivered-rows.ts'

const rooms = defineTable('rooms', { id: key(string()), name: string(), seats: int32() })
const roomJob = defineJob({
  name: 'rooms',
  tables: { rooms: { contract: rooms, source: snapshots({ file: 'rooms.csv', format: csv() }) } },
})

const root = join(import.meta.dirname, '..', '..', '..')
let base = ''
let next = 0
/** An empty database is made once: that takes seconds. */
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'support-etl-embedded-'))
  await (await openEmbedded(join(base, 'template', 'postgres'))).close()
}, 120_000)
afterAll(() => rm(base, { recursive: true, force: true }))

async function places(): Promise<{ readonly out: string; readonly folder: string }> {
  const folder = join(base, `database-${++next}`)
  await cp(join(base, 'template'), folder, { recursive: true })
  return { out: join(base, `out-${next}`), folder }
}

function start(...args: readonly (string | number)[]) {
  const script = join(import.meta.dirname, 'child-delivery.ts')
  const flags = ['--conditions=support-etl-source', '--disable-warning=ExperimentalWarning', script]
  const child = spawn(process.execPath, [...flags, ...args.map(String)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const told: string[] = []
  child.stdout.on('data', (text) => told.push(String(text)))
  child.stderr.on('data', (text) => told.push(String(text)))
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, told: told.join('') }))
  return { child, ended }
}

async function rowsIn(folder: string) {
  const database = await openEmbedded(join(folder, 'postgres'))
  try {
    return await databaseRows(database)
  } finally {
    await database.close()
  }
}

const committed = (out: string) => committedRows(folderStore(out))

describe('pglite', () => {
  it('loses nothing when runs of other processes commit beside its owner, which applies their commits', async () => {
    const { out, folder } = await places()
    await runPipeline(hallJob, { data: sourceOf(0), out })
    const follower = await followCommits(hallJob, pglite({ folder }), { out, interval: 50 })
    try {
      expect(follower.commit).toBe(1)
      for (const months of [1, 2, 3]) {
        const { code, told } = await start(months, out, folder).ended
        expect([code, told]).toEqual([0, `begins\n[${months + 1},"waits"]`])
        await follower.refresh()
        const found = await databaseRows({ query: async (text) => ({ rows: await follower.query(text), count: 0 }) })
        expect(found).toEqual({ number: months + 1, rows: await committed(out) })
      }
    } finally {
      await follower.stop()
    }
    expect(await rowsIn(folder)).toEqual({ number: 4, rows: await committed(out) })
  }, 240_000)

  it('has one owner: of two processes that run at once, one delivers and the other only commits or waits', async () => {
    const { out, folder } = await places()
    await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [pglite({ folder })] })
    const other = join(base, 'other-log')
    await cp(out, other, { recursive: true })
    // two logs with the same first commit, so that no lock but the database's keeps them apart
    const [one, two] = await Promise.all([start(1, out, folder).ended, start(1, other, folder).ended])
    expect([one.code, two.code]).toEqual([0, 0])
    const statuses = [one, two].map(({ told }) => /"(\w+)"\]$/.exec(told)?.[1])
    expect(statuses).toContain('changes')
    const ends = [out, other].map(async (log) => ({ number: 2, rows: await committed(log) }))
    expect(await Promise.all(ends)).toContainEqual(await rowsIn(folder))
  }, 240_000)

  it('holds the rows of one commit after a process was killed at a statement, and the next opener catches up', async () => {
    for (const at of [9, 24]) {
      const { out, folder } = await places()
      await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [pglite({ folder })] })
      const before = { number: 1, rows: await committed(out) }
      const { signal, told } = await start(1, out, folder, at).ended
      expect([signal, told], `statement ${at}`).toEqual(['SIGKILL', 'begins\n'])
      expect([before, { number: 2, rows: await committed(out) }]).toContainEqual(await rowsIn(folder))
      const { destinations } = await runPipeline(hallJob, {
        data: sourceOf(1),
        out,
        destinations: [pglite({ folder })],
      })
      expect(destinations).toMatchObject([{ commit: 2 }])
      expect(await rowsIn(folder)).toEqual({ number: 2, rows: await committed(out) })
    }
  }, 240_000)

  it('holds the rows of the commit after a process was killed while it reclaimed space', async () => {
    for (let round = 0; round < 5; round++) {
      const { out, folder } = await places()
      await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [pglite({ folder })] })
      const { child, ended } = start(1, out, folder, 'reclaim')
      child.stdout.on('data', (text) => {
        // later from round to round: in the middle, or after it
        if (String(text).includes('reclaims')) setTimeout(() => child.kill('SIGKILL'), round * 4)
      })
      expect((await ended).told).toContain('reclaims')
      expect(await rowsIn(folder)).toEqual({ number: 2, rows: await committed(out) })
      const { destinations } = await runPipeline(hallJob, {
        data: sourceOf(2),
        out,
        destinations: [pglite({ folder })],
      })
      expect(destinations).toMatchObject([{ status: 'changes', commit: 3 }])
      expect(await rowsIn(folder)).toEqual({ number: 3, rows: await committed(out) })
    }
  }, 480_000)

  it('does not grow with the commits that replace its rows', async ({ task }) => {
    const { out, folder } = await places()
    const [data, rows] = [memoryStore(), 5000]
    let follower: CommitFollower | null = null
    const sizes: number[] = []
    for (let commit = 1; commit <= 50; commit++) {
      const lines = Array.from(
        { length: rows },
        (_, row) => `R${row},room ${row},${row % 5 === commit % 5 ? commit : 0}\n`,
      )
      await data.write('rooms.csv', [new TextEncoder().encode(`id,name,seats\n${lines.join('')}`)])
      await runPipeline(roomJob, { data, out })
      if (follower === null) follower = await followCommits(roomJob, pglite({ folder }), { out })
      else await follower.refresh()
      const [size] = await follower.query('SELECT pg_database_size(current_database())::int AS bytes')
      sizes.push(Number(size?.bytes))
    }
    expect(
      await follower?.query('SELECT number, count(*)::int AS rows FROM rooms, support_etl_place GROUP BY 1'),
    ).toEqual([{ number: 50, rows }])
    await follower?.stop()
    const [few, many] = [sizes[4] as number, sizes[49] as number]
    // without reclaiming it grows by 2.6 MiB
    expect(many - few).toBeLessThan(256 * 1024)
    task.meta.figures = { 'KiB of an embedded database after 5 commits': few >> 10, 'after 50 commits': many >> 10 }
  }, 240_000)

  it('makes a database anew where the process that made it was killed half-way, and takes over its lock', async () => {
    const out = join(base, 'out-new')
    const folder = join(base, 'database-new')
    await mkdir(folder)
    const { child, ended } = start(0, out, folder)
    while (!existsSync(join(folder, 'postgres.new', 'PG_VERSION')) && child.exitCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    child.kill('SIGKILL')
    expect((await ended).signal).toBe('SIGKILL')
    expect(existsSync(join(folder, 'postgres'))).toBe(false)
    const { destinations } = await runPipeline(hallJob, { data: sourceOf(0), out, destinations: [pglite({ folder })] })
    expect(destinations).toMatchObject([{ name: 'pglite', status: 'reload', commit: 1 }])
    expect(await rowsIn(folder)).toEqual({ number: 1, rows: await committed(out) })
    expect(existsSync(join(folder, '.support-etl', 'lock'))).toBe(false)
  }, 240_000)
})

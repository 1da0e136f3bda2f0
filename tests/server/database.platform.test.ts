import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { connectServer } from '../../src/connect/postgres/server.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { csv } from '../../src/pipeline/sources/formats/csv-format.ts'
import { snapshots } from '../../src/pipeline/sources/snapshots.ts'
import { migrateUp } from '../../src/server/database/migrations.ts'
import { serverDatabase, systemDestination } from '../../src/server/database/served-database.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { findPrograms, type Server, type ServerProxy, startProxy, startServer } from '../postgres-server.ts'
import {
  FIRST,
  FIRST_HALLS,
  hallsDatabase,
  hallsJob,
  hallsRoute,
  importRoute,
  SECOND,
  writeHalls,
} from './halls-system.ts'
import { ask, formOf, served } from './served.ts'

const programs = findPrograms()
const quiet = { debug() {}, info() {}, warn() {} }
const effects = { ...nodeEffects(), logger: quiet }

describe.skipIf(programs === null)('a server with a Postgres server', () => {
  let postgres: Server
  let proxy: ServerProxy
  beforeAll(async () => {
    postgres = await startServer(programs as string)
    proxy = await startProxy(postgres.port)
  }, 60_000)
  afterAll(async () => {
    proxy?.stop()
    await postgres?.stop()
  }, 60_000)

  /** A server on a schema of its own, through the proxy that can break. */
  async function start(schema: string) {
    const data = memoryStore()
    const out = memoryStore()
    const url = `postgres://postgres@127.0.0.1:${proxy.port}/postgres`
    const address = { kind: 'server', url, schema } as const
    const server = await served({
      routes: [hallsRoute, importRoute],
      places: [out],
      newPlace: () => out,
      interval: 500,
      system: { job: hallsJob, openDatabase: () => serverDatabase(address, hallsDatabase, effects) },
    })
    const deliver = async (text: string) => {
      await writeHalls(data, text)
      await runPipeline(hallsJob, { data, out, destinations: [systemDestination(address, hallsDatabase)] }, effects)
    }
    return { server, deliver, url }
  }

  it('never migrates, says what is missing, and answers like the embedded database', async () => {
    const { server, deliver } = await start('plain')
    const missing = await ask(server, '/api/v1/halls')
    expect([missing.status, missing.body.code, missing.headers['retry-after']]).toEqual([
      ...[503, 'database_not_migrated', '5'],
    ])
    expect((await ask(server, '/readyz')).body).toMatchObject({
      status: 'not_ready',
      databases: { tests: 'not_migrated' },
    })
    const direct = await connectServer(postgres.url)
    await migrateUp(direct, { system: 'halls', schema: 'plain', migrations: hallsDatabase.migrations })
    await direct.close()
    await server.refresh()
    expect((await ask(server, '/api/v1/halls')).status).toBe(404)
    await deliver(FIRST)
    await server.refresh()
    expect((await ask(server, '/api/v1/halls')).body).toEqual({ data: FIRST_HALLS, total: 2 })
    const imported = await ask(server, '/api/v1/halls/imports', formOf({ halls: SECOND }))
    expect(imported.body).toEqual({ commit: 2, status: 'committed' })
    expect((await ask(server, '/api/v1/halls')).body.total).toBe(3)
  }, 60_000)

  it('has no state where the schema holds the rows of another job', async () => {
    const { server } = await start('foreign')
    const rooms = defineTable('rooms', { id: key(string()) })
    const source = snapshots({ file: 'rooms.csv', format: csv() })
    const job = defineJob({ name: 'rooms', tables: { rooms: { contract: rooms, source } } })
    const url = `postgres://postgres@127.0.0.1:${postgres.port}/postgres`
    const foreign = { ...hallsDatabase, job, tables: ['rooms'] }
    const destinations = [systemDestination({ kind: 'server', url, schema: 'foreign' }, foreign)]
    await runPipeline(
      job,
      { data: memoryStore({ 'rooms.csv': 'id\nR1\n' }), out: memoryStore(), destinations },
      effects,
    )
    await server.refresh()
    const reply = await ask(server, '/api/v1/halls')
    expect([reply.status, reply.body.code]).toEqual([404, 'not_found'])
  }, 60_000)

  it('holds each system in a schema of its own name where the address has none', async () => {
    const url = `postgres://postgres@127.0.0.1:${postgres.port}/postgres`
    const address = { kind: 'server', url, schema: null } as const
    const counts: number[] = []
    // the same tables and migrations
    for (const [system, text] of [
      ['east', FIRST],
      ['west', SECOND],
    ] as const) {
      const named = { ...hallsDatabase, system }
      const data = memoryStore()
      await writeHalls(data, text)
      await runPipeline(
        hallsJob,
        { data, out: memoryStore(), destinations: [systemDestination(address, named)] },
        effects,
      )
    }
    for (const system of ['east', 'west', 'north']) {
      const database = await serverDatabase(address, { ...hallsDatabase, system }, effects)
      await database.look()
      if (database.state === 'up') {
        const rows = await database.read((kysely) =>
          kysely
            .selectFrom('halls' as never)
            .selectAll()
            .execute(),
        )
        counts.push(rows.length)
      } else counts.push(-1)
      await database.close()
    }
    expect(counts).toEqual([2, 3, -1])
    const direct = await connectServer(url)
    const { rows } = await direct.query("SELECT schemaname FROM pg_tables WHERE tablename = 'halls' ORDER BY 1")
    await direct.close()
    expect(rows.map(({ schemaname }) => schemaname)).toEqual(expect.arrayContaining(['east', 'west']))
    expect(rows.map(({ schemaname }) => schemaname)).not.toContain('public')
  }, 60_000)

  it('says 503 while the database is dead, kept or not, and heals by itself', async () => {
    const { server, deliver } = await start('dying')
    await deliver(FIRST)
    await server.refresh()
    expect((await ask(server, '/api/v1/halls')).status).toBe(200)
    await postgres.kill()
    await server.refresh()
    for (const path of ['/api/v1/halls', '/api/v1/halls', '/readyz']) {
      const reply = await ask(server, path)
      expect([path, reply.status, reply.headers['retry-after']]).toEqual([path, 503, '5'])
    }
    expect((await ask(server, '/healthz')).status).toBe(200)
    const imported = await ask(server, '/api/v1/halls/imports', formOf({ halls: SECOND }))
    expect([imported.status >= 500, imported.text.includes('127.0.0.1')]).toEqual([true, false])
    await postgres.restart()
    const began = performance.now()
    while ((await ask(server, '/api/v1/halls')).status !== 200 && performance.now() - began < 30_000) await sleep(100)
    expect(performance.now() - began).toBeLessThan(10_000)
    expect((await ask(server, '/api/v1/halls')).body.total).toBe(2)
    expect((await ask(server, '/api/v1/halls/imports', formOf({ halls: SECOND }))).status).toBe(200)
    expect((await ask(server, '/api/v1/halls')).body.total).toBe(3)
  }, 60_000)
})

describe.skipIf(programs === null)('a connection that breaks', () => {
  it('is known by the next request, and another one is made', async () => {
    const postgres = await startServer(programs as string)
    const proxy = await startProxy(postgres.port)
    try {
      const address = {
        kind: 'server',
        url: `postgres://postgres@127.0.0.1:${proxy.port}/postgres`,
        schema: null,
      } as const
      const database = await serverDatabase(address, hallsDatabase, effects)
      const data = memoryStore()
      const out = memoryStore()
      await writeHalls(data, FIRST)
      await runPipeline(hallsJob, { data, out, destinations: [systemDestination(address, hallsDatabase)] }, effects)
      await database.look()
      const count = () =>
        database.read((kysely) =>
          kysely
            .selectFrom('halls' as never)
            .selectAll()
            .execute(),
        )
      expect(await count()).toHaveLength(2)
      const reads = [count(), count(), count()]
      proxy.cut()
      for (const { status } of await Promise.allSettled(reads)) expect(['fulfilled', 'rejected']).toContain(status)
      const began = performance.now()
      while (database.state !== 'up' && performance.now() - began < 10_000) {
        await database.look()
        await sleep(50)
      }
      expect(await count()).toHaveLength(2)
      // a route cannot write
      await expect(database.read((kysely) => kysely.deleteFrom('halls' as never).execute())).rejects.toThrow(
        /read-only/,
      )
      expect(await count()).toHaveLength(2)
      await database.close()
    } finally {
      proxy.stop()
      await postgres.stop()
    }
  }, 60_000)
})

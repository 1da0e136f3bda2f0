import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import type { Database } from '../../src/connect/postgres/database.ts'
import { openEmbedded } from '../../src/connect/postgres/embedded.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { type MigrationSet, migrateDown, migrateUp, migrationStatus } from '../../src/server/database/migrations.ts'
import { embeddedDatabase } from '../../src/server/database/served-database.ts'
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

describe('migrations', () => {
  let database: Database
  beforeAll(async () => {
    database = await openEmbedded(null)
  }, 60_000)
  afterAll(() => database.close())

  const set: MigrationSet = { system: 'halls', schema: 'public', migrations: hallsDatabase.migrations }
  const states = async (of: MigrationSet = set) => (await migrationStatus(database.query, of)).map(({ state }) => state)
  const greeting = async () => (await database.query('SELECT greeting() AS text')).rows[0]?.text

  it('are applied once, in order, and undone one by one', async () => {
    expect(await states()).toEqual(['pending', 'pending'])
    expect(await migrateUp(database, set)).toEqual(['0001_visits', '0002_greeting'])
    expect(await migrateUp(database, set)).toEqual([])
    expect([await states(), await greeting()]).toEqual([['applied', 'applied'], 'hello; there'])
    expect(await migrateDown(database, set)).toEqual(['0002_greeting'])
    expect(await states()).toEqual(['applied', 'pending'])
    await expect(greeting()).rejects.toThrow(/greeting/)
    expect(await migrateUp(database, set)).toEqual(['0002_greeting'])
  })

  it('refuse one that was edited, or that is gone, and change nothing', async () => {
    const [first, second] = hallsDatabase.migrations as [MigrationSet['migrations'][0], MigrationSet['migrations'][0]]
    const edited = { ...set, migrations: [{ ...first, up: `${first.up} ` }, second, { ...second, name: '0003_more' }] }
    const gone = { ...set, migrations: [second] }
    for (const changed of [edited, gone]) {
      for (const call of [migrateUp, migrateDown]) {
        await expect(call(database, changed)).rejects.toMatchObject({
          code: 'migration_changed',
          message: expect.stringContaining('migration 0001_visits of halls was applied'),
        })
      }
    }
    expect([await states(), await greeting()]).toEqual([['applied', 'applied'], 'hello; there'])
  })

  it('are one transaction: where one fails, none is applied', async () => {
    const more: MigrationSet = {
      ...set,
      migrations: [
        ...set.migrations,
        { name: '0003_doors', up: 'CREATE TABLE doors (id text)', down: 'DROP TABLE doors' },
        { name: '0004_wrong', up: 'CREATE TABLE windows (id text); SELECT 1/0', down: '' },
      ],
    }
    await expect(migrateUp(database, more)).rejects.toMatchObject({
      code: 'migration_failed',
      message: expect.stringMatching(/^migration 0004_wrong of halls failed, and nothing was changed: .*zero/),
    })
    expect(await states(more)).toEqual(['applied', 'applied', 'pending', 'pending'])
    expect((await database.query("SELECT to_regclass('doors') AS doors")).rows).toEqual([{ doors: null }])
  })

  it('of one system know nothing of those of another, or of another schema', async () => {
    expect(await states({ ...set, system: 'rooms' })).toEqual(['pending', 'pending'])
    const elsewhere = { ...set, schema: 'odd "name"' }
    expect(await migrateUp(database, elsewhere)).toEqual(['0001_visits', '0002_greeting'])
    const { rows } = await database.query(`SELECT to_regclass('"odd ""name""".visits')::text AS name`)
    expect(rows[0]?.name).not.toBeNull()
  })
})

describe('a server with an embedded database', () => {
  it('follows commits, imports over HTTP, and answers from rows of one commit', async () => {
    const data = memoryStore()
    const out = memoryStore()
    const effects = nodeEffects()
    let folders = 0
    const inMemory = () => {
      folders++
      return null
    }
    const server = await served({
      routes: [hallsRoute, importRoute],
      places: [out],
      newPlace: () => out,
      system: {
        job: hallsJob,
        openDatabase: async (place) => embeddedDatabase(hallsDatabase, { out: place, folder: inMemory }, effects),
      },
    })
    const before = await ask(server, '/api/v1/halls')
    expect([before.status, before.body.code, folders]).toEqual([404, 'not_found', 0])
    expect((await ask(server, '/readyz')).body).toMatchObject({ status: 'ready', databases: { tests: 'empty' } })

    await writeHalls(data, FIRST)
    await runPipeline(hallsJob, { data, out })
    await server.refresh()
    expect((await ask(server, '/api/v1/halls')).body).toEqual({ data: FIRST_HALLS, total: 2 })
    expect((await ask(server, '/readyz')).body).toMatchObject({ jobs: ['halls'], databases: { tests: 'up' } })

    const first = await ask(server, '/api/v1/halls')
    const imported = await ask(server, '/api/v1/halls/imports', formOf({ halls: SECOND }))
    expect([imported.status, imported.body]).toEqual([200, { commit: 2, status: 'committed' }])
    const later = await ask(server, '/api/v1/halls', { headers: { 'if-none-match': String(first.headers.etag) } })
    expect([later.status, later.body.total]).toEqual([200, 3])
    expect(later.body.data[1]).toMatchObject({ name: 'South wing', seats: 80 })

    const again = await ask(server, '/api/v1/halls/imports', formOf({ halls: SECOND }))
    expect(again.body).toEqual({ commit: 2, status: 'nothing_to_do' })
    const bad = await ask(server, '/api/v1/halls/imports', formOf({ halls: 'id,name\nH1,x\n' }))
    expect([bad.status, bad.body.code]).toEqual([422, 'column_missing'])
    const none = await ask(server, '/api/v1/halls/imports', formOf({ rooms: 'x' }))
    expect([none.status, none.body.code]).toEqual([400, 'request_invalid'])
    const large = await ask(server, '/api/v1/halls/imports', formOf({ halls: 'x'.repeat(2 ** 20) }))
    expect([large.status, large.body.code]).toEqual([413, 'body_too_large'])
    const text = await ask(server, '/api/v1/halls/imports', { method: 'POST', body: 'x' })
    expect([text.status, text.body.code]).toEqual([415, 'media_type_unsupported'])
    expect((await ask(server, '/api/v1/halls')).body.total).toBe(3)
  }, 60_000)
})

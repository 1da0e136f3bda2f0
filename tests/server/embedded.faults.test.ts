import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
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

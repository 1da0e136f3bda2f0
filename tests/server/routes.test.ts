import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { defineJob } from '../../src/pipeline/job/define-job.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { csv } from '../../src/pipeline/sources/formats/csv-format.ts'
import { snapshots } from '../../src/pipeline/sources/snapshots.ts'
import { createKey } from '../../src/server/keys/key-file.ts'
import { defineRoute } from '../../src/server/route.ts'
import { PAGE_QUERY, pageOf, pageRows, pageSchema } from '../../src/server/routes/paging.ts'
import { listOf, wholeNumber } from '../../src/server/routes/query-values.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { columnOf } from '../../src/table/frame.ts'
import { ask, served } from './served.ts'

const halls = defineTable('halls', { id: key(string()), name: string() })
const job = defineJob({
  name: 'halls',
  tables: { halls: { contract: halls, source: snapshots({ file: 'halls.csv', format: csv() }) } },
})

let handled = 0
const list = defineRoute({
  method: 'get',
  path: '/api/v1/halls',
  scope: 'read',
  summary: 'all halls',
  description: 'All halls, in the order of their ids.',
  query: z.object({ name: listOf(z.enum(['North', 'South', 'West'])), ...PAGE_QUERY }),
  answer: z.strictObject({
    data: z.array(z.string()),
    meta: z.strictObject(pageSchema.meta),
    links: pageSchema.links,
  }),
  csv: { columns: ['name'], rows: ({ data }) => data.map((name) => ({ name })) },
  reads: 'data',
  async handle({ address, query }, context) {
    handled++
    const frame = await (await context.state(job)).loadTable('halls')
    const names = Array.from({ length: frame.rows }, (_, row) => String(columnOf(frame, 'name').at(row)))
    const found = names.filter((name) => query.name.length === 0 || (query.name as string[]).includes(name))
    return { data: [...pageRows(found, query)], ...pageOf(address, query, found.length) }
  },
})
const one = defineRoute({
  method: 'get',
  path: '/api/v1/halls/{number}',
  scope: 'read',
  summary: 'a hall',
  description: 'A hall by its number.',
  params: z.object({ number: wholeNumber({ least: 1 }) }),
  answer: z.strictObject({ data: z.int() }),
  reads: 'clock',
  handle: async ({ params }) => ({ data: params.number }),
})
const routes = [list, one]

describe('a declared route', () => {
  let out: FileStore
  beforeAll(async () => {
    out = memoryStore()
    await runPipeline(job, { data: memoryStore({ 'halls.csv': 'id,name\nH1,North\nH2,South\nH3,West\n' }), out })
  })

  it('answers from the committed state', async () => {
    const server = await served({ routes, places: [out] })
    const reply = await ask(server, '/api/v1/halls')
    expect(reply.status).toBe(200)
    expect(reply.body.data).toEqual(['North', 'South', 'West'])
    expect(reply.headers['content-type']).toBe('application/json; charset=utf-8')
  })

  it('takes a name that repeats as a list', async () => {
    const server = await served({ routes, places: [out] })
    expect((await ask(server, '/api/v1/halls?name=West')).body.data).toEqual(['West'])
    expect((await ask(server, '/api/v1/halls?name=West&name=North')).body.data).toEqual(['North', 'West'])
  })

  it('leads from page to page', async () => {
    const server = await served({ routes, places: [out] })
    const first = await ask(server, '/api/v1/halls?per_page=2')
    expect(first.body.data).toEqual(['North', 'South'])
    expect(first.body.links.prev).toBeNull()
    const second = await ask(server, first.body.links.next)
    expect(second.body.data).toEqual(['West'])
    expect(second.body.links.next).toBeNull()
    expect(second.body.meta).toEqual({ page: 2, per_page: 2, total: 3 })
    const beyond = await ask(server, '/api/v1/halls?per_page=2&page=9')
    expect(beyond.body).toMatchObject({ data: [], links: { next: null, prev: '/api/v1/halls?per_page=2&page=2' } })
  })

  it('answers as CSV to a client that asks for it, with its pages in a header', async () => {
    const server = await served({ routes, places: [out] })
    const reply = await ask(server, '/api/v1/halls?per_page=2', { headers: { accept: 'text/csv' } })
    expect(reply.text).toBe('name\nNorth\nSouth\n')
    expect(reply.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      link: '</api/v1/halls?per_page=2&page=2>; rel="next"',
      vary: 'accept',
    })
    const none = await ask(server, '/api/v1/halls?page=2', { headers: { accept: 'text/csv' } })
    expect(none.text).toBe('name\n')
  })

  it.each([
    ['/api/v1/halls?nam=West', 'nam', 'query'],
    ['/api/v1/halls?name=Fax', 'name', 'query'],
    ['/api/v1/halls?page=0', 'page', 'query'],
    ['/api/v1/halls?page=1e1', 'page', 'query'],
    ['/api/v1/halls?page=', 'page', 'query'],
    ['/api/v1/halls?page=1&page=2', 'page', 'query'],
    ['/api/v1/halls?per_page=201', 'per_page', 'query'],
    ['/api/v1/halls/abc', 'number', 'path'],
    ['/api/v1/halls/0', 'number', 'path'],
    ['/api/v1/halls/%C2%B2', 'number', 'path'],
    ['/api/v1/halls/9999999999', 'number', 'path'],
    ['/api/v1/halls/%ZZ', 'number', 'path'],
    ['/api/v1/halls/1?x=1', 'x', 'query'],
  ])('refuses %s, and says which part does not fit', async (path, name, place) => {
    const server = await served({ routes, places: [out] })
    const reply = await ask(server, path)
    expect(reply.status).toBe(400)
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(reply.body).toMatchObject({ status: 400, code: 'request_invalid', title: 'Bad Request' })
    expect(reply.body.faults[0]).toMatchObject({ in: place, name: expect.stringContaining(name) })
    expect(reply.body.request_id).toBe(reply.headers['x-request-id'])
  })

  it('lists what a value may be', async () => {
    const server = await served({ routes, places: [out] })
    expect((await ask(server, '/api/v1/halls?name=Fax')).body.faults[0].allowed).toEqual(['North', 'South', 'West'])
  })

  it('is made once for an address, until the data changes', async () => {
    const place = memoryStore()
    const data = memoryStore({ 'halls.csv': 'id,name\nH1,North\n' })
    await runPipeline(job, { data, out: place })
    const server = await served({ routes, places: [place] })
    handled = 0
    const first = await ask(server, '/api/v1/halls')
    const again = await ask(server, '/api/v1/halls')
    expect([handled, again.text]).toEqual([1, first.text])
    const tag = String(first.headers.etag)
    const known = await ask(server, '/api/v1/halls', { headers: { 'if-none-match': tag } })
    expect([known.status, known.text, known.headers.etag]).toEqual([304, '', tag])
    await data.write('halls.csv', [new TextEncoder().encode('id,name\nH1,South\n')])
    await runPipeline(job, { data, out: place })
    await server.refresh()
    const later = await ask(server, '/api/v1/halls', { headers: { 'if-none-match': tag } })
    expect([later.status, later.body.data]).toEqual([200, ['South']])
  })

  it('says that there is no state yet', async () => {
    const reply = await ask(await served({ routes }), '/api/v1/halls')
    expect([reply.status, reply.body.code]).toEqual([404, 'not_found'])
  })
})

describe('a server', () => {
  it('knows no other address, and says which methods an address has', async () => {
    const server = await served({ routes })
    expect((await ask(server, '/nix')).body).toMatchObject({ status: 404, code: 'not_found' })
    const reply = await ask(server, '/api/v1/halls', { method: 'DELETE' })
    expect([reply.status, reply.headers.allow, reply.body.code]).toEqual([405, 'GET, HEAD', 'method_not_allowed'])
    expect((await ask(server, '/healthz', { method: 'TRACE' })).status).toBe(405)
  })

  it('answers HEAD without a body', async () => {
    const reply = await ask(await served({ routes }), '/api/v1/halls/1', { method: 'HEAD' })
    expect([reply.status, reply.text]).toEqual([200, ''])
  })

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'localhost:80:80', '[::1'])(
    'refuses the foreign host %s',
    async (host) => {
      const reply = await ask(await served({ routes }), '/healthz', { headers: { host } })
      expect([reply.status, reply.body.code]).toEqual([403, 'host_refused'])
    },
  )

  it('refuses a media type that a route does not have', async () => {
    const server = await served({ routes })
    const reply = await ask(server, '/api/v1/halls/1', { headers: { accept: 'text/csv' } })
    expect([reply.status, reply.body.code]).toEqual([406, 'not_acceptable'])
    const any = await ask(server, '/api/v1/halls/1', { headers: { accept: 'text/html, */*;q=0.1' } })
    expect(any.status).toBe(200)
  })

  it('refuses a query that is too long', async () => {
    const reply = await ask(await served({ routes }), `/api/v1/halls?name=${'x'.repeat(2048)}`)
    expect([reply.status, reply.body.code]).toEqual([414, 'address_too_long'])
  })

  it('lists the values that the data has, to callers who may read it, and refuses others', async () => {
    let place = 'Hall'
    const asked: string[] = []
    const named = z.strictObject({ a: z.int() }).meta({ id: 'A' })
    const valued = defineRoute({
      method: 'get',
      path: '/api/v1/places',
      scope: 'read',
      summary: 'places',
      description: 'Places by name.',
      query: z.object({ name: listOf(z.string()), only: z.string().optional(), free: z.string().optional() }),
      values: async () => {
        asked.push(place)
        return { name: [place, 'Attic'], only: ['a'], nothing: [] }
      },
      answer: z.strictObject({
        data: z.array(z.string()),
        one: named,
        or_null: named.nullable(),
      }),
      reads: 'clock',
      handle: async ({ query }) => ({ data: [...(query.name as string[])], one: { a: 1 }, or_null: null }),
    })
    const keys = memoryStore()
    const out = memoryStore()
    const { key } = await createKey(keys, { name: 'a', scopes: ['read'], expiresAt: null }, nodeEffects())
    const server = await served({ routes: [valued], keys, places: [out] })
    const headers = { authorization: `Bearer ${key}` }
    const listed = async (given: Record<string, string>) => {
      const { body } = await ask(server, '/openapi.json', { headers: given })
      const found = body.paths['/api/v1/places'].get
      expect(found.responses['200'].content['application/json'].schema.properties.or_null).toEqual({
        anyOf: [{ $ref: '#/components/schemas/A' }, { type: 'null' }],
      })
      return found.parameters.map(
        (one: { schema: { enum?: unknown; items?: { enum?: unknown } } }) => one.schema.enum ?? one.schema.items?.enum,
      )
    }
    expect(await listed(headers)).toEqual([['Hall', 'Attic'], ['a'], undefined])
    expect(await listed({})).toEqual([undefined, undefined, undefined])
    expect(await listed({ authorization: 'Bearer x' })).toEqual([undefined, undefined, undefined])
    expect((await ask(server, '/api/v1/places?name=Hall&name=Attic&only=a&free=x', { headers })).status).toBe(200)
    const reply = await ask(server, '/api/v1/places?name=Attic&name=Yard&only=b', { headers })
    expect(reply.body.faults).toEqual([
      { in: 'query', name: 'name', problem: 'there is no "Yard"', allowed: ['Hall', 'Attic'] },
      { in: 'query', name: 'only', problem: 'there is no "b"', allowed: ['a'] },
    ])
    expect(asked).toEqual(['Hall'])
    place = 'Yard'
    await runPipeline(job, { data: memoryStore({ 'halls.csv': 'id,name\nH1,North\n' }), out })
    await server.refresh()
    expect((await ask(server, '/api/v1/places?name=Yard', { headers })).status).toBe(200)
  })

  it('describes its routes', async () => {
    const server = await served({ routes })
    const { body } = await ask(server, '/openapi.json')
    expect(body.openapi).toBe('3.1.0')
    const tag = String((await ask(server, '/openapi.json')).headers.etag)
    expect((await ask(server, '/openapi.json', { headers: { 'if-none-match': tag } })).status).toBe(304)
    expect(Object.keys(body.paths)).toEqual(['/api/v1/halls', '/api/v1/halls/{number}'])
    expect(Object.keys(body.paths['/api/v1/halls'].get.responses)).toEqual(
      expect.arrayContaining(['200', '304', '400', '403', '406', '414', '429', '503']),
    )
  })
})

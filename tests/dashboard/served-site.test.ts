/** The pages beside the routes of a server: what needs a key, and what a refusal says. */
import { beforeAll, describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/memory.ts'
import { dashboardData } from '../../src/dashboard/data.ts'
import type { PageFile } from '../../src/dashboard/page-files.ts'
import { servedSite } from '../../src/dashboard/served-site.ts'
import { ConnectError } from '../../src/errors.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import { createKey } from '../../src/server/keys/key-file.ts'
import type { ServedPages } from '../../src/server/served-pages.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { SUPPORT_ROUTES } from '../../src/systems/support/routes/index.ts'
import { ask, served } from '../server/served.ts'

const NOW = Date.UTC(2026, 0, 1)
const DAY = 86_400_000
const effects = { ...nodeEffects(), now: () => NOW }
const encode = (text: string) => new TextEncoder().encode(text)
const files: PageFile[] = [
  { name: 'index.html', type: 'text/html; charset=utf-8', bytes: encode('<!doctype html>') },
  { name: 'assets/app.js', type: 'text/javascript; charset=utf-8', bytes: encode('1') },
]
/** Everything that holds data, also written in another way. */
const DATA = [
  '/data/support.json',
  '/data/support-commit.json',
  '/data/places.json',
  '/data/tables/interactions.parquet',
  '/%64ata/places.json',
  '/data%2Fplaces.json',
  '/data/places.json?key=1',
]

describe('the pages of a server', () => {
  const out = memoryStore()
  let pages: ServedPages
  beforeAll(async () => {
    await runPipeline(supportJob, { data: 'examples/data/support', out })
    const sources = { systems: SYSTEMS, values: { data: 'cleaned_calls.parquet' } }
    const places = async () => [{ id: '', out }]
    const data = await dashboardData({ ...sources, places }, { ...nodeEffects(), openSource: () => memoryStore() })
    pages = servedSite(() => files, data)
  })
  const server = (keys = memoryStore(), more: { rateLimit?: number; onLine?: (line: string) => void } = {}) =>
    served({ routes: SUPPORT_ROUTES, places: [out], pages, keys, now: () => NOW, ...more })
  const keyOf = async (scopes: readonly ('read' | 'import')[], days: number) => {
    const keys = memoryStore()
    const { key } = await createKey(keys, { name: 'pages', scopes, expiresAt: NOW + days * DAY }, effects)
    return { keys, bearer: { headers: { authorization: `Bearer ${key}` } } }
  }

  it('are shown to this machine without a key, beside the API', async () => {
    const running = await server()
    expect(await ask(running, '/')).toMatchObject({ status: 200, text: '<!doctype html>' })
    expect((await ask(running, '/support/2025-02')).text).toBe('<!doctype html>')
    expect((await ask(running, '/api/v1/report/support')).status).toBe(200)
    for (const path of DATA) expect((await ask(running, path)).status, path).toBe(200)
  })

  it('need a key that may read for all of their data, and for nothing else', async () => {
    const { keys, bearer } = await keyOf(['read'], 1)
    const running = await server(keys)
    for (const path of ['/', '/data', '/data/interactions', '/support', '/assets/app.js']) {
      expect((await ask(running, path)).status, path).toBe(200)
    }
    for (const path of DATA) {
      expect((await ask(running, path)).body, path).toMatchObject({ status: 401, code: 'unauthorized' })
      expect((await ask(running, path, bearer)).status, path).toBe(200)
    }
    // a tag that somebody else told opens nothing
    const { headers } = await ask(running, '/data/support.json', bearer)
    const known = { headers: { 'if-none-match': String(headers.etag) } }
    expect((await ask(running, '/data/support.json', known)).status).toBe(401)
  })

  it('are kept from keys that expired, and from those that may not read', async () => {
    const expired = await keyOf(['read'], -1)
    expect((await ask(await server(expired.keys), '/data/support.json', expired.bearer)).body.code).toBe('unauthorized')
    const imports = await keyOf(['import'], 1)
    expect((await ask(await server(imports.keys), '/data/support.json', imports.bearer)).body).toMatchObject({
      status: 403,
      code: 'scope_missing',
    })
  })

  it('keep the rules of the server: hosts, methods, limits, policy', async () => {
    const { keys, bearer } = await keyOf(['read'], 1)
    const running = await server(keys, { rateLimit: 1 })
    expect((await ask(running, '/', { headers: { host: 'evil.example' } })).body.code).toBe('host_refused')
    expect(await ask(running, '/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    const page = await ask(running, '/')
    expect(page.headers['content-security-policy']).toContain("connect-src 'self'")
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'")
    const data = await ask(running, '/data/support.json', bearer)
    expect(data.headers).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect((await ask(running, '/data/support.json', bearer)).body.code).toBe('rate_limited')
    expect((await ask(running, `/data/${'a'.repeat(3000)}.json`)).body.status).toBeGreaterThanOrEqual(400)
  })

  it('are a few names in the log and the figures, whatever callers ask for', async () => {
    const lines: string[] = []
    const running = await server(memoryStore(), { onLine: (line) => lines.push(line) })
    const names = [
      '/',
      '/support/2025-02',
      '/assets/app.js',
      '/data/places.json',
      '/data/a/b',
      '/made-up',
      '/data/made-up',
    ]
    for (const path of names) await ask(running, path)
    const logged = () => lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request')
    await expect.poll(() => logged().length).toBe(names.length)
    expect(logged().map(({ route }) => route)).toEqual(['/', '/', '/assets', '/data', '/data', null, '/'])
  })

  it('say where to look, and what is missing in a clone that was not built', async () => {
    expect((await ask(await server(), '/nothing')).body.detail).toBe(
      'there is no such address; / leads to all pages, /openapi.json lists all of the API',
    )
    const unbuilt = servedSite(
      () => {
        throw new ConnectError('not_found', 'no folder')
      },
      { read: async () => null } as never,
    )
    const running = await served({ routes: SUPPORT_ROUTES, places: [out], pages: unbuilt })
    expect((await ask(running, '/')).body).toMatchObject({
      status: 404,
      detail: 'the pages are not built; npm run build makes them',
    })
    expect((await ask(running, '/api/v1/report/support')).status).toBe(200)
  })

  it('tell callers nothing of a state that is damaged, and the log all of it', async () => {
    const broken = memoryStore()
    await runPipeline(supportJob, { data: 'examples/data/support', out: broken })
    for (const { name } of await broken.list('.support-etl/log/')) await broken.write(name, [encode('{')])
    const sources = { systems: SYSTEMS, values: { data: 'cleaned_calls.parquet' } }
    const places = async () => [{ id: '', out: broken }]
    const data = await dashboardData({ ...sources, places }, { ...nodeEffects(), openSource: () => memoryStore() })
    const lines: string[] = []
    const running = await served({
      ...{ routes: SUPPORT_ROUTES, places: [out], pages: servedSite(() => files, data) },
      onLine: (line) => lines.push(line),
    })
    expect((await ask(running, '/data/support.json')).body).toMatchObject({ status: 500, code: 'unexpected' })
    await expect.poll(() => lines.join('')).toContain('log_damaged')
  })
})

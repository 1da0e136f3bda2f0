import { request } from 'node:http'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { FileStore } from '../../src/connect/file-store.ts'
import { memoryStore } from '../../src/connect/memory.ts'
import { dashboardData } from '../../src/dashboard/data.ts'
import { exportDashboard } from '../../src/dashboard/export.ts'
import type { PageFile } from '../../src/dashboard/page-files.ts'
import { type Serving, serveDashboard } from '../../src/dashboard/serve.ts'
import { type Effects, nodeEffects } from '../../src/pipeline/effects.ts'
import { runPipeline } from '../../src/pipeline/run.ts'
import type { CallsManifest } from '../../src/systems/calls/figures/manifest.ts'
import { runCalls } from '../../src/systems/calls/job/run-calls.ts'
import { SYSTEMS } from '../../src/systems/index.ts'
import { supportJob } from '../../src/systems/support/job.ts'
import { SNAPSHOT } from '../../src/systems/support/page/snapshot.ts'

const encode = (text: string) => new TextEncoder().encode(text)
const ROW =
  '{"call_id":"c1","agent_id":"A1","start_time":"2025-01-01T10:00:00Z","end_time":"2025-01-01T10:01:00Z","issue_type":"b","resolution":"resolved"}\n'
const page: PageFile[] = [
  { name: 'index.html', type: 'text/html; charset=utf-8', bytes: encode('<!doctype html>') },
  { name: 'assets/app.js', type: 'text/javascript; charset=utf-8', bytes: encode('1') },
]

function dataOf(store: FileStore, out: FileStore, effects: Partial<Effects> = {}) {
  const sources = { systems: SYSTEMS, values: { data: 'cleaned_calls.parquet' } }
  return dashboardData(
    { ...sources, places: async () => [{ id: '', out }] },
    { ...nodeEffects(), openSource: () => store, ...effects },
  )
}

async function place(...steps: ('calls' | 'months')[]) {
  const store = memoryStore({ 'calls.json': ROW, 'agents.csv': 'agent_id,name,region\nA1,Ada,North\n' })
  const file = (name: string) => ({ store, name })
  const files = { calls: file('cleaned_calls.parquet'), manifest: file('manifest.json') }
  if (steps.includes('calls')) {
    await runCalls({
      calls: file('calls.json'),
      agents: file('agents.csv'),
      output: files.calls,
      manifest: files.manifest,
    })
  }
  const out = memoryStore()
  if (steps.includes('months')) await runPipeline(supportJob, { data: 'examples/data/support', out })
  return { store, out, data: await dataOf(store, out) }
}

async function serving(data: Awaited<ReturnType<typeof place>>['data'], onError: (error: unknown) => void = () => {}) {
  const served = await serveDashboard({ port: 0, page, data, onError })
  onTestFinished(() => served.close())
  return served
}

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

function ask(
  { address }: Serving,
  path: string,
  options: { method?: string; host?: string; headers?: Readonly<Record<string, string>> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address)
    const headers = { ...options.headers, ...(options.host !== undefined && { host: options.host }) }
    const asked = request({ hostname, port, path, method: options.method ?? 'GET', headers }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => (body += text))
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }))
    })
    asked.on('error', reject).end()
  })
}

describe('serveDashboard', () => {
  it('serves the page and its data on the loopback address, under a strict policy', async () => {
    const served = await serving((await place('calls')).data)
    expect(served.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/)
    const { status, headers, body } = await ask(served, '/?period=7d')
    expect([status, body]).toEqual([200, '<!doctype html>'])
    const policy = String(headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe-(inline|eval)|https?:|\*/)
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(JSON.parse((await ask(served, '/data/manifest.json')).body)).toMatchObject({ row_count: 1 })
    expect((await ask(served, '/data/calls.parquet')).body.slice(0, 4)).toBe('PAR1')
  })

  it('serves the shell at every route, whose links then begin at the root', async () => {
    const html = '<meta name="routes" content="hash" /><script src="./assets/app-0123abcd.js">'
    const pages = [{ name: 'index.html', type: 'text/html; charset=utf-8', bytes: encode(html) }]
    const { data } = await place('months')
    const served = await serveDashboard({ port: 0, page: pages, data, onError: () => {} })
    onTestFinished(() => served.close())
    for (const path of [
      '/',
      '/calls',
      '/calls/agents/A.12',
      '/support/2025-02/Boston',
      '/data',
      '/data/interactions',
    ]) {
      expect(await ask(served, path), path).toMatchObject({
        status: 200,
        body: '<meta name="routes" content="path" /><script src="/assets/app-0123abcd.js">',
      })
    }
    expect((await ask(served, '/data/interactions.csv')).status).toBe(404)
  })

  it('lets a browser keep what is named by its content, packs text, and keeps nothing else', async () => {
    const script = encode('export const x = 1\n'.repeat(100))
    const pages = [...page, { name: 'assets/app-0123abcd.js', type: 'text/javascript; charset=utf-8', bytes: script }]
    const { data } = await place('calls')
    const served = await serveDashboard({ port: 0, page: pages, data, onError: () => {} })
    onTestFinished(() => served.close())
    const packed = await ask(served, '/assets/app-0123abcd.js', { headers: { 'accept-encoding': 'gzip, br' } })
    expect(packed.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'gzip',
      vary: 'accept-encoding',
    })
    expect(Number(packed.headers['content-length'])).toBeLessThan(100)
    const plain = await ask(served, '/assets/app-0123abcd.js')
    expect([plain.headers['content-encoding'], plain.body.length]).toEqual([undefined, script.length])
    for (const path of ['/', '/assets/app.js', '/data/manifest.json', '/data/calls.parquet']) {
      expect((await ask(served, path)).headers['cache-control'], path).toBe('no-store')
    }
  })

  it('sends data once to a page that knows its tag', async () => {
    const { store, data } = await place('calls')
    const served = await serving(data)
    const first = await ask(served, '/data/manifest.json')
    const known = { headers: { 'if-none-match': String(first.headers.etag) } }
    expect(await ask(served, '/data/manifest.json', known)).toMatchObject({ status: 304, body: '' })
    await store.remove('cleaned_calls.parquet')
    expect(await ask(served, '/data/manifest.json', known)).toMatchObject({ status: 200, body: 'null\n' })
  })

  it('answers by its own names only, so that no other site can read through the browser', async () => {
    const served = await serving((await place('calls')).data)
    const port = new URL(served.address).port
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]) {
      expect((await ask(served, '/', { host })).status, host).toBe(200)
    }
    for (const host of ['evil.example', `evil.example:${port}`, '127.0.0.1.evil.example', 'localhost.evil.example']) {
      expect((await ask(served, '/data/manifest.json', { host })).status, host).toBe(403)
    }
  })

  it('only reads, and only what it has', async () => {
    const served = await serving((await place('calls')).data)
    expect(await ask(served, '/', { method: 'POST' })).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
    expect(JSON.parse((await ask(served, '/nothing')).body).detail).toBe(
      'there is no such address; / leads to all pages',
    )
    expect(await ask(served, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
    for (const path of [
      '/nothing',
      '/nothing/calls',
      '/data/tables/interactions.parquet',
      '/data/a/b',
      '/%ff',
      '/../package.json',
      '/%2e%2e/package.json',
      '/data/agents.csv',
      '/__proto__',
      // a server without routes has nothing to say of an API
      '/openapi.json',
      '/metrics',
      '/api/v1/stats',
    ]) {
      expect((await ask(served, path)).status, path).toBe(404)
    }
  })

  it('says that there is nothing yet without calling it an error', async () => {
    const served = await serving((await place()).data)
    expect(await ask(served, '/data/manifest.json')).toMatchObject({ status: 200, body: 'null\n' })
    for (const name of ['support', 'support-commit', 'support-glance', 'calls-glance']) {
      expect(await ask(served, `/data/${name}.json`), name).toMatchObject({ status: 200, body: 'null\n' })
    }
    expect(await ask(served, '/data/places.json')).toMatchObject({ status: 200, body: '[]\n' })
  })

  it('makes a manifest for a curated file that has none, with the same content hash', async () => {
    const { store, data } = await place('calls')
    const served = await serving(data)
    const hash = async () => (JSON.parse((await ask(served, '/data/manifest.json')).body) as CallsManifest).content_hash
    const before = await hash()
    await store.remove('manifest.json')
    expect(await hash()).toBe(before)
  })

  it('decodes a file that has no manifest once, until its bytes change', async () => {
    const { store, out } = await place('calls')
    const file = (name: string) => ({ store, name })
    await store.remove('manifest.json')
    const decodeParquet = vi.fn(nodeEffects().decodeParquet)
    const data = await dataOf(store, out, { decodeParquet })
    const made = async () => {
      const bytes = await data.read('data/manifest.json')
      return JSON.parse(new TextDecoder().decode(bytes ?? undefined)) as CallsManifest
    }
    const first = await made()
    expect(await made()).toEqual(first)
    expect([first.row_count, decodeParquet.mock.calls.length]).toEqual([1, 1])
    await store.write('calls.json', [encode(ROW), encode(ROW.replace('c1', 'c2'))])
    const files = { calls: file('calls.json'), agents: file('agents.csv') }
    await runCalls({ ...files, output: file('cleaned_calls.parquet'), manifest: file('other.json') })
    expect([(await made()).row_count, decodeParquet.mock.calls.length]).toEqual([2, 2])
  })

  it('tells no stranger what went wrong, and its owner all of it', async () => {
    const { store, data } = await place('calls')
    await store.write('cleaned_calls.parquet', [encode('PAR1 not really PAR1')])
    const errors: unknown[] = []
    const answer = await ask(await serving(data, (error) => errors.push(error)), '/data/manifest.json')
    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('"code":"unexpected"') })
    expect(answer.body).not.toMatch(/parquet/i)
    expect(errors).toEqual([expect.objectContaining({ code: 'parquet_invalid' })])
  })

  it('forbids what a browser could do with it elsewhere', async () => {
    const { headers } = await ask(await serving((await place('calls')).data), '/')
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'content-length': '15',
    })
  })

  it('tells a damaged state from one that is not there yet', async () => {
    const { out, data } = await place('months')
    for (const { name } of await out.list('.support-etl/log/')) await out.write(name, [encode('{')])
    const errors: unknown[] = []
    const served = await serving(data, (error) => errors.push(error))
    expect((await ask(served, `/${SNAPSHOT}`)).status).toBe(500)
    expect(errors).toEqual([expect.objectContaining({ name: 'PipelineError' })])
  })

  it('answers no more once it is closed', async () => {
    const { data } = await place()
    const first = await serveDashboard({ port: 0, page, data, onError: () => {} })
    expect((await ask(first, '/')).status).toBe(200)
    await first.close()
    // a connection that was kept is cut, a new one refused
    await expect(ask(first, '/')).rejects.toMatchObject({ code: expect.stringMatching(/^ECONN(RESET|REFUSED)$/) })
  })

  it('says which port is taken, and what to do', async () => {
    const { data } = await place()
    const first = await serving(data)
    const port = Number(new URL(first.address).port)
    await expect(serveDashboard({ port, page, data, onError: () => {} })).rejects.toMatchObject({
      code: 'io_failed',
      statement: `port ${port} of 127.0.0.1 is taken`,
      advice: ['stop the program that listens there', { option: 'port', effect: 'choose another port' }],
    })
  })

  it('gives the monthly job as the report and the evidence of its answers', async () => {
    const { data } = await place('months')
    const snapshot = JSON.parse(new TextDecoder().decode((await data.read(SNAPSHOT)) ?? undefined))
    expect(snapshot).toMatchObject({ commit: 1, time_zone: 'America/New_York', month_from: 'interaction_start' })
    expect(snapshot.report).toContainEqual({
      month: '2025-01',
      contact_center_name: 'Columbus OH',
      department: 'Accounts',
      total_interactions: 3,
      total_calls: 2,
      total_call_duration: 25,
    })
    const columbus = snapshot.calls.filter(
      ({ contact_center_name }: { contact_center_name: string }) => contact_center_name === 'Columbus OH',
    )
    expect(columbus.map(({ month }: { month: string }) => month)).toEqual(['2025-01', '2025-02', '2025-03'])
    expect(columbus.reduce((sum: number, { total_calls }: { total_calls: number }) => sum + total_calls, 0)).toBe(15)
  })
})

describe('exportDashboard', () => {
  it('writes page and data, the page that names the others last', async () => {
    const { data } = await place('calls', 'months')
    const site = memoryStore()
    const names = await exportDashboard(site, page, data)
    expect(names).toEqual([
      'data/support-commit.json',
      'data/support.json',
      'data/support-glance.json',
      'data/manifest.json',
      'data/calls.parquet',
      'data/calls-glance.json',
      'data/transcripts-commit.json',
      'data/transcripts.json',
      'data/transcripts-glance.json',
      'data/interactions-commit.json',
      'data/interactions.json',
      'data/interactions-glance.json',
      'data/complaints-commit.json',
      'data/complaints.json',
      'data/complaints-glance.json',
      // of the tables only what is published as an output
      'data/tables/support_report.parquet',
      'data/places.json',
      'assets/app.js',
      'index.html',
    ])
    expect((await site.list('')).map(({ name }) => name).sort()).toEqual([...names].sort())
    const pieces: Uint8Array[] = []
    for await (const piece of site.read('index.html')) pieces.push(piece.slice())
    expect(Buffer.concat(pieces).toString()).toBe('<!doctype html>')
  })
})

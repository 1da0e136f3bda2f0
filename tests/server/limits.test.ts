import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { memoryStore } from '../../src/connect/memory.ts'
import { nodeEffects } from '../../src/pipeline/effects.ts'
import { createKey } from '../../src/server/keys/key-file.ts'
import { defineRoute } from '../../src/server/route.ts'
import type { RunningServer } from '../../src/server/start-server.ts'
import { ask, formOf, served } from './served.ts'

let release: () => void = () => {}
const hello = defineRoute({
  method: 'get',
  path: '/api/v1/hello/{name}',
  scope: 'read',
  summary: 'hello',
  description: 'Says hello.',
  params: z.object({ name: z.string() }),
  answer: z.strictObject({ data: z.string() }),
  reads: 'data',
  async handle({ params: { name } }) {
    if (name === 'slow') {
      await new Promise<void>((resolve) => {
        release = resolve
      })
    }
    if (name === 'broken') throw new Error(`no folder /secret/${name}`)
    return { data: name === 'large' ? 'x'.repeat(64 * 2 ** 20) : name }
  },
})
const upload = defineRoute({
  method: 'post',
  path: '/api/v1/uploads',
  scope: 'import',
  summary: 'upload',
  description: 'Counts bytes.',
  files: { rows: { description: 'rows', isRequired: true } },
  answer: z.strictObject({ bytes: z.int() }),
  reads: 'clock',
  handle: async ({ files }) => ({ bytes: files.get('rows')?.length ?? 0 }),
})
const routes = [hello, upload]

/** Opens a socket of a client that writes what a test tells it to. */
async function open({ address }: RunningServer): Promise<{ readonly socket: Socket; readonly said: () => string }> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('error', () => {})
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1')
  })
  await once(socket, 'connect')
  return { socket, said: () => text }
}

async function ended(socket: Socket): Promise<void> {
  if (!socket.destroyed) await once(socket, 'close')
}

describe('a slow or broken client', () => {
  it('cannot hold the server: 300 that send a header a byte at a time are ended, and others are answered', async () => {
    const server = await served({ routes, limits: { headersTimeout: 1000, requestTimeout: 1500 } })
    const slow = await Promise.all(Array.from({ length: 300 }, () => open(server)))
    const timer = setInterval(() => {
      for (const { socket } of slow) if (socket.writable) socket.write('x')
    }, 200)
    onTestFinished(() => clearInterval(timer))
    for (const { socket } of slow) socket.write('GET /api/v1/hello/slow HTTP/1.1\r\nhost: localhost\r\nx-slow: ')
    for (let at = 0; at < 20; at++) {
      const began = performance.now()
      expect((await ask(server, `/api/v1/hello/n${at}`)).status).toBe(200)
      expect(performance.now() - began).toBeLessThan(900)
    }
    await Promise.all(slow.map(({ socket }) => ended(socket)))
    for (const { said } of slow) expect(said()).toMatch(/^(HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*request_timeout|$)/)
    expect(slow.some(({ said }) => said().includes('408'))).toBe(true)
  }, 30_000)

  it('that sends its body too slowly is ended', async () => {
    const server = await served({ routes, limits: { headersTimeout: 500, requestTimeout: 800 } })
    const { socket, said } = await open(server)
    socket.write(
      'POST /api/v1/uploads HTTP/1.1\r\nhost: localhost\r\ncontent-type: multipart/form-data; boundary=b\r\n',
    )
    socket.write('content-length: 1000\r\n\r\n--b\r\n')
    await ended(socket)
    expect(said()).toMatch(/^HTTP\/1\.1 (408|400) /)
  })

  it('that never reads its answer is ended', async () => {
    const server = await served({ routes, limits: { idleTimeout: 500 } })
    const { socket } = await open(server)
    socket.pause()
    socket.write('GET /api/v1/hello/large HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await sleep(1500)
    socket.resume()
    await ended(socket)
  })

  it('is told what is wrong with bytes that are no request', async () => {
    const server = await served({ routes })
    for (const [text, status, code] of [
      ['NONSENSE\r\n\r\n', '400 Bad Request', 'request_invalid'],
      ['GET / HTTP/1.1\r\n\r\n', '400 Bad Request', ''],
      ['GET / HTTP/9.9\r\nhost: localhost\r\n\r\n', '400 Bad Request', 'request_invalid'],
      ['GET /\0 HTTP/1.1\r\nhost: localhost\r\n\r\n', '400 Bad Request', 'request_invalid'],
      [
        'POST /api/v1/uploads HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        '400 Bad Request',
        'request_invalid',
      ],
      [
        `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
        '431 Request Header Fields Too Large',
        'headers_too_large',
      ],
    ] as const) {
      const { socket, said } = await open(server)
      socket.write(text)
      await ended(socket)
      expect([text.slice(0, 30), said().split('\r\n')[0]]).toEqual([text.slice(0, 30), `HTTP/1.1 ${status}`])
      expect(said()).toContain(code)
    }
    expect((await ask(server, '/healthz')).status).toBe(200)
  })

  it('that goes away while its answer is made leaves the server as it was', async () => {
    const lines: string[] = []
    const server = await served({ routes, onLine: (line) => lines.push(line) })
    const { socket } = await open(server)
    socket.write('GET /api/v1/hello/slow HTTP/1.1\r\nhost: localhost\r\n\r\n')
    await sleep(100)
    socket.destroy()
    await sleep(100)
    release()
    await expect.poll(() => lines.some((line) => line.includes('"aborted":true'))).toBe(true)
    expect((await ask(server, '/api/v1/hello/a')).status).toBe(200)
  })

  it('finds no further connection where there are too many', async () => {
    const server = await served({ routes, limits: { sockets: 3 } })
    const first = await Promise.all(Array.from({ length: 3 }, () => open(server)))
    const { socket } = await open(server)
    await ended(socket)
    for (const { socket: one } of first) one.destroy()
    await expect.poll(async () => (await ask(server, '/healthz').catch(() => null))?.status).toBe(200)
  })
})

describe('limits', () => {
  it('end an answer that takes too long', async () => {
    const server = await served({ routes, limits: { answerTimeout: 200 } })
    const reply = await ask(server, '/api/v1/hello/slow')
    expect([reply.status, reply.body.code, reply.headers['retry-after']]).toEqual([503, 'answer_timeout', '5'])
    release()
  })

  it('refuse a body that is too large, declared or not', async () => {
    const server = await served({ routes, limits: { bodyBytes: 1000 } })
    expect((await ask(server, '/api/v1/uploads', formOf({ rows: 'x'.repeat(500) }))).body).toEqual({ bytes: 500 })
    const declared = await ask(server, '/api/v1/uploads', formOf({ rows: 'x'.repeat(1500) }))
    expect([declared.status, declared.body.code]).toEqual([413, 'body_too_large'])
    const { socket, said } = await open(server)
    const { body } = formOf({ rows: 'x'.repeat(1500) })
    const head =
      'POST /api/v1/uploads HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ntransfer-encoding: chunked\r\n'
    socket.write(`${head}content-type: multipart/form-data; boundary=between-the-files\r\n\r\n`)
    socket.write(`${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`)
    await ended(socket)
    expect(said()).toMatch(/^HTTP\/1\.1 413 /)
    const damaged = await ask(server, '/api/v1/uploads', { ...formOf({ rows: 'x' }), body: 'no form at all' })
    expect([damaged.status, damaged.body.code]).toEqual([400, 'request_invalid'])
  })

  it('count requests of a key, and of an address without one', async () => {
    let now = Date.UTC(2026, 0, 1)
    const keys = memoryStore()
    const effects = { ...nodeEffects(), now: () => now }
    const make = (name: string) => createKey(keys, { name, scopes: ['read'], expiresAt: null }, effects)
    const [first, second] = [await make('a'), await make('b')]
    const server = await served({ routes, keys, rateLimit: 3, now: () => now })
    const askAs = async (key: string) => ask(server, '/api/v1/hello/x', { headers: { authorization: `Bearer ${key}` } })
    for (let at = 0; at < 3; at++) expect((await askAs(first.key)).status).toBe(200)
    const reply = await askAs(first.key)
    expect([reply.status, reply.body.code, reply.headers['retry-after']]).toEqual([429, 'rate_limited', '20'])
    expect((await askAs(second.key)).status).toBe(200)
    now += 20_000
    expect((await askAs(first.key)).status).toBe(200)
    expect((await askAs(first.key)).status).toBe(429)
    // guessing counts too
    const guesses = []
    for (let at = 0; at < 5; at++) guesses.push((await askAs('sek_x')).status)
    expect(guesses).toEqual([401, 401, 401, 429, 429])
  })
})

describe('what a server says of itself', () => {
  it('logs each request with its id and route, and neither query nor key', async () => {
    const lines: string[] = []
    const keys = memoryStore()
    const { key, record } = await createKey(keys, { name: 'a', scopes: ['read'], expiresAt: null }, nodeEffects())
    const server = await served({ routes, keys, onLine: (line) => lines.push(line) })
    const headers = { authorization: `Bearer ${key}`, 'x-request-id': 'proxy-17' }
    await ask(server, '/api/v1/hello/Ada', { headers })
    await ask(server, '/api/v1/hello/Ada', { headers })
    await ask(server, '/api/v1/hello/Ada?secret=1', { headers: { ...headers, 'x-request-id': 'a\tb' } })
    await ask(server, '/wp-admin/secret', {})
    await expect.poll(() => lines.length).toBe(4)
    const found = lines.map((line) => JSON.parse(line))
    expect(found[0]).toMatchObject({
      ...{
        level: 'info',
        id: 'proxy-17',
        method: 'GET',
        route: '/api/v1/hello/{name}',
        status: 200,
        caller: record.id,
      },
      msg: 'request',
    })
    expect(found[1]).toMatchObject({ kept: true })
    expect(found[2]).toMatchObject({ status: 400, id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(found[3]).toMatchObject({ status: 404, route: null })
    for (const text of ['Ada', 'secret', key, key.slice(-43)]) expect(lines.join('')).not.toContain(text)
  })

  it('shows nothing of its own faults but a code and an id, by which the log has the rest', async () => {
    const lines: string[] = []
    const server = await served({ routes, onLine: (line) => lines.push(line) })
    const reply = await ask(server, '/api/v1/hello/broken')
    expect([reply.status, reply.body.code]).toEqual([500, 'unexpected'])
    expect(reply.text).not.toContain('/secret')
    await expect.poll(() => lines.length).toBe(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ level: 'error', id: reply.body.request_id, error: 'no folder /secret/broken' },
      stack: expect.stringContaining('limits.test.ts'),
    })
  })

  it('counts requests for Prometheus, by route and not by what clients make up', async () => {
    const server = await served({ routes })
    await ask(server, '/api/v1/hello/a')
    await ask(server, '/api/v1/hello/a')
    await ask(server, '/api/v1/hello/b', { method: 'PUT' })
    for (let at = 0; at < 5; at++) await ask(server, `/nix/${at}`, { method: 'PROPFIND' })
    const { text, headers } = await ask(server, '/metrics')
    expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/)
    expect(text).toContain('support_etl_http_requests_total{method="GET",route="/api/v1/hello/{name}",status="200"} 2')
    expect(text).toContain('support_etl_http_requests_total{method="other",route="unknown",status="404"} 5')
    expect(text).toContain('support_etl_http_kept_answers_total 1')
    expect(text).toContain('support_etl_http_request_seconds_bucket{le="0.001",route="/api/v1/hello/{name}"}')
    expect(text).toContain('support_etl_http_requests_in_flight 1')
    expect(text).toContain('process_cpu_seconds_total')
  })

  it('ends when requests have ended, takes no new ones, and breaks off what takes too long', async () => {
    const server = await served({ routes, limits: { closeTimeout: 2000 } })
    const slow = ask(server, '/api/v1/hello/slow')
    await sleep(100)
    const closing = server.close()
    await expect(ask(server, '/healthz')).rejects.toThrow()
    release()
    const reply = await slow
    expect([reply.status, reply.headers.connection]).toEqual([200, 'close'])
    await closing
    const stubborn = await served({ routes, limits: { closeTimeout: 300 } })
    const hanging = ask(stubborn, '/api/v1/hello/slow')
    hanging.catch(() => {})
    await sleep(100)
    await stubborn.close()
    await expect(hanging).rejects.toThrow()
    release()
  })
})

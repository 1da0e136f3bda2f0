/** The client of Spark Connect on Sail, which speaks the same protocol in one process: also over networks that break. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import {
  connect as connectHttp,
  createServer as createHttp,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { type AddressInfo, connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectSpark, type SparkConnection, type SparkParameters, type SparkValue } from '../../../src/engine/index.ts'
import { defineTable, int64, key, string } from '../../../src/index.ts'
import { sail } from '../../python-tools.ts'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { type SailServer, startSail } from './sail-server.ts'

/** A statement that runs for minutes, without a row; Sail goes on with others meanwhile, and stops it when it is told to. */
const LONG = 'SELECT id FROM range(0, 1000000000000) WHERE id < 0'

describe.skipIf(!existsSync(sail))(
  'connectSpark on Sail (.ci/run installs it in tests/.venv)',
  { timeout: 60_000 },
  () => {
    let server: SailServer
    let proxy: CuttingProxy
    let spark: SparkConnection

    beforeAll(async () => {
      server = await startSail()
      proxy = await startCuttingProxy(server.port)
      spark = await connectSpark(server.url)
    }, 90_000)

    afterAll(async () => {
      await spark?.close()
      await proxy?.stop()
      await server?.stop()
    })

    async function rows(sql: string, parameters?: SparkParameters, connection = spark): Promise<object[]> {
      const found: object[] = []
      for await (const table of connection.query(sql, parameters)) found.push(...table.objects())
      return found
    }

    async function tablesOf<T>(tables: AsyncIterable<T>): Promise<T[]> {
      const found: T[] = []
      for await (const table of tables) found.push(table)
      return found
    }

    it('gives instants in UTC, wall times and days as text, decimals as numbers, and nulls', async () => {
      const sql = `SELECT TIMESTAMP '2025-03-09 07:30:00' AS at, TIMESTAMP_NTZ '2025-03-09 07:30:00' AS wall, DATE '2025-03-09' AS day,
      CAST(-1.25 AS DECIMAL(10, 2)) AS price, CAST('12345678901234567890.5' AS DECIMAL(38, 1)) AS long_price, CAST(NULL AS INT) AS n`
      const at = new Date('2025-03-09T07:30:00Z')
      expect(await rows(sql)).toEqual([
        {
          at,
          wall: '2025-03-09T07:30:00',
          day: '2025-03-09',
          price: -1.25,
          long_price: '12345678901234567890.5',
          n: null,
        },
      ])
    })

    it.each<[SparkValue, string]>([
      [7, 'bigint'],
      [2n ** 63n - 1n, 'bigint'],
      [-(2n ** 63n), 'bigint'],
      [0.1, 'double'],
      [-0, 'double'],
      [Number.NaN, 'double'],
      [Number.NEGATIVE_INFINITY, 'double'],
      [true, 'boolean'],
      ['', 'string'],
      ['\'; DROP TABLE x; -- \\ " ` \n\u0000 \u{1f600}', 'string'],
      [new Date('1969-12-31T23:59:59.999Z'), 'timestamp'],
      [Uint8Array.of(0, 255), 'binary'],
      [null, 'void'],
    ])('brings %o there and back as %s', async (value, type) => {
      const back = typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0) ? BigInt(value) : value
      expect(await rows('SELECT :value AS value, typeof(:value) AS type', { value })).toEqual([{ value: back, type }])
    })

    it('binds values by position', async () => {
      expect(await rows('SELECT ? AS a, ? AS b', ['x', true])).toEqual([{ a: 'x', b: true }])
    })

    it('types the rows by a contract, as Arquero or as Arrow', async () => {
      const halls = defineTable('halls', { hall_id: key(string()), seats: int64() })
      const sql = "SELECT 'H1' AS hall_id, 40 AS seats"
      for await (const table of spark.query(sql, {}, { contract: halls }))
        expect(table.objects()).toEqual([{ hall_id: 'H1', seats: 40n }])
      for await (const table of spark.query(sql, {}, { as: 'arrow' })) expect(table.getChild('seats')?.get(0)).toBe(40)
      const nameless = spark.query('SELECT NULL AS hall_id, 40 AS seats', {}, { contract: halls })
      await expect(tablesOf(nameless)).rejects.toMatchObject({ code: 'null_key' })
    })

    it('yields one empty table, with its columns, for no rows', async () => {
      const tables = await tablesOf(spark.query('SELECT 1 AS a WHERE false'))
      expect(tables.map((table) => [table.numRows(), table.columnNames()])).toEqual([[0, ['a']]])
    })

    it('executes commands, whose views the session sees', async () => {
      await spark.exec('CREATE OR REPLACE TEMP VIEW five AS SELECT 5 AS x')
      expect(await rows('SELECT x FROM five')).toEqual([{ x: 5 }])
      const other = await connectSpark(server.url)
      await expect(rows('SELECT x FROM five', undefined, other)).rejects.toMatchObject({ code: 'engine_refused' })
      await other.close()
    })

    it('runs statements side by side', async () => {
      const each = Array.from({ length: 8 }, (_, n) => rows('SELECT sum(id) + :n AS s FROM range(0, 1000)', { n }))
      expect((await Promise.all(each)).flat()).toEqual(each.map((_, n) => ({ s: BigInt(499_500 + n) })))
    })

    it.each([
      ['SELECT * FROM nowhere', 'nowhere'],
      ['SELEC', 'SELEC'],
      ["SELECT CAST('x' AS INT)", 'x'],
      ['SELECT :missing', 'missing'],
    ])('says in the words of the server why it refuses %s', async (sql, named) => {
      await expect(rows(sql)).rejects.toMatchObject({
        code: 'engine_refused',
        message: expect.stringMatching(new RegExp(`^Spark refuses the statement: .*${named}`, 'is')),
      })
    })

    it('goes on where the network cut the answers: every row once', async () => {
      const connection = await connectSpark(`sc://127.0.0.1:${proxy.port}`)
      const before = proxy.cuts
      proxy.cut(6, 200_000)
      const seen = new Uint8Array(2_000_000)
      for await (const table of connection.query('SELECT id FROM range(0, 2000000)'))
        for (const { id } of table.objects() as { id: bigint }[]) (seen[Number(id)] as number)++
      expect(proxy.cuts - before).toBe(6)
      expect(seen.every((times) => times === 1)).toBe(true)
      await connection.close()
    })

    it('gives up when the network stays away, and says so', async () => {
      const connection = await connectSpark(`sc://127.0.0.1:${proxy.port}`, { retrySeconds: 1 })
      const running = rows(LONG, undefined, connection)
      setTimeout(() => proxy.goDown(), 100)
      await expect(running).rejects.toMatchObject({ code: 'io_failed', isTransient: true })
      proxy.comeUp()
      await connection.close()
    })

    it('tries a server that is away in the midst of a statement for longer than one that never answered', async () => {
      const connection = await connectSpark(`sc://127.0.0.1:${proxy.port}`)
      let count = 0
      for await (const table of connection.query('SELECT id FROM range(0, 3000000)')) {
        if (count === 0) {
          proxy.goDown()
          setTimeout(() => proxy.comeUp(), 5000)
        }
        count += table.numRows()
      }
      expect(count).toBe(3_000_000)
      await connection.close()
      proxy.goDown()
      const begun = performance.now()
      await expect(connectSpark(`sc://127.0.0.1:${proxy.port}`)).rejects.toMatchObject({ code: 'io_failed' })
      expect(performance.now() - begun).toBeLessThan(5000)
      setTimeout(() => proxy.comeUp(), 5000)
      await (await connectSpark(`sc://127.0.0.1:${proxy.port}`, { retrySeconds: 30 })).close()
    })

    it('counts the time from the break on, not from the last answer', async () => {
      const connection = await connectSpark(`sc://127.0.0.1:${proxy.port}`, { retrySeconds: 3 })
      let [count, isFirst] = [0, true]
      for await (const table of connection.query('SELECT id FROM range(0, 3000000)')) {
        count += table.numRows()
        if (!isFirst) continue
        isFirst = false
        await new Promise((resolve) => setTimeout(resolve, 3500))
        proxy.goDown()
        setTimeout(() => proxy.comeUp(), 100)
      }
      expect(count).toBe(3_000_000)
      await connection.close()
    })

    it('stops a statement by its signal, and goes on with the next one', async () => {
      const reason = new Error('enough')
      const control = new AbortController()
      setTimeout(() => control.abort(reason), 200)
      const start = performance.now()
      await expect(tablesOf(spark.query(LONG, undefined, { signal: control.signal }))).rejects.toBe(reason)
      expect(performance.now() - start).toBeLessThan(20_000)
      await expect(spark.exec('SELECT 1', undefined, { signal: control.signal })).rejects.toBe(reason)
      expect(await rows('SELECT 1 AS a')).toEqual([{ a: 1 }])
    })

    it('stops a statement whose reader ends early', async () => {
      for await (const table of spark.query('SELECT id FROM range(0, 100000000)')) {
        expect(table.numRows()).toBeGreaterThan(0)
        break
      }
      expect(await rows('SELECT 1 AS a')).toEqual([{ a: 1 }])
    })

    it('refuses statements when it is closed; closing again does nothing', async () => {
      const connection = await connectSpark(server.url)
      await connection.close()
      await connection.close()
      await expect(connection.exec('SELECT 1')).rejects.toMatchObject({ code: 'engine_lost' })
      await expect(rows('SELECT 1', undefined, connection)).rejects.toMatchObject({ code: 'engine_lost' })
    })

    it('says where something else answers', async () => {
      const web = createHttp((_, response) => response.end('hello'))
      web.listen(0, '127.0.0.1')
      await once(web, 'listening')
      const { port } = web.address() as AddressInfo
      await expect(connectSpark(`sc://127.0.0.1:${port}`, { retrySeconds: 0 })).rejects.toMatchObject({
        name: expect.stringMatching(/Error$/),
        code: expect.stringMatching(/^(io_failed|engine_refused)$/),
      })
      web.close()
    })

    it('sends its token with every call to a gateway, and says that another one is refused', async () => {
      const gateway = await startGateway(server.port, 'Bearer right')
      const connection = await connectSpark(`sc://127.0.0.1:${gateway.port}/;token=right;x-cluster-id=c1`)
      expect(await rows('SELECT 1 AS a', undefined, connection)).toEqual([{ a: 1 }])
      await connection.close()
      expect(gateway.seen.length).toBeGreaterThan(3)
      for (const headers of gateway.seen)
        expect(headers).toMatchObject({
          ...{ authorization: 'Bearer right', 'x-cluster-id': 'c1' },
          'user-agent': expect.stringMatching(/^support-etl /),
        })
      await expect(connectSpark(`sc://127.0.0.1:${gateway.port}`, { token: 'wrong' })).rejects.toMatchObject({
        code: 'permission_denied',
        message: expect.not.stringContaining('wrong'),
      })
      await gateway.stop()
    })

    it('speaks TLS, and to no server whose certificate it does not trust', async ({ skip }) => {
      const front = await startTls(server.port)
      if (front === null) return skip('openssl makes the certificate, and is not here')
      const connection = await connectSpark(`sc://localhost:${front.port}`, { certificates: front.certificate })
      expect(await rows('SELECT 1 AS a', undefined, connection)).toEqual([{ a: 1 }])
      await connection.close()
      const untrusted = connectSpark(`sc://localhost:${front.port}/;use_ssl=true`, { retrySeconds: 0 })
      await expect(untrusted).rejects.toMatchObject({ code: 'io_failed' })
      front.stop()
    })
  },
)

/** A gateway that lets calls with one authorization pass, as those before a Spark server do. */
async function startGateway(target: number, authorization: string) {
  const seen: IncomingHttpHeaders[] = []
  const upstream = connectHttp(`http://127.0.0.1:${target}`)
  upstream.on('error', () => {})
  const gateway = createHttp()
  gateway.on('sessionError', () => {})
  gateway.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    seen.push(headers)
    if (headers.authorization !== authorization) {
      stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' }, { endStream: true })
      return
    }
    const { ':authority': _, ...sent } = headers
    const call = upstream.request(sent)
    call.on('response', (answer) => stream.respond(answer, { waitForTrailers: true }))
    let trailers = {}
    call.on('trailers', (given) => {
      trailers = given
    })
    stream.on('wantTrailers', () => stream.sendTrailers(trailers))
    stream.on('error', () => call.close())
    call.on('error', () => stream.close())
    stream.pipe(call).pipe(stream)
  })
  gateway.listen(0, '127.0.0.1')
  await once(gateway, 'listening')
  const stop = async () => {
    upstream.destroy()
    const closed = once(gateway, 'close')
    gateway.close()
    await closed
  }
  return { port: (gateway.address() as AddressInfo).port, seen, stop }
}

/** TLS in front of a server, with a certificate of a minute; null without openssl. */
async function startTls(target: number) {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'))
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  try {
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '1',
    ]
    const named = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
    execFileSync('openssl', [...request, ...named, '-keyout', keyFile, '-out', certificateFile], { stdio: 'ignore' })
  } catch (error) {
    rmSync(folder, { recursive: true })
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const certificate = readFileSync(certificateFile)
  const front = createTls({ key: readFileSync(keyFile), cert: certificate, ALPNProtocols: ['h2'] }, (client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      socket.on('error', () => other.destroy()).on('close', () => other.destroy())
    client.pipe(upstream).pipe(client)
  })
  front.on('tlsClientError', () => {})
  front.on('connection', (socket) => socket.on('error', () => {}))
  rmSync(folder, { recursive: true })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  return { port: (front.address() as AddressInfo).port, certificate, stop: () => front.close() }
}

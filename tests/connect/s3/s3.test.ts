import { afterAll, describe, expect, it } from 'vitest'
import { type S3Options, s3Store } from '../../../src/connect/index.ts'
import { loadSdk } from '../../../src/connect/s3/s3-calls.ts'
import { describeFileStore } from '../../conformance/file-store.ts'
import { type DoubleOptions, type Fault, KEYS, type Request, S3Double } from './s3-double.ts'

const encode = (text: string) => new TextEncoder().encode(text)

/** Waits that take no time, and say how long they would have been. */
function noWaiting() {
  const waits: number[] = []
  const sleep = async (time: number) => {
    waits.push(time)
  }
  return { waits, waiting: { sleep, random: () => 0.5 } }
}

function openDouble(options: DoubleOptions = {}, given: Partial<S3Options> = {}) {
  const double = new S3Double(options)
  const client = { requestHandler: double.handler(), credentials: KEYS }
  const { waits, waiting } = noWaiting()
  const store = s3Store('s3://bucket/deep/place', { endpoint: 'http://double', client, waiting, ...given })
  return { double, store, waits }
}

/** Fails the calls of a method, in order, as it is told; then none. */
function faultsOf(method: string, faults: readonly (Fault | null)[]): (request: Request) => Fault | null {
  const left = [...faults]
  return (request) => (request.method === method ? (left.shift() ?? null) : null)
}

async function textOf(store: ReturnType<typeof s3Store>, name: string): Promise<string> {
  const parts: Uint8Array[] = []
  for await (const part of store.read(name)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describeFileStore('a bucket', () => openDouble({ pageSize: 2 }).store)
describeFileStore('a bucket whose files go in parts', () => openDouble({}, { partSize: 70_000 }).store)

const server = new S3Double()
const listening = server.listen()
afterAll(async () => (await listening).close())
describeFileStore('a bucket behind a connection', async () => {
  server.objects.clear()
  const { endpoint } = await listening
  return s3Store('s3://bucket', { endpoint, client: { credentials: KEYS } })
})

describe('s3Store', () => {
  it('keeps its files below its folder and sees no others', async () => {
    const { double, store } = openDouble()
    await store.write('a.txt', [encode('x')])
    await s3Store('s3://bucket/deep', {
      endpoint: 'http://double',
      client: { requestHandler: double.handler(), credentials: KEYS },
    }).write('placeholder', [])
    expect([...double.objects.keys()]).toEqual(['deep/place/a.txt', 'deep/placeholder'])
    expect((await store.list('')).map(({ name }) => name)).toEqual(['a.txt'])
  })

  it.each([
    's3://',
    's3://b',
    's3://Upper-Case/x',
    's3://AKIDKEY:pa55word@bucket/x',
    's3://bucket/x?X-Amz-Signature=pa55word',
    's3://bucket/../pa55word',
    's3://bucket//x',
    'https://bucket/x',
  ])('refuses the address %s without a password of it', (location) => {
    let message = ''
    try {
      s3Store(location)
    } catch (error) {
      message = String(error)
      expect(error).toMatchObject({ code: 'path_invalid' })
    }
    expect(message).toContain('s3://')
    expect(message).not.toMatch(/pa55word|AKIDKEY|X-Amz/)
  })

  it('names the package and its command when it is not installed', async () => {
    // what Node says of a package that is not there
    const text = "Cannot find package '@aws-sdk/client-s3' imported from /app/index.js"
    const missing = () => Promise.reject(Object.assign(new Error(text), { code: 'ERR_MODULE_NOT_FOUND' }))
    await expect(loadSdk(missing)).rejects.toMatchObject({
      code: 'package_missing',
      message:
        'a place on S3 needs the package @aws-sdk/client-s3: npm install @aws-sdk/client-s3 (globally, where support-etl is installed so)',
    })
  })

  it('tries again while the server is busy, at growing intervals', async () => {
    const { store, waits } = openDouble({ fault: faultsOf('PUT', Array(7).fill('unavailable')) })
    await store.write('a.txt', [encode('x')])
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 5000])
    expect(await textOf(store, 'a.txt')).toBe('x')
  })

  it('gives up after eight attempts and says that trying later may help', async () => {
    const { double, store } = openDouble({ fault: () => 'unavailable' })
    await expect(store.write('a.txt', [encode('x')])).rejects.toMatchObject({
      code: 'io_failed',
      isTransient: true,
      message: 'cannot write s3://bucket/deep/place/a.txt: no answer that could be used (SlowDown); try again later',
    })
    expect(double.calls).toHaveLength(8)
  })

  it('asks once where asking again does not help, and tells the cure', async () => {
    const { double, store } = openDouble({}, { client: {} })
    const stranger = s3Store('s3://bucket/x', {
      endpoint: 'http://double',
      client: { requestHandler: double.handler(), credentials: { ...KEYS, secretAccessKey: 'wrong' } },
    })
    await expect(stranger.list('')).rejects.toMatchObject({
      code: 'permission_denied',
      message: expect.stringContaining('AWS_SECRET_ACCESS_KEY'),
    })
    expect(double.calls).toHaveLength(1)
    expect(store.location).toBe('s3://bucket/deep/place')
  })

  it('says which bucket does not exist', async () => {
    const { double } = openDouble()
    const store = s3Store('s3://other/x', {
      endpoint: 'http://double',
      client: { requestHandler: double.handler(), credentials: KEYS },
    })
    await expect(store.write('a', [encode('x')])).rejects.toMatchObject({
      code: 'not_found',
      message: 'cannot write s3://other/x/a: there is no such bucket; check the name and AWS_REGION',
    })
  })

  it.each<Fault>(['internal', 'lost response', 'slow', 'taken'])(
    'knows its own file again when the first answer was %s',
    async (fault) => {
      const { double, store } = openDouble({ fault: faultsOf('PUT', [fault]) })
      expect(await store.writeIfAbsent('log/1', encode('mine'))).toBe(true)
      expect(await store.writeIfAbsent('log/1', encode('mine'))).toBe(false)
      expect(double.objects.size).toBe(1)
    },
  )

  it('refuses a server that ignores If-None-Match', async () => {
    const { double, store } = openDouble({ conditions: 'ignored' })
    await expect(store.writeIfAbsent('lock', encode('x'))).rejects.toMatchObject({
      code: 'io_failed',
      message: expect.stringContaining('ignores If-None-Match'),
    })
    expect(double.objects.size).toBe(0)
  })

  it('goes on reading where a body broke off, and never mixes two versions', async () => {
    const { double, store } = openDouble()
    await store.write('a.txt', [encode('0123456789')])
    double.fault = faultsOf('GET', ['cut body'])
    expect(await textOf(store, 'a.txt')).toBe('0123456789')
    expect(double.calls.filter((call) => call.startsWith('GET'))).toHaveLength(2)

    double.fault = faultsOf('GET', ['cut body'])
    const reading = store.read('a.txt')[Symbol.asyncIterator]()
    await reading.next()
    await store.write('a.txt', [encode('ABCDEFGHIJ')])
    await expect(reading.next()).rejects.toMatchObject({
      message: expect.stringContaining('changed by another writer'),
    })
  })

  it('sees that a list was cut off', async () => {
    const { double, store } = openDouble()
    for (const name of ['a', 'b', 'c']) await store.write(name, [encode(name)])
    double.fault = faultsOf('GET', ['cut body', 'cut body'])
    expect((await store.list('')).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('passes by the files that mark folders, and refuses names that are none', async () => {
    const { double, store } = openDouble()
    await store.write('a/b.txt', [encode('x')])
    const [[, object] = []] = [...double.objects]
    if (object === undefined) throw new Error('nothing was written')
    double.objects.set('deep/place/', { ...object, bytes: new Uint8Array() })
    double.objects.set('deep/place/a/', { ...object, bytes: new Uint8Array() })
    expect((await store.list('')).map(({ name }) => name)).toEqual(['a/b.txt'])
    double.objects.set('deep/place/a/../../escape', object)
    await expect(store.list('')).rejects.toMatchObject({ code: 'path_invalid' })
  })

  it('sends large files in parts that become a file at once', async () => {
    const { double, store } = openDouble({}, { partSize: 4 })
    await store.write('a.txt', [encode('012345'), encode('678'), encode('9')])
    expect(await textOf(store, 'a.txt')).toBe('0123456789')
    expect(double.calls.filter((call) => call.startsWith('PUT'))).toHaveLength(3)
    expect(double.uploads.size).toBe(0)
  })

  it('has four parts on their way at most', async () => {
    const double = new S3Double()
    const { handle, ...rest } = double.handler()
    let onTheirWay = 0
    let most = 0
    const requestHandler = {
      ...rest,
      async handle(request: Parameters<typeof handle>[0]) {
        const isPart = request.query?.partNumber !== undefined
        if (isPart) most = Math.max(most, ++onTheirWay)
        // the writer would be far ahead by now, if nothing held it back
        if (isPart) for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
        const answer = await handle(request)
        if (isPart) onTheirWay -= 1
        return answer
      },
    }
    const store = s3Store('s3://bucket', {
      endpoint: 'http://double',
      partSize: 4,
      client: { requestHandler, credentials: KEYS },
    })
    await store.write('a.txt', Array<Uint8Array>(40).fill(encode('four')))
    expect(await textOf(store, 'a.txt')).toBe('four'.repeat(40))
    expect(most).toBe(4)
  })

  it('knows a file of parts again when the answer was lost', async () => {
    const { double, store } = openDouble({ fault: faultsOf('POST', [null, 'lost response']) }, { partSize: 4 })
    await store.write('a.txt', [encode('0123456789')])
    expect(await textOf(store, 'a.txt')).toBe('0123456789')
    expect(double.uploads.size).toBe(0)
  })

  it('leaves no parts behind when a writer breaks off', async () => {
    const { double, store } = openDouble({}, { partSize: 4 })
    const chunks = (function* () {
      yield encode('0123456789')
      throw new TypeError('broke off')
    })()
    await expect(store.write('a.txt', chunks)).rejects.toThrow('broke off')
    expect([double.objects.size, double.uploads.size]).toEqual([0, 0])
  })

  it('gives up on a server that says nothing', async () => {
    const { waiting } = noWaiting()
    const requestHandler = {
      handle: () => new Promise(() => {}),
      updateHttpClientConfig() {},
      httpHandlerConfigs: () => ({}),
    }
    const store = s3Store('s3://bucket', {
      endpoint: 'http://double',
      timeout: 10,
      attempts: 2,
      waiting,
      client: { requestHandler, credentials: KEYS },
    })
    await expect(store.list('')).rejects.toMatchObject({
      isTransient: true,
      message: expect.stringContaining('TimeoutError'),
    })
  })
})

/** Files that pages read in parts, from the server that the dashboard is, and from servers that know less. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { KeptVersions } from '../../src/dashboard/kept-versions.ts'
import { servedSite } from '../../src/dashboard/served-site.ts'
import { readSiteFile, type SiteFile } from '../../src/page/site-file.ts'
import { ask, served } from '../server/served.ts'

const MEBIBYTE = 2 ** 20
const NAME = 'data/rows.parquet'

/** Bytes that tell where they lie. */
const bytesOf = (size: number, seed: number) =>
  Uint8Array.from({ length: size }, (_, at) => (at * 31 + (at >> 8) + seed) & 255)
const BYTES = bytesOf(10 * MEBIBYTE, 0)

/** The dashboard's server, with one file; `read` makes it. */
async function dashboard(read: () => Uint8Array) {
  const reads: number[] = []
  const data = {
    read: async (name: string) => {
      if (name !== NAME) return null
      reads.push(reads.length)
      return read()
    },
  }
  const server = await served({ routes: [], pages: servedSite(() => [], data as never) })
  return { server, reads, request: { address: `${server.address}/${NAME}`, key: null } }
}

/** Any other file server. */
async function fileServer(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(() => void server.close())
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${NAME}`, key: null }
}

const part = async (file: SiteFile, start: number, end?: number) => Buffer.from(await file.slice(start, end))
const isPart = async (file: SiteFile, start: number, end: number, bytes = BYTES) =>
  (await part(file, start, end)).equals(bytes.subarray(start, end))

describe('readSiteFile', () => {
  it('gives the bytes that are asked for, in any order and at once', async () => {
    const { request } = await dashboard(() => BYTES)
    await readSiteFile(request, 'The rows', async (file) => {
      expect(file.byteLength).toBe(BYTES.length)
      const parts = [
        [0, 4],
        [BYTES.length - 8, BYTES.length],
        [5 * MEBIBYTE, 5 * MEBIBYTE + 3],
        [3, 9 * MEBIBYTE + 7],
      ] as const
      const same = await Promise.all(parts.map(([start, end]) => isPart(file, start, end)))
      expect(same).toEqual([true, true, true, true])
      expect((await part(file, BYTES.length - 2)).equals(BYTES.subarray(-2))).toBe(true)
    })
  })

  it('asks for 4 MiB at most, for 1 MiB at least, and makes the file once', async () => {
    const { request, reads } = await dashboard(() => BYTES)
    const { fetch } = globalThis
    const lengths: number[] = []
    globalThis.fetch = async (...args) => {
      const response = await fetch(...args)
      lengths.push(Number(response.headers.get('content-length')))
      return response
    }
    onTestFinished(() => {
      globalThis.fetch = fetch
    })
    await readSiteFile(request, 'The rows', async (file) => {
      for (let at = 0; at < MEBIBYTE; at += 1000) await file.slice(at, at + 1000)
      expect(lengths).toEqual([MEBIBYTE, MEBIBYTE, MEBIBYTE])
      await file.slice(0, BYTES.length - MEBIBYTE)
      // the last MiB is here
      expect(lengths.slice(3)).toEqual([4 * MEBIBYTE, 4 * MEBIBYTE, MEBIBYTE])
    })
    expect(reads).toHaveLength(1)
  })

  it('reads all of one version, also where the file is another one meanwhile', async () => {
    let seed = 0
    const { request } = await dashboard(() => bytesOf(3 * MEBIBYTE, seed++))
    await readSiteFile(request, 'The rows', async (file) => {
      const first = bytesOf(3 * MEBIBYTE, 0)
      expect(await isPart(file, 0, 10, first)).toBe(true)
      expect(await isPart(file, MEBIBYTE, 2 * MEBIBYTE, first)).toBe(true)
    })
  })

  it('begins again where the version is gone, and says so when it changes without end', async () => {
    let version = 0
    const serve: RequestListener = ({ headers }, response) => {
      const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '') ?? []
      const isFirst = from === ''
      if (isFirst) version++
      // the first version is replaced as soon as its end was read
      const tag = !isFirst && version < 2 ? '"other"' : `"${version}"`
      const [start, end] = isFirst ? [BYTES.length - Number(to), BYTES.length] : [Number(from), Number(to) + 1]
      if (headers['if-match'] !== undefined && headers['if-match'] !== tag) {
        response.writeHead(412).end()
        return
      }
      response.writeHead(206, { etag: tag, 'content-range': `bytes ${start}-${end - 1}/${BYTES.length}` })
      response.end(BYTES.subarray(start, end))
    }
    const request = await fileServer(serve)
    expect(await readSiteFile(request, 'The rows', (file) => isPart(file, 0, 10))).toBe(true)
    expect(version).toBe(2)
    const changing = await fileServer((asked, response) => {
      version = 0
      serve(asked, response)
    })
    await expect(readSiteFile(changing, 'The rows', (file) => file.slice(0, 10))).rejects.toThrow(
      'The rows changed again and again while they were read.',
    )
  })

  it('takes everything from a file server that knows no parts', async () => {
    const request = await fileServer((_, response) => void response.end(BYTES))
    expect(await readSiteFile(request, 'The rows', (file) => isPart(file, 5, MEBIBYTE))).toBe(true)
  })

  it('says why a file cannot be had', async () => {
    const { request } = await dashboard(() => BYTES)
    const elsewhere = { ...request, address: `${request.address}x` }
    await expect(readSiteFile(elsewhere, 'The rows', async () => {})).rejects.toThrow(
      'The rows could not be fetched (404).',
    )
    const closed = await fileServer(({ socket }) => void socket.destroy())
    await expect(readSiteFile(closed, 'The rows', async () => {})).rejects.toThrow(
      'The rows could not be fetched: the site does not answer.',
    )
  })
})

describe('the data of pages in parts', () => {
  const get = async (size: number, headers: Record<string, string>) => {
    const { server } = await dashboard(() => bytesOf(size, 0))
    const first = await ask(server, `/${NAME}`)
    const tag = String(first.headers.etag)
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('TAG', tag)]))
    return ask(server, `/${NAME}`, { headers: sent })
  }

  it('come with their place in the whole', async () => {
    const reply = await get(100, { range: 'bytes=10-19' })
    expect(reply).toMatchObject({
      status: 206,
      headers: { 'content-range': 'bytes 10-19/100', 'content-length': '10' },
    })
  })

  it.each([
    ['a part that there is not', { range: 'bytes=100-' }, 416, '0'],
    ['another version', { range: 'bytes=0-9', 'if-match': '"another"' }, 412, '0'],
    ['a part of another version, or all', { range: 'bytes=0-9', 'if-range': '"another"' }, 200, '100'],
    ['a part of this version, or all', { range: 'bytes=0-9', 'if-range': 'TAG' }, 206, '10'],
    ['this version', { 'if-match': 'TAG' }, 200, '100'],
  ])('answers who asks for %s', async (_, headers, status, length) => {
    expect(await get(100, headers as Record<string, string>)).toMatchObject({
      status,
      headers: { 'content-length': length },
    })
  })

  it('are kept in few versions, each under its own name', () => {
    const kept = new KeptVersions()
    for (let version = 0; version < 5; version++) kept.keep('a', `"${version}"`, Uint8Array.of(version))
    expect(['"0"', '"1"', '"4"'].map((tag) => kept.find('a', tag)?.[0] ?? null)).toEqual([null, 1, 4])
    expect(kept.find('b', '"4"')).toBeNull()
  })
})

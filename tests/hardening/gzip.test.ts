/** Packed extracts and deltas: read like unpacked ones, and no further than they can honestly be. */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type GzipLimits, unpack } from '../../src/connect/gzip.ts'
import { memoryStore } from '../../src/connect/index.ts'
import { explainFigure, type JobState, runPipeline } from '../../src/pipeline/index.ts'
import { contentOf, filesOf, phoneJob, sourceOf, teams, textOf, threeMonths } from '../pipeline/phone-job.ts'

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function unpacked(bytes: Uint8Array, limits: GzipLimits = {}): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of unpack(inPieces(bytes, 1000), 'x.csv.gz', { limits })) pieces.push(piece)
  return Buffer.concat(pieces)
}

const packedFiles = (rows: Parameters<typeof filesOf>[0]) =>
  Object.fromEntries(
    Object.entries(filesOf(rows)).map(([name, text]) => [`${name}.gz`, new Uint8Array(gzipSync(text))]),
  )

describe('gzip', () => {
  it('unpacks one member or several, whatever the pieces', async () => {
    const text = Array.from({ length: 5000 }, (_, at) => `${at},${(at * 7919) % 1013}\n`).join('')
    const half = text.length >> 1
    const two = Buffer.concat([gzipSync(text.slice(0, half)), gzipSync(text.slice(half))])
    expect((await unpacked(gzipSync(text))).toString()).toBe(text)
    expect((await unpacked(two)).toString()).toBe(text)
  })

  it('refuses bytes that are cut short, damaged, no gzip, or followed by others', async () => {
    const packed = gzipSync('a,b\n1,2\n'.repeat(1000))
    const flipped = Uint8Array.from(packed)
    flipped[packed.length >> 1] = (flipped[packed.length >> 1] ?? 0) ^ 0x10
    const wrong = [
      packed.subarray(0, -1),
      packed.subarray(0, 20),
      flipped,
      Buffer.from('a,b\n1,2\n'),
      Buffer.concat([packed, Buffer.from('more')]),
      // what tapes and broken copies add
      Buffer.concat([packed, Buffer.alloc(100)]),
    ]
    for (const bytes of wrong) {
      await expect(unpacked(bytes)).rejects.toMatchObject({
        name: 'FormatError',
        code: 'gzip_invalid',
        message: expect.stringContaining('x.csv.gz'),
      })
    }
  })

  it('stops a bomb before it is unpacked', async ({ task }) => {
    // 256 MiB in 260 KB
    const bomb = gzipSync(Buffer.alloc(1 << 28))
    let seen = 0
    const reading = async () => {
      for await (const piece of unpack(inPieces(bomb, 1 << 16), 'x.csv.gz')) seen += piece.length
    }
    await expect(reading()).rejects.toMatchObject({
      code: 'limit_exceeded',
      message: expect.stringContaining('200 times'),
    })
    expect(seen).toBeLessThan(1 << 26)
    task.meta.figures = { 'bytes read of a gzip bomb of 268,435,456': seen }
  })

  it('stops at the absolute limit', async () => {
    await expect(unpacked(gzipSync('0123456789'.repeat(1000)), { size: 9999 })).rejects.toMatchObject({
      code: 'limit_exceeded',
    })
    expect((await unpacked(gzipSync('0123456789'.repeat(1000)), { size: 10_000 })).length).toBe(10_000)
  })

  it('hands on the error of the place it reads from', async () => {
    const broken = (async function* () {
      yield gzipSync('a').subarray(0, 5)
      throw new TypeError('the disk is gone')
    })()
    const reading = async () => {
      for await (const _ of unpack(broken, 'x.csv.gz'));
    }
    await expect(reading()).rejects.toThrow('the disk is gone')
  })
})

describe('packed inputs', () => {
  it('end in the published copies of unpacked ones', async () => {
    const [plain, packed] = [memoryStore(), memoryStore()]
    await runPipeline(phoneJob, { data: sourceOf(threeMonths), out: plain })
    await runPipeline(phoneJob, { data: memoryStore(packedFiles(threeMonths)), out: packed })
    const copies = async (out: typeof plain) =>
      Object.fromEntries(Object.entries(await contentOf(out)).filter(([name]) => !name.startsWith('.')))
    expect(await copies(packed)).toEqual(await copies(plain))
    expect(await textOf(packed, 'calls.csv')).toContain('c3')
  })

  it('are explained line by line', async () => {
    const list = {
      contract: teams,
      reads: ['teams'],
      build: (state: JobState) => state.table('teams'),
      explain: { table: 'teams', reads: ['teams'], rowsBehind: () => Int32Array.of(1) },
    }
    const job = { ...phoneJob, outputs: { list } }
    const [data, out] = [memoryStore(packedFiles({})), memoryStore()]
    await runPipeline(job, { data, out })
    const { origins } = await explainFigure(job, { data, out, output: 'list', cells: {} })
    expect(origins).toEqual([
      { file: 'initial/teams.csv.gz', row: 2, stored: null, source: { line: 3, text: 't2,Blue' } },
    ])
  })

  it('are applied once', async () => {
    const [data, out] = [memoryStore(packedFiles(threeMonths)), memoryStore()]
    await runPipeline(phoneJob, { data, out })
    expect(await runPipeline(phoneJob, { data, out })).toMatchObject({ status: 'nothing_to_do' })
  })

  it('are refused beside an unpacked file of the same table and month', async () => {
    const data = memoryStore({ ...filesOf(threeMonths), ...packedFiles({}) })
    await expect(runPipeline(phoneJob, { data, out: memoryStore() })).rejects.toMatchObject({
      code: 'file_unrecognized',
      message: expect.stringContaining('initial/calls.csv.gz'),
    })
  })

  it('leave nothing behind when they are damaged', async () => {
    const files = packedFiles({})
    const name = 'initial/calls.csv.gz'
    const out = memoryStore()
    const data = memoryStore({ ...files, [name]: (files[name] ?? new Uint8Array()).subarray(0, -4) })
    await expect(runPipeline(phoneJob, { data, out })).rejects.toMatchObject({ code: 'gzip_invalid' })
    expect(await out.list('')).toEqual([])
  })
})

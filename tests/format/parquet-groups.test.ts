/** Parquet files that are written row group by row group, by writers that stop at any time. */
import { describe, expect, it } from 'vitest'
import { ConnectError } from '../../src/errors.ts'
import { parquetChunks, parquetGroups } from '../../src/format/parquet/groups.ts'
import { parquetBytes } from '../../src/format/parquet/parquet.ts'
import { joinChunks } from '../../src/table/chunks.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { type Frame, frameOf } from '../../src/table/frame.ts'
import { encodeTexts } from '../../src/table/utf8.ts'

const contract = defineTable('words', { word: key(string({ encoding: 'plain' })) })
const words = (from: number, count: number): Frame =>
  frameOf([['word', encodeTexts(Array.from({ length: count }, (_, at) => `${from + at} ${'x'.repeat(500)}`))]], count)

async function* frames(count: number, rows: number, failAt = -1): AsyncGenerator<Frame> {
  for (let at = 0; at < count; at++) {
    if (at === failAt) throw new Error('the source failed')
    yield words(at * rows, rows)
  }
}
async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return joinChunks(all)
}
async function wordsIn(bytes: Uint8Array): Promise<unknown[]> {
  const found: unknown[] = []
  const ranged = { size: bytes.length, read: async (from: number, to: number) => bytes.subarray(from, to) }
  for await (const frame of parquetGroups(ranged, { file: 'words' })) found.push(...(frame.columns.get('word') ?? []))
  return found
}

describe('parquetChunks', () => {
  it('gives a short table the bytes of parquetBytes, an empty one too', async () => {
    expect(await bytesOf(parquetChunks(frames(1, 50), contract))).toEqual(
      await parquetBytes(words(0, 50), { contract }),
    )
    expect(await bytesOf(parquetChunks(frames(1, 0), contract))).toEqual(await parquetBytes(words(0, 0), { contract }))
  })

  it('passes on the error of its source, before the first row and between rows', async () => {
    for (const at of [0, 1, 3]) {
      await expect(bytesOf(parquetChunks(frames(5, 3000, at), contract))).rejects.toThrow('the source failed')
    }
  })

  it('may be left at any time, and the next file is whole', async () => {
    for (const taken of [0, 1, 2, 3]) {
      let count = 0
      for await (const _ of parquetChunks(frames(6, 2000), contract)) if (count++ === taken) break
    }
    await new Promise((done) => setTimeout(done, 20))
    const bytes = await bytesOf(parquetChunks(frames(3, 2000), contract))
    expect(await wordsIn(bytes)).toEqual([...(words(0, 6000).columns.get('word') ?? [])])
  })
})

describe('parquetGroups', () => {
  it('passes on the error of a read that fails, whichever it is, and the next file is read', async () => {
    const bytes = await bytesOf(parquetChunks(frames(2, 500), contract))
    for (let failAt = 0; ; failAt++) {
      let reads = 0
      const read = async (from: number, to: number) => {
        if (reads++ === failAt) throw new ConnectError('io_failed', 'the disk failed')
        return bytes.subarray(from, to)
      }
      const going = async (): Promise<number> => {
        let rows = 0
        for await (const frame of parquetGroups({ size: bytes.length, read }, { file: 'words' })) rows += frame.rows
        return rows
      }
      if (failAt < 2) await expect(going()).rejects.toThrow('the disk failed')
      else {
        const rows = await going().catch((error: Error) => error.message)
        if (rows === 1000) break
        expect(rows).toBe('the disk failed')
      }
    }
  })

  it('refuses what is not Parquet', async () => {
    await expect(wordsIn(new Uint8Array(100))).rejects.toMatchObject({ code: 'parquet_invalid' })
  })
})

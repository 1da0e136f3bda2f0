/** What is too large, too wide or too deep is refused with its limit, quickly and without the memory it asks for. */
import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/index.ts'
import { csvReader } from '../../src/format/csv/read/reader.ts'
import { jsonFrame } from '../../src/format/json/read.ts'
import { parquetBytes, parquetFrame } from '../../src/format/parquet/parquet.ts'
import { refuseHugeParquet } from '../../src/format/parquet/sizes.ts'
import { runPipeline } from '../../src/pipeline/index.ts'
import { DictionaryColumn, NumberColumn } from '../../src/table/column.ts'
import { frameOf } from '../../src/table/frame.ts'
import { contentOf, filesOf, phoneJob } from '../pipeline/phone-job.ts'

const encode = (text: string) => new TextEncoder().encode(text)

function readCsv(text: string) {
  const reader = csvReader({ file: 'x.csv' })
  const bytes = encode(text)
  for (let at = 0; at < bytes.length; at += 1 << 20) reader.push(bytes.subarray(at, at + (1 << 20)))
  return reader.end()
}

describe('limits of inputs', () => {
  it('stop a CSV cell beyond 16 MiB, quoted or not', () => {
    const long = 'x'.repeat((16 << 20) + 1)
    expect(() => readCsv(`a,b\n1,${long}\n`)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
    expect(() => readCsv(`a,b\n1,"${long}"\n`)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
  })

  it('stop a CSV table beyond 10,000 columns', () => {
    const header = (columns: number) => Array.from({ length: columns }, (_, at) => `c${at}`).join(',')
    expect(() => readCsv(`${header(10_001)}\n`)).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
    expect(readCsv(`${header(10_000)}\n`).header).toBeDefined()
  })

  it('stop JSON deeper than 64 levels', () => {
    const nested = (levels: number) => encode(`[{"a":${'['.repeat(levels)}${']'.repeat(levels)}}]`)
    expect(() => jsonFrame(nested(100))).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
    expect(() => jsonFrame(nested(1_000_000))).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
    expect(jsonFrame(nested(50))).toBeDefined()
  })

  it('stop a run before anything is committed', async () => {
    const out = memoryStore()
    const wide = `${Array.from({ length: 10_001 }, (_, at) => `c${at}`).join(',')}\n`
    const data = memoryStore({ ...filesOf({}), 'initial/calls.csv': wide })
    await expect(runPipeline(phoneJob, { data, out })).rejects.toMatchObject({ code: 'limit_exceeded' })
    expect(await contentOf(out)).toEqual({})
  })
})

describe('damaged Parquet', () => {
  const rows = Array.from({ length: 50 }, (_, row) => row)
  const frame = frameOf([
    ['number', new NumberColumn('float64', Float64Array.from(rows))],
    [
      'text',
      new DictionaryColumn(
        Int32Array.from(rows, (row) => row % 3),
        ['x', 'yy', 'zzz'],
      ),
    ],
  ])

  it('is an error of its own and takes no more memory than it has, whichever length in it lies', async ({ task }) => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    try {
      const bytes = await parquetBytes(frame)
      const before = process.memoryUsage().rss
      let [lies, refused] = [0, 0]
      for (let at = 0; at < bytes.length - 5; at += 2) {
        // 2³¹ − 1 and its like, as Thrift writes a length
        for (const lie of [[0xfe, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x04], [0xff]]) {
          const damaged = bytes.slice()
          damaged.set(lie, at)
          lies += 1
          await parquetFrame(damaged).catch((error: unknown) => {
            expect(error).toMatchObject({
              name: 'FormatError',
              code: expect.stringMatching(/^(parquet_invalid|limit_exceeded)$/),
            })
            refused += 1
          })
        }
      }
      expect(refused).toBeGreaterThan(bytes.length / 2)
      expect(process.memoryUsage().rss - before).toBeLessThan(512 << 20)
      await new Promise((resolve) => setTimeout(resolve, 10))
      expect(unhandled).toEqual([])
      task.meta.figures = {
        'Parquet files with a wrong length': lies,
        'of them refused': refused,
        'unhandled rejections by them': unhandled.length,
      }
      expect((await parquetFrame(bytes)).rows).toBe(50)
    } finally {
      process.off('unhandledRejection', listen)
    }
  })
})

describe('a Parquet file that would unpack to much', () => {
  it('is refused before it is unpacked', async () => {
    const bytes = await parquetBytes(frameOf([['n', new NumberColumn('float64', new Float64Array(100))]]))
    const footer = bytes.length - 8 - new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 8, true)
    /** The footer says 100 three times: rows of the file, values of the column, rows of the group. One becomes 2³². */
    const lying = (place: number) => {
      let at = footer
      for (let found = 0; found <= place; found++)
        at = Buffer.from(bytes).indexOf(Buffer.from([0x16, 0xc8, 0x01]), at + 1)
      expect(at).toBeGreaterThan(footer)
      const lie = Buffer.from([0x16, 0x80, 0x80, 0x80, 0x80, 0x20])
      const bomb = Buffer.concat([bytes.subarray(0, at), lie, bytes.subarray(at + 3)])
      bomb.writeUInt32LE(bomb.length - 8 - footer, bomb.length - 8)
      return parquetFrame(bomb)
    }
    await expect(lying(0)).rejects.toMatchObject({ code: 'parquet_invalid' })
    await expect(lying(1)).rejects.toMatchObject({
      name: 'FormatError',
      code: 'limit_exceeded',
      message: expect.stringContaining(`unpack to ${2 ** 34} bytes`),
    })
    await expect(lying(2)).rejects.toMatchObject({ code: 'parquet_invalid' })
  })

  it('is measured by the bytes of its pages', async () => {
    const texts = Array.from({ length: 100 }, (_, row) => `${row}`.repeat(50))
    const codes = Int32Array.from(texts.keys())
    const bytes = await parquetBytes(frameOf([['text', new DictionaryColumn(codes, texts)]]))
    expect(() => refuseHugeParquet(bytes, { size: 20_000 })).not.toThrow()
    expect(() => refuseHugeParquet(bytes, { size: 1000 })).toThrow(expect.objectContaining({ code: 'limit_exceeded' }))
  })
})

import { describe, expect, it } from 'vitest'
import { memoryRows, memoryStore } from '../../src/connect/index.ts'
import { DictionaryColumn } from '../../src/table/column.ts'
import { defineTable, key, string } from '../../src/table/contract.ts'
import { frameOf } from '../../src/table/frame.ts'
import { describeFileStore } from '../conformance/file-store.ts'
import { describeRowSource } from '../conformance/row-source.ts'

describeFileStore('memory', () => memoryStore())

const halls = defineTable('halls', { id: key(string()) })
const batchOf = (watermark: string, ...ids: string[]) => ({
  watermark,
  rows: frameOf([['id', new DictionaryColumn(Int32Array.from(ids.keys()), ids)]]),
})

describeRowSource('memory', () =>
  memoryRows(halls, [batchOf('2025-01', 'H1', 'H2'), batchOf('2025-02'), batchOf('2025-03', 'H3')]),
)

describe('memoryRows', () => {
  it('refuses watermarks that do not rise', () => {
    expect(() => memoryRows(halls, [batchOf('2025-02'), batchOf('2025-02')])).toThrow(
      'watermark "2025-02" does not follow "2025-02"; give batches in order',
    )
  })
})

describe('memoryStore', () => {
  it('begins with copies of the files it is given', async () => {
    const bytes = new Uint8Array([1, 2])
    const store = memoryStore({ a: bytes, b: 'é' })
    bytes.fill(0)
    const parts: Uint8Array[] = []
    for await (const part of store.read('a')) parts.push(part)
    expect(parts).toEqual([new Uint8Array([1, 2])])
    expect((await store.list('')).map(({ size }) => size)).toEqual([2, 2])
  })

  it('keeps and gives copies of Buffers too, whose own slices are views', async () => {
    const bytes = Buffer.from([1, 2])
    const store = memoryStore({ a: bytes })
    await store.writeIfAbsent('b', bytes)
    const pieces = async function* () {
      yield bytes
      bytes.fill(0)
    }
    await store.write('c', pieces())
    const read = async (name: string) => {
      const parts: Uint8Array[] = []
      for await (const part of store.read(name)) parts.push(part)
      return parts
    }
    for (const name of ['a', 'b', 'c']) {
      for (const part of await read(name)) part.fill(9)
      expect(await read(name)).toEqual([new Uint8Array([1, 2])])
    }
  })
})

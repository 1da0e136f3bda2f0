import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/connect/index.ts'
import { describeFileStore } from '../conformance/file-store.ts'

describeFileStore('memory', () => memoryStore())

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
})

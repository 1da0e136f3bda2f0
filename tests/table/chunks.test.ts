import { describe, expect, it } from 'vitest'
import { joinChunks, joinRows } from '../../src/table/chunks.ts'

describe('joinChunks', () => {
  it('gives the chunks as one array, in their order', () => {
    const chunks = [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]
    expect(joinChunks(chunks)).toEqual(Uint8Array.of(1, 2, 3))
    expect(joinChunks(chunks.values())).toEqual(Uint8Array.of(1, 2, 3))
    expect(joinChunks([])).toEqual(new Uint8Array(0))
  })

  it('gives memory of its own, even of one chunk, and never a Buffer', () => {
    const chunk = Buffer.from([1, 2])
    const joined = joinChunks([chunk])
    chunk[0] = 9
    expect(joined).toEqual(Uint8Array.of(1, 2))
    expect(joined.constructor).toBe(Uint8Array)
    expect(joined.buffer.byteLength).toBe(2)
  })
})

describe('joinRows', () => {
  it('gives the row numbers of all lists, list after list', () => {
    expect(joinRows([Int32Array.of(7, -1), Int32Array.of(3)])).toEqual(Int32Array.of(7, -1, 3))
    expect(joinRows([])).toEqual(new Int32Array(0))
  })
})

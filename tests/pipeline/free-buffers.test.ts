import { describe, expect, it } from 'vitest'
import { nodeEffects } from '../../src/pipeline/index.ts'

const MEBIBYTE = 2 ** 20
const { freeBuffers } = nodeEffects()

/** Makes buffers that nobody keeps, and returns how many bytes of them were there at once. */
function makeGarbage(rounds: number, between: () => void): number {
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let round = 0; round < rounds; round++) {
    most = Math.max(most, process.memoryUsage().arrayBuffers - before + new Uint8Array(3 * MEBIBYTE).length)
    between()
  }
  return most
}

describe('freeBuffers', () => {
  it('frees buffers that are no longer used', () => {
    // without it they pile up to 60 MiB
    expect(makeGarbage(40, freeBuffers)).toBeLessThan(24 * MEBIBYTE)
  })

  it('leaves buffers that are used', () => {
    const used = Array.from({ length: 10 }, (_, at) => {
      freeBuffers()
      return new Uint8Array(3 * MEBIBYTE).fill(at)
    })
    expect(used.map((bytes) => bytes.at(-1))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('shows the garbage collector to nobody else', () => {
    makeGarbage(3, freeBuffers)
    expect('gc' in globalThis).toBe(false)
  })
})

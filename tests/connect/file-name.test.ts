import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames } from '../../src/connect/file-name.ts'
import { memoryStore } from '../../src/connect/memory.ts'

describe('compareNames', () => {
  it('orders names by their UTF-8 bytes', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 6 })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      }),
      { numRuns: 2000 },
    )
  })

  it('is how a place lists its files', async () => {
    const names = ['a', 'a/b', '\u{1F600}', '\uFF5E']
    const store = memoryStore(Object.fromEntries(names.map((name) => [name, ''])))
    expect((await store.list('')).map(({ name }) => name)).toEqual(['a', 'a/b', '\uFF5E', '\u{1F600}'])
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNames, isFileName } from '../../src/connect/file-name.ts'
import { memoryStore } from '../../src/connect/memory.ts'

describe('isFileName', () => {
  it('refuses a backslash, a control character, and a part that is empty, "." or ".."', () => {
    const parts = ['a', '.', '..', '/', '\\', '\n', '\u007f', 'é', ' ']
    const isName = (name: string) =>
      ![...name].some((sign) => sign === '\\' || sign < ' ' || sign === '\u007f') &&
      name.split('/').every((part) => !['', '.', '..'].includes(part))
    const check = (name: string, more: number): void => {
      expect([name, isFileName(name)]).toEqual([name, isName(name)])
      if (more > 0) for (const part of parts) check(name + part, more - 1)
    }
    check('', 4)
  })

  it('looks at each character once', () => {
    const hostile = ['.'.repeat(100_000), 'a/'.repeat(50_000), '/.'.repeat(50_000), 'a.'.repeat(50_000)]
    const start = performance.now()
    expect(hostile.map(isFileName)).toEqual([true, false, false, true])
    expect(performance.now() - start).toBeLessThan(200)
  })
})

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

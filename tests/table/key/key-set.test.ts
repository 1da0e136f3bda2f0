import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { frameOf } from '../../../src/table/frame.ts'
import { keyBytes } from '../../../src/table/key/key.ts'
import { KeySet } from '../../../src/table/key/key-set.ts'
import { encodeTexts } from '../../../src/table/utf8.ts'
import { text } from '../arbitraries.ts'

const keysOf = (texts: readonly string[]) => keyBytes(frameOf([['k', encodeTexts(texts)]]), ['k'])

describe('KeySet', () => {
  test.prop([fc.array(fc.array(text, { minLength: 1, maxLength: 20 }), { maxLength: 5 })])(
    'tells the rows whose key was there before, in this part or in an earlier one',
    (parts) => {
      const [seen, model] = [new KeySet(), new Set<string>()]
      for (const part of parts) {
        const again = part.flatMap((key, row) => (model.size === model.add(key).size ? [row] : []))
        expect([...seen.add(keysOf(part))]).toEqual(again)
        expect(seen.size).toBe(model.size)
      }
    },
  )

  it('grows, and takes keys that differ in one letter or in their order for different ones', () => {
    const seen = new KeySet()
    const parts = [0, 1, 2].map((part) =>
      Array.from({ length: 20_000 }, (_, at) => `${(part * 20_000 + at).toString(16).padStart(8, '0')}-0000-4000-8000`),
    )
    for (const part of parts) expect(seen.add(keysOf(part))).toHaveLength(0)
    const turned = (parts[0] as string[]).map((key) => [...key].reverse().join(''))
    expect(seen.add(keysOf(turned)).length).toBe(0)
    expect(seen.size).toBe(80_000)
    for (const part of parts) expect(seen.add(keysOf(part))).toHaveLength(part.length)
  })

  it('refuses keys of another form', () => {
    const seen = new KeySet()
    seen.add(keysOf(['a']))
    const pairs = frameOf([
      ['a', encodeTexts(['a'])],
      ['b', encodeTexts(['b'])],
    ])
    expect(() => seen.add(keyBytes(pairs, ['a', 'b']))).toThrow('the key is one text column on one side')
  })
})

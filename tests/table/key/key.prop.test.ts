import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { Column } from '../../../src/table/column.ts'
import { frameOf } from '../../../src/table/frame.ts'
import { duplicateRows } from '../../../src/table/key/duplicates.ts'
import { concatKeys, keyBytes } from '../../../src/table/key/key.ts'
import { KeyIndex } from '../../../src/table/key/key-index.ts'
import { takeRows } from '../../../src/table/take.ts'
import { codeTexts, encodeTexts } from '../../../src/table/utf8.ts'
import { column, shown, text } from '../arbitraries.ts'

/** Frames of one to three key columns. */
const keyed = fc.integer({ min: 0, max: 30 }).chain((rows) =>
  fc.array(column(rows), { minLength: 1, maxLength: 3 }).map((columns) => ({
    frame: frameOf(columns.map((column, index) => [`k${index}`, column] as const)),
    names: columns.map((_, index) => `k${index}`),
    rows,
  })),
)

/** A row's key as text that no two different keys share. */
function identities(columns: readonly Column[]): string[] {
  const cells = columns.map((column) => (shown(column) as unknown[])[2] as unknown[])
  const tag = (value: unknown) => (Object.is(value, -0) ? 'number:0' : `${typeof value}:${String(value)}`)
  return Array.from({ length: columns[0]?.length ?? 0 }, (_, row) =>
    JSON.stringify(cells.map((cell) => tag(cell[row]))),
  )
}

const bytesOf = ({ bytes, offsets }: ReturnType<typeof keyBytes>, row: number) =>
  Array.from(bytes.subarray(offsets[row], offsets[row + 1])).join()

describe('keyBytes', () => {
  test.prop([keyed], { numRuns: 1000 })(
    'gives two rows the same bytes when and only when their keys are equal',
    ({ frame, names, rows }) => {
      const keys = keyBytes(frame, names)
      const bad = new Set(keys.badRows)
      const expected = identities([...frame.columns.values()])
      for (let left = 0; left < rows; left++) {
        for (let right = 0; right < left; right++) {
          if (bad.has(left) || bad.has(right)) continue
          expect(bytesOf(keys, left) === bytesOf(keys, right)).toBe(expected[left] === expected[right])
        }
      }
    },
  )

  test.prop([fc.array(fc.tuple(text, text), { maxLength: 30 })], { numRuns: 500 })(
    'does not see how text is kept',
    (pairs) => {
      const left = pairs.map(([first]) => first)
      const right = pairs.map(([, second]) => second)
      const plain = frameOf([
        ['a', encodeTexts(left)],
        ['b', encodeTexts(right)],
      ])
      const coded = frameOf([
        ['a', codeTexts(left, left.length)],
        ['b', codeTexts(right, right.length)],
      ])
      for (const names of [['a'], ['a', 'b']]) expect(keyBytes(coded, names)).toEqual(keyBytes(plain, names))
    },
  )

  test.prop([keyed], { numRuns: 300 })(
    'finds the bad rows that a look at each cell finds',
    ({ frame, names, rows }) => {
      const bad = Array.from({ length: rows }, (_, row) => row).filter((row) =>
        [...frame.columns.values()].some((column) => {
          const value: unknown = column.at(row)
          return column.isNull(row) || value === '' || Number.isNaN(value)
        }),
      )
      expect(Array.from(keyBytes(frame, names).badRows)).toEqual(bad)
    },
  )
})

describe('KeyIndex', () => {
  test.prop([fc.array(text), fc.array(text)], { numRuns: 500 })('finds what a Map finds', (left, right) => {
    const index = KeyIndex.of(keyBytes(frameOf([['k', encodeTexts(left)]]), ['k']))
    const known = new Map<string, number>()
    for (const word of left) if (!known.has(word)) known.set(word, known.size)
    expect(index.groups).toBe(known.size)
    expect(Array.from(index.groupOf)).toEqual(left.map((word) => known.get(word)))
    expect(Array.from(index.firstRows)).toEqual([...known.keys()].map((word) => left.indexOf(word)))
    const found = index.findAll(keyBytes(frameOf([['k', encodeTexts(right)]]), ['k']))
    expect(Array.from(found)).toEqual(right.map((word) => known.get(word) ?? -1))
  })

  test.prop([keyed, fc.infiniteStream(fc.nat())], { numRuns: 300 })(
    'finds each row again when rows are picked',
    ({ frame, names, rows }, picks) => {
      const picked = Int32Array.from({ length: rows }, () => (picks.next().value as number) % Math.max(1, rows))
      const index = KeyIndex.of(keyBytes(frame, names))
      const found = index.findAll(keyBytes(takeRows(frame, picked), names))
      expect(Array.from(found)).toEqual(Array.from(picked, (row) => index.groupOf[row]))
    },
  )

  test.prop([fc.array(fc.array(text), { minLength: 1 })], { numRuns: 300 })('numbers several sides as one', (sides) => {
    const keysOf = (words: string[]) => keyBytes(frameOf([['k', encodeTexts(words)]]), ['k'])
    expect(KeyIndex.of(concatKeys(sides.map(keysOf))).groupOf).toEqual(KeyIndex.of(keysOf(sides.flat())).groupOf)
  })
})

describe('duplicateRows', () => {
  test.prop([fc.array(text), fc.boolean(), fc.constantFrom('', 'id', 'I0000')], { numRuns: 1000 })(
    'finds what a Set finds, sorted or not, whatever the keys begin with',
    (words, isSorted, prefix) => {
      const given = words.map((word) => prefix + word)
      const texts = isSorted ? [...given].sort() : given
      const expected = texts.flatMap((word, row) => (texts.indexOf(word) < row ? [row] : []))
      expect(Array.from(duplicateRows(keyBytes(frameOf([['k', encodeTexts(texts)]]), ['k'])))).toEqual(expected)
    },
  )
})

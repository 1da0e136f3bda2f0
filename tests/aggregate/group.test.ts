import { describe, expect, it } from 'vitest'
import { groupIds, groupRows, groupSets, heldGroups } from '../../src/aggregate/group.ts'
import { texts } from '../systems/support/figures/frames.ts'

type Key = readonly (string | null)[]

/** The groups that occur, as their keys in canonical order, each with its rows. */
function grouped(...keys: readonly [Key, Key?, Key?]) {
  const given = keys.filter((key) => key !== undefined).map(texts)
  const groups = groupRows(given as unknown as Parameters<typeof groupRows>[0])
  const ids = groupIds(groups)
  const { keys: columns, order } = groups.keysOf(heldGroups(ids, groups.size))
  return Array.from(order, (id, place) => {
    const rows = Array.from(ids.keys()).filter((row) => ids[row] === id)
    return [...columns.map((column) => column.at(place)), rows]
  })
}

/** The same by plain objects. */
function expected(...keys: readonly Key[]) {
  const rowsOf = new Map<string, number[]>()
  for (const [row, first] of (keys[0] ?? []).entries()) {
    if (first === null) continue
    const text = JSON.stringify(keys.map((key) => key[row]))
    rowsOf.set(text, [...(rowsOf.get(text) ?? []), row])
  }
  const compare = (a: string | null, b: string | null) => {
    if (a === b) return 0
    return a !== null && (b === null || a > b) ? 1 : -1
  }
  return [...rowsOf]
    .map(([text, rows]) => ({ key: JSON.parse(text) as (string | null)[], rows }))
    .sort((one, other) => {
      const at = one.key.findIndex((value, place) => value !== other.key[place])
      return at < 0 ? 0 : compare(one.key[at] ?? null, other.key[at] ?? null)
    })
    .map(({ key, rows }) => [...key, rows])
}

describe('groupRows', () => {
  it('puts rows of equal keys together, sorted by code unit, null first', () => {
    expect(grouped(['b', 'a', 'b', 'B', 'é', 'a'])).toEqual([
      ['B', [3]],
      ['a', [1, 5]],
      ['b', [0, 2]],
      ['é', [4]],
    ])
    expect(grouped(['x', 'x', 'x', 'w'], ['b', null, 'a', 'b'])).toEqual([
      ['w', 'b', [3]],
      ['x', null, [1]],
      ['x', 'a', [2]],
      ['x', 'b', [0]],
    ])
  })

  it('leaves out rows whose first key is null', () => {
    expect(grouped([null, 'a', null], ['x', 'x', null], ['1', null, '2'])).toEqual([['a', 'x', null, [1]]])
    expect(Array.from(groupIds(groupRows([texts([null, 'a'])])))[0]).toBe(-1)
  })

  it('has columns without a word that no group needs', () => {
    const groups = groupRows([texts(['b', 'a', 'c']), texts(['y', null, 'x'])])
    const ids = groupIds(groups)
    const { keys } = groups.keysOf(ids.filter((_, row) => row !== 2).sort())
    expect(keys.map(({ values }) => values)).toEqual([['a', 'b'], ['y']])
    // and each of its words once
    const again = groupRows([texts(['b', 'a', 'a']), texts(['x', 'y', 'x'])])
    const all = again.keysOf(heldGroups(groupIds(again), again.size)).keys
    expect(all.map(({ values }) => values)).toEqual([
      ['a', 'b'],
      ['x', 'y'],
    ])
  })

  it.each([
    ['one key', 1],
    ['two keys', 2],
    ['three keys', 3],
  ])('groups any rows by %s as plain objects do', (_, count) => {
    // numbers that jump about, without chance
    const key = (salt: number, size: number): Key =>
      Array.from({ length: 500 }, (_, row) => {
        const member = (row * 7919 + salt * 104_729 + ((row * row) % 31)) % size
        return member === 0 ? null : `m${member}`
      })
    const keys = [key(1, 7), key(2, 11), key(3, 5)].slice(0, count)
    expect(grouped(...(keys as [Key]))).toEqual(expected(...keys))
  })

  it.each([
    ['the last two keys have too many pairs', 30, 300, 300],
    ['the first two keys have too many pairs', 300, 300, 3],
    ['all keys have', 300, 280, 290],
  ])('hashes pairs where %s for a table', (_, first, second, third) => {
    const key = (step: number, size: number): Key =>
      Array.from({ length: 3000 }, (_, row) => ((row * step) % size === 0 ? null : `m${(row * step) % size}`))
    const keys: [Key, Key, Key] = [key(1, first), key(17, second), key(31, third)]
    expect(grouped(...keys)).toEqual(expected(...keys))
  })

  it('keeps more pairs apart than the first table of hashes holds', () => {
    // every pair comes again when the table has grown
    const length = 10_000
    const first = Array.from({ length }, (_, row) => `a${(row % 5000) % 2500}`)
    const second = Array.from({ length }, (_, row) => ((row % 5000) % 3 === 0 ? null : `b${((row % 5000) * 7) % 2503}`))
    const rows = grouped(first, second)
    expect(rows).toEqual(expected(first, second))
    expect(rows.length).toBeGreaterThan(4096)
  })

  it('knows the first of all pairs again after the table has grown', () => {
    const rows = [...Array.from({ length: 3000 }, (_, row) => row), 0, 0]
    const first = rows.map((row) => `a${row % 1000}`)
    const second = rows.map((row) => `b${row % 1000}`)
    const third = rows.map((row) => (row === 0 ? null : `c${row % 301}`))
    expect(grouped(first, second, third)).toEqual(expected(first, second, third))
  })

  it('groups no rows', () => {
    expect(grouped([])).toEqual([])
    expect(grouped([], [], [])).toEqual([])
  })
})

describe('groupSets', () => {
  it.each([
    ['few keys', 7, 11, 5],
    ['many keys of the second', 30, 300, 300],
    ['many keys of all', 300, 280, 290],
  ])('numbers the groups of all sets as one set of their rows does: %s', (_, first, second, third) => {
    const key = (step: number, size: number, rows: number, from: number): Key =>
      Array.from({ length: rows }, (_, row) =>
        (from + row * step) % size === 0 ? null : `m${(from + row * step) % size}`,
      )
    const set = (rows: number, from: number): readonly [Key, Key, Key] => [
      key(1, first, rows, from),
      key(17, second, rows, from),
      key(31, third, rows, from),
    ]
    const sets = [set(2000, 0), set(0, 0), set(700, 900)]
    const columns = ([a = [], b = [], c = []]: readonly Key[]) => [texts(a), texts(b), texts(c)] as const
    const found = groupSets(...sets.map(columns))
    const joined = [0, 1, 2].map((at) => sets.flatMap((keys) => keys[at] as Key))
    const whole = groupRows(columns(joined))
    const ids = found.flatMap((groups) => [...groupIds(groups)])
    expect(ids).toEqual([...groupIds(whole)])
    expect(found.map(({ size }) => size)).toEqual([whole.size, whole.size, whole.size])
    const held = heldGroups(groupIds(whole), whole.size)
    for (const groups of found) expect(groups.keysOf(held)).toEqual(whole.keysOf(held))
  })
})

describe('heldGroups', () => {
  it('are the groups of any row, ascending, each once', () => {
    expect(heldGroups(Int32Array.of(3, -1, 1, 3, 0), 5)).toEqual(Int32Array.of(0, 1, 3))
    expect(heldGroups(new Int32Array(0), 2)).toEqual(new Int32Array(0))
  })
})

/**
 * Grouping by dictionary codes, in dense passes over the rows. Groups have a canonical order.
 * @module
 */
import { DictionaryColumn } from '../table/column.ts'
import { grown } from '../table/headroom.ts'
import { countUp } from '../table/take.ts'

// Above this many possible groups a dense table no longer fits a cache, so the combinations that
// occur are hashed instead.
const DENSE_GROUPS = 2 ** 22
const ALWAYS_DENSE = 2 ** 16

/** One to three key columns of the same length. */
export type RowKeys = readonly [DictionaryColumn, DictionaryColumn?, DictionaryColumn?]

/**
 * One key's codes as ranks: 0 is null, then the values of all sets in order of their code units.
 */
interface Ranked {
  /** The rank of each code, for each set; index 0 is null. */
  readonly rankOf: readonly Int32Array[]
  readonly sorted: readonly string[]
  /** The number of ranks. */
  readonly size: number
}

/** One key's share of the group id: `places[code + 1]` for each code; index 0 is null. */
export interface GroupPart {
  readonly codes: Int32Array
  readonly places: Int32Array
}

/**
 * Rows by group. A row's group, below `size`, is the sum of its three parts. A negative sum means
 * that the first key is null, so the row has no group. Adding the parts inside the counting loop is
 * faster than reading ids that an earlier loop wrote.
 */
export interface Groups {
  readonly parts: readonly [GroupPart, GroupPart, GroupPart]
  readonly size: number
  /**
   * Returns the key columns of the given groups (ascending), and the groups in canonical order: by
   * each key in turn, null first.
   */
  readonly keysOf: (ids: Int32Array) => { readonly keys: readonly DictionaryColumn[]; readonly order: Int32Array }
}

// so low that no sum of the other parts reaches 0
const NO_GROUP = -(2 ** 30)

/**
 * How one key was folded into the ids: multiplied by a radix, or as numbered pairs of (id, rank).
 */
type Fold = { readonly radix: number } | { readonly left: Int32Array; readonly right: Int32Array }

function rank(columns: readonly DictionaryColumn[]): Ranked {
  // sort without a comparison orders by code unit, independent of the locale
  const sorted = [...new Set(columns.flatMap(({ values }) => values))].sort()
  const ranks = new Map(sorted.map((value, place) => [value, place + 1]))
  const rankOf = columns.map(({ values }) => {
    const ranked = new Int32Array(values.length + 1)
    for (const [code, value] of values.entries()) ranked[code + 1] = ranks.get(value) as number
    return ranked
  })
  return { rankOf, sorted, size: sorted.length + 1 }
}

/** The ids of one set's rows, with the codes and ranks of its next key. */
interface FoldedSet {
  readonly ids: Int32Array
  readonly codes: Int32Array
  readonly rankOf: Int32Array
}

function multiply({ ids, codes, rankOf }: FoldedSet, radix: number): void {
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id >= 0) ids[row] = id * radix + (rankOf[(codes[row] as number) + 1] as number)
  }
}

/** Replaces ids with numbers for the pairs (id, rank), in order of first occurrence. */
function hashPairs(sets: readonly FoldedSet[]): { left: Int32Array; right: Int32Array } {
  let capacity = 1024
  let slots = new Int32Array(capacity).fill(-1)
  let left = new Int32Array(capacity)
  let right = new Int32Array(capacity)
  let count = 0
  const slotOf = (first: number, second: number) => {
    let slot = Math.imul(Math.imul(first, 0x9e3779b1) ^ second, 0x85ebca6b)
    slot = (slot ^ (slot >>> 15)) & (capacity - 1)
    for (let known = slots[slot] as number; known >= 0; known = slots[slot] as number) {
      if (left[known] === first && right[known] === second) break
      slot = (slot + 1) & (capacity - 1)
    }
    return slot
  }
  for (const { ids, codes, rankOf } of sets) {
    for (let row = 0; row < ids.length; row++) {
      const first = ids[row] as number
      if (first < 0) continue
      const second = rankOf[(codes[row] as number) + 1] as number
      let slot = slotOf(first, second)
      if ((slots[slot] as number) < 0) {
        if (count * 2 >= capacity) {
          capacity *= 2
          slots = new Int32Array(capacity).fill(-1)
          left = grown(left, capacity)
          right = grown(right, capacity)
          for (let pair = 0; pair < count; pair++) slots[slotOf(left[pair] as number, right[pair] as number)] = pair
          slot = slotOf(first, second)
        }
        left[count] = first
        right[count] = second
        slots[slot] = count++
      }
      ids[row] = slots[slot] as number
    }
  }
  return { left: left.subarray(0, count), right: right.subarray(0, count) }
}

/** Splits ids into the rank of each key. */
function ranksOf(ids: Int32Array, folds: readonly Fold[]): Int32Array[] {
  const ranks: Int32Array[] = []
  let rest = ids
  for (const fold of folds.toReversed()) {
    if ('radix' in fold) {
      ranks.unshift(rest.map((id) => id % fold.radix))
      rest = rest.map((id) => Math.floor(id / fold.radix))
    } else {
      ranks.unshift(rest.map((id) => fold.right[id] as number))
      rest = rest.map((id) => fold.left[id] as number)
    }
  }
  return [rest, ...ranks]
}

/**
 * Returns one key's column for the groups in `order`. Its dictionary has only used entries, in
 * order of first use.
 */
function keyColumn(ranks: Int32Array, order: Int32Array, { sorted }: Ranked): DictionaryColumn {
  const codes = new Int32Array(order.length)
  const codeOf = new Int32Array(sorted.length + 1).fill(-1)
  const values: string[] = []
  for (let row = 0; row < order.length; row++) {
    const rank = ranks[order[row] as number] as number
    if (rank > 0 && codeOf[rank] === -1) {
      codeOf[rank] = values.length
      values.push(sorted[rank - 1] as string)
    }
    codes[row] = codeOf[rank] as number
  }
  return new DictionaryColumn(codes, values)
}

/** What the groups of all sets share. */
interface Grouping {
  /** The parts of each set. */
  readonly parts: readonly (readonly GroupPart[])[]
  readonly size: number
  readonly folds: readonly Fold[]
}

/**
 * Groups by a dense table: a group's id is each key's rank times the sizes of the keys after it.
 */
function denseGrouping(sets: readonly (readonly DictionaryColumn[])[], ranked: readonly Ranked[]): Grouping {
  const steps = ranked.map((_, key) => ranked.slice(key + 1).reduce((product, { size }) => product * size, 1))
  const parts = sets.map((keys, set) =>
    keys.map(({ codes }, key): GroupPart => {
      const places = (ranked[key] as Ranked).rankOf[set] as Int32Array
      return { codes, places: places.map((rank) => rank * (steps[key] as number)) }
    }),
  )
  const [step = 1] = steps
  return { parts, size: (ranked[0]?.size ?? 0) * step, folds: ranked.slice(1).map(({ size }) => ({ radix: size })) }
}

/**
 * Folds the keys one by one. Where the product of sizes exceeds `most`, it hashes the pairs that
 * occur.
 */
function foldKeys(sets: readonly (readonly DictionaryColumn[])[], ranked: readonly Ranked[], most: number): Grouping {
  const folds: Fold[] = []
  const [first, ...rest] = ranked as [Ranked, ...Ranked[]]
  const ids = sets.map(([column], set) => {
    const rankOf = first.rankOf[set] as Int32Array
    return (column as DictionaryColumn).codes.map((code) => (code < 0 ? -1 : (rankOf[code + 1] as number)))
  })
  let { size } = first
  for (const [at, { rankOf, size: radix }] of rest.entries()) {
    const folded = sets.map((keys, set): FoldedSet => {
      const { codes } = keys[at + 1] as DictionaryColumn
      return { ids: ids[set] as Int32Array, codes, rankOf: rankOf[set] as Int32Array }
    })
    if (size * radix <= most) {
      for (const set of folded) multiply(set, radix)
      folds.push({ radix })
      size *= radix
    } else {
      const pairs = hashPairs(folded)
      folds.push(pairs)
      size = pairs.left.length
    }
  }
  const places = () => countUp(size + 1, -1)
  return { parts: ids.map((codes) => [{ codes, places: places() }]), size, folds }
}

/**
 * Returns the groups of each set of rows by one to three keys. A group has the same id in all sets.
 * Null counts as a value, except in the first key: such rows have no group.
 */
export function groupSets<Sets extends readonly RowKeys[]>(...sets: Sets): { readonly [Set in keyof Sets]: Groups }
export function groupSets(...sets: readonly RowKeys[]): readonly Groups[] {
  const given = sets.map((keys) => keys.filter((key) => key !== undefined))
  const ranked = (given[0] ?? []).map((_, key) => rank(given.map((keys) => keys[key] as DictionaryColumn)))
  const rows = sets.reduce((sum, [{ length }]) => sum + length, 0)
  const most = Math.min(DENSE_GROUPS, Math.max(ALWAYS_DENSE, rows * 4))
  const product = ranked.reduce((size, key) => size * key.size, 1)
  const { parts, size, folds } = product <= most ? denseGrouping(given, ranked) : foldKeys(given, ranked, most)
  const keysOf = (wanted: Int32Array) => {
    const ranks = ranksOf(wanted, folds)
    const order = countUp(wanted.length)
    // ids that are products of ranks are already in canonical order
    if (folds.some((fold) => 'left' in fold)) {
      order.sort((one, other) => {
        for (const column of ranks) {
          const difference = (column[one] as number) - (column[other] as number)
          if (difference !== 0) return difference
        }
        return 0
      })
    }
    return {
      keys: ranks.map((column, key) => keyColumn(column, order, ranked[key] as Ranked)),
      order: order.map((at) => wanted[at] as number),
    }
  }
  return parts.map(([first, second, third]): Groups => {
    const { codes, places } = first as GroupPart
    places[0] = NO_GROUP
    const nothing = { codes, places: new Int32Array(places.length) }
    return { parts: [{ codes, places }, second ?? nothing, third ?? nothing], size, keysOf }
  })
}

/**
 * Returns the groups of the rows by one to three keys of the same length. Null counts as a value,
 * except in the first key: such rows have no group.
 */
export function groupRows(keys: RowKeys): Groups {
  return groupSets(keys)[0]
}

/** Returns the group id of each row; −1 where the first key is null. */
export function groupIds({ parts }: Groups): Int32Array {
  const [{ codes: first, places: firstPlaces }, { codes: second, places: secondPlaces }, third] = parts
  const { codes: thirdCodes, places: thirdPlaces } = third
  const ids = new Int32Array(first.length)
  for (let row = 0; row < ids.length; row++) {
    const id =
      (firstPlaces[(first[row] as number) + 1] as number) +
      (secondPlaces[(second[row] as number) + 1] as number) +
      (thirdPlaces[(thirdCodes[row] as number) + 1] as number)
    ids[row] = id < 0 ? -1 : id
  }
  return ids
}

/** Returns the ids of the groups that occur, ascending. */
export function heldGroups(ids: Int32Array, size: number): Int32Array {
  const isHeld = new Uint8Array(size)
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id >= 0) isHeld[id] = 1
  }
  const held: number[] = []
  for (let id = 0; id < size; id++) if (isHeld[id] === 1) held.push(id)
  return new Int32Array(held)
}

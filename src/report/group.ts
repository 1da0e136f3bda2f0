/**
 * Grouping by dictionary codes: which rows belong together, in the groups' canonical order, by dense passes.
 * @module
 */
import { ContractError } from '../errors.ts'
import { DictionaryColumn } from '../table/column.ts'

// Past this many possible groups their table no longer stays in a cache, and combinations that occur are hashed instead.
const DENSE_GROUPS = 2 ** 22
const ALWAYS_DENSE = 2 ** 16

/** Codes replaced by ranks: 0 is null, then the values in order of their code units. */
interface Ranked {
  readonly rankOf: Int32Array
  readonly sorted: readonly string[]
}

/** Rows by group. Ids need not be dense; `order` lists those to show, and `keys` tells what they stand for. */
export interface Groups {
  /** The group of each row, below `size`; −1 where the first key is null. */
  readonly ids: Int32Array
  readonly size: number
  /** Returns the key columns of the given groups (ascending), and the groups in canonical order: by each key in turn, null first. */
  readonly keysOf: (ids: Int32Array) => { readonly keys: readonly DictionaryColumn[]; readonly order: Int32Array }
}

/** One step of folding keys into ids: a product of two numbers, or pairs that were met. */
type Fold = { readonly radix: number } | { readonly left: Int32Array; readonly right: Int32Array }

function rank({ values }: DictionaryColumn): Ranked {
  const order = values.map((_, code) => code)
  // plain comparison of strings is by code unit: no locale decides an order
  order.sort((first, second) => ((values[first] as string) < (values[second] as string) ? -1 : 1))
  const rankOf = new Int32Array(values.length + 1)
  for (let place = 0; place < order.length; place++) rankOf[(order[place] as number) + 1] = place + 1
  return { rankOf, sorted: order.map((code) => values[code] as string) }
}

/** One pass for the usual three keys: ids that are already the product of the three ranks. */
function multiplyThree(keys: readonly DictionaryColumn[], ranked: readonly Ranked[]): Int32Array {
  const [first, second, third] = keys.map(({ codes }) => codes) as [Int32Array, Int32Array, Int32Array]
  const [firstPlace, secondPlace, thirdPlace] = ranked.map(({ rankOf }, key) => {
    const place = ranked.slice(key + 1).reduce((product, { rankOf: { length } }) => product * length, 1)
    return rankOf.map((rank) => rank * place)
  }) as [Int32Array, Int32Array, Int32Array]
  const ids = new Int32Array(first.length)
  for (let row = 0; row < ids.length; row++) {
    const code = first[row] as number
    ids[row] =
      code < 0
        ? -1
        : (firstPlace[code + 1] as number) +
          (secondPlace[(second[row] as number) + 1] as number) +
          (thirdPlace[(third[row] as number) + 1] as number)
  }
  return ids
}

function multiply(ids: Int32Array, codes: Int32Array, rankOf: Int32Array): void {
  const radix = rankOf.length
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id >= 0) ids[row] = id * radix + (rankOf[(codes[row] as number) + 1] as number)
  }
}

/** Replaces ids by numbers for the pairs (id, rank) that occur, in order of first occurrence. */
function hashPairs(ids: Int32Array, codes: Int32Array, rankOf: Int32Array): { left: Int32Array; right: Int32Array } {
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
  return { left: left.subarray(0, count), right: right.subarray(0, count) }
}

function grown(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(length)
  larger.set(values)
  return larger
}

/** Takes ids apart again: the rank of each key. */
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

/** A key's column of the ranks: entries in order of first use, none unused. */
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

/** Returns the groups of the rows by the given keys, which have one length; null is a key like any other except as the first. */
export function groupRows(keys: readonly [DictionaryColumn, ...DictionaryColumn[]]): Groups {
  const [first, ...others] = keys
  const ranked = keys.map(rank)
  const most = Math.min(DENSE_GROUPS, Math.max(ALWAYS_DENSE, first.length * 4))
  const folds: Fold[] = []
  const radices = ranked.map(({ rankOf }) => rankOf.length)
  let size = radices.reduce((product, radix) => product * radix, 1)
  let ids: Int32Array
  if (keys.length === 3 && size <= most) {
    ids = multiplyThree(keys, ranked)
    folds.push(...radices.slice(1).map((radix) => ({ radix })))
  } else {
    const { rankOf: firstRanks } = ranked[0] as Ranked
    ids = first.codes.map((code) => (code < 0 ? -1 : (firstRanks[code + 1] as number)))
    size = firstRanks.length
    for (const [index, { codes }] of others.entries()) {
      const { rankOf } = ranked[index + 1] as Ranked
      if (size * rankOf.length <= most) {
        multiply(ids, codes, rankOf)
        folds.push({ radix: rankOf.length })
        size *= rankOf.length
      } else {
        const pairs = hashPairs(ids, codes, rankOf)
        folds.push(pairs)
        size = pairs.left.length
      }
    }
  }
  const keysOf = (wanted: Int32Array) => {
    const ranks = ranksOf(wanted, folds)
    const order = wanted.map((_, at) => at)
    // products of ranks are in canonical order as they are
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
  return { ids, size, keysOf }
}

/** Returns the groups that occur, ascending. */
export function heldGroups(ids: Int32Array, size: number): Int32Array {
  const isHeld = new Uint8Array(size)
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id >= 0) isHeld[id] = 1
  }
  const held: number[] = []
  for (let id = 0; id < size; id++) if (isHeld[id] === 1) held.push(id)
  return Int32Array.from(held)
}

/** The largest sum that a double still counts exactly. */
const LARGEST_SUM = 2 ** 53

/** The error for a sum that a double cannot hold exactly. */
export function measureOverflow(name: string): ContractError {
  return new ContractError(
    'measure_overflow',
    `the sum of ${name} passes 2^53 and would no longer be exact; split the table or correct its outliers`,
    { details: { measure: name } },
  )
}

/**
 * Returns the exact sum of whole numbers of each group, whatever the order of the rows; rows of group −1 are left out.
 * @throws ContractError measure_overflow - a sum passes 2^53; `name` is for the message
 */
export function sumExactly(ids: Int32Array, values: ArrayLike<number>, size: number, name: string): Float64Array {
  const sums = new Float64Array(size)
  let magnitude = 0
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id < 0) continue
    const value = values[row] as number
    sums[id] = (sums[id] as number) + value
    magnitude += Math.abs(value)
  }
  // while all of it together stays exact, no part of it was rounded
  if (magnitude <= LARGEST_SUM) return sums
  const exact = Array.from(sums, () => 0n)
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] as number
    if (id < 0) continue
    const value = values[row] as number
    if (!Number.isFinite(value)) throw measureOverflow(name)
    exact[id] = (exact[id] as bigint) + BigInt(value)
  }
  return Float64Array.from(exact, (sum) => {
    const rounded = Number(sum)
    if (Math.abs(rounded) > LARGEST_SUM || BigInt(rounded) !== sum) throw measureOverflow(name)
    return rounded
  })
}

/**
 * Orders rows by a column: ascending, rows without a value last, equal ones in their order.
 * @module
 */
import type { CodedMembers } from './marks.ts'

/** Rows by their rank, ties by row: a counting sort. */
function byRank(ranks: Int32Array, size: number): Int32Array {
  const places = new Int32Array(size + 1)
  for (let row = 0; row < ranks.length; row++)
    places[(ranks[row] as number) + 1] = (places[(ranks[row] as number) + 1] as number) + 1
  for (let rank = 0; rank < size; rank++) places[rank + 1] = (places[rank + 1] as number) + (places[rank] as number)
  const rows = new Int32Array(ranks.length)
  for (let row = 0; row < ranks.length; row++) {
    const rank = ranks[row] as number
    const place = places[rank] as number
    rows[place] = row
    places[rank] = place + 1
  }
  return rows
}

/**
 * Numbers ascending, NaN last. The native sort of distinct values is fast and gives each value its
 * rank.
 */
export function orderNumbers(values: Float64Array): Int32Array {
  const distinct = values.slice().sort()
  let size = 0
  for (const value of distinct) if (size === 0 || !Object.is(distinct[size - 1], value)) distinct[size++] = value
  const ranks = new Int32Array(values.length)
  for (let row = 0; row < ranks.length; row++) {
    const value = values[row] as number
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      // NaN sorts last; it never compares as less
      if ((distinct[middle] as number) < value || (Number.isNaN(value) && !Number.isNaN(distinct[middle])))
        low = middle + 1
      else high = middle
    }
    ranks[row] = low
  }
  return byRank(ranks, size)
}

function compareLabels(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

/** Rows by the label of their member; members of equal labels in their own order. */
export function orderMembers(
  { codes, members }: CodedMembers,
  labels: readonly (string | null)[] = members,
): Int32Array {
  const order = labels.map((_, code) => code)
  order.sort((a, b) => compareLabels(labels[a] ?? null, labels[b] ?? null) || a - b)
  const rankOf = new Int32Array(labels.length)
  for (const [rank, code] of order.entries()) rankOf[code] = rank
  return byRank(
    codes.map((code) => rankOf[code] as number),
    labels.length,
  )
}

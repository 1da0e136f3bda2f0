/**
 * Orders calls by a column, and cuts the order into pages.
 * @module
 */
import { countUp } from '../../../table/take.ts'
import { compareTexts } from '../../../table/utf8.ts'
import type { CallSet, MemberCodes, TextBytes } from './call-set.ts'
import { type CallSelection, lookingAt } from './selection.ts'

/** The columns that calls can be ordered by. */
export const CALL_COLUMNS = [
  'start',
  'call_id',
  'agent',
  'region',
  'customer_id',
  'issue',
  'resolution',
  'minutes',
  'rating',
] as const
export type CallColumn = (typeof CALL_COLUMNS)[number]

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
function byNumber(values: Float64Array): Int32Array {
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

function byMember({ codes }: MemberCodes, labels: readonly (string | null)[]): Int32Array {
  const order = labels.map((_, code) => code)
  order.sort((a, b) => compareLabels(labels[a] ?? null, labels[b] ?? null) || a - b)
  const rankOf = new Int32Array(labels.length)
  for (const [rank, code] of order.entries()) rankOf[code] = rank
  return byRank(
    codes.map((code) => rankOf[code] as number),
    labels.length,
  )
}

function compareLabels(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
  return a < b ? -1 : a > b ? 1 : 0
}

function byText(text: TextBytes): Int32Array {
  const { offsets, valid } = text
  const isNull = (row: number) => valid !== null && valid[row] === 0
  const rows = countUp(offsets.length - 1)
  return rows.sort((a, b) => {
    if (isNull(a) || isNull(b)) return Number(isNull(a)) - Number(isNull(b)) || a - b
    return compareTexts(text, a, b) || a - b
  })
}

/**
 * Returns every row of the set ordered by a column: ascending, nulls last, ties in the set's
 * order.
 */
export function orderCalls(set: CallSet, column: CallColumn): Int32Array {
  const { region, issue, agent, resolution } = set.dimensions
  switch (column) {
    case 'start':
      return byNumber(set.start)
    case 'minutes':
      return byNumber(set.minutes)
    case 'rating':
      return byNumber(set.rating)
    case 'agent':
      return byMember(agent, set.agentNames)
    case 'region':
      return byMember(region, region.members)
    case 'issue':
      return byMember(issue, issue.members)
    case 'resolution':
      return byMember(resolution, resolution.members)
    case 'call_id':
      return byText(set.callId)
    case 'customer_id':
      return byText(set.customerId)
  }
}

/**
 * Returns up to `size` rows of the selection from position `from` on, along an order of {@link
 * orderCalls} or in reverse.
 */
export function pageOfCalls(
  { failed }: CallSelection,
  order: Int32Array,
  page: { readonly direction?: 'ascending' | 'descending'; readonly from: number; readonly size: number },
): number[] {
  const bits = lookingAt('current')
  const rows: number[] = []
  const isDescending = page.direction === 'descending'
  let place = -1
  for (let i = 0; i < order.length && rows.length < page.size; i++) {
    const row = order[isDescending ? order.length - 1 - i : i] as number
    if (((failed[row] as number) & bits) !== 0) continue
    if (++place >= page.from) rows.push(row)
  }
  return rows
}

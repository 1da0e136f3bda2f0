/**
 * Percentiles by selection, without sorting.
 * @module
 */
import { refuseUnless } from '../arguments.ts'

/**
 * Moves the k-th smallest of values[from…to] to position k, smaller values before it and larger
 * ones after it.
 */
function select(values: Float64Array, k: number, from: number, to: number): void {
  let low = from
  let high = to
  while (low < high) {
    // the median of three as pivot keeps sorted input fast
    const middle = (low + high) >> 1
    if ((values[middle] as number) < (values[low] as number)) swap(values, middle, low)
    if ((values[high] as number) < (values[low] as number)) swap(values, high, low)
    if ((values[high] as number) < (values[middle] as number)) swap(values, high, middle)
    const pivot = values[middle] as number
    let left = low
    let right = high
    while (left <= right) {
      while ((values[left] as number) < pivot) left++
      while ((values[right] as number) > pivot) right--
      if (left <= right) swap(values, left++, right--)
    }
    if (k <= right) high = right
    else if (k >= left) low = left
    else return
  }
}

function swap(values: Float64Array, a: number, b: number): void {
  const kept = values[a] as number
  values[a] = values[b] as number
  values[b] = kept
}

/**
 * Returns the percentiles of the numbers at the given shares (0–1, ascending), with linear
 * interpolation like SQL's percentile_cont; null for no numbers. The numbers must not contain NaN.
 * Linear time on average.
 *
 * @example
 * percentiles(Float64Array.of(4, 1, 3, 2), [0.5, 0.9]) // [2.5, 3.7]
 */
export function percentiles(numbers: Float64Array, shares: readonly number[]): (number | null)[] {
  refuseUnless(numbers instanceof Float64Array, 'numbers', numbers, 'a Float64Array')
  refuseUnless(Array.isArray(shares), 'shares', shares, 'a list of shares such as [0.5, 0.9]')
  if (numbers.length === 0) return shares.map(() => null)
  const values = numbers.slice()
  let low = 0
  return shares.map((share) => {
    const place = share * (values.length - 1)
    const k = Math.floor(place)
    select(values, k, Math.min(low, k), values.length - 1)
    low = k
    const below = values[k] as number
    if (place === k) return below
    let above = Number.POSITIVE_INFINITY
    for (let i = k + 1; i < values.length; i++) if ((values[i] as number) < above) above = values[i] as number
    return below + (above - below) * (place - k)
  })
}

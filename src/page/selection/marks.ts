/**
 * One bit per filter and row, set where the row fails the filter, so that a view can look past its own.
 * @module
 */

/** The bits of each row. */
export type Marks = Uint16Array | Uint32Array

/** The member of every row in one dimension: `members[codes[row]]`; null groups the rows without a value. */
export interface CodedMembers {
  readonly codes: Int32Array
  readonly members: readonly (string | null)[]
}

/** Sets a bit for the rows that are outside, and clears it for the others. */
export function markRows(marks: Marks, bit: number, isOutside: (row: number) => boolean): void {
  for (let row = 0; row < marks.length; row++) {
    const mark = marks[row] as number
    marks[row] = isOutside(row) ? mark | bit : mark & ~bit
  }
}

/** The same for the rows whose member was not chosen; no choice, or an empty one, chooses all. */
export function markMembers(
  marks: Marks,
  bit: number,
  { codes, members }: CodedMembers,
  chosen: readonly (string | null)[] | undefined,
): void {
  const fails = new Uint32Array(members.length)
  if (chosen !== undefined && chosen.length > 0) {
    const wanted = new Set(chosen)
    for (let code = 0; code < fails.length; code++) fails[code] = wanted.has(members[code] ?? null) ? 0 : bit
  }
  for (let row = 0; row < marks.length; row++) {
    marks[row] = ((marks[row] as number) & ~bit) | (fails[codes[row] as number] as number)
  }
}

/** Returns the rows that fail none of the filters in `bits`, in their order. */
export function passingRows(marks: Marks, bits: number): Int32Array {
  const rows = new Int32Array(marks.length)
  let count = 0
  for (let row = 0; row < marks.length; row++) if (((marks[row] as number) & bits) === 0) rows[count++] = row
  return rows.subarray(0, count)
}

/** Returns up to `size` passing rows from position `from` on, along an order of rows or in reverse. */
export function pageOfRows(
  marks: Marks,
  bits: number,
  order: Int32Array,
  page: { readonly direction?: 'ascending' | 'descending'; readonly from: number; readonly size: number },
): number[] {
  const rows: number[] = []
  const isDescending = page.direction === 'descending'
  let place = -1
  for (let i = 0; i < order.length && rows.length < page.size; i++) {
    const row = order[isDescending ? order.length - 1 - i : i] as number
    if (((marks[row] as number) & bits) !== 0) continue
    if (++place >= page.from) rows.push(row)
  }
  return rows
}

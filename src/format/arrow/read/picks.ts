/**
 * Picks rows out of a file's arrays, through one window that all columns share.
 * @module
 */
import type { FileBytes, Region } from './file.ts'

/** Bytes that are read at once. */
const WINDOW = 1 << 20
/** Bytes of the widest value. */
const WIDEST = 8
/**
 * If fewer values than this separate two wanted ones, they are read too: another read call would
 * cost as much.
 */
const GAP = 4096

/** Rows that are read at once: positions `from` (inclusive) to `to` (exclusive). */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** Rows to pick, ascending. */
export interface Picks {
  readonly rows: Int32Array
  readonly stretches: readonly Stretch[]
  readonly window: Int32Array<ArrayBuffer>
}

/** The stretches, each as long as the window allows; null if the rows do not ascend. */
function stretchesOf(rows: Int32Array): readonly Stretch[] | null {
  const stretches: Stretch[] = []
  const held = WINDOW / WIDEST
  let from = 0
  let [first, last] = [rows[0] as number, rows[0] as number]
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at] as number
    if (row <= last) return null
    if (row - first >= held || row - last >= GAP) {
      stretches.push({ from, to: at })
      from = at
      first = row
    }
    last = row
  }
  if (from < rows.length) stretches.push({ from, to: rows.length })
  return stretches
}

/** Returns how to pick the rows; null if they do not ascend. */
export function picksOf(rows: Int32Array): Picks | null {
  const stretches = stretchesOf(rows)
  return stretches === null ? null : { rows, stretches, window: new Int32Array(WINDOW / 4) }
}

/** Picks the rows of a stretch out of a window that begins with the stretch's first row. */
function pickWords(
  window: Int32Array,
  rows: Int32Array,
  { from, to }: Stretch,
  words: number,
  picked: Int32Array,
): void {
  const first = rows[from] as number
  if (words === 1) {
    for (let i = from; i < to; i++) picked[i] = window[(rows[i] as number) - first] as number
    return
  }
  for (let i = from; i < to; i++) {
    const at = 2 * ((rows[i] as number) - first)
    picked[2 * i] = window[at] as number
    picked[2 * i + 1] = window[at + 1] as number
  }
}

/** Returns the rows' values; a value has `words` words of 4 bytes, one or two. */
export function pickValues(file: FileBytes, { at }: Region, words: number, picks: Picks): Uint8Array<ArrayBuffer> {
  const { rows, stretches, window } = picks
  const bytes = new Uint8Array(rows.length * words * 4)
  const picked = new Int32Array(bytes.buffer)
  for (const stretch of stretches) {
    const first = rows[stretch.from] as number
    const count = (rows[stretch.to - 1] as number) + 1 - first
    file.read(at + first * words * 4, new Uint8Array(window.buffer, 0, count * words * 4))
    pickWords(window, rows, stretch, words, picked)
  }
  return bytes
}

/** Returns the bits of the rows as a new bitmap. */
export function pickBits(bitmap: Uint8Array, { rows }: Picks): Uint8Array {
  const picked = new Uint8Array((rows.length + 7) >> 3)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    const isSet = ((bitmap[row >> 3] as number) >> (row & 7)) & 1
    picked[i >> 3] = (picked[i >> 3] as number) | (isSet << (i & 7))
  }
  return picked
}

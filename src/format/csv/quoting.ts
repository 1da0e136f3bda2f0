import { edgeTable, trimEnd, trimStart } from './white-space.ts'

/** The rules by which cells are quoted, so that they read back unchanged. */
export interface Quoting {
  readonly delimiterByte: number
  /** 1 for bytes that require quotes wherever they occur in a cell. */
  readonly special: Uint8Array
  /** 1 for bytes that can begin or end white space. */
  readonly edge: Uint8Array
  /** Whether text that a spreadsheet would run as a formula gets a leading `'`. */
  readonly escapesFormulas: boolean
}

export const QUOTE = 0x22
const APOSTROPHE = 0x27
/** Bytes at which a spreadsheet starts a formula. */
const FORMULA_STARTS = [0x3d, 0x2b, 0x2d, 0x40, 0x09, 0x0d]

export function quotingFor(delimiterByte: number, escapesFormulas: boolean): Quoting {
  const special = new Uint8Array(256)
  for (const byte of [0, 0x0a, 0x0d, QUOTE, delimiterByte]) special[byte] = 1
  return { delimiterByte, special, edge: edgeTable(delimiterByte), escapesFormulas }
}

/** So many bytes are looked at before it is asked what was found: most cells are shorter, and a long one soon has a special byte. */
const LOOK = 32
/** A call looks for a quote in more bytes than this faster than a loop. */
const FEW = 64

function isFormula(bytes: Uint8Array, start: number, end: number, quoting: Quoting): boolean {
  return quoting.escapesFormulas && end > start && FORMULA_STARTS.includes(bytes[start] as number)
}

/**
 * Whether text needs no quotes: it is not empty, has no special byte and no white space around it.
 */
export function isBare(bytes: Uint8Array, start: number, end: number, quoting: Quoting): boolean {
  if (start === end) return false
  const { special, edge } = quoting
  let found = 0
  for (let at = start; at < end && found === 0; ) {
    const stop = Math.min(end, at + LOOK)
    for (; at < stop; at++) found |= special[bytes[at] as number] as number
  }
  if (found !== 0) return false
  if (((edge[bytes[start] as number] as number) | (edge[bytes[end - 1] as number] as number)) !== 0) {
    if (trimStart(bytes, start, end) !== start || trimEnd(bytes, start, end) !== end) return false
  }
  return !isFormula(bytes, start, end, quoting)
}

/** The number of bytes that {@link writeDressed} writes. */
export function dressedSize(bytes: Uint8Array, start: number, end: number, quoting: Quoting): number {
  let size = end - start + 2 + (isFormula(bytes, start, end, quoting) ? 1 : 0)
  if (end - start > FEW && !bytes.subarray(start, end).includes(QUOTE)) return size
  for (let at = start; at < end; at++) if (bytes[at] === QUOTE) size++
  return size
}

/** Writes text in quotes, with quotes in it doubled, and returns its end. */
export function writeDressed(
  bytes: Uint8Array,
  start: number,
  end: number,
  quoting: Quoting,
  target: Uint8Array,
  at: number,
): number {
  let put = at
  target[put++] = QUOTE
  if (isFormula(bytes, start, end, quoting)) target[put++] = APOSTROPHE
  for (let from = start; from < end; from++) {
    const byte = bytes[from] as number
    target[put++] = byte
    if (byte === QUOTE) target[put++] = QUOTE
  }
  target[put++] = QUOTE
  return put
}

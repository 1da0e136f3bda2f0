/**
 * The canonical form of text: dictionaries in order of first use, and only bytes that a row shows.
 * @module
 */
import type { DictionaryColumn, Utf8Column } from '../../../table/column.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { ALL_VALID, asBytes, asPart, type Bitmap, type CanonicalRows, maskBitmap } from './canonical.ts'

/** Text of a canonical column: offsets from 0, no bytes under nulls or outside the rows. */
export interface CanonicalText extends Bitmap {
  readonly offsets: Int32Array
  readonly bytes: Uint8Array
}

/** Which codes are those of a value, as bits; empty when all are. */
export function codesBitmap(codes: Int32Array): Bitmap {
  if (!codes.includes(-1)) return ALL_VALID
  let nulls = codes.length
  const validity = new Uint8Array(Math.ceil(codes.length / 8))
  for (let row = 0; row < codes.length; row++) {
    if ((codes[row] as number) < 0) continue
    validity[row >> 3] = (validity[row >> 3] as number) | (1 << (row & 7))
    nulls--
  }
  return { nulls, validity }
}

/** Returns the number of used values if the codes introduce the values in order, else −1. */
function countInOrder(codes: Int32Array): number {
  let next = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code === next) next++
    else if (code > next) return -1
  }
  return next
}

/**
 * Returns the used values in order of first use, and the new position of each old code (−1 for
 * unused ones).
 */
function usedValues({ codes, values }: DictionaryColumn): { values: readonly string[]; places: Int32Array } {
  const places = new Int32Array(values.length).fill(-1)
  const used: string[] = []
  for (let row = 0; row < codes.length && used.length < values.length; row++) {
    const code = codes[row] as number
    if (code < 0 || places[code] !== -1) continue
    places[code] = used.length
    used.push(values[code] as string)
  }
  return { values: used, places }
}

function mapCodes(codes: Int32Array, places: Int32Array): Uint8Array {
  const mapped = new Int32Array(codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    if (code >= 0) mapped[row] = places[code] as number
  }
  return asBytes(mapped)
}

function zeroNegative(codes: Int32Array): Uint8Array {
  const zeroed = new Int32Array(codes.length)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row] as number
    zeroed[row] = code < 0 ? 0 : code
  }
  return asBytes(zeroed)
}

/**
 * Returns the text's codes, 0 under nulls, and its dictionary: in order of first use, without
 * unused entries.
 */
export function canonicalDictionary(
  column: DictionaryColumn,
  name: string,
): CanonicalRows & { readonly dictionary: CanonicalText } {
  const { codes } = column
  const bitmap = codesBitmap(codes)
  const isInOrder = countInOrder(codes) === column.values.length
  const { values, places } = isInOrder ? { values: column.values, places: null } : usedValues(column)
  const { bytes, offsets } = encodeTexts(values, name)
  const dictionary: CanonicalText = { ...ALL_VALID, offsets, bytes }
  if (isInOrder && bitmap.nulls === 0) return { ...bitmap, values: asPart(codes), dictionary }
  const make = () => (places === null ? zeroNegative(codes) : mapCodes(codes, places))
  return { ...bitmap, values: { size: codes.byteLength, make }, dictionary }
}

/** Returns the text's bytes and offsets. */
export function canonicalTexts(column: Utf8Column): CanonicalText {
  const { offsets, bytes, valid, length } = column
  const bitmap = maskBitmap(valid)
  const begin = offsets[0] as number
  if (begin === 0 && !hasBytesUnderNull(column)) {
    return { ...bitmap, offsets, bytes: bytes.subarray(0, offsets[length]) }
  }
  return { ...bitmap, ...cleanTexts(column) }
}

function hasBytesUnderNull({ offsets, valid, length }: Utf8Column): boolean {
  if (valid === null) return false
  for (let row = 0; row < length; row++) if (valid[row] === 0 && offsets[row] !== offsets[row + 1]) return true
  return false
}

function cleanTexts({ offsets, bytes, valid, length }: Utf8Column): { offsets: Int32Array; bytes: Uint8Array } {
  const moved = new Int32Array(length + 1)
  const target = new Uint8Array((offsets[length] as number) - (offsets[0] as number))
  let end = 0
  for (let row = 0; row < length; row++) {
    if (valid === null || valid[row] !== 0) {
      const text = bytes.subarray(offsets[row], offsets[row + 1])
      target.set(text, end)
      end += text.length
    }
    moved[row + 1] = end
  }
  return { offsets: moved, bytes: target.subarray(0, end) }
}

/**
 * Strings to UTF-8 bytes and offsets, the form shared by keys, hashes and Arrow.
 * @module
 */
import { ContractError } from '../errors.ts'
import { DictionaryColumn, type TextColumn, Utf8Column } from './column.ts'
import { takeColumn } from './take.ts'

function malformed(name: string, row: number): ContractError {
  return new ContractError(
    'malformed_text',
    `column "${name}" row ${row + 1}: the text holds half of a surrogate pair, which has no bytes; repair it at its source`,
    { details: { column: name, row: row + 1 } },
  )
}

const encoder = new TextEncoder()
/** Texts of more units than this are encoded faster by a call than unit by unit. */
const FEW = 32

/**
 * Writes the text at `at`. Returns where it ends, or −1 when it holds a lone surrogate. `target`
 * must have three bytes of space per UTF-16 unit.
 */
function writeText(text: string, target: Uint8Array, at: number): number {
  const { length } = text
  if (length > FEW) return text.isWellFormed() ? at + encoder.encodeInto(text, target.subarray(at)).written : -1
  let end = at
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) {
      target[end++] = unit
    } else if (unit < 0x800) {
      target[end++] = 0xc0 | (unit >> 6)
      target[end++] = 0x80 | (unit & 0x3f)
    } else if (unit < 0xd800 || unit > 0xdfff) {
      target[end++] = 0xe0 | (unit >> 12)
      target[end++] = 0x80 | ((unit >> 6) & 0x3f)
      target[end++] = 0x80 | (unit & 0x3f)
    } else {
      // past the end charCodeAt returns NaN, which fails the range check like a lone surrogate
      const low = text.charCodeAt(++i)
      if (unit > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) return -1
      const point = ((unit - 0xd800) << 10) + (low - 0xdc00) + 0x10000
      target[end++] = 0xf0 | (point >> 18)
      target[end++] = 0x80 | ((point >> 12) & 0x3f)
      target[end++] = 0x80 | ((point >> 6) & 0x3f)
      target[end++] = 0x80 | (point & 0x3f)
    }
  }
  return end
}

/**
 * Returns the texts as a column of bytes; null and undefined become null. `name` is the column's
 * name in messages.
 * @throws ContractError malformed_text - a text holds a lone surrogate
 */
export function encodeTexts(texts: ArrayLike<string | null | undefined>, name = 'text'): Utf8Column {
  const { length } = texts
  const offsets = new Int32Array(length + 1)
  let [units, longest] = [0, 0]
  for (let row = 0; row < length; row++) {
    const size = texts[row]?.length ?? 0
    units += size
    if (size > longest) longest = size
  }
  // most texts have a byte per unit: then this holds them all, and is not made larger
  let bytes = new Uint8Array(units + 2 * longest)
  let valid: Uint8Array | null = null
  let end = 0
  for (let row = 0; row < length; row++) {
    const text = texts[row]
    if (text === null || text === undefined) {
      valid ??= new Uint8Array(length).fill(1)
      valid[row] = 0
    } else {
      const needed = end + text.length * 3
      if (needed > bytes.length) {
        const grown = new Uint8Array(Math.max(needed, bytes.length * 2))
        grown.set(bytes.subarray(0, end))
        bytes = grown
      }
      end = writeText(text, bytes, end)
      if (end < 0) throw malformed(name, row)
    }
    offsets[row + 1] = end
  }
  return new Utf8Column(bytes.subarray(0, end), offsets, valid)
}

/**
 * Returns the text column as bytes and offsets. A dictionary is encoded once per distinct value.
 */
export function plainText(column: TextColumn, name = 'text'): Utf8Column {
  if (column.encoding === 'plain') return column
  // taking rows of a byte column gives a byte column
  return takeColumn(encodeTexts(column.values, name), column.codes) as Utf8Column
}

/**
 * Compares two rows' texts by their bytes. Returns a number below, above or equal to 0. Null counts
 * as empty text.
 */
export function compareTexts({ bytes, offsets }: Pick<Utf8Column, 'bytes' | 'offsets'>, a: number, b: number): number {
  let left = offsets[a] as number
  let right = offsets[b] as number
  const leftEnd = offsets[a + 1] as number
  const rightEnd = offsets[b + 1] as number
  while (left < leftEnd && right < rightEnd) {
    const difference = (bytes[left++] as number) - (bytes[right++] as number)
    if (difference !== 0) return difference
  }
  return leftEnd - left - (rightEnd - right)
}

/**
 * Returns the texts as codes into their distinct values, in order of first use; null and undefined
 * become null. `length` is the number of texts.
 */
export function codeTexts(texts: Iterable<string | null | undefined>, length: number): DictionaryColumn {
  const codes = new Int32Array(length)
  const known = new Map<string, number>()
  let row = 0
  for (const text of texts) {
    let code = -1
    if (text !== null && text !== undefined) {
      code = known.get(text) ?? known.size
      if (code === known.size) known.set(text, code)
    }
    codes[row++] = code
  }
  return new DictionaryColumn(codes, [...known.keys()])
}

/** Returns a dictionary column with distinct texts, from texts that may repeat or be null. */
export function distinctCodes(codes: Int32Array, texts: readonly (string | null)[]): DictionaryColumn {
  const { codes: distinct, values } = codeTexts(texts, texts.length)
  // an ordinary dictionary, without repeats and nulls, keeps its codes
  if (values.length === texts.length) return new DictionaryColumn(codes, values)
  const mapped = codes.map((code) => (code < 0 ? -1 : (distinct[code] as number)))
  return new DictionaryColumn(mapped, values)
}

/** Returns the text column as codes into its distinct values. */
export function codedText(column: TextColumn): DictionaryColumn {
  return column.encoding === 'dictionary' ? column : codeTexts(column, column.length)
}

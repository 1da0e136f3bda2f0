/**
 * The unpacked size of a Parquet file, read from its headers before unpacking: a small file can
 * unpack to a huge table.
 * @module
 */
import { FormatError } from '../../errors.ts'
import type { FooterWord } from './hint.ts'

/** Limits on what a file may unpack to. */
export interface ParquetLimits {
  /** Bytes of all columns together; default 2 GiB, because the decoder has no memory for more. */
  readonly size?: number
  /** Unpacked bytes per byte of the file; default 1,000. Checked only beyond 256 MiB. */
  readonly ratio?: number
  /** The file's name, for messages. */
  readonly file?: string | undefined
}

const SIZE_LIMITS = { size: 2 ** 31, ratio: 1000 }
const HARMLESS = 2 ** 28
const DEPTH_LIMIT = 32
/** The key under which writers store the Arrow schema. */
const HINT = 'ARROW:schema'
/** The fewest bytes that an unpacked value takes. */
const LEAST_VALUE = 4

// type codes of Thrift's compact protocol
const TRUE = 1
const FALSE = 2
const BYTE = 3
const I32 = 5
const I64 = 6
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const MAP = 11
const STRUCT = 12

/** The file's columns are encrypted. */
export class EncryptedParquet extends Error {}

/** Reads Thrift's compact protocol; throws beyond the end of the bytes. */
class ThriftReader {
  readonly #bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.at = at
  }

  byte(): number {
    const byte = this.#bytes[this.at++]
    if (byte === undefined) throw new RangeError('the bytes end inside a header')
    return byte
  }

  /** An integer of up to 64 bits, as a double, which is exact for any real size. */
  varint(): number {
    let value = 0
    for (let scale = 1, count = 0; count < 10; scale *= 128, count++) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
    throw new RangeError('a number without an end')
  }

  integer(): number {
    const value = this.varint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  /** Visits the fields of a struct; a visitor returns false for a field that it did not read. */
  fields(visit: (id: number, type: number) => boolean, depth = 0): void {
    for (let id = 0; ; ) {
      const head = this.byte()
      if (head === 0) return
      const type = head & 0x0f
      id = head >> 4 === 0 ? this.integer() : id + (head >> 4)
      if (!visit(id, type)) this.skip(type, depth)
    }
  }

  /** Visits the elements of a list. */
  elements(visit: (type: number) => void): void {
    const head = this.byte()
    const count = head >> 4 === 15 ? this.varint() : head >> 4
    // every element takes at least one byte
    if (count > this.#bytes.length - this.at) throw new RangeError('a list longer than its bytes')
    for (let element = 0; element < count; element++) visit(head & 0x0f)
  }

  /** A text and its position; empty for a field of another type. */
  text(type: number): { readonly at: number; readonly text: string } {
    const size = type === BINARY ? this.varint() : 0
    const at = this.at
    if (at + size > this.#bytes.length) throw new RangeError('the bytes end inside a header')
    this.at += size
    return { at, text: new TextDecoder().decode(this.#bytes.subarray(at, at + size)) }
  }

  skip(type: number, depth: number): void {
    if (depth > DEPTH_LIMIT) throw new RangeError('a header too deep')
    if (type === TRUE || type === FALSE) return
    if (type === BYTE) this.at += 1
    else if (type === DOUBLE) this.at += 8
    else if (type === BINARY) {
      const size = this.varint()
      this.at += size
    } else if (type === LIST || type === SET) {
      // in a list, even true and false take a byte
      this.elements((element) => this.skip(element === TRUE || element === FALSE ? BYTE : element, depth + 1))
    } else if (type === MAP) this.#skipMap(depth)
    else if (type === STRUCT) this.fields(() => false, depth + 1)
    else this.varint()
  }

  #skipMap(depth: number): void {
    const count = this.varint()
    if (count === 0) return
    if (count > this.#bytes.length - this.at) throw new RangeError('a map longer than its bytes')
    const types = this.byte()
    for (let entry = 0; entry < count; entry++) {
      this.skip(types >> 4, depth + 1)
      this.skip(types & 0x0f, depth + 1)
    }
  }
}

/** The position of a column's pages. */
interface ColumnChunk {
  readonly from: number
  readonly size: number
  readonly values: number
}

/**
 * The content of a footer: the positions of the columns, and the Arrow schema if the writer stored
 * it.
 */
interface Footer {
  readonly chunks: readonly ColumnChunk[]
  readonly hint: FooterWord | null
}

/**
 * Returns the column chunks in the footer, FileMetaData.row_groups[].columns[].meta_data, and its
 * metadata, FileMetaData.key_value_metadata[]. The footer counts rows twice.
 */
function footerOf(bytes: Uint8Array): Footer {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = view.getUint32(bytes.length - 8, true)
  if (size > bytes.length - 12) throw new RangeError('the footer is longer than the file')
  const footer = new ThriftReader(bytes.subarray(0, bytes.length - 8), bytes.length - 8 - size)
  const chunks: ColumnChunk[] = []
  const readColumn = (): void => {
    let [values, size, data, dictionary] = [0, 0, 0, 0]
    footer.fields((id) => {
      if (id === 5) values = footer.integer()
      else if (id === 7) size = footer.integer()
      else if (id === 9) data = footer.integer()
      else if (id === 11) dictionary = footer.integer()
      else return false
      return true
    })
    // a column without rows may have only a dictionary, without a data page
    const from = data > 0 && dictionary > 0 ? Math.min(data, dictionary) : Math.max(data, dictionary)
    if (from < 0 || size < 0 || from + size > bytes.length) throw new RangeError('a column outside the file')
    chunks.push({ from, size, values })
  }
  const inside = (wanted: number, visit: () => void) => (id: number, type: number) => {
    if (id !== wanted || (type !== LIST && type !== STRUCT)) return false
    visit()
    return true
  }
  let [rows, grouped] = [0, 0]
  let hint: FooterWord | null = null
  const readWord = (): void => {
    let [keyAt, key, value] = [0, '', '']
    footer.fields((id, type) => {
      if (type !== BINARY) return false
      const { at, text } = footer.text(type)
      if (id === 1) [keyAt, key] = [at, text]
      else if (id === 2) value = text
      return true
    })
    if (key === HINT) hint = { keyAt, value }
  }
  const readWords = inside(5, () => footer.elements(readWord))
  const readChunk = (): void => footer.fields(inside(3, readColumn))
  const readGroup = (): void => {
    const readChunks = inside(1, () => footer.elements(readChunk))
    footer.fields((id, type) => {
      if (id !== 3 || type !== I64) return readChunks(id, type)
      grouped += footer.integer()
      return true
    })
  }
  const readGroups = inside(4, () => footer.elements(readGroup))
  let isEncrypted = false
  footer.fields((id, type) => {
    // FileMetaData.encryption_algorithm: the footer is readable, but the columns are not
    if (id === 8 && type === STRUCT) isEncrypted = true
    if (id !== 3 || type !== I64) return readGroups(id, type) || readWords(id, type)
    rows = footer.integer()
    return true
  })
  if (isEncrypted) throw new EncryptedParquet()
  if (rows !== grouped) throw new RangeError('the row groups and the file have different numbers of rows')
  return { chunks, hint }
}

/**
 * The unpacked bytes of a column: the sum over its page headers, or the size of its values where a
 * short run repeats one value. PageHeader: 2 uncompressed_page_size, 3 compressed_page_size, 5 and
 * 8 data_page_header.
 */
function promisedBytes(bytes: Uint8Array, { from, size, values }: ColumnChunk): number {
  const end = from + size
  const pages = new ThriftReader(bytes.subarray(0, end), from)
  let [promised, counted] = [0, 0]
  const readCount = (id: number, type: number): boolean => {
    if (id !== 1 || type !== I32) return false
    counted += pages.integer()
    return true
  }
  while (pages.at < end) {
    let [unpacked, packed] = [-1, -1]
    pages.fields((id, type) => {
      if (id === 2 && type === I32) unpacked = pages.integer()
      else if (id === 3 && type === I32) packed = pages.integer()
      else if ((id === 5 || id === 8) && type === STRUCT) pages.fields(readCount)
      else return false
      return true
    })
    if (unpacked < 0 || packed < 0) throw new RangeError('a page without a size')
    promised += unpacked
    pages.at += packed
  }
  return Math.max(promised, Math.max(values, counted) * LEAST_VALUE)
}

/**
 * Refuses a Parquet file that would unpack to more than the limits allow; returns the Arrow schema
 * in its footer.
 *
 * @throws FormatError limit_exceeded - the file would unpack to more
 * @throws EncryptedParquet - the columns are encrypted
 * @throws RangeError - headers are unreadable, or columns lie outside the file
 */
export function refuseHugeParquet(bytes: Uint8Array, limits: ParquetLimits = {}): FooterWord | null {
  const { size, ratio, file = 'input' } = { ...SIZE_LIMITS, ...limits }
  let promised = 0
  const { chunks, hint } = footerOf(bytes)
  for (const chunk of chunks) promised += promisedBytes(bytes, chunk)
  const most = Math.min(size, Math.max(HARMLESS, bytes.length * ratio))
  if (promised <= most) return hint
  throw new FormatError(
    'limit_exceeded',
    `${file}: the Parquet file of ${bytes.length} bytes would unpack to ${promised} bytes, more than the ${most} allowed. Check where it came from, or split it into smaller files`,
    { details: { promised, limit: most } },
  )
}

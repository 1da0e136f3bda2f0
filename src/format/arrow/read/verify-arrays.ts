/**
 * The arrays of one Arrow batch, used in place after a check against the lengths in the header.
 * @module
 */
import { Type } from '@uwdata/flechette'
import type { Chunk } from '../../../table/arrow/chunk.ts'
import { INTEGERS } from '../../../table/arrow/read.ts'
import type { ArrowVector } from '../../../table/arrow/shape.ts'
import type { TypeDetails } from '../../../table/arrow/type.ts'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { ROW_LIMIT } from '../framing.ts'
import { Damage, TextDamage } from './flat-reader.ts'
import { firstBadText, type Offsets } from './verify-text.ts'

/** A field of a schema, and the layout of its arrays. */
export interface FieldLayout {
  /** The name for messages; a nested field includes its parents' names. */
  readonly name: string
  /** The name in its type. */
  readonly ownName: string
  readonly type: TypeDetails
  readonly nullable: boolean
  /** Whether its values are the table's rows, or values within them. */
  readonly counts: 'row' | 'value'
  readonly typeId: number
  /** Bits of one value of fixed width. */
  readonly bits: number
  /** Values of one fixed-size list. */
  readonly stride: number
  readonly children: readonly FieldLayout[]
  /**
   * For dictionary-coded rows: the id, and the layout of the dictionary's values. `bits` is then
   * the width of the codes.
   */
  readonly dictionary: { readonly id: number; readonly values: FieldLayout } | null
}

type Values = NonNullable<Chunk['values']>

/** A batch's header and body. */
export interface BatchBytes {
  readonly length: number
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[]
  readonly regions: readonly { readonly offset: number; readonly length: number }[]
  readonly variadic: readonly number[]
  readonly body: Uint8Array
}

/** Bytes of one view of text or bytes, and how many of them can hold short text inline. */
const VIEW = 16
const INLINE = 12

/** A limit for rows that take no bytes at all, such as structs of nulls. */
const BARE_ROWS = 1_000_000

const short = () => new Damage('a buffer is shorter than its rows')

/** Whether a row's bit is 0. Without a bitmap, no row is null. */
export function isNull(validity: Uint8Array | null, row: number): boolean {
  return validity !== null && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0
}

/** Offsets of 64 bits, or of 32 bits, in place where alignment allows. */
function readOffsets(bytes: Uint8Array, rows: number, width: 4 | 8): Offsets {
  if (width === 4) {
    const isAligned = bytes.byteOffset % 4 === 0
    const { buffer, byteOffset } = isAligned ? bytes : new Uint8Array(bytes)
    return new Int32Array(buffer, byteOffset, rows + 1)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const offsets = new Float64Array(rows + 1)
  for (let row = 0; row <= rows; row++) {
    offsets[row] = view.getInt32(row * 8 + 4, true) * 4_294_967_296 + view.getUint32(row * 8, true)
  }
  return offsets
}

/** Whether offsets begin at or above zero and never decrease. */
export function isRising(offsets: Offsets): boolean {
  let last = 0
  for (let row = 0; row < offsets.length; row++) {
    const next = offsets[row] as number
    if (next < last) return false
    last = next
  }
  return true
}

/** The first row whose code is not below `size`, −1 for none; codes under nulls are ignored. */
export function firstBadCode(
  bytes: Uint8Array,
  rows: number,
  bits: number,
  size: number,
  validity: Uint8Array | null,
): number {
  if (bits === 32 && bytes.byteOffset % 4 === 0) {
    // 32-bit codes have a loop of their own; read as unsigned, a negative code is too large
    const codes = new Uint32Array(bytes.buffer, bytes.byteOffset, rows)
    for (let row = 0; row < rows; row++) if ((codes[row] as number) >= size && !isNull(validity, row)) return row
    return -1
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let row = 0; row < rows; row++) {
    let code = 0
    if (bits === 8) code = view.getUint8(row)
    else if (bits === 16) code = view.getUint16(row * 2, true)
    else if (bits === 32) code = view.getUint32(row * 4, true)
    else code = view.getInt32(row * 8 + 4, true) === 0 ? view.getUint32(row * 8, true) : size
    if (code >= size && !isNull(validity, row)) return row
  }
  return -1
}

/** The values of a dictionary, by its id; null if it has not arrived yet. */
export type DictionaryOf = (id: number) => ArrowVector | null

/**
 * The values of a field of fixed width, as numbers or bytes; in place if they begin at a multiple
 * of their width.
 */
function fixedValues({ typeId, bits, type }: FieldLayout, bytes: Uint8Array, length: number): Values {
  const isPlaced = bytes.byteOffset % (bits / 8) === 0
  // the types of typed arrays demand memory that is not shared
  const { buffer, byteOffset: at } = (isPlaced ? bytes : new Uint8Array(bytes)) as Uint8Array<ArrayBuffer>
  switch (typeId) {
    case Type.Int: {
      // codes have an integer type of their own
      const { signed = true } = (type.typeId === Type.Dictionary ? type.indices : type) as TypeDetails
      if (bits === 64) return signed ? new BigInt64Array(buffer, at, length) : new BigUint64Array(buffer, at, length)
      const [Signed, , Unsigned] = INTEGERS[bits as keyof typeof INTEGERS]
      return signed ? new Signed(buffer, at, length) : new Unsigned(buffer, at, length)
    }
    case Type.Float:
      if (bits === 16) return new Uint16Array(buffer, at, length)
      return bits === 32 ? new Float32Array(buffer, at, length) : new Float64Array(buffer, at, length)
    case Type.Date:
      return bits === 32 ? new Int32Array(buffer, at, length) : new BigInt64Array(buffer, at, length)
    case Type.Timestamp:
      return new BigInt64Array(buffer, at, length)
    default:
      return bytes
  }
}

/** Walks a batch's nodes and regions in the order of its fields. */
class ArrayCheck {
  readonly #batch: BatchBytes
  readonly #dictionaryOf: DictionaryOf
  readonly #firstRow: number
  #node = 0
  #region = 0
  #variadic = 0

  constructor(batch: BatchBytes, dictionaryOf: DictionaryOf, firstRow: number) {
    this.#batch = batch
    this.#firstRow = firstRow
    this.#dictionaryOf = dictionaryOf
  }

  #nextRegion(needed: number): Uint8Array {
    const { regions, body } = this.#batch
    const region = regions[this.#region++]
    if (region === undefined || region.offset + region.length > body.length)
      throw new Damage('a buffer outside its message')
    if (region.length < needed) throw short()
    return body.subarray(region.offset, region.offset + region.length)
  }

  /** Returns offsets of 32 or 64 bits, checked not to decrease. */
  #offsets(rows: number, width: 4 | 8): Offsets {
    // without rows, offsets may be empty
    if (rows === 0) {
      const { byteLength, buffer, byteOffset } = this.#nextRegion(0)
      return Int32Array.of(byteLength < 4 ? 0 : new DataView(buffer, byteOffset).getInt32(0, true))
    }
    const offsets = readOffsets(this.#nextRegion((rows + 1) * width), rows, width)
    if (!isRising(offsets)) throw new Damage('offsets that decrease')
    return offsets
  }

  #text({ name, counts }: FieldLayout, index: number): TextDamage {
    return new TextDamage(`column "${name}" ${counts} ${this.#firstRow + index + 1}`)
  }

  #codes(field: FieldLayout, id: number, base: Chunk): Chunk {
    const { length } = base
    const dictionary = this.#dictionaryOf(id)
    const region = this.#nextRegion((length * field.bits) / 8)
    const bad = firstBadCode(region, length, field.bits, dictionary?.length ?? 0, base.validity ?? null)
    if (bad >= 0) throw new Damage('a code without a value in its dictionary')
    return { ...base, values: fixedValues(field, region, length), ...(dictionary && { dictionary }) }
  }

  #views(field: FieldLayout, base: Chunk): Chunk {
    const isText = field.typeId === Type.Utf8View
    const { length: rows, validity = null } = base
    const region = this.#nextRegion(rows * VIEW)
    const count = this.#batch.variadic[this.#variadic++] ?? 0
    if (count > this.#batch.regions.length) throw new Damage('a buffer outside its message')
    const buffers = Array.from({ length: count }, () => this.#nextRegion(0))
    const view = new DataView(region.buffer, region.byteOffset, region.byteLength)
    for (let row = 0; row < rows; row++) {
      if (isNull(validity, row)) continue
      const size = view.getInt32(row * VIEW, true)
      const isInline = size >= 0 && size <= INLINE
      const held = isInline ? region : buffers[view.getInt32(row * VIEW + 8, true)]
      const from = isInline ? row * VIEW + 4 : view.getInt32(row * VIEW + 12, true)
      if (held === undefined || size < 0 || from < 0 || from + size > held.length) {
        throw new Damage('a text outside its buffer')
      }
      if (isText && findBadUtf8(held, from, from + size) >= 0) throw this.#text(field, row)
    }
    return { ...base, values: region, data: buffers }
  }

  #texts(field: FieldLayout, base: Chunk): Chunk {
    const { typeId } = field
    const { length, validity = null } = base
    const offsets = this.#offsets(length, typeId === Type.Utf8 || typeId === Type.Binary ? 4 : 8)
    const values = this.#nextRegion(offsets[offsets.length - 1] as number)
    if (typeId === Type.Utf8 || typeId === Type.LargeUtf8) {
      const bad = firstBadText(values, offsets, (row) => isNull(validity, row))
      if (bad >= 0) throw this.#text(field, bad)
    }
    return { ...base, offsets: length === 0 ? new Int32Array(1) : offsets, values }
  }

  /** Returns the field's arrays, after checking them. */
  check(field: FieldLayout): Chunk {
    const { typeId, bits, stride, children, dictionary } = field
    const node = this.#batch.nodes[this.#node++]
    if (node === undefined) throw new Damage('fewer arrays than the schema says')
    const { length, nulls } = node
    if (length > ROW_LIMIT || nulls > length) throw new Damage('a header holds an impossible length')
    if (typeId === Type.Null) return { length, nullCount: length }
    // every row takes at least a bit, except in these: limit their number, so that a header cannot
    // demand endless work
    const isBare = typeId === Type.Struct || typeId === Type.FixedSizeList
    if (length > this.#batch.body.length * 8 && !(isBare && length <= BARE_ROWS)) throw short()
    const bitmap = this.#nextRegion(nulls > 0 ? Math.ceil(length / 8) : 0)
    const base: Chunk = { length, nullCount: nulls, validity: nulls > 0 ? bitmap : null }
    if (dictionary !== null) return this.#codes(field, dictionary.id, base)
    switch (typeId) {
      case Type.Utf8:
      case Type.Binary:
      case Type.LargeUtf8:
      case Type.LargeBinary:
        return this.#texts(field, base)
      case Type.Utf8View:
      case Type.BinaryView:
        return this.#views(field, base)
      case Type.List:
      case Type.LargeList:
      case Type.Map: {
        const offsets = this.#offsets(length, typeId === Type.LargeList ? 8 : 4)
        return { ...base, offsets, children: this.#checkChildren(children, offsets[offsets.length - 1] as number) }
      }
      case Type.FixedSizeList:
        return { ...base, children: this.#checkChildren(children, length * stride) }
      case Type.Struct:
        return { ...base, children: this.#checkChildren(children, length) }
      default:
        return { ...base, values: fixedValues(field, this.#nextRegion(Math.ceil((length * bits) / 8)), length) }
    }
  }

  #checkChildren(children: readonly FieldLayout[], needed: number): Chunk[] {
    return children.map((child) => {
      const chunk = this.check(child)
      if (chunk.length < needed) throw short()
      return chunk
    })
  }
}

/**
 * Returns the arrays of each field, in place. `firstRow` is the number of rows or values in
 * earlier batches, for messages.
 * @throws Damage - an array is shorter than its header says, or points out of bounds
 * @throws TextDamage - text is not UTF-8
 */
export function verifiedArrays(
  fields: readonly FieldLayout[],
  batch: BatchBytes,
  dictionaryOf: DictionaryOf,
  firstRow: number,
): Chunk[] {
  if (batch.length > ROW_LIMIT) throw new Damage('a header holds an impossible length')
  const check = new ArrayCheck(batch, dictionaryOf, firstRow)
  return fields.map((field) => {
    const chunk = check.check(field)
    if (chunk.length !== batch.length) throw new Damage('columns of different lengths')
    return chunk
  })
}

/**
 * The arrays of one Arrow batch, checked against the lengths their header claims.
 * @module
 */
import { Type } from '@uwdata/flechette'
import { findBadUtf8 } from '../../text/utf8-check.ts'
import { ROW_LIMIT } from '../framing.ts'
import { Damage, TextDamage } from './flat-reader.ts'
import { firstBadText, type Offsets } from './verify-text.ts'

/** A field of a schema, as far as the layout of its arrays depends on it. */
export interface FieldLayout {
  /** As messages call it; of a nested field with those around it. */
  readonly name: string
  /** What its values are to the table. */
  readonly counts: 'row' | 'value'
  readonly typeId: number
  /** Bits of one value of fixed width. */
  readonly bits: number
  /** Values of one fixed-size list. */
  readonly stride: number
  readonly children: readonly FieldLayout[]
  /** Whether the rows are codes; `bits` is theirs, and `values` the layout of what they stand for. */
  readonly dictionary: { readonly id: number; readonly values: FieldLayout } | null
}

/** A batch's header and body. */
export interface BatchBytes {
  readonly length: number
  readonly nodes: readonly { readonly length: number; readonly nulls: number }[]
  readonly regions: readonly { readonly offset: number; readonly length: number }[]
  readonly variadic: readonly number[]
  readonly body: Uint8Array
}

/** Bytes of a view of text or bytes, and how many of them may hold the text itself. */
const VIEW = 16
const INLINE = 12

const short = () => new Damage('a buffer is shorter than its rows')

/** Whether a row's bit is 0; no row is null where there are no bits. */
export function isNull(validity: Uint8Array | null, row: number): boolean {
  return validity !== null && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0
}

/** Offsets of 32 bits, in place where they can be, or of 64. */
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

/** Whether no offset is below zero or below the one before. */
export function isRising(offsets: Offsets): boolean {
  let last = 0
  for (let row = 0; row < offsets.length; row++) {
    const next = offsets[row] as number
    if (next < last) return false
    last = next
  }
  return true
}

/** The first row whose code is none of `size` values, −1 for none; what stands under a null is nobody's business. */
export function firstBadCode(
  bytes: Uint8Array,
  rows: number,
  bits: number,
  size: number,
  validity: Uint8Array | null,
): number {
  if (bits === 32 && bytes.byteOffset % 4 === 0) {
    // the usual codes have a loop of their own; a negative one is a large one without its sign
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

/** Walks a batch's nodes and regions in the order in which its fields use them. */
class ArrayCheck {
  readonly #batch: BatchBytes
  /** Values of each dictionary. */
  readonly #sizes: ReadonlyMap<number, number>
  readonly #firstRow: number
  #node = 0
  #region = 0
  #variadic = 0

  constructor(batch: BatchBytes, sizes: ReadonlyMap<number, number>, firstRow: number) {
    this.#batch = batch
    this.#firstRow = firstRow
    this.#sizes = sizes
  }

  #nextRegion(needed: number): Uint8Array {
    const { regions, body } = this.#batch
    const region = regions[this.#region++]
    if (region === undefined || region.offset + region.length > body.length)
      throw new Damage('a buffer out of its message')
    if (region.length < needed) throw short()
    return body.subarray(region.offset, region.offset + region.length)
  }

  /** Returns offsets of 32 or 64 bits, each at or behind the one before. */
  #offsets(rows: number, width: 4 | 8): Offsets {
    // no rows need no offsets
    if (rows === 0) {
      const { byteLength, buffer, byteOffset } = this.#nextRegion(0)
      return Int32Array.of(byteLength < 4 ? 0 : new DataView(buffer, byteOffset).getInt32(0, true))
    }
    const offsets = readOffsets(this.#nextRegion((rows + 1) * width), rows, width)
    if (!isRising(offsets)) throw new Damage('offsets that go backwards')
    return offsets
  }

  #text({ name, counts }: FieldLayout, index: number): TextDamage {
    return new TextDamage(`column "${name}" ${counts} ${this.#firstRow + index + 1}`)
  }

  #codes(rows: number, bits: number, nulls: number, validity: Uint8Array, id: number): void {
    const size = this.#sizes.get(id) ?? 0
    const region = this.#nextRegion((rows * bits) / 8)
    const bad = firstBadCode(region, rows, bits, size, nulls > 0 ? validity : null)
    if (bad >= 0) throw new Damage('a code without a value in its dictionary')
  }

  #views(field: FieldLayout, rows: number, nulls: number, validity: Uint8Array): void {
    const isText = field.typeId === Type.Utf8View
    const region = this.#nextRegion(rows * VIEW)
    const count = this.#batch.variadic[this.#variadic++] ?? 0
    if (count > this.#batch.regions.length) throw new Damage('a buffer out of its message')
    const buffers = Array.from({ length: count }, () => this.#nextRegion(0))
    const view = new DataView(region.buffer, region.byteOffset, region.byteLength)
    for (let row = 0; row < rows; row++) {
      if (isNull(nulls > 0 ? validity : null, row)) continue
      const size = view.getInt32(row * VIEW, true)
      const isInline = size >= 0 && size <= INLINE
      const held = isInline ? region : buffers[view.getInt32(row * VIEW + 8, true)]
      const from = isInline ? row * VIEW + 4 : view.getInt32(row * VIEW + 12, true)
      if (held === undefined || size < 0 || from < 0 || from + size > held.length) {
        throw new Damage('a text out of its buffer')
      }
      if (isText && findBadUtf8(held, from, from + size) >= 0) throw this.#text(field, row)
    }
  }

  /** Checks the field's arrays and returns their length. */
  check(field: FieldLayout): number {
    const { typeId, bits, stride, children, dictionary } = field
    const node = this.#batch.nodes[this.#node++]
    if (node === undefined) throw new Damage('fewer arrays than the schema says')
    const { length, nulls } = node
    if (length > ROW_LIMIT || nulls > length) throw new Damage('a header holds an impossible length')
    if (typeId === Type.Null) return length
    // but for columns of nulls, a row takes a bit at least: nobody is made to count what is not there
    if (length > this.#batch.body.length * 8) throw short()
    if (typeId === Type.Union || typeId === Type.RunEndEncoded) {
      throw new Damage('unions and run-ends are not read; write the column in another type')
    }
    const validity = this.#nextRegion(nulls > 0 ? Math.ceil(length / 8) : 0)
    if (dictionary !== null) {
      this.#codes(length, bits, nulls, validity, dictionary.id)
      return length
    }
    switch (typeId) {
      case Type.Utf8:
      case Type.Binary:
      case Type.LargeUtf8:
      case Type.LargeBinary: {
        const offsets = this.#offsets(length, typeId === Type.Utf8 || typeId === Type.Binary ? 4 : 8)
        const bytes = this.#nextRegion(offsets[offsets.length - 1] as number)
        if (typeId === Type.Binary || typeId === Type.LargeBinary) return length
        const bad = firstBadText(bytes, offsets, (row) => isNull(nulls > 0 ? validity : null, row))
        if (bad >= 0) throw this.#text(field, bad)
        return length
      }
      case Type.Utf8View:
      case Type.BinaryView:
        this.#views(field, length, nulls, validity)
        return length
      case Type.List:
      case Type.LargeList:
      case Type.Map: {
        const offsets = this.#offsets(length, typeId === Type.LargeList ? 8 : 4)
        this.#checkChildren(children, offsets[offsets.length - 1] as number)
        return length
      }
      case Type.FixedSizeList:
        this.#checkChildren(children, length * stride)
        return length
      case Type.Struct:
        this.#checkChildren(children, length)
        return length
      case Type.ListView:
      case Type.LargeListView:
        throw new Damage('views of lists are not read; write the column in another type')
      default:
        if (bits === 0) throw new Damage('a type that there is not')
        this.#nextRegion(Math.ceil((length * bits) / 8))
        return length
    }
  }

  #checkChildren(children: readonly FieldLayout[], needed: number): void {
    for (const child of children) if (this.check(child) < needed) throw short()
  }
}

/**
 * Returns if the arrays are whole; `firstRow` is how many rows or values came in batches before, for messages.
 * @throws Damage - an array that is shorter than its header says, or points out of itself
 * @throws TextDamage - text that is no UTF-8
 */
export function verifyArrays(
  fields: readonly FieldLayout[],
  batch: BatchBytes,
  sizes: ReadonlyMap<number, number>,
  firstRow: number,
): void {
  if (batch.length > ROW_LIMIT) throw new Damage('a header holds an impossible length')
  const check = new ArrayCheck(batch, sizes, firstRow)
  for (const field of fields) {
    if (check.check(field) !== batch.length) throw new Damage('columns of different lengths')
  }
}

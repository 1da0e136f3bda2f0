/**
 * The arrays of one Arrow batch, checked against the lengths their header claims.
 * @module
 */
import { Type } from '@uwdata/flechette'
import { Damage } from './flat-reader.ts'

/** A field of a schema, as far as the layout of its arrays depends on it. */
export interface FieldLayout {
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

/** Rows that 32-bit codes and offsets can count. */
const ROW_LIMIT = 2_147_483_647
/** Bytes of a view of text or bytes, and how many of them may hold the text itself. */
const VIEW = 16
const INLINE = 12

const short = () => new Damage('a buffer is shorter than its rows')

function isNull(validity: Uint8Array | null, row: number): boolean {
  return validity !== null && ((validity[row >> 3] as number) & (1 << (row & 7))) === 0
}

/** The last of 32-bit offsets, −1 where one is below the one before, or below zero. */
function lastOffset(bytes: Uint8Array, rows: number): number {
  const isAligned = bytes.byteOffset % 4 === 0
  const { buffer, byteOffset } = isAligned ? bytes : bytes.slice()
  const offsets = new Int32Array(buffer, byteOffset, rows + 1)
  let last = 0
  for (let row = 0; row <= rows; row++) {
    const next = offsets[row] as number
    if (next < last) return -1
    last = next
  }
  return last
}

/** The last of 64-bit offsets, −1 where one is below the one before, or below zero. */
function lastLongOffset(bytes: Uint8Array, rows: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let last = 0
  for (let row = 0; row <= rows; row++) {
    const next = view.getInt32(row * 8 + 4, true) * 4_294_967_296 + view.getUint32(row * 8, true)
    if (next < last) return -1
    last = next
  }
  return last
}

/** The first row whose code is none of `size` values, −1 for none; what stands under a null is nobody's business. */
function firstBadCode(
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
  #node = 0
  #region = 0
  #variadic = 0

  constructor(batch: BatchBytes, sizes: ReadonlyMap<number, number>) {
    this.#batch = batch
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

  /** Checks offsets of 32 or 64 bits, each at or behind the one before, and returns the last. */
  #offsets(rows: number, bytes: 4 | 8): number {
    // no rows need no offsets
    if (rows === 0) {
      const { byteLength, buffer, byteOffset } = this.#nextRegion(0)
      return byteLength < 4 ? 0 : new DataView(buffer, byteOffset).getInt32(0, true)
    }
    const region = this.#nextRegion((rows + 1) * bytes)
    const last = bytes === 4 ? lastOffset(region, rows) : lastLongOffset(region, rows)
    if (last < 0) throw new Damage('offsets that go backwards')
    return last
  }

  #codes(rows: number, bits: number, nulls: number, validity: Uint8Array, id: number): void {
    const size = this.#sizes.get(id) ?? 0
    const region = this.#nextRegion((rows * bits) / 8)
    const bad = firstBadCode(region, rows, bits, size, nulls > 0 ? validity : null)
    if (bad >= 0) throw new Damage('a code without a value in its dictionary')
  }

  #views(rows: number, nulls: number, validity: Uint8Array): void {
    const region = this.#nextRegion(rows * VIEW)
    const count = this.#batch.variadic[this.#variadic++] ?? 0
    if (count > this.#batch.regions.length) throw new Damage('a buffer out of its message')
    const sizes = Array.from({ length: count }, () => this.#nextRegion(0).length)
    const view = new DataView(region.buffer, region.byteOffset, region.byteLength)
    for (let row = 0; row < rows; row++) {
      if (isNull(nulls > 0 ? validity : null, row)) continue
      const size = view.getInt32(row * VIEW, true)
      if (size >= 0 && size <= INLINE) continue
      const held = sizes[view.getInt32(row * VIEW + 8, true)] ?? -1
      const from = view.getInt32(row * VIEW + 12, true)
      if (size < 0 || from < 0 || from + size > held) throw new Damage('a text out of its buffer')
    }
  }

  /** Checks the field's arrays and returns their length. */
  check({ typeId, bits, stride, children, dictionary }: FieldLayout): number {
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
        const end = this.#offsets(length, typeId === Type.Utf8 || typeId === Type.Binary ? 4 : 8)
        this.#nextRegion(end)
        return length
      }
      case Type.Utf8View:
      case Type.BinaryView:
        this.#views(length, nulls, validity)
        return length
      case Type.List:
      case Type.LargeList:
      case Type.Map:
        this.#checkChildren(children, this.#offsets(length, typeId === Type.LargeList ? 8 : 4))
        return length
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

/** @throws Damage - an array that is shorter than its header says, or points out of itself */
export function verifyArrays(
  fields: readonly FieldLayout[],
  batch: BatchBytes,
  sizes: ReadonlyMap<number, number>,
): void {
  if (batch.length > ROW_LIMIT) throw new Damage('a header holds an impossible length')
  const check = new ArrayCheck(batch, sizes)
  for (const field of fields) {
    if (check.check(field) !== batch.length) throw new Damage('columns of different lengths')
  }
}

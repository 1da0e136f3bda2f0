/**
 * Plain values to the arrays of an Arrow type, the inverse of `values.ts`.
 * @module
 */

import { joinChunks } from '../chunks.ts'
import {
  parseAnyDay,
  parseClock,
  parseDecimal,
  parseDuration,
  parseInterval,
  parseTicks,
} from '../convert/exact-text.ts'
import { newBitmap } from './bits.ts'
import { INLINE_BYTES } from './buffers.ts'
import { ARROW } from './shape.ts'
import { fixedSize, hasSign, mapFields, type TypeDetails, typeName } from './type.ts'
import { readHalf } from './values.ts'

/** The arrays of one type. Which of them exist depends on the type. */
export interface Layout {
  readonly type: TypeDetails
  readonly length: number
  readonly nulls: number
  /** A bit for each row with a value; null where every row has one. */
  readonly validity: Uint8Array | null
  readonly offsets?: Int32Array | BigInt64Array
  readonly values?: Uint8Array<ArrayBuffer>
  readonly children?: readonly Layout[]
  /** The text that views point to. */
  readonly texts?: Uint8Array
  /** The values that codes point to. */
  readonly dictionary?: Layout
}

const DAY = 86_400_000n
const VIEW = 16
const encoder = new TextEncoder()

/** Thrown for a value that the type cannot hold. */
class Misfit extends Error {}

function misfit(type: TypeDetails, value: unknown): Misfit {
  return new Misfit(`a ${typeof value} where ${typeName(type)} is expected`)
}

const isMissing = (value: unknown): value is null | undefined => value === null || value === undefined

/** Parses a text value. Throws a misfit where the parser returns null. */
function parsed<Value>(type: TypeDetails, value: unknown, parse: (text: string) => Value | null): Value {
  const found = typeof value === 'string' || typeof value === 'number' ? parse(String(value)) : null
  if (found === null) throw misfit(type, value)
  return found
}

/**
 * Returns an array with `width` bytes per value. `write` is called for each value that is not null.
 */
function fixed(
  values: readonly unknown[],
  width: number,
  write: (view: DataView, at: number, value: unknown) => void,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * width)
  const view = new DataView(bytes.buffer)
  for (const [row, value] of values.entries()) if (!isMissing(value)) write(view, row * width, value)
  return bytes
}

function integers(type: TypeDetails, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const { bitWidth = 64 } = type
  const signed = hasSign(type)
  return fixed(values, bitWidth / 8, (view, at, value) => {
    if (typeof value !== 'number' && typeof value !== 'bigint') throw misfit(type, value)
    // signed and unsigned integers have the same bits
    if (bitWidth === 64) view.setBigInt64(at, BigInt(value), true)
    else if (bitWidth === 32) view.setInt32(at, Number(value), true)
    else if (bitWidth === 16) view.setInt16(at, Number(value), true)
    else view.setInt8(at, Number(value))
    const back = bitWidth === 64 ? (signed ? view.getBigInt64(at, true) : view.getBigUint64(at, true)) : null
    if (back !== null && back !== BigInt(value)) throw misfit(type, value)
  })
}

/** Returns the bits of the 16-bit float equal to the number, null where there is none. */
function halfBits(value: number): number | null {
  if (Number.isNaN(value)) return 0x7e00
  const view = new DataView(new ArrayBuffer(4))
  view.setFloat32(0, value)
  const bits = view.getInt32(0)
  const sign = (bits >>> 16) & 0x8000
  const exponent = ((bits >>> 23) & 0xff) - 112
  let half = sign
  if (exponent >= 0x1f) half |= 0x7c00
  else if (exponent > 0) half |= (exponent << 10) | ((bits >>> 13) & 0x3ff)
  else half |= Math.abs(value) * 2 ** 24
  return Object.is(readHalf(half), value) ? half : null
}

function floats(type: TypeDetails, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const width = [2, 4, 8][type.precision ?? 2] ?? 8
  return fixed(values, width, (view, at, value) => {
    if (typeof value !== 'number') throw misfit(type, value)
    if (width === 8) view.setFloat64(at, value, true)
    else if (width === 4) view.setFloat32(at, value, true)
    else {
      const half = halfBits(value)
      if (half === null) throw misfit(type, value)
      view.setUint16(at, half, true)
    }
  })
}

function decimals(type: TypeDetails, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const width = (type.bitWidth ?? 128) / 8
  return fixed(values, width, (view, at, value) => {
    const unscaled = parsed(type, value, (text) => parseDecimal(text, type.scale ?? 0))
    if (width === 4) view.setInt32(at, Number(unscaled), true)
    else for (let word = 0; word < width; word += 8) view.setBigInt64(at + word, unscaled >> BigInt(word * 8), true)
  })
}

/** Returns texts, parsed to 32-bit or 64-bit integers, as an array. */
function parsedIntegers(
  type: TypeDetails,
  values: readonly unknown[],
  parse: (text: string) => bigint | null,
): Uint8Array<ArrayBuffer> {
  const isNarrow = type.typeId === ARROW.time && type.bitWidth === 32
  return fixed(values, isNarrow ? 4 : 8, (view, at, value) => {
    const found = parsed(type, value, parse)
    if (isNarrow) view.setInt32(at, Number(found), true)
    else view.setBigInt64(at, found, true)
  })
}

function days(type: TypeDetails, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  if (type.unit === 1) {
    return parsedIntegers(type, values, (text) => {
      const day = parseAnyDay(text)
      return day === null ? parseTicks(text, 1) : BigInt(day) * DAY
    })
  }
  return fixed(values, 4, (view, at, value) => view.setInt32(at, parsed(type, value, parseAnyDay), true))
}

function intervals(type: TypeDetails, values: readonly unknown[]): Uint8Array<ArrayBuffer> {
  const { unit = 0 } = type
  return fixed(values, [4, 8, 16][unit] ?? 16, (view, at, value) => {
    const [months, dayCount, nanoseconds] = parsed(type, value, parseInterval)
    if (unit === 0) view.setInt32(at, months, true)
    else if (unit === 1) {
      view.setInt32(at, dayCount, true)
      view.setInt32(at + 4, Number(nanoseconds / 1_000_000n), true)
    } else {
      view.setInt32(at, months, true)
      view.setInt32(at + 4, dayCount, true)
      view.setBigInt64(at + 8, nanoseconds, true)
    }
  })
}

function bytesOf(type: TypeDetails, value: unknown): Uint8Array {
  if (isMissing(value)) return new Uint8Array(0)
  if (typeof value === 'string') return encoder.encode(value)
  if (value instanceof Uint8Array) return value
  throw misfit(type, value)
}

/** Returns offsets for the given sizes; 64-bit for large types. */
function offsetsOf(type: TypeDetails, sizes: readonly number[]): Int32Array | BigInt64Array {
  const offsets = new Int32Array(sizes.length + 1)
  let end = 0
  for (const [row, size] of sizes.entries()) {
    end += size
    if (end > 2 ** 31 - 1) throw new Misfit('more than 2 GiB or 2 billion values')
    offsets[row + 1] = end
  }
  const isLarge =
    type.typeId === ARROW.largeList || type.typeId === ARROW.largeUtf8 || type.typeId === ARROW.largeBinary
  return isLarge ? BigInt64Array.from(offsets, BigInt) : offsets
}

function views(parts: readonly Uint8Array[]): { values: Uint8Array<ArrayBuffer>; texts: Uint8Array } {
  const values = new Uint8Array(parts.length * VIEW)
  const view = new DataView(values.buffer)
  const long = parts.filter((part) => part.length > INLINE_BYTES)
  let at = 0
  for (const [row, part] of parts.entries()) {
    view.setInt32(row * VIEW, part.length, true)
    values.set(part.length <= INLINE_BYTES ? part : part.subarray(0, 4), row * VIEW + 4)
    if (part.length <= INLINE_BYTES) continue
    view.setInt32(row * VIEW + 12, at, true)
    at += part.length
  }
  return { values, texts: joinChunks(long) }
}

function bits(values: readonly unknown[], isSet: (value: unknown) => boolean): Uint8Array<ArrayBuffer> {
  const bitmap = newBitmap(values.length)
  for (const [row, value] of values.entries()) {
    if (isSet(value)) bitmap[row >> 3] = (bitmap[row >> 3] as number) | (1 << (row & 7))
  }
  return bitmap
}

/** Returns the entries of a list or map, an empty list for null. */
function entriesOf(type: TypeDetails, value: unknown): readonly unknown[] {
  if (isMissing(value)) return []
  if (typeof value !== 'object' || !(Symbol.iterator in value)) throw misfit(type, value)
  return Array.from(value as Iterable<unknown>)
}

type Parts = Omit<Layout, 'type' | 'length' | 'nulls' | 'validity'>

function listParts(type: TypeDetails, values: readonly unknown[]): Parts {
  const child = type.children?.[0]
  if (child === undefined) throw new Misfit('a list of nothing')
  const lists = values.map((value) => entriesOf(type, value))
  if (type.typeId !== ARROW.fixedSizeList) {
    const offsets = offsetsOf(
      type,
      lists.map((list) => list.length),
    )
    return { offsets, children: [layoutOf(lists.flat(1), child.type)] }
  }
  const size = fixedSize(type)
  const even = lists.flatMap((list, row) => {
    if (list.length !== size && !isMissing(values[row])) throw misfit(type, values[row])
    return list.length === size ? list : new Array(size).fill(null)
  })
  return { children: [layoutOf(even, child.type)] }
}

function mapParts(type: TypeDetails, values: readonly unknown[]): Parts {
  const [key, value] = mapFields(type)
  const entries = type.children?.[0]
  if (key === undefined || value === undefined || entries === undefined) throw new Misfit('a map without entries')
  const maps = values.map((map) => entriesOf(type, map) as readonly (readonly [unknown, unknown])[])
  const pairs = maps.flat(1)
  const keys = layoutOf(
    pairs.map(([name]) => name),
    key.type,
  )
  const held = layoutOf(
    pairs.map((pair) => pair[1]),
    value.type,
  )
  const rows: Layout = { type: entries.type, length: pairs.length, nulls: 0, validity: null, children: [keys, held] }
  const offsets = offsetsOf(
    type,
    maps.map((map) => map.length),
  )
  return { offsets, children: [rows] }
}

function structParts(type: TypeDetails, values: readonly unknown[]): Parts {
  for (const value of values) if (!isMissing(value) && typeof value !== 'object') throw misfit(type, value)
  const rows = values as readonly (Record<string, unknown> | null | undefined)[]
  const children = (type.children ?? []).map((child) =>
    layoutOf(
      rows.map((row) => row?.[child.name]),
      child.type,
    ),
  )
  return { children }
}

/** Codes into distinct values. Equal objects count as one only if they are the same object. */
function codedParts(type: TypeDetails, values: readonly unknown[]): Parts {
  const distinct = new Map<unknown, number>()
  const codes = values.map((value) => {
    if (isMissing(value)) return null
    const code = distinct.get(value) ?? distinct.size
    distinct.set(value, code)
    return code
  })
  const index = (type.indices ?? { typeId: ARROW.int, bitWidth: 32 }) as TypeDetails
  const { bitWidth = 32 } = index
  if (distinct.size > 2 ** (hasSign(index) ? bitWidth - 1 : bitWidth)) throw new Misfit('more values than codes')
  return { values: integers(index, codes), dictionary: layoutOf([...distinct.keys()], type.dictionary ?? type) }
}

function partsOf(type: TypeDetails, values: readonly unknown[]): Parts {
  const { unit = 0 } = type
  switch (type.typeId) {
    case ARROW.dictionary:
      return codedParts(type, values)
    case ARROW.null:
      return {}
    case ARROW.int:
      return { values: integers(type, values) }
    case ARROW.float:
      return { values: floats(type, values) }
    case ARROW.decimal:
      return { values: decimals(type, values) }
    case ARROW.bool:
      return { values: bits(values, (value) => value === true) }
    case ARROW.date:
      return { values: days(type, values) }
    case ARROW.time:
      return { values: parsedIntegers(type, values, (text) => parseClock(text, unit)) }
    case ARROW.timestamp:
      return { values: parsedIntegers(type, values, (text) => parseTicks(text, unit)) }
    case ARROW.duration:
      return { values: parsedIntegers(type, values, (text) => parseDuration(text, unit)) }
    case ARROW.interval:
      return { values: intervals(type, values) }
    case ARROW.utf8:
    case ARROW.largeUtf8:
    case ARROW.binary:
    case ARROW.largeBinary: {
      const parts = values.map((value) => bytesOf(type, value))
      const offsets = offsetsOf(
        type,
        parts.map((part) => part.length),
      )
      return { offsets, values: joinChunks(parts) }
    }
    case ARROW.utf8View:
    case ARROW.binaryView:
      return views(values.map((value) => bytesOf(type, value)))
    case ARROW.fixedSizeBinary: {
      const size = fixedSize(type)
      const parts = values.map((value) => (isMissing(value) ? new Uint8Array(size) : bytesOf(type, value)))
      if (parts.some((part) => part.length !== size)) throw new Misfit(`bytes that are not ${size} long`)
      return { values: joinChunks(parts) }
    }
    case ARROW.list:
    case ARROW.largeList:
    case ARROW.fixedSizeList:
      return listParts(type, values)
    case ARROW.struct:
      return structParts(type, values)
    case ARROW.map:
      return mapParts(type, values)
    default:
      throw new Misfit(typeName(type))
  }
}

/**
 * Returns plain values as the arrays of their type.
 * @throws Error - a value that the type cannot hold
 */
export function layoutOf(values: readonly unknown[], type: TypeDetails): Layout {
  const { length } = values
  let nulls = 0
  for (const value of values) if (isMissing(value)) nulls++
  // the null type has no bitmap
  const hasBits = nulls > 0 && type.typeId !== ARROW.null
  const validity = hasBits ? bits(values, (value) => !isMissing(value)) : null
  return { type, length, nulls, validity, ...partsOf(type, values) }
}

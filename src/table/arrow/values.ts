/**
 * Arrow columns of any type as plain values: lists as arrays, structs as objects; decimals,
 * instants and durations exactly.
 * @module
 */
import { ContractError } from '../../errors.ts'
import { formatDay } from '../../time/instant.ts'
import { formatClock, formatDecimal, formatDuration, formatInterval, formatTicks } from '../convert/exact-text.ts'
import { expandBits } from './bits.ts'
import { bitsOf, type Chunk } from './chunk.ts'
import { ARROW, type ArrowVector } from './shape.ts'
import { fixedSize, hasSign, mapFields, type TypeDetails, typeName } from './type.ts'

const DAY = 86_400_000n
/** A decimal of up to this many digits survives the way through a double. */
export const EXACT_DIGITS = 15
const EXACT_END = 10n ** BigInt(EXACT_DIGITS)
/** Powers of ten up to this one are exact doubles, so one division or product rounds only once. */
const EXACT_POWER = 22
/** The bytes of a view, and how many of them may hold the text itself. */
const VIEW = 16
const INLINE = 12

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** A range of a chunk's rows, with the bytes of their values. */
interface Rows {
  readonly from: number
  readonly to: number
  /** 1 for each row from `from` on that has a value; null where every row has one. */
  readonly valid: Uint8Array | null
  readonly view: DataView
}

const NO_BYTES = new DataView(new ArrayBuffer(0))

function bytesOf({ values }: Chunk): DataView {
  return values === undefined ? NO_BYTES : new DataView(values.buffer, values.byteOffset, values.byteLength)
}

function rowsOf(chunk: Chunk, from: number, to: number): Rows {
  const bits = bitsOf(chunk)
  let valid: Uint8Array | null = null
  if (bits !== null) {
    valid = new Uint8Array(to - from)
    expandBits(bits.bitmap, bits.from + from, to - from, valid, 0)
  }
  return { from, to, valid, view: bytesOf(chunk) }
}

/** Returns the value of each row, null for null rows. */
function each({ from, to, valid }: Rows, make: (row: number) => unknown): unknown[] {
  const values = new Array<unknown>(to - from).fill(null)
  for (let row = from; row < to; row++) if (valid === null || valid[row - from] === 1) values[row - from] = make(row)
  return values
}

const readInt64 = ({ view }: Rows, row: number) => view.getBigInt64(row * 8, true)

function readInteger(type: TypeDetails, rows: Rows): unknown[] {
  const { view } = rows
  const signed = hasSign(type)
  switch (type.bitWidth) {
    case 8:
      return each(rows, (row) => (signed ? view.getInt8(row) : view.getUint8(row)))
    case 16:
      return each(rows, (row) => (signed ? view.getInt16(row * 2, true) : view.getUint16(row * 2, true)))
    case 32:
      return each(rows, (row) => (signed ? view.getInt32(row * 4, true) : view.getUint32(row * 4, true)))
    default:
      return each(rows, (row) => (signed ? view.getBigInt64(row * 8, true) : view.getBigUint64(row * 8, true)))
  }
}

/** Returns the number of a 16-bit float. */
export function readHalf(bits: number): number {
  const sign = bits >> 15 === 0 ? 1 : -1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

function readFloat({ precision }: TypeDetails, rows: Rows): unknown[] {
  const { view } = rows
  if (precision === 0) return each(rows, (row) => readHalf(view.getUint16(row * 2, true)))
  if (precision === 1) return each(rows, (row) => view.getFloat32(row * 4, true))
  return each(rows, (row) => view.getFloat64(row * 8, true))
}

/** Reads an integer of 4, 8, 16 or 32 bytes. */
function readWide(view: DataView, at: number, width: number): bigint {
  if (width === 4) return BigInt(view.getInt32(at, true))
  let value = view.getBigInt64(at + width - 8, true)
  for (let word = at + width - 16; word >= at; word -= 8) value = (value << 64n) | view.getBigUint64(word, true)
  return value
}

/**
 * Returns a decimal as a number if the number prints the same decimal, otherwise as text with all
 * digits.
 */
function decimalValue(unscaled: bigint, { precision = 0, scale = 0 }: TypeDetails): number | string {
  const isExact = precision <= EXACT_DIGITS && unscaled < EXACT_END && unscaled > -EXACT_END
  if (!isExact) return formatDecimal(unscaled, scale)
  const digits = Number(unscaled)
  if (Math.abs(scale) > EXACT_POWER) return Number(`${digits}e${-scale}`)
  return scale < 0 ? digits * 10 ** -scale : digits / 10 ** scale
}

function readDecimals(type: TypeDetails, rows: Rows): unknown[] {
  const width = (type.bitWidth ?? 128) / 8
  return each(rows, (row) => decimalValue(readWide(rows.view, row * width, width), type))
}

function readDays({ unit = 0 }: TypeDetails, rows: Rows): unknown[] {
  if (unit === 0) return each(rows, (row) => formatDay(rows.view.getInt32(row * 4, true)))
  return each(rows, (row) => {
    const milliseconds = readInt64(rows, row)
    return milliseconds % DAY === 0n ? formatDay(Number(milliseconds / DAY)) : formatTicks(milliseconds, 1, 'wall')
  })
}

function readIntervals({ unit = 0 }: TypeDetails, rows: Rows): unknown[] {
  const { view } = rows
  switch (unit) {
    case 0:
      return each(rows, (row) => formatInterval(view.getInt32(row * 4, true), 0, 0n))
    case 1:
      return each(rows, (row) => {
        const milliseconds = BigInt(view.getInt32(row * 8 + 4, true))
        return formatInterval(0, view.getInt32(row * 8, true), milliseconds * 1_000_000n)
      })
    default:
      return each(rows, (row) =>
        formatInterval(
          view.getInt32(row * 16, true),
          view.getInt32(row * 16 + 4, true),
          view.getBigInt64(row * 16 + 8, true),
        ),
      )
  }
}

/** Returns a function for where each row's value begins, from 32-bit or 64-bit offsets. */
function offsetsOf({ valueOffsets, offsets }: Chunk): (row: number) => number {
  const found = valueOffsets ?? offsets
  if (found === undefined || found.length === 0) return () => 0
  return (row) => Number(found[row])
}

const slice = ({ buffer, byteOffset }: DataView, from: number, size: number) =>
  new Uint8Array(buffer, byteOffset + from, size)

function readBytes(chunk: Chunk, rows: Rows, make: (bytes: Uint8Array) => unknown): unknown[] {
  const at = offsetsOf(chunk)
  return each(rows, (row) => make(slice(rows.view, at(row), at(row + 1) - at(row))))
}

function readViews(chunk: Chunk, rows: Rows, make: (bytes: Uint8Array) => unknown): unknown[] {
  const { view } = rows
  const buffers = chunk.variadicBuffers ?? chunk.data ?? []
  return each(rows, (row) => {
    const size = view.getInt32(row * VIEW, true)
    if (size <= INLINE) return make(slice(view, row * VIEW + 4, size))
    const from = view.getInt32(row * VIEW + 12, true)
    return make((buffers[view.getInt32(row * VIEW + 8, true)] as Uint8Array).subarray(from, from + size))
  })
}

const text = (bytes: Uint8Array) => utf8.decode(bytes)
/** a copy, because the file's bytes may be overwritten or freed */
const copy = (bytes: Uint8Array) => new Uint8Array(bytes)

/** Reads the list's child once for all rows, and gives each row its part. */
function readLists(type: TypeDetails, chunk: Chunk, rows: Rows, known: Dictionaries): unknown[][] {
  const { from, to } = rows
  const size = fixedSize(type)
  const at = type.typeId === ARROW.fixedSizeList ? (row: number) => row * size : offsetsOf(chunk)
  const first = at(from)
  const child = chunk.children?.[0]
  const childType = type.children?.[0]?.type
  const values = child === undefined || childType === undefined ? [] : readRange(childType, child, first, at(to), known)
  return each(rows, (row) => values.slice(at(row) - first, at(row + 1) - first)) as unknown[][]
}

function readStructs(type: TypeDetails, chunk: Chunk, rows: Rows, known: Dictionaries): unknown[] {
  const fields = type.children ?? []
  const children = fields.map((field, index) =>
    readRange(field.type, chunk.children?.[index] as Chunk, rows.from, rows.to, known),
  )
  return each(rows, (row) =>
    Object.fromEntries(fields.map(({ name }, index) => [name, (children[index] as unknown[])[row - rows.from]])),
  )
}

/** Returns a Map, or the pairs themselves where keys repeat: a Map would keep only the last. */
function mapValue(pairs: readonly (readonly [unknown, unknown])[]): unknown {
  const map = new Map(pairs)
  return map.size === pairs.length && !pairs.some(([key]) => Object.is(key, -0)) ? map : pairs
}

function readMaps(type: TypeDetails, chunk: Chunk, rows: Rows, known: Dictionaries): unknown[] {
  const at = offsetsOf(chunk)
  const first = at(rows.from)
  const last = at(rows.to)
  const [key, value] = mapFields(type)
  const [keys = [], values = []] = [key, value].map((field, index) =>
    field === undefined || chunk.children?.[0]?.children === undefined
      ? []
      : readRange(field.type, chunk.children[0].children[index] as Chunk, first, last, known),
  )
  const pairs = keys.map((name, index) => [name, values[index]] as const)
  return each(rows, (row) => mapValue(pairs.slice(at(row) - first, at(row + 1) - first)))
}

/** The values of each dictionary, so that they are read once. */
type Dictionaries = Map<ArrowVector, unknown[]>

function readCoded(type: TypeDetails, chunk: Chunk, rows: Rows, known: Dictionaries): unknown[] {
  const { dictionary, values: codes } = chunk
  if (dictionary === undefined || type.dictionary === undefined) return each(rows, () => null)
  let values = known.get(dictionary)
  if (values === undefined) {
    values = plainValues(dictionary.type, dictionary.data as readonly Chunk[], known)
    known.set(dictionary, values)
  }
  const held = values
  return each(rows, (row) => held[Number(codes?.[row])])
}

function readRange(type: TypeDetails, chunk: Chunk, from: number, to: number, known: Dictionaries): unknown[] {
  const { unit = 0 } = type
  const rows = rowsOf(chunk, from, to)
  switch (type.typeId) {
    case ARROW.dictionary:
      return readCoded(type, chunk, rows, known)
    case ARROW.null:
      return new Array(to - from).fill(null)
    case ARROW.int:
      return readInteger(type, rows)
    case ARROW.float:
      return readFloat(type, rows)
    case ARROW.decimal:
      return readDecimals(type, rows)
    case ARROW.bool: {
      const { offset = 0 } = chunk
      return each(rows, (row) => (rows.view.getUint8((offset + row) >> 3) & (1 << ((offset + row) & 7))) !== 0)
    }
    case ARROW.date:
      return readDays(type, rows)
    case ARROW.time:
      return each(rows, (row) =>
        formatClock(type.bitWidth === 32 ? BigInt(rows.view.getInt32(row * 4, true)) : readInt64(rows, row), unit),
      )
    case ARROW.timestamp:
      return each(rows, (row) => formatTicks(readInt64(rows, row), unit, type.timezone ? 'instant' : 'wall'))
    case ARROW.duration:
      return each(rows, (row) => formatDuration(readInt64(rows, row), unit))
    case ARROW.interval:
      return readIntervals(type, rows)
    case ARROW.utf8:
    case ARROW.largeUtf8:
      return readBytes(chunk, rows, text)
    case ARROW.binary:
    case ARROW.largeBinary:
      return readBytes(chunk, rows, copy)
    case ARROW.utf8View:
      return readViews(chunk, rows, text)
    case ARROW.binaryView:
      return readViews(chunk, rows, copy)
    case ARROW.fixedSizeBinary: {
      const size = fixedSize(type)
      return each(rows, (row) => copy(slice(rows.view, row * size, size)))
    }
    case ARROW.list:
    case ARROW.largeList:
    case ARROW.fixedSizeList:
      return readLists(type, chunk, rows, known)
    case ARROW.struct:
      return readStructs(type, chunk, rows, known)
    case ARROW.map:
      return readMaps(type, chunk, rows, known)
    default:
      throw unsupportedType(type)
  }
}

function unsupportedType(type: TypeDetails): ContractError {
  const told = `Arrow values of ${typeName(type)} are not read; give the column another type or drop it`
  return new ContractError('unsupported_type', told, { details: { type: typeName(type) } })
}

/**
 * @throws ContractError column_duplicate - a struct has two fields of one name; an object would
 * keep only one
 */
function refuseRepeatedFields(type: TypeDetails): void {
  const children = type.children ?? []
  const isRepeated = type.typeId === ARROW.struct && new Set(children.map(({ name }) => name)).size < children.length
  if (isRepeated) {
    const told = `a ${typeName(type)} has two fields of one name, which an object cannot hold; rename or drop one`
    throw new ContractError('column_duplicate', told, { details: { type: typeName(type) } })
  }
  for (const child of children) refuseRepeatedFields(child.type)
}

/**
 * Returns the values of all chunks, null for null rows. 64-bit integers are bigints. Decimals of up
 * to 15 digits are numbers, longer ones text. Days, instants and clock times are ISO text,
 * durations ISO 8601 (`PT12M30S`). Bytes are Uint8Arrays. A map is a Map, or pairs where its keys
 * repeat.
 *
 * @throws ContractError unsupported_type - a union or another type that cannot be read;
 * column_duplicate - a struct with two fields of one name
 */
export function plainValues(type: TypeDetails, chunks: readonly Chunk[], known: Dictionaries = new Map()): unknown[] {
  refuseRepeatedFields(type)
  return chunks.flatMap((chunk) => readRange(type, chunk, 0, chunk.length, known))
}

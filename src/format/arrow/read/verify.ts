/**
 * Arrow IPC bytes, checked before they are read: every length within the bytes, every buffer as long as its rows need.
 * @module
 */
import { Type } from '@uwdata/flechette'
import { blocksOf, directoryPlace, HEADERS, isFile, readMessage, TAIL } from '../framing.ts'
import { Damage, FlatReader, type FlatTable } from './flat-reader.ts'
import { type BatchBytes, type FieldLayout, verifyArrays } from './verify-arrays.ts'

const DEPTH_LIMIT = 64
const UNITS = 4

const FLOAT_BITS = [16, 32, 64]
const INTERVAL_BITS = [32, 64, 128]

function bitsOf(typeId: number, type: FlatTable): number {
  switch (typeId) {
    case Type.Int: {
      const bits = type.int32(0)
      if (![8, 16, 32, 64].includes(bits)) throw new Damage('integers of a width that there is not')
      return bits
    }
    case Type.Float:
      return FLOAT_BITS[type.int16(0)] ?? unknownType('floats')
    case Type.Decimal: {
      const bits = type.int32(2, 128)
      if (![32, 64, 128, 256].includes(bits)) unknownType('decimals')
      // more digits than any decimal has would be formatted one by one
      if (Math.abs(type.int32(1)) > 128 || type.int32(0) < 1 || type.int32(0) > 76) unknownType('decimals')
      return bits
    }
    case Type.Date:
      return type.int16(0, 1) === 0 ? 32 : 64
    case Type.Time:
      return type.int32(1, 32)
    case Type.Timestamp:
      type.string(1)
      return type.int16(0) >= 0 && type.int16(0) < UNITS ? 64 : unknownType('moments')
    case Type.Duration:
      return 64
    case Type.Interval:
      return INTERVAL_BITS[type.int16(0)] ?? unknownType('intervals')
    case Type.FixedSizeBinary:
      return positive(type.int32(0)) * 8
    case Type.Bool:
      return 1
    default:
      return 0
  }
}

function unknownType(what: string): never {
  throw new Damage(`${what} of a kind that there is not`)
}

function positive(value: number): number {
  if (value < 0) throw new Damage('a type of negative size')
  return value
}

function verifyWords(table: FlatTable, slot: number): void {
  for (const word of table.tables(slot)) {
    word.string(0)
    word.string(1)
  }
}

function verifyField(field: FlatTable, depth: number, parent = ''): FieldLayout {
  if (depth > DEPTH_LIMIT) throw new Damage(`types nested deeper than ${DEPTH_LIMIT}`)
  const name = parent + field.string(0)
  verifyWords(field, 6)
  const typeId = field.int8(2)
  const type = field.table(3)
  if (type === null) throw new Damage('a field without a type')
  const children = field.tables(5).map((child) => verifyField(child, depth + 1, `${name}.`))
  const stride = typeId === Type.FixedSizeList ? positive(type.int32(0)) : 0
  const layout = {
    name,
    counts: depth === 0 ? ('row' as const) : ('value' as const),
    typeId,
    bits: bitsOf(typeId, type),
    stride,
    children,
    dictionary: null,
  }
  const coding = field.table(4)
  if (coding === null) return layout
  const index = coding.table(1)
  const bits = index === null ? 32 : bitsOf(Type.Int, index)
  const values = { ...layout, counts: 'value' as const }
  return { ...layout, typeId: Type.Int, bits, stride: 0, children: [], dictionary: { id: coding.int64(0), values } }
}

/** Checks a schema and returns the layout of its fields. @throws Damage */
export function verifySchema(schema: FlatTable | null): readonly FieldLayout[] {
  if (schema === null) throw new Damage('no schema')
  if (schema.int16(0) !== 0) throw new Damage('numbers with the high byte first')
  verifyWords(schema, 2)
  return schema.tables(1).map((field) => verifyField(field, 0))
}

/** Every dictionary of the fields, nested ones too, by its id. */
function dictionariesOf(
  fields: readonly FieldLayout[],
  found = new Map<number, FieldLayout>(),
): Map<number, FieldLayout> {
  for (const { dictionary, children } of fields) {
    if (dictionary !== null) {
      found.set(dictionary.id, dictionary.values)
      dictionariesOf([dictionary.values], found)
    }
    dictionariesOf(children, found)
  }
  return found
}

/** Reads where the arrays of a batch are within its body. */
export function readBatch(table: FlatTable | null): Omit<BatchBytes, 'body'> {
  if (table === null) throw new Damage('a message without rows')
  if (table.table(3) !== null) throw new Damage('its buffers are compressed; write it without compression')
  const { reader } = table
  const pairs = (slot: number) => {
    const { at, count } = table.vector(slot, 16)
    return Array.from({ length: count }, (_, index) => [
      reader.int64(at + index * 16),
      reader.int64(at + index * 16 + 8),
    ]) as [number, number][]
  }
  const variadic = table.vector(4, 8)
  return {
    length: table.int64(0),
    nodes: pairs(1).map(([length, nulls]) => ({ length, nulls })),
    regions: pairs(2).map(([offset, length]) => ({ offset, length })),
    variadic: Array.from({ length: variadic.count }, (_, index) => reader.int64(variadic.at + index * 8)),
  }
}

/** Reads messages one after the other, knowing what the ones before said. */
class MessageCheck {
  readonly #bytes: Uint8Array
  #fields: readonly FieldLayout[] | null
  #dictionaries = new Map<number, FieldLayout>()
  /** Rows of the batches before. */
  #rows = 0
  /** How many values each dictionary has so far. */
  readonly #sizes = new Map<number, number>()

  constructor(bytes: Uint8Array, fields: readonly FieldLayout[] | null) {
    this.#bytes = bytes
    this.#fields = fields
    if (fields !== null) this.#dictionaries = dictionariesOf(fields)
  }

  get hasSchema(): boolean {
    return this.#fields !== null
  }

  /** Checks the message at `at` and returns where it ends; `at` itself where the stream ends. */
  verify(at: number): number {
    const message = readMessage(this.#bytes, at)
    if (message === null) return at
    const { kind, header, begin, bodySize } = message
    if (begin + bodySize > this.#bytes.length) throw new Damage('a message that is longer than the file')
    this.#verifyHeader(kind, header, this.#bytes.subarray(begin, begin + bodySize))
    return begin + bodySize
  }

  #verifyHeader(kind: number, header: FlatTable, body: Uint8Array): void {
    if (kind === HEADERS.schema) {
      // a file says it twice, a stream may
      const fields = verifySchema(header)
      if (this.#fields !== null) return
      this.#fields = fields
      this.#dictionaries = dictionariesOf(fields)
    } else if (kind === HEADERS.rows) {
      if (this.#fields === null) throw new Damage('rows before the schema')
      const batch = { ...readBatch(header), body }
      verifyArrays(this.#fields, batch, this.#sizes, this.#rows)
      this.#rows += batch.length
    } else if (kind === HEADERS.dictionary) {
      const id = header.int64(0)
      const layout = this.#dictionaries.get(id)
      if (layout === undefined) throw new Damage('a dictionary that no column uses')
      const values = { ...readBatch(header.table(1)), body }
      const before = header.int8(2) === 0 ? 0 : (this.#sizes.get(id) ?? 0)
      verifyArrays([layout], values, this.#sizes, before)
      this.#sizes.set(id, before + values.length)
    } else throw new Damage('a message of an unknown kind')
  }
}

function verifyFile(bytes: Uint8Array): void {
  const { at, length } = directoryPlace(bytes.subarray(Math.max(0, bytes.length - TAIL)), bytes.length)
  const directory = new FlatReader(bytes.subarray(at, at + length)).table(0)
  verifyWords(directory, 4)
  const check = new MessageCheck(bytes, verifySchema(directory.table(1)))
  const blocks = [...blocksOf(directory, 2), ...blocksOf(directory, 3)].map((block) => block.at)
  // rows see the dictionaries in front of them
  for (const at of blocks.toSorted((left, right) => left - right)) {
    if (check.verify(at) === at) throw new Damage('its directory points to no message')
  }
}

function verifyStream(bytes: Uint8Array): void {
  const check = new MessageCheck(bytes, null)
  let at = 0
  for (let next = check.verify(at); next !== at; next = check.verify(at)) at = next
  if (!check.hasSchema) throw new Damage('it begins with no schema')
}

/**
 * Returns if the bytes are whole.
 * @throws Damage - what is wrong, for the message of an error
 */
export function verifyArrow(bytes: Uint8Array): void {
  if (isFile(bytes)) verifyFile(bytes)
  else verifyStream(bytes)
}

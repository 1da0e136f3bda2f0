/**
 * Where the columns of an Arrow file stand, found from its directory and headers alone.
 * @module
 */
import type { TypeDetails } from '../table/arrow-read.ts'
import { ARROW } from '../table/arrow-shape.ts'
import { readBatch } from './arrow-verify.ts'
import { Damage, FlatReader, type FlatTable } from './flat-reader.ts'

/** A file of which any stretch can be read. */
export interface FileBytes {
  readonly size: number
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void
}

/** A stretch of a file. */
export interface Region {
  readonly at: number
  readonly length: number
}

/** One array of values in a file, or the text of one dictionary. */
export interface ArrayPlace {
  readonly type: TypeDetails
  readonly length: number
  readonly nulls: number
  /** Validity, then values; for text validity, offsets and bytes; none for a column of nulls. */
  readonly regions: readonly Region[]
}

/** A column in a file. */
export interface ColumnPlace extends ArrayPlace {
  readonly name: string
  /** What the values are codes of, where they are. */
  readonly dictionary: ArrayPlace | null
}

/** Where everything of a table stands in its file. */
export interface TablePlace {
  readonly rows: number
  readonly columns: readonly ColumnPlace[]
  /** Words about the table. */
  readonly metadata: ReadonlyMap<string, string>
}

const MAGIC = Uint8Array.from('ARROW1', (letter) => letter.charCodeAt(0))
const BLOCK = 24
/** Continuation and length in front of a header. */
const PREFIX = 8
const HEADERS = { dictionary: 2, rows: 3 }
const TEXT: TypeDetails = { typeId: ARROW.utf8 }
const ROW_LIMIT = 2_147_483_647

/** A field of the schema, without what its arrays hold. */
interface FieldForm {
  readonly name: string
  readonly type: TypeDetails
  /** The number of its dictionary, where its values are codes. */
  readonly dictionary: number | null
}

function typeOf(typeId: number, type: FlatTable): TypeDetails | null {
  switch (typeId) {
    case ARROW.null:
    case ARROW.bool:
    case ARROW.utf8:
      return { typeId }
    case ARROW.int:
      return { typeId, bitWidth: type.int32(0), signed: type.int8(1) !== 0 }
    case ARROW.float:
      return { typeId, precision: type.int16(0) }
    case ARROW.date:
      return { typeId, unit: type.int16(0, 1) }
    case ARROW.timestamp:
      return { typeId, unit: type.int16(0), timezone: type.string(1) || null }
    default:
      return null
  }
}

/** Bits of a value of fixed width; null for a type that is not read in place. */
export function widthOf({ typeId, bitWidth = 0, precision = 0, unit = 0 }: TypeDetails): number | null {
  switch (typeId) {
    case ARROW.bool:
      return 1
    case ARROW.int:
      return [8, 16, 32, 64].includes(bitWidth) ? bitWidth : null
    case ARROW.float:
      return precision === 1 || precision === 2 ? precision * 32 : null
    case ARROW.date:
      return unit === 0 ? 32 : null
    case ARROW.timestamp:
      return 64
    case ARROW.dictionary:
      return 32
    default:
      return null
  }
}

function fieldOf(field: FlatTable): FieldForm | null {
  const table = field.table(3)
  if (table === null) throw new Damage('a field without a type')
  const type = typeOf(field.int8(2), table)
  const coding = field.table(4)
  if (type === null || field.tables(5).length > 0) return null
  const name = field.string(0)
  if (coding === null) return { name, type, dictionary: null }
  const codes = coding.table(1)
  // codes of 32 bits with a sign, which is what a file that leaves them out has
  const isPlain = codes === null || (codes.int32(0) === 32 && codes.int8(1) !== 0)
  if (type.typeId !== ARROW.utf8 || !isPlain) return null
  return { name, type: { typeId: ARROW.dictionary, dictionary: type }, dictionary: coding.int64(0) }
}

function bytesAt(file: FileBytes, { at, length }: Region): Uint8Array {
  if (at < 0 || at + length > file.size) throw new Damage('a message that is longer than the file')
  const bytes = new Uint8Array(length)
  file.read(at, bytes)
  return bytes
}

/** A file's directory; null where it is a stream, which has none. */
function readFooter(file: FileBytes): FlatTable | null {
  const end = file.size - MAGIC.length
  if (end < MAGIC.length + 4) return null
  const isMagic = (at: number) => MAGIC.every((byte, i) => bytesAt(file, { at, length: MAGIC.length })[i] === byte)
  if (!isMagic(0)) return null
  if (!isMagic(end)) throw new Damage('it does not end in ARROW1: the file is cut off')
  const size = new FlatReader(bytesAt(file, { at: end - 4, length: 4 })).int32(0)
  if (size < 4 || end - 4 - size < PREFIX) throw new Damage('its directory is longer than the file')
  return new FlatReader(bytesAt(file, { at: end - 4 - size, length: size })).table(0)
}

interface Message {
  readonly kind: number
  readonly header: FlatTable
  readonly body: Region
}

/** The messages that a directory names. */
function messagesOf(file: FileBytes, footer: FlatTable, slot: number): Message[] {
  const { at, count } = footer.vector(slot, BLOCK)
  return Array.from({ length: count }, (_, i) => {
    const block = at + i * BLOCK
    const place = { at: footer.reader.int64(block), length: footer.reader.int32(block + 8) }
    const bytes = bytesAt(file, { ...place, length: Math.max(PREFIX, place.length) })
    const prefix = new FlatReader(bytes)
    const size = prefix.int32(4)
    if (prefix.int32(0) !== -1 || size <= 0 || size > bytes.length - PREFIX) {
      throw new Damage('its directory points to no message')
    }
    const message = new FlatReader(bytes.subarray(PREFIX, PREFIX + size)).table(0)
    const header = message.table(2)
    if (header === null) throw new Damage('a message without a header')
    const body = { at: place.at + PREFIX + size, length: message.int64(3) }
    if (body.at + body.length > file.size) throw new Damage('a message that is longer than the file')
    return { kind: message.int8(1), header, body }
  })
}

/** Gives each array of a batch its regions, which are within its body and as long as its rows need. */
class BatchWalk {
  readonly rows: number
  readonly #body: Region
  readonly #batch: ReturnType<typeof readBatch>
  #node = 0
  #region = 0

  constructor(header: FlatTable | null, body: Region) {
    this.#batch = readBatch(header)
    this.#body = body
    this.rows = this.#batch.length
  }

  next(type: TypeDetails): ArrayPlace {
    const node = this.#batch.nodes[this.#node++]
    if (node === undefined) throw new Damage('fewer arrays than the schema says')
    const { length, nulls } = node
    if (length > ROW_LIMIT || nulls > length) throw new Damage('a header holds an impossible length')
    if (length !== this.rows) throw new Damage('columns of different lengths')
    if (type.typeId === ARROW.null) return { type, length, nulls, regions: [] }
    const validity = this.#take(nulls > 0 ? Math.ceil(length / 8) : 0)
    if (type.typeId !== ARROW.utf8) {
      const values = this.#take(Math.ceil((length * (widthOf(type) ?? 0)) / 8))
      return { type, length, nulls, regions: [validity, values] }
    }
    // no rows need no offsets
    const offsets = this.#take(length === 0 ? 0 : (length + 1) * 4)
    return { type, length, nulls, regions: [validity, offsets, this.#take(0)] }
  }

  #take(needed: number): Region {
    const region = this.#batch.regions[this.#region++]
    if (region === undefined || region.offset + region.length > this.#body.length) {
      throw new Damage('a buffer out of its message')
    }
    if (region.length < needed) throw new Damage('a buffer is shorter than its rows')
    return { at: this.#body.at + region.offset, length: region.length }
  }
}

function wordsOf(schema: FlatTable): ReadonlyMap<string, string> {
  return new Map(schema.tables(2).map((word) => [word.string(0), word.string(1)]))
}

/** The dictionaries by their numbers; null where one comes in pieces. */
function dictionariesOf(messages: readonly Message[]): ReadonlyMap<number, ArrayPlace> | null {
  const found = new Map<number, ArrayPlace>()
  for (const { kind, header, body } of messages) {
    if (kind !== HEADERS.dictionary) throw new Damage('a message of an unknown kind')
    const id = header.int64(0)
    if (found.has(id)) return null
    found.set(id, new BatchWalk(header.table(1), body).next(TEXT))
  }
  return found
}

/**
 * Returns where the columns of an Arrow file stand: of one batch, of types that are read in place, which are those that a
 * state is made of. Null for any other Arrow.
 *
 * @throws Damage - what is wrong with the file
 */
export function placesOf(file: FileBytes): TablePlace | null {
  const footer = readFooter(file)
  const schema = footer?.table(1) ?? null
  if (footer === null || schema === null) return null
  const fields = schema.tables(1).map(fieldOf)
  const [batch, ...others] = messagesOf(file, footer, 3)
  const dictionaries = dictionariesOf(messagesOf(file, footer, 2))
  if (batch === undefined || others.length > 0 || dictionaries === null) return null
  if (batch.kind !== HEADERS.rows) throw new Damage('a message of an unknown kind')
  const walk = new BatchWalk(batch.header, batch.body)
  const columns: ColumnPlace[] = []
  for (const field of fields) {
    if (field === null) return null
    const { name, type, dictionary: id } = field
    if (type.typeId !== ARROW.null && type.typeId !== ARROW.utf8 && widthOf(type) === null) return null
    const dictionary = id === null ? null : dictionaries.get(id)
    if (dictionary === undefined) throw new Damage('a dictionary that is not there')
    columns.push({ ...walk.next(type), name, dictionary })
  }
  return { rows: walk.rows, columns, metadata: wordsOf(schema) }
}

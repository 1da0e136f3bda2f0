/**
 * Locates the columns of an Arrow file, from its directory and headers alone.
 * @module
 */
import { ARROW } from '../../../table/arrow/shape.ts'
import type { TypeDetails } from '../../../table/arrow/type.ts'
import { type Block, blocksOf, directoryPlace, HEADERS, isFile, ROW_LIMIT, readMessage, TAIL } from '../framing.ts'
import { Damage, FlatReader, type FlatTable } from './flat-reader.ts'
import { readBatch } from './verify.ts'
import { metadataOf, verifySchema } from './verify-schema.ts'

/** A file that can be read at any position. */
export interface FileBytes {
  readonly size: number
  /** Fills `into` with the bytes from `at` on. */
  read(at: number, into: Uint8Array): void
}

/** A range of a file. */
export interface Region {
  readonly at: number
  readonly length: number
}

/** One array of values in a file, or the text of one dictionary. */
export interface ArrayPlace {
  readonly type: TypeDetails
  readonly length: number
  readonly nulls: number
  /**
   * Validity, then values; for text: validity, offsets, bytes. A column of nulls has no regions.
   */
  readonly regions: readonly Region[]
}

/** A column in a file. */
export interface ColumnPlace extends ArrayPlace {
  readonly name: string
  /** The dictionary of the codes; null where the values are not codes. */
  readonly dictionary: ArrayPlace | null
}

/** The positions of all parts of a table in its file. */
export interface TablePlace {
  readonly rows: number
  readonly columns: readonly ColumnPlace[]
  /** The table's metadata. */
  readonly metadata: ReadonlyMap<string, string>
}

/** Every array of a body begins at a multiple of this. */
const ALIGNMENT = 8
const TEXT: TypeDetails = { typeId: ARROW.utf8 }
/**
 * Seconds and milliseconds. Finer instants may not fit a double; that depends on all their rows.
 */
const PLAIN_UNITS = 2

/** A field of the schema, without its arrays. */
interface FieldForm {
  readonly name: string
  readonly type: TypeDetails
  /** The id of its dictionary, where its values are codes. */
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
      return type.int16(0) < PLAIN_UNITS ? { typeId, unit: type.int16(0), timezone: type.string(1) || null } : null
    default:
      return null
  }
}

/** Bits of one value of fixed width; null for a type that is not read in place. */
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

/** Reads a verified field; null for one that is not read in place. */
function fieldOf(field: FlatTable): FieldForm | null {
  const table = field.table(3)
  const type = table === null ? null : typeOf(field.int8(2), table)
  const coding = field.table(4)
  if (type === null || field.tables(5).length > 0) return null
  if (type.typeId !== ARROW.null && type.typeId !== ARROW.utf8 && widthOf(type) === null) return null
  const name = field.string(0)
  if (coding === null) return { name, type, dictionary: null }
  const codes = coding.table(1)
  // signed 32-bit codes, which are also the default where a file omits the type
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

/** A file's directory; null for a stream, which has none. */
function readDirectory(file: FileBytes): FlatTable | null {
  const last = Math.min(TAIL, file.size)
  if (!isFile(bytesAt(file, { at: 0, length: last }))) return null
  const place = directoryPlace(bytesAt(file, { at: file.size - last, length: last }), file.size)
  return new FlatReader(bytesAt(file, place)).table(0)
}

/** A message's header, and the position of its body. */
interface PlacedMessage {
  readonly header: FlatTable
  readonly body: Region
}

function messageAt(file: FileBytes, { at, headerSize }: Block, kind: number): PlacedMessage {
  const message = readMessage(bytesAt(file, { at, length: Math.max(0, headerSize) }), 0)
  if (message === null) throw new Damage('its directory points to no message')
  if (message.kind !== kind) throw new Damage('a message of an unknown kind')
  const body = { at: at + message.begin, length: message.bodySize }
  if (body.at + body.length > file.size) throw new Damage('a message that is longer than the file')
  return { header: message.header, body }
}

/**
 * Assigns regions to each array of a batch, and checks that they lie in the body and are long
 * enough for the rows.
 */
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
    // without rows, offsets may be empty
    const offsets = this.#take(length === 0 ? 0 : (length + 1) * 4)
    return { type, length, nulls, regions: [validity, offsets, this.#take(0)] }
  }

  /** Checks that every array belongs to a column. */
  end(): void {
    const { nodes, regions } = this.#batch
    if (this.#node < nodes.length || this.#region < regions.length) throw new Damage('more arrays than the schema says')
  }

  #take(needed: number): Region {
    const region = this.#batch.regions[this.#region++]
    if (region === undefined || region.offset + region.length > this.#body.length) {
      throw new Damage('a buffer outside its message')
    }
    if (region.offset % ALIGNMENT !== 0) throw new Damage('a misaligned buffer')
    if (region.length < needed) throw new Damage('a buffer is shorter than its rows')
    return { at: this.#body.at + region.offset, length: region.length }
  }
}

/** The dictionaries by id; null if one consists of several messages. */
function dictionariesOf(
  file: FileBytes,
  blocks: readonly Block[],
  fields: readonly FieldForm[],
): ReadonlyMap<number, ArrayPlace> | null {
  const found = new Map<number, ArrayPlace>()
  for (const block of blocks) {
    const { header, body } = messageAt(file, block, HEADERS.dictionary)
    const id = header.int64(0)
    if (!fields.some(({ dictionary }) => dictionary === id)) throw new Damage('a dictionary that no column uses')
    if (found.has(id)) return null
    const walk = new BatchWalk(header.table(1), body)
    found.set(id, walk.next(TEXT))
    walk.end()
  }
  return found
}

/** The fields; null unless all are read in place and have distinct names. */
function plainFields(schema: FlatTable): readonly FieldForm[] | null {
  const fields: FieldForm[] = []
  const names = new Set<string>()
  for (const table of schema.tables(1)) {
    const field = fieldOf(table)
    if (field === null || names.has(field.name)) return null
    names.add(field.name)
    fields.push(field)
  }
  return fields
}

/**
 * Returns the positions of the columns of an Arrow file with one batch and types that are read in
 * place (the types of a state). Null for any other Arrow file.
 *
 * @throws Damage - the file is damaged
 */
export function placesOf(file: FileBytes): TablePlace | null {
  const directory = readDirectory(file)
  if (directory === null) return null
  const schema = directory.table(1)
  verifySchema(schema)
  const fields = schema === null ? null : plainFields(schema)
  const [batch, ...others] = blocksOf(directory, 3)
  if (schema === null || fields === null || batch === undefined || others.length > 0) return null
  const dictionaries = dictionariesOf(file, blocksOf(directory, 2), fields)
  if (dictionaries === null) return null
  const { header, body } = messageAt(file, batch, HEADERS.rows)
  const walk = new BatchWalk(header, body)
  const columns: ColumnPlace[] = []
  for (const { name, type, dictionary: id } of fields) {
    const dictionary = id === null ? null : dictionaries.get(id)
    if (dictionary === undefined) return null
    columns.push({ ...walk.next(type), name, dictionary })
  }
  walk.end()
  return { rows: walk.rows, columns, metadata: metadataOf(schema) }
}

/**
 * Reads Arrow IPC bytes as a table and checks them: every length lies within the bytes, every
 * buffer is long enough for its rows.
 * @module
 */
import type { Chunk } from '../../../table/arrow/chunk.ts'
import type { ArrowTable, ArrowVector } from '../../../table/arrow/shape.ts'
import type { TypeDetails } from '../../../table/arrow/type.ts'
import { blocksOf, directoryPlace, HEADERS, isFile, readMessage, TAIL } from '../framing.ts'
import { Damage, FlatReader, type FlatTable, Unsupported } from './flat-reader.ts'
import { type BatchBytes, type DictionaryOf, type FieldLayout, verifiedArrays } from './verify-arrays.ts'
import { metadataOf, verifyKeyValues, verifySchema } from './verify-schema.ts'

/** Every dictionary of the fields, nested ones included, by id. */
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

/** Reads the positions of a batch's arrays within its body. */
export function readBatch(table: FlatTable | null): Omit<BatchBytes, 'body'> {
  if (table === null) throw new Damage('a message without rows')
  if (table.table(3) !== null) throw new Unsupported('its buffers are compressed; write it without compression')
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

/** Adds values to a dictionary. It makes a new dictionary, so that earlier rows keep theirs. */
function withValues(before: ArrowVector | null, type: TypeDetails, chunk: Chunk): ArrowVector {
  const length = (before?.length ?? 0) + chunk.length
  return { type, length, data: [...(before?.data ?? []), chunk] }
}

/** Reads the batches of a file or stream into the chunks of its columns. */
class TableRead {
  readonly #fields: readonly FieldLayout[]
  readonly #layouts: ReadonlyMap<number, FieldLayout>
  readonly #dictionaries = new Map<number, ArrowVector>()
  readonly #chunks: Chunk[][]
  rows = 0

  constructor(fields: readonly FieldLayout[]) {
    this.#fields = fields
    this.#layouts = dictionariesOf(fields)
    this.#chunks = fields.map(() => [])
  }

  addRows(header: FlatTable, body: Uint8Array, dictionaryOf: DictionaryOf = this.dictionaryOf): void {
    const batch = { ...readBatch(header), body }
    const chunks = verifiedArrays(this.#fields, batch, dictionaryOf, this.rows)
    for (const [column, chunk] of chunks.entries()) (this.#chunks[column] as Chunk[]).push(chunk)
    this.rows += batch.length
  }

  addValues(header: FlatTable, body: Uint8Array, dictionaryOf: DictionaryOf = this.dictionaryOf): void {
    const id = header.int64(0)
    const layout = this.#layouts.get(id)
    if (layout === undefined) throw new Damage('a dictionary that no column uses')
    const before = header.int8(2) === 0 ? null : this.dictionaryOf(id)
    const values = { ...readBatch(header.table(1)), body }
    const [chunk] = verifiedArrays([layout], values, dictionaryOf, before?.length ?? 0)
    this.#dictionaries.set(id, withValues(before, layout.type, chunk as Chunk))
  }

  readonly dictionaryOf = (id: number): ArrowVector | null => this.#dictionaries.get(id) ?? null

  /** The table of all batches read. */
  table(schema: FlatTable): DescribedTable {
    const columns = this.#fields.map(
      ({ type }, column): ArrowVector => ({ type, length: this.rows, data: this.#chunks[column] as Chunk[] }),
    )
    return {
      schema: { fields: this.#fields },
      numRows: this.rows,
      numCols: columns.length,
      getChildAt: (column) => columns[column],
      metadata: metadataOf(schema),
    }
  }
}

/** An Arrow table in place in its bytes, with its metadata. */
export interface DescribedTable extends ArrowTable {
  readonly metadata: ReadonlyMap<string, string>
}

/** A message with its body; null at the end of a stream. */
function messageAt(bytes: Uint8Array, at: number) {
  const message = readMessage(bytes, at)
  if (message === null) return null
  const { begin, bodySize } = message
  const end = begin + bodySize
  if (end > bytes.length) throw new Damage('a message that is longer than the file')
  return { ...message, body: bytes.subarray(begin, end), end }
}

/**
 * The dictionaries of a file, each read when its codes are, because their blocks may lie anywhere,
 * even after the rows.
 */
class FileDictionaries {
  readonly #read: TableRead
  readonly #waiting = new Map<number, { header: FlatTable; body: Uint8Array }[]>()

  constructor(read: TableRead) {
    this.#read = read
  }

  add(header: FlatTable, body: Uint8Array): void {
    const id = header.int64(0)
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) this.#waiting.set(id, [{ header, body }])
    else waiting.push({ header, body })
  }

  readonly of = (id: number): ArrowVector | null => {
    const waiting = this.#waiting.get(id) ?? []
    // removed before the read, so that a dictionary that contains itself ends
    this.#waiting.delete(id)
    for (const { header, body } of waiting) this.#read.addValues(header, body, this.of)
    return this.#read.dictionaryOf(id)
  }

  readAll(): void {
    for (const id of [...this.#waiting.keys()]) this.of(id)
  }
}

function readFile(bytes: Uint8Array): DescribedTable {
  const { at, length } = directoryPlace(bytes.subarray(Math.max(0, bytes.length - TAIL)), bytes.length)
  const directory = new FlatReader(bytes.subarray(at, at + length)).table(0)
  verifyKeyValues(directory, 4)
  const schema = directory.table(1)
  const read = new TableRead(verifySchema(schema))
  const dictionaries = new FileDictionaries(read)
  const messages = (slot: 2 | 3, kind: number) =>
    blocksOf(directory, slot).map((block) => {
      const message = messageAt(bytes, block.at)
      if (message === null) throw new Damage('its directory points to no message')
      if (message.kind !== kind) throw new Damage('a message of an unknown kind')
      return message
    })
  for (const { header, body } of messages(2, HEADERS.dictionary)) dictionaries.add(header, body)
  // dictionaries that no row uses are checked too
  dictionaries.readAll()
  for (const { header, body } of messages(3, HEADERS.rows)) read.addRows(header, body)
  return read.table(schema as FlatTable)
}

function readStream(bytes: Uint8Array): DescribedTable {
  let [schema, read]: [FlatTable | null, TableRead | null] = [null, null]
  let at = 0
  for (let message = messageAt(bytes, at); message !== null; message = messageAt(bytes, at)) {
    const { kind, header, body } = message
    at = message.end
    if (kind === HEADERS.schema) {
      const fields = verifySchema(header)
      // a stream may repeat the schema
      if (read !== null) continue
      schema = header
      read = new TableRead(fields)
    } else if (kind === HEADERS.rows) {
      if (read === null) throw new Damage('rows before the schema')
      read.addRows(header, body)
    } else if (kind === HEADERS.dictionary) {
      if (read === null) throw new Damage('a dictionary that no column uses')
      read.addValues(header, body)
    } else throw new Damage('a message of an unknown kind')
  }
  if (read === null || schema === null) throw new Damage('it does not begin with a schema')
  return read.table(schema)
}

/**
 * Returns the table in Arrow IPC bytes, in place. Every length lies within the bytes, every buffer
 * is long enough for its rows. A file is read through its directory, in whatever order its blocks
 * lie.
 *
 * @throws Damage - what is wrong, as the text of an error; Unsupported - a type that is not read;
 *   TextDamage - text is not UTF-8
 */
export function readArrowTable(bytes: Uint8Array): DescribedTable {
  return isFile(bytes) ? readFile(bytes) : readStream(bytes)
}

/**
 * Arrow IPC messages: a header with the positions of the body's buffers, and the body.
 * @module
 */

import type { LongPart, Part } from './canonical.ts'
import { FlatWriter } from './flat-buffer.ts'
import { type SchemaField, writeSchema } from './schema.ts'

/**
 * Arrays as Arrow lays them out: length and null count of each array and of those nested in it,
 * then all buffers.
 */
export interface Body {
  readonly length: number
  readonly nodes: readonly (readonly [length: number, nulls: number])[]
  readonly buffers: readonly (Part | LongPart)[]
}

/** A table, ready to write. */
export interface Messages {
  readonly fields: readonly SchemaField[]
  readonly metadata: ReadonlyMap<string, string>
  /** The dictionaries' values, in the order of their columns. */
  readonly dictionaries: readonly Body[]
  readonly rows: Body
}

const VERSION = 4
const SCHEMA = 1
const DICTIONARY = 2
const ROWS = 3
const ALIGNMENT = 8
/** Precedes a message's length. */
const CONTINUATION = -1
const MAGIC = Uint8Array.from('ARROW1', (letter) => letter.charCodeAt(0))

const padding = (size: number) => -size & (ALIGNMENT - 1)
const int32 = (...values: number[]) => new Uint8Array(Int32Array.from(values).buffer)

function bodySize({ buffers }: Body): number {
  return buffers.reduce((size, part) => size + part.size + padding(part.size), 0)
}

function writeRows({ length, nodes, buffers }: Body, writer: FlatWriter): number {
  let at = 0
  const regions = buffers.map(({ size }) => {
    const region = [at, size]
    at += size + padding(size)
    return region
  })
  const regionsAt = writer.longs(regions)
  const nodesAt = writer.longs(nodes)
  return writer.table([
    [0, 'int64', length],
    [1, 'offset', nodesAt],
    [2, 'offset', regionsAt],
  ])
}

function writeHeader(writer: FlatWriter, kind: number, header: number, size: number): Uint8Array {
  const root = writer.table([
    [3, 'int64', size],
    [2, 'offset', header],
    [0, 'int16', VERSION],
    [1, 'int8', kind],
  ])
  return writer.finish(root)
}

/**
 * The position of a message in the file, the size of its header with its prefix, and the size of
 * its body.
 */
type Block = readonly [offset: number, headerSize: number, bodySize: number]

/**
 * Yields the messages piece by piece, each made on demand. A file has `ARROW1` at both ends and a
 * directory.
 */
export function* writeMessages(
  { fields, metadata, dictionaries, rows }: Messages,
  container: 'file' | 'stream',
): Generator<Uint8Array, void, undefined> {
  let written = 0
  function* message(header: Uint8Array, body: Body | null): Generator<Uint8Array, Block, undefined> {
    const place: Block = [written, header.length + 8, body === null ? 0 : bodySize(body)]
    yield int32(CONTINUATION, header.length)
    yield header
    for (const part of body?.buffers ?? []) {
      const { size } = part
      if (size === 0) continue
      if ('pieces' in part) yield* part.pieces()
      else yield part.make()
      if (padding(size) > 0) yield new Uint8Array(padding(size))
    }
    written += place[1] + place[2]
    return place
  }

  if (container === 'file') {
    yield* [MAGIC, new Uint8Array(padding(MAGIC.length))]
    written = ALIGNMENT
  }
  const schema = new FlatWriter()
  yield* message(writeHeader(schema, SCHEMA, writeSchema(fields, metadata, schema), 0), null)
  const dictionaryBlocks: Block[] = []
  for (const [id, dictionary] of dictionaries.entries()) {
    const writer = new FlatWriter()
    const values = writeRows(dictionary, writer)
    const header = writer.table([
      [0, 'int64', id],
      [1, 'offset', values],
    ])
    dictionaryBlocks.push(yield* message(writeHeader(writer, DICTIONARY, header, bodySize(dictionary)), dictionary))
  }
  const writer = new FlatWriter()
  const block = yield* message(writeHeader(writer, ROWS, writeRows(rows, writer), bodySize(rows)), rows)
  yield int32(CONTINUATION, 0)
  if (container === 'file') {
    const footer = writeFooter(fields, metadata, dictionaryBlocks, [block])
    yield* [footer, int32(footer.length), MAGIC]
  }
}

function writeFooter(
  fields: readonly SchemaField[],
  metadata: ReadonlyMap<string, string>,
  dictionaries: readonly Block[],
  rows: readonly Block[],
): Uint8Array {
  const writer = new FlatWriter()
  const rowsAt = writer.longs(rows)
  const dictionariesAt = writer.longs(dictionaries)
  const schemaAt = writeSchema(fields, metadata, writer)
  const footer = writer.table([
    [1, 'offset', schemaAt],
    [2, 'offset', dictionariesAt],
    [3, 'offset', rowsAt],
    [0, 'int16', VERSION],
  ])
  return writer.finish(footer)
}

/**
 * An Arrow table of which only the columns and rows that somebody asks for are made ours.
 * @module
 */
import type { Chunk } from './arrow-chunk.ts'
import { readArrowVector, readChunks, viewArrow } from './arrow-read.ts'
import { ARROW, type ArrowTable, type ArrowType, type ArrowVector } from './arrow-shape.ts'
import { type Column, NullColumn } from './column.ts'
import { type Frame, frameOf } from './frame.ts'
import { gatherColumn } from './gather.ts'
import type { LazyRows } from './lazy-rows.ts'
import { wordsOf } from './longs.ts'

/** The bits of the rows, as a bitmap of their own. */
function pickBits(bitmap: Uint8Array, from: number, rows: Int32Array): Uint8Array {
  const picked = new Uint8Array((rows.length + 7) >> 3)
  for (let i = 0; i < rows.length; i++) {
    const bit = from + (rows[i] as number)
    const isSet = ((bitmap[bit >> 3] as number) >> (bit & 7)) & 1
    picked[i >> 3] = (picked[i >> 3] as number) | (isSet << (i & 7))
  }
  return picked
}

function pickNumbers<Values extends Float64Array | Int32Array>(
  values: Values,
  rows: Int32Array,
  picked: Values,
): Values {
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] as number] as number
  return picked
}

function pickLongs(values: BigInt64Array, rows: Int32Array): BigInt64Array {
  const picked = new BigInt64Array(rows.length)
  const [from, to] = [wordsOf(values, values.length), wordsOf(picked, rows.length)]
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number
    to[2 * i] = from[2 * row] as number
    to[2 * i + 1] = from[2 * row + 1] as number
  }
  return picked
}

/** The types that a state is made of, whose kind does not depend on their values. */
function isPlain({ typeId, ...type }: ArrowType & { readonly unit?: number }): boolean {
  // seconds and milliseconds; finer moments may not fit a double, which all of their rows decide
  return typeId === ARROW.float || typeId === ARROW.dictionary || (typeId === ARROW.timestamp && (type.unit ?? 1) < 2)
}

/** The chunk's rows as a chunk of their own; null for one of another form. */
function pickChunk(chunk: Chunk, rows: Int32Array): Chunk | null {
  const { values, dictionary } = chunk
  const bitmap = chunk.nullBitmap ?? chunk.validity ?? null
  const picked =
    values instanceof Float64Array
      ? pickNumbers(values, rows, new Float64Array(rows.length))
      : values instanceof Int32Array
        ? pickNumbers(values, rows, new Int32Array(rows.length))
        : values instanceof BigInt64Array
          ? pickLongs(values, rows)
          : null
  if (picked === null || (chunk.nullCount > 0 && bitmap === null)) return null
  return {
    length: rows.length,
    nullCount: chunk.nullCount,
    values: picked,
    ...(bitmap === null ? {} : { nullBitmap: pickBits(bitmap, chunk.offset ?? 0, rows) }),
    ...(dictionary === undefined ? {} : { dictionary }),
  }
}

/** Returns an Arrow column's rows, in that order; without making all of its rows ours where its form allows it. */
function readRows(vector: ArrowVector, rows: Int32Array): Column {
  const chunks = vector.data as readonly Chunk[]
  const [only] = chunks
  if (only !== undefined && chunks.length === 1 && isPlain(vector.type)) {
    const picked = pickChunk(only, rows)
    const column = picked === null ? null : readChunks(vector.type, [picked], rows.length)
    if (column !== null) return column
  }
  return gatherColumn(readArrowVector(vector), rows)
}

/** Returns the Arrow table as rows to be asked for. */
export function lazyArrow(table: ArrowTable): LazyRows {
  const places = new Map(table.schema.fields.map(({ name }, index) => [name, index]))
  const read = (names: Iterable<string>, column: (vector: ArrowVector) => Column, rows: number): Frame =>
    frameOf(
      Array.from(names, (name) => {
        const vector = table.getChildAt(places.get(name) ?? -1)
        return [name, vector ? column(vector) : new NullColumn(rows)] as const
      }),
      rows,
    )
  return {
    rows: table.numRows,
    columns: (names) => read(names, readArrowVector, table.numRows),
    at: (rows) => read(places.keys(), (vector) => readRows(vector, rows), rows.length),
    all: () => viewArrow(table),
  }
}

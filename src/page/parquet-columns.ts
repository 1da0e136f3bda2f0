/**
 * Reads columns of a Parquet file in the browser, one after the other: that shows progress, and needs only a part of the file at a time.
 * @module
 */
import {
  type FileMetaData,
  type ParquetParsers,
  parquetMetadataAsync,
  parquetRead,
  type SchemaElement,
} from 'hyparquet'
import { decompressGzip, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors'
import type { SiteFile } from './site-file.ts'

/** What a column of a file is, as its schema says. */
export type ParquetColumn = SchemaElement

/** Instants as epoch milliseconds, days as days since 1970-01-01. */
const PARSERS: Partial<ParquetParsers> = {
  timestampFromMilliseconds: (value) => Number(value),
  timestampFromMicroseconds: (value) => Number(value) / 1000,
  timestampFromNanoseconds: (value) => Number(value) / 1e6,
  dateFromDays: (value) => value,
}

/** Decompressors in plain JavaScript; hyparquet itself handles Snappy. */
const COMPRESSORS = {
  ZSTD: (input: Uint8Array) => decompressZstd(input),
  GZIP: (input: Uint8Array, length: number) => decompressGzip(input, length),
  LZ4_RAW: (input: Uint8Array, length: number) => decompressLz4Raw(input, length),
}

/** Cells of a column as they come: from row `at` on. Null and undefined are rows without a value. */
export type ColumnChunks = readonly { readonly at: number; readonly values: ArrayLike<unknown> }[]

/** A Parquet file whose schema is known. */
export interface OpenedParquet {
  readonly rows: number
  /** The columns at the top of the schema, in their order. */
  readonly schema: readonly ParquetColumn[]
  /** Reads one column, by its name. */
  read(name: string): Promise<ColumnChunks>
}

/** The elements right below the root: an element counts those below it. */
function topLevel({ schema }: FileMetaData): SchemaElement[] {
  const found: SchemaElement[] = []
  const skip = (at: number): number => {
    let next = at + 1
    for (let child = 0; child < (schema[at]?.num_children ?? 0); child++) next = skip(next)
    return next
  }
  for (let at = 1; at < schema.length; at = skip(at)) found.push(schema[at] as SchemaElement)
  return found
}

/** Opens a file. Rejects where its bytes are not Parquet, or cannot be had. */
export async function openParquet(file: SiteFile): Promise<OpenedParquet> {
  const metadata = await parquetMetadataAsync(file)
  return {
    rows: Number(metadata.num_rows),
    schema: topLevel(metadata),
    async read(name) {
      const chunks: { at: number; values: ArrayLike<unknown> }[] = []
      await parquetRead({
        ...{ file, metadata, columns: [name], compressors: COMPRESSORS, parsers: PARSERS },
        onChunk: ({ columnName, columnData, rowStart }) => {
          if (columnName === name) chunks.push({ at: rowStart, values: columnData })
        },
      })
      return chunks
    },
  }
}

/** Calls back with the cell of every row that the chunks hold. */
export function eachCell(chunks: ColumnChunks, rows: number, take: (row: number, cell: unknown) => void): void {
  for (const { at, values } of chunks) {
    for (let i = 0; i < values.length && at + i < rows; i++) take(at + i, values[i] ?? null)
  }
}

/** Numbers by row; NaN where there is no value. */
export function numbersOf(chunks: ColumnChunks, rows: number): Float64Array {
  const all = new Float64Array(rows).fill(Number.NaN)
  eachCell(chunks, rows, (row, cell) => {
    if (cell !== null) all[row] = Number(cell)
  })
  return all
}

/** Texts by row, each once: `members[codes[row]]`. */
export function membersOf(
  chunks: ColumnChunks,
  rows: number,
  textOf: (cell: unknown) => string = String,
): { codes: Int32Array; members: (string | null)[] } {
  const known = new Map<string | null, number>()
  const codes = new Int32Array(rows)
  let last: unknown
  let lastCode = 0
  eachCell(chunks, rows, (row, cell) => {
    if (cell !== last || known.size === 0) {
      const member = cell === null ? null : textOf(cell)
      lastCode = known.get(member) ?? known.size
      if (lastCode === known.size) known.set(member, lastCode)
      last = cell
    }
    codes[row] = lastCode
  })
  return { codes, members: [...known.keys()] }
}

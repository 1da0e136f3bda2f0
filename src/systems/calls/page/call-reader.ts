/**
 * Reads the curated Parquet file into a call set: hyparquet reads, the library builds the columns.
 * @module
 */
import { type AsyncBuffer, type ParquetParsers, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { decompressGzip, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors'
import { encodeTexts } from '../../../table/utf8.ts'
import { type CallSet, callSetOf, type Member, type MemberCodes, type TextBytes } from '../figures/call-set.ts'

const COLUMNS = [
  'call_id',
  'agent_id',
  'agent_name',
  'region',
  'customer_id',
  'start_time',
  'end_time',
  'call_duration_minutes',
  'issue_type',
  'resolution',
  'rating',
  'call_date',
  'hour_of_day',
] as const
type ColumnName = (typeof COLUMNS)[number]

/** What is wrong with a file, in words that the page shows. */
export class UnreadableCalls extends Error {}

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

type Chunks = Map<ColumnName, { readonly at: number; readonly values: ArrayLike<unknown> }[]>

const isKnown = (name: string): name is ColumnName => (COLUMNS as readonly string[]).includes(name)

function numbers(chunks: Chunks, name: ColumnName, rows: number): Float64Array {
  const all = new Float64Array(rows).fill(Number.NaN)
  for (const { at, values } of chunks.get(name) ?? []) {
    for (let i = 0; i < values.length && at + i < rows; i++) {
      const value = values[i]
      if (value !== null && value !== undefined) all[at + i] = Number(value)
    }
  }
  return all
}

function texts(chunks: Chunks, name: ColumnName, rows: number): TextBytes {
  const all: (string | null)[] = new Array(rows).fill(null)
  for (const { at, values } of chunks.get(name) ?? []) {
    for (let i = 0; i < values.length && at + i < rows; i++) {
      const value = values[i]
      all[at + i] = value === null || value === undefined ? null : String(value)
    }
  }
  const { bytes, offsets, valid } = encodeTexts(all, name)
  return { bytes: bytes.slice(), offsets, valid }
}

function codes(chunks: Chunks, name: ColumnName, rows: number): MemberCodes {
  const known = new Map<Member, number>()
  const coded = new Int32Array(rows)
  let last: unknown
  let lastCode = 0
  for (const { at, values } of chunks.get(name) ?? []) {
    for (let i = 0; i < values.length && at + i < rows; i++) {
      const value = values[i] ?? null
      if (value !== last || known.size === 0) {
        const member = value === null ? null : String(value)
        lastCode = known.get(member) ?? known.size
        if (lastCode === known.size) known.set(member, lastCode)
        last = value
      }
      coded[at + i] = lastCode
    }
  }
  return { codes: coded, members: [...known.keys()] }
}

/** Returns the calls of a curated Parquet file. `onProgress` gets the share read so far. */
export async function readCalls(bytes: ArrayBuffer, onProgress: (share: number) => void): Promise<CallSet> {
  const file: AsyncBuffer = { byteLength: bytes.byteLength, slice: (start, end) => bytes.slice(start, end) }
  const metadata = await parquetMetadataAsync(file).catch(() => {
    throw new UnreadableCalls('The file of calls is not a readable Parquet file. Run `support-etl calls clean` again.')
  })
  const present = new Set(metadata.schema.map(({ name }) => name))
  const missing = COLUMNS.filter((name) => !present.has(name))
  if (missing.length > 0) {
    throw new UnreadableCalls(
      `The file has no column ${missing.map((name) => `“${name}”`).join(', ')}. Give the dashboard the file that \`support-etl calls clean\` writes.`,
    )
  }
  const rows = Number(metadata.num_rows)
  const chunks: Chunks = new Map()
  let done = 0
  for (const column of COLUMNS) {
    // one column at a time: shows progress and needs less memory
    await parquetRead({
      file,
      metadata,
      columns: [column],
      compressors: COMPRESSORS,
      parsers: PARSERS,
      onChunk: ({ columnName, columnData, rowStart }) => {
        if (!isKnown(columnName)) return
        const parts = chunks.get(columnName) ?? []
        parts.push({ at: rowStart, values: columnData })
        chunks.set(columnName, parts)
      },
    })
    onProgress(++done / (COLUMNS.length + 1))
  }
  return callSetOf({
    start: numbers(chunks, 'start_time', rows),
    end: numbers(chunks, 'end_time', rows),
    day: Int32Array.from(numbers(chunks, 'call_date', rows)),
    hour: numbers(chunks, 'hour_of_day', rows),
    minutes: numbers(chunks, 'call_duration_minutes', rows),
    rating: numbers(chunks, 'rating', rows),
    region: codes(chunks, 'region', rows),
    issue: codes(chunks, 'issue_type', rows),
    agent: codes(chunks, 'agent_id', rows),
    agentName: codes(chunks, 'agent_name', rows),
    resolution: codes(chunks, 'resolution', rows),
    callId: texts(chunks, 'call_id', rows),
    customerId: texts(chunks, 'customer_id', rows),
  })
}

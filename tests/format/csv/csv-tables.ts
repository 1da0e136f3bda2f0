import { csvReader } from '../../../src/format/csv/read/reader.ts'
import type { CsvReaderOptions, CsvReading } from '../../../src/format/csv/read/reading.ts'
import { csvChunks } from '../../../src/format/csv/write/write.ts'
import { joinChunks } from '../../../src/table/chunks.ts'
import type { Frame } from '../../../src/table/frame.ts'

const encoder = new TextEncoder()

export const bytesOf = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? encoder.encode(text) : text

/** Reads text or bytes, in one chunk or in chunks of the given length. */
export function read(
  text: string | Uint8Array,
  options: CsvReaderOptions = {},
  chunk = Number.POSITIVE_INFINITY,
): CsvReading {
  const bytes = bytesOf(text)
  // with tiny chunks, tiny windows too: else they are put together before they are looked at
  const reader = csvReader(chunk === Number.POSITIVE_INFINITY ? options : { windowBytes: 1, ...options })
  for (let at = 0; at < bytes.length; at += chunk) reader.push(bytes.subarray(at, Math.min(bytes.length, at + chunk)))
  return reader.end()
}

/** The frame's rows as arrays of what `at` gives. */
export function rowsOf({ rows, columns }: Frame): unknown[][] {
  return Array.from({ length: rows }, (_, row) => Array.from(columns.values(), (column) => column.at(row)))
}

/** The rows of text, every cell as text. */
export function textRows(text: string | Uint8Array, options: CsvReaderOptions = {}): unknown[][] {
  return rowsOf(read(text, { types: 'text', ...options }).frame)
}

export function written(frame: Frame, options: Parameters<typeof csvChunks>[1] = {}): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(joinChunks(csvChunks(frame, options)))
}

/** The error that a call throws. */
export function caught(call: () => unknown): unknown {
  try {
    call()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/**
 * Parquet: frames to bytes and back. These kernels load no table library.
 * @module
 */
import { ContractError, EtlError, FormatError } from '../../errors.ts'
import { ARROW } from '../../table/arrow/shape.ts'
import { isArrowType } from '../../table/arrow/type.ts'
import { joinChunks } from '../../table/chunks.ts'
import { TimestampColumn } from '../../table/column.ts'
import type { TableContract } from '../../table/contract.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import { arrowChunks, type DescribedFrame, describedFrame } from '../arrow/arrow.ts'
import { Unsupported } from '../arrow/read/flat-reader.ts'
import { contractForm } from '../contract-form.ts'
import { notBinaryFormat } from '../look.ts'
import { wasmEngine } from './engine.ts'
import { holdsType, withoutUncoded } from './hint.ts'
import { EncryptedParquet, refuseHugeParquet } from './sizes.ts'

/** How a frame is written as Parquet. */
export interface ParquetOptions {
  /**
   * Gives the columns it names their form and nullability; other columns are written as they are,
   * and may be null.
   */
  readonly contract?: TableContract
  /** Key-value text stored with the table, such as the zone of a report. */
  readonly metadata?: Readonly<Record<string, string>>
}

/** Converts Parquet bytes to an Arrow IPC stream; `file` is for messages. */
export type ParquetDecoder = (bytes: Uint8Array, file?: string) => Promise<Uint8Array>

/** How Parquet bytes are read. */
export interface ParquetReading {
  /** The file's name, for messages. */
  readonly file?: string | undefined
  /**
   * Decodes the bytes; by default in this process. For untrusted bytes use `isolatedParquet()` of
   * `support-etl/pipeline`.
   */
  readonly decode?: ParquetDecoder | undefined
}

/**
 * The one footer key of our metadata, a JSON object: Parquet libraries do not keep the order of
 * several keys.
 */
const METADATA_KEY = 'support-etl'
export const CREATED_BY = 'support-etl'
/** The key under which Parquet libraries store the Arrow schema; it is not metadata of a table. */
const ARROW_SCHEMA = 'ARROW:schema'
const MAGIC = 'PAR1'
/** The magic of a file whose footer is encrypted. */
const ENCRYPTED_MAGIC = 'PARE'

function tooFar(name: string, row: number): ContractError {
  const message = `column "${name}" row ${row + 1} holds an instant that milliseconds in a double cannot reach, and Parquet has no seconds; leave it out`
  return new ContractError('unsupported_type', message, { details: { column: name, row: row + 1 } })
}

/** Parquet has no seconds: converts them to milliseconds. */
function withoutSeconds(frame: Frame): Frame {
  return frameOf(
    Array.from(frame.columns, ([name, column]) => {
      if (!(column instanceof TimestampColumn) || column.unit !== 's') return [name, column] as const
      // seconds are doubles, like all units except nanoseconds
      const milliseconds = (column.values as Float64Array).map((seconds) => seconds * 1000)
      const row = milliseconds.findIndex((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER)
      if (row >= 0) throw tooFar(name, row)
      return [name, new TimestampColumn(milliseconds, { ...column, unit: 'ms' })] as const
    }),
    frame.rows,
  )
}

/** Returns the frame as an Arrow IPC stream in the form in which it is written as Parquet. */
export function parquetStream(frame: Frame, contract: TableContract | undefined): Uint8Array<ArrayBuffer> {
  const options = { container: 'stream', ...(contract && { contract }) } as const
  return joinChunks(arrowChunks(withoutSeconds(contractForm(frame, contract)), options))
}

/**
 * Returns the frame as Parquet bytes: text as strings, instants as timestamps (isAdjustedToUTC
 * where they have a zone), days as dates, zstd-compressed, one row group per million rows. The
 * same rows give the same bytes. `metadata` is stored as JSON under the key `support-etl`.
 * @throws ContractError unsupported_table - no columns; unsupported_type - values that Parquet cannot hold; malformed_text - half a surrogate pair
 */
export async function parquetBytes(frame: Frame, { contract, metadata }: ParquetOptions = {}): Promise<Uint8Array> {
  if (frame.columns.size === 0) {
    throw new ContractError('unsupported_table', 'a table without columns cannot be written as Parquet; add a column')
  }
  const stream = parquetStream(frame, contract)
  const words = Object.entries(metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const described = words.length === 0 ? [] : [[METADATA_KEY, JSON.stringify(Object.fromEntries(words))] as const]
  try {
    return await wasmEngine.encode(stream, { metadata: new Map(described), createdBy: CREATED_BY })
  } catch (cause) {
    const message = `the table holds values that Parquet cannot hold: ${String(cause)}`
    throw new ContractError('unsupported_type', message, { cause })
  } finally {
    // given back at once: V8 collects memory outside its heap late
    stream.buffer.transfer(0)
  }
}

function invalid(file: string | undefined, found: string, cause?: unknown): FormatError {
  const message = `${file ?? 'input'} is not a readable Parquet file: ${found}; fetch the file again`
  return new FormatError('parquet_invalid', message, { cause, details: { file } })
}

/** Whether the bytes begin and end with the magic, as a file does. */
function isFramed(bytes: Uint8Array, magic: string): boolean {
  const { length } = bytes
  const letters = Array.from(magic, (letter) => letter.charCodeAt(0))
  return length >= 12 && letters.every((byte, i) => bytes[i] === byte && bytes[length - 4 + i] === byte)
}

function encrypted(file = 'input'): FormatError {
  const message = `${file} is an encrypted Parquet file, which cannot be read; write it without encryption`
  return new FormatError('parquet_invalid', message, { details: { file } })
}

function unread(file: string | undefined, cause: Unsupported): FormatError {
  const message = `${file ?? 'input'} is a Parquet file that cannot be read: ${cause.message}`
  return new FormatError('parquet_invalid', message, { cause, details: { file } })
}

/** Refuses Parquet's intervals, because the decoder drops their months. */
function refuseIntervals({ columns }: Frame): void {
  for (const [name, column] of columns) {
    if (column.kind !== 'opaque' || !isArrowType(column.origin)) continue
    if (holdsType(column.origin, ({ typeId }) => typeId === ARROW.interval)) {
      throw new Unsupported(
        `column "${name}" holds intervals, whose months would be lost; write them as text, or as seconds`,
      )
    }
  }
}

function readWords(metadata: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const words = new Map(metadata)
  words.delete(ARROW_SCHEMA)
  const own = words.get(METADATA_KEY)
  if (own === undefined) return words
  words.delete(METADATA_KEY)
  try {
    const parsed: unknown = JSON.parse(own)
    if (typeof parsed !== 'object' || parsed === null) return metadata
    for (const [key, value] of Object.entries(parsed)) words.set(key, String(value))
    return words
  } catch {
    // another program used our key: return its text unchanged
    return metadata
  }
}

/**
 * Returns the table in Parquet bytes, and the metadata in its footer.
 * @throws FormatError parquet_invalid - the bytes are not Parquet, or damaged; limit_exceeded -
 *   they would unpack to more than the limits allow
 */
export async function describedParquet(
  bytes: Uint8Array,
  { file, decode = wasmEngine.decode }: ParquetReading = {},
): Promise<DescribedFrame> {
  if (isFramed(bytes, ENCRYPTED_MAGIC)) throw encrypted(file)
  if (!isFramed(bytes, MAGIC)) {
    throw notBinaryFormat(bytes, 'Parquet', file) ?? invalid(file, 'it does not begin and end with PAR1')
  }
  let stream: Uint8Array
  try {
    const hint = refuseHugeParquet(bytes, { file })
    stream = await decode(hint === null ? bytes : withoutUncoded(bytes, hint), file)
  } catch (cause) {
    if (cause instanceof EtlError) throw cause
    if (cause instanceof Unsupported) throw unread(file, cause)
    if (cause instanceof EncryptedParquet) throw encrypted(file)
    throw invalid(file, cause instanceof Error ? cause.message : String(cause), cause)
  }
  try {
    const { frame, metadata } = describedFrame(stream, file)
    refuseIntervals(frame)
    return { frame, metadata: readWords(metadata) }
  } catch (cause) {
    if (cause instanceof EtlError && cause.code !== 'arrow_invalid') throw cause
    const why = cause instanceof EtlError ? cause.cause : cause
    if (why instanceof Unsupported) throw unread(file, why)
    throw invalid(file, 'its columns contradict each other', cause)
  }
}

/** Returns the table in Parquet bytes, like {@link describedParquet}. */
export async function parquetFrame(bytes: Uint8Array, reading?: ParquetReading): Promise<Frame> {
  return (await describedParquet(bytes, reading)).frame
}

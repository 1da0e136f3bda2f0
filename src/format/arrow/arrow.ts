/**
 * Arrow IPC: frames to canonical bytes and back; the kernels, which load no table library.
 * @module
 */
import { EtlError, FormatError } from '../../errors.ts'
import { viewArrow } from '../../table/arrow/read.ts'
import type { TableContract } from '../../table/contract.ts'
import type { Frame } from '../../table/frame.ts'
import { contractForm } from '../contract-form.ts'
import { notBinaryFormat } from '../look.ts'
import { withReadableNumbers } from './read/adapt.ts'
import { TextDamage, Unsupported } from './read/flat-reader.ts'
import { readArrowTable } from './read/verify.ts'
import { encodeFrame } from './write/encode.ts'

/** How a frame is written as Arrow. */
export interface ArrowOptions {
  /** Gives each column that it knows its form and nullability; others are written as they are, and may be null. */
  readonly contract?: TableContract
  /** Words about the table that travel with it, such as the zone of a report. */
  readonly metadata?: Readonly<Record<string, string>>
  /** `file` (default) ends in a directory of its batches; `stream` does not. */
  readonly container?: 'file' | 'stream'
}

/** A table as it stood in bytes, with the words about it. */
export interface DescribedFrame {
  readonly frame: Frame
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Returns the frame as canonical Arrow IPC bytes, in pieces that are made as they are taken; a piece is read, never written to.
 * The same rows give the same bytes: dictionaries in order of first use without unused entries, their ids by column, 32-bit
 * indices, zeros under nulls and in padding, no bitmap where nothing is null, metadata in order of its keys, always one batch.
 * A frame without columns reads back without rows.
 * @throws ContractError unsupported_type - a column of objects that Arrow cannot hold; malformed_text - half a surrogate pair
 */
export function arrowChunks(
  frame: Frame,
  { contract, metadata = {}, container = 'file' }: ArrowOptions = {},
): Iterable<Uint8Array> {
  const required = new Set<string>()
  for (const [name, { isNullable }] of Object.entries(contract?.columns ?? {})) if (!isNullable) required.add(name)
  const words = new Map(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
  return encodeFrame(contractForm(frame, contract), { container, metadata: words, required })
}

/** Arrow's buffers are read in place only where they begin at a multiple of this. */
const ALIGNMENT = 8

/**
 * Returns the table in Arrow IPC bytes, file or stream, and its metadata. Columns read the bytes in place where they have our
 * form. Decimals of up to 15 digits are doubles; longer ones, lists and structs are carried.
 * @throws FormatError arrow_invalid - the bytes are not Arrow, are damaged, or are compressed; encoding_invalid - text that is no UTF-8
 */
export function describedFrame(bytes: Uint8Array, file = 'input'): DescribedFrame {
  return naming(bytes, file, () => {
    // a Buffer's own slice would be a view that begins where it does
    const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes)
    const table = readArrowTable(aligned)
    return { frame: withReadableNumbers(viewArrow(table)), metadata: table.metadata }
  })
}

/** Makes whatever goes wrong an error about the file. */
function naming<Result>(bytes: Uint8Array, file: string, read: () => Result): Result {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof EtlError) throw cause
    const foreign = notBinaryFormat(bytes, 'Arrow', file)
    if (foreign !== null) throw foreign
    const found = cause instanceof Error ? cause.message : String(cause)
    const details = { file }
    if (cause instanceof TextDamage) {
      const told = `${file}: ${found} holds text that is not UTF-8; write it again as UTF-8, or as binary if it is no text`
      throw new FormatError('encoding_invalid', told, { details, cause })
    }
    const cure = cause instanceof Unsupported ? '' : '; get the file anew'
    const told = `${file} is not a readable Arrow file or stream: ${found}${cure}`
    throw new FormatError('arrow_invalid', told, { details, cause })
  }
}

/** Returns the table in Arrow IPC bytes, file or stream, as {@link describedFrame} does. */
export function arrowFrame(bytes: Uint8Array, file?: string): Frame {
  return describedFrame(bytes, file).frame
}

/**
 * Arrow IPC: frames to canonical bytes and back. These kernels load no table library.
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
import { encodeFrame, requiredColumns } from './write/encode.ts'

/** How a frame is written as Arrow. */
export interface ArrowOptions {
  /**
   * Gives the columns it names their form and nullability; other columns are written as they are,
   * and may be null.
   */
  readonly contract?: TableContract
  /** Key-value text stored with the table, such as the zone of a report. */
  readonly metadata?: Readonly<Record<string, string>>
  /** `file` (default) ends with a directory of its batches; `stream` has none. */
  readonly container?: 'file' | 'stream'
}

/** A table read from bytes, with its metadata. */
export interface DescribedFrame {
  readonly frame: Frame
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Returns the frame as canonical Arrow IPC bytes, in pieces made on demand; do not write to a
 * piece. The same rows give the same bytes: dictionaries in order of first use without unused
 * entries, dictionary ids by column, 32-bit indices, zeros under nulls and in padding, no bitmap
 * where nothing is null, metadata ordered by key, always one batch. A frame without columns reads
 * back without rows.
 * @throws ContractError unsupported_type - a column of objects that Arrow cannot hold; malformed_text - half a surrogate pair
 */
export function arrowChunks(
  frame: Frame,
  { contract, metadata = {}, container = 'file' }: ArrowOptions = {},
): Iterable<Uint8Array> {
  const words = new Map(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)))
  return encodeFrame(contractForm(frame, contract), { container, metadata: words, required: requiredColumns(contract) })
}

/** Arrow's buffers can be read in place only if they begin at a multiple of this. */
const ALIGNMENT = 8

/**
 * Returns the table in Arrow IPC bytes, file or stream, and its metadata. Columns that already
 * have this library's form use the bytes in place. Decimals of up to 15 digits become doubles;
 * longer ones, lists and structs are carried as they are.
 * @throws FormatError arrow_invalid - the bytes are not Arrow, damaged or compressed;
 *   encoding_invalid - text is not UTF-8
 */
export function describedFrame(bytes: Uint8Array, file = 'input'): DescribedFrame {
  return naming(bytes, file, () => {
    // a copy; the slice of a Buffer would be a view at the same offset
    const aligned = bytes.byteOffset % ALIGNMENT === 0 ? bytes : new Uint8Array(bytes)
    const table = readArrowTable(aligned)
    return { frame: withReadableNumbers(viewArrow(table)), metadata: table.metadata }
  })
}

/** Turns any error of `read` into an error that names the file. */
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
      const message = `${file}: ${found} holds text that is not UTF-8; write it again as UTF-8, or as binary if it is not text`
      throw new FormatError('encoding_invalid', message, { details, cause })
    }
    const cure = cause instanceof Unsupported ? '' : '; fetch the file again'
    const message = `${file} is not a readable Arrow file or stream: ${found}${cure}`
    throw new FormatError('arrow_invalid', message, { details, cause })
  }
}

/** Returns the table in Arrow IPC bytes, file or stream, like {@link describedFrame}. */
export function arrowFrame(bytes: Uint8Array, file?: string): Frame {
  return describedFrame(bytes, file).frame
}

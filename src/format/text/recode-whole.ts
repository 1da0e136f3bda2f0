/**
 * Whole files in another encoding than UTF-8.
 * @module
 */
import { FormatError } from '../../errors.ts'
import { joinChunks } from '../../table/chunks.ts'
import { EncodingMisfit, type Misfit, markedEncoding, recoderOf, type TextEncoding } from './encodings.ts'

/** Bytes that are recoded at a time. */
const PIECE = 1 << 20

/** Returns the error for bytes that the declared encoding does not have. */
export function misfitError({ offset, line, problem }: Misfit, encoding: TextEncoding, file = 'input'): FormatError {
  return new FormatError(
    'encoding_invalid',
    `${file} line ${line}: byte ${offset} of the file does not fit ${encoding}: ${problem}; declare the encoding that the file has, or correct the file`,
    { details: { file, line, offset, encoding } },
  )
}

/** Returns the error for a file whose beginning shows another encoding than the declared one. */
export function otherEncoding(what: string, encoding: TextEncoding, file = 'input'): FormatError {
  return new FormatError(
    'encoding_invalid',
    `${file}: ${what}, expected ${encoding} as declared; declare the encoding that the file has`,
    { details: { file, encoding } },
  )
}

/**
 * Returns the file in UTF-8.
 * @throws FormatError encoding_invalid - a byte does not fit the encoding, or the byte order mark is of another one
 */
export function recodeWhole(bytes: Uint8Array, encoding: TextEncoding, file: string | undefined): Uint8Array {
  const recoder = recoderOf(encoding)
  if (recoder === null) return bytes
  const marked = markedEncoding(bytes)
  if (marked !== null && marked !== encoding) {
    throw otherEncoding(`begins with the byte order mark of ${marked}`, encoding, file)
  }
  try {
    const pieces: Uint8Array[] = []
    for (let at = 0; at < bytes.length; at += PIECE) pieces.push(recoder.recode(bytes.subarray(at, at + PIECE)).slice())
    recoder.end()
    return joinChunks(pieces)
  } catch (error) {
    if (error instanceof EncodingMisfit) throw misfitError(error.misfit, encoding, file)
    throw error
  }
}

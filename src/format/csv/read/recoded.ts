/**
 * Files in another encoding than UTF-8, recoded before they are read.
 * @module
 */
import type { FormatError } from '../../../errors.ts'
import { joinChunks } from '../../../table/chunks.ts'
import { LOOK_BYTES, type LookKind, lookAt } from '../../look.ts'
import { EncodingMisfit, markedEncoding, type Recoder, recoderOf } from '../../text/encodings.ts'
import { misfitError, otherEncoding } from '../../text/recode-whole.ts'
import type { Dialect } from '../dialect.ts'
import { refuseOtherFormat } from '../foreign-format.ts'

/** Bytes that are recoded at a time. */
const PIECE = 1 << 20
/** What no text in UTF-16 begins like. */
const CONTAINERS: ReadonlySet<LookKind> = new Set(['packed', 'workbook', 'parquet', 'arrow', 'document'])

/** Recodes the chunks of one file. */
export class RecodedFile {
  readonly #recoder: Recoder
  readonly #dialect: Dialect
  readonly #file: string | undefined
  /** The beginning of the file, until there is enough of it to be recognised. */
  #head: Uint8Array[] | null = []
  #size = 0

  constructor(recoder: Recoder, dialect: Dialect, file: string | undefined) {
    this.#recoder = recoder
    this.#dialect = dialect
    this.#file = file
  }

  /** The number of UTF-8 bytes that a byte of the file becomes. */
  get growth(): number {
    return this.#recoder.growth
  }

  /**
   * Yields the next bytes in UTF-8.
   * @throws FormatError encoding_invalid - a byte does not fit the encoding, or the file is in another one
   */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    let bytes = chunk
    if (this.#head !== null) {
      this.#head.push(chunk.slice())
      this.#size += chunk.length
      if (this.#size < LOOK_BYTES) return
      bytes = this.#begin(this.#head)
    }
    for (let from = 0; from < bytes.length; from += PIECE) {
      yield this.#guard((recoder) => recoder.recode(bytes.subarray(from, from + PIECE)))
    }
  }

  /** Yields the rest. @throws FormatError encoding_invalid - the file ends inside a character */
  *end(): Generator<Uint8Array> {
    if (this.#size === 0) return
    if (this.#head !== null) {
      const bytes = this.#begin(this.#head)
      yield this.#guard((recoder) => recoder.recode(bytes))
    }
    this.#guard((recoder) => recoder.end())
  }

  #begin(head: readonly Uint8Array[]): Uint8Array {
    const bytes = joinChunks(head)
    this.#head = null
    this.#refuseOther(bytes)
    return bytes
  }

  /** Refuses the beginning of a file that cannot have the declared encoding. */
  #refuseOther(bytes: Uint8Array): void {
    const { encoding } = this.#dialect
    const head = bytes.subarray(0, LOOK_BYTES)
    const marked = markedEncoding(head)
    if (marked !== null && marked !== encoding) throw this.#other(`begins with the byte order mark of ${marked}`)
    const isWide = encoding.startsWith('utf-16')
    // every line end and every ASCII delimiter of UTF-16 has a byte 0
    if (isWide && !head.includes(0)) throw this.#other('has no byte 0 at its beginning, as text of one byte a letter')
    if (isWide && !CONTAINERS.has(lookAt(head).kind)) return
    const foreign = refuseOtherFormat(head, this.#file, this.#dialect)
    if (foreign !== null) throw foreign
  }

  #other(what: string): FormatError {
    return otherEncoding(what, this.#dialect.encoding, this.#file)
  }

  #guard<Value>(call: (recoder: Recoder) => Value): Value {
    try {
      return call(this.#recoder)
    } catch (error) {
      if (!(error instanceof EncodingMisfit)) throw error
      throw misfitError(error.misfit, this.#dialect.encoding, this.#file)
    }
  }
}

/** Returns what recodes a file of the dialect; null for UTF-8. */
export function recodedFile(dialect: Dialect, file: string | undefined): RecodedFile | null {
  const recoder = recoderOf(dialect.encoding)
  return recoder === null ? null : new RecodedFile(recoder, dialect, file)
}

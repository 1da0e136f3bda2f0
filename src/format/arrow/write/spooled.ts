/**
 * Rows that come in batches, as the one Arrow file that they make together. A file has its dictionaries first, and then column
 * after column, so the bytes of each column wait in a spool until the last row is known.
 * @module
 */
import type { DataType } from '@uwdata/flechette'
import { FormatError } from '../../../errors.ts'
import type { Column, DictionaryColumn, Utf8Column } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import { ALL_VALID, asBytes, asPart, type Bitmap, type LongPart, type Part } from './canonical.ts'
import { canonicalTexts, codesBitmap } from './canonical-text.ts'
import { type EncodedColumn, encodeColumn, requiredColumns, tableOf, textBody } from './encode.ts'
import { type Body, writeMessages } from './messages.ts'

/** Bytes that are read when all of them are there. */
export interface Spool {
  readonly size: number
  /** Adds bytes at the end; the caller may change them afterwards. */
  append(bytes: Uint8Array): void
  /** All bytes, in their order. A piece is only valid until the next one is asked for. */
  pieces(): Iterable<Uint8Array>
}

/** Gives an empty spool. */
export type OpenSpool = () => Spool

/** Every batch but the last one must have a multiple of this many rows: bitmaps are joined byte by byte. */
const BITS = 8
/** The most bytes of one column of text: its offsets have 32 bits. */
const BYTES_LIMIT = 2_147_483_647

const asLong = (spool: Spool): LongPart => ({ size: spool.size, pieces: () => spool.pieces() })

/** The bits of rows that all have a value. */
function ones(rows: number): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rows / BITS)).fill(0xff)
  if (rows % BITS > 0) bits[bits.length - 1] = 0xff >> (BITS - (rows % BITS))
  return bits
}

/** Which rows of a column have a value; nothing is kept before the first null. */
class SpooledValidity {
  readonly #open: OpenSpool
  #spool: Spool | null = null
  rows = 0
  nulls = 0

  constructor(open: OpenSpool) {
    this.#open = open
  }

  add(rows: number, { nulls, validity }: Bitmap): void {
    if (nulls > 0 && this.#spool === null) {
      this.#spool = this.#open()
      this.#spool.append(ones(this.rows))
    }
    this.#spool?.append(nulls === 0 ? ones(rows) : validity)
    this.rows += rows
    this.nulls += nulls
  }

  part(): Part | LongPart {
    return this.#spool === null ? asPart(ALL_VALID.validity) : asLong(this.#spool)
  }
}

/** One column on its way into a file. */
interface SpooledColumn {
  add(column: Column): void
  finish(): EncodedColumn
}

/** A column whose values have one width. */
class SpooledValues implements SpooledColumn {
  readonly #name: string
  readonly #validity: SpooledValidity
  readonly #values: Spool
  #type: DataType | null = null

  constructor(name: string, open: OpenSpool) {
    this.#name = name
    this.#validity = new SpooledValidity(open)
    this.#values = open()
  }

  add(column: Column): void {
    const { type, body } = encodeColumn(column, this.#name)
    const [validity, values] = body.buffers as readonly Part[]
    this.#type ??= type
    this.#validity.add(column.length, { nulls: body.nodes[0]?.[1] ?? 0, validity: (validity as Part).make() })
    this.#values.append((values as Part).make())
  }

  finish(): EncodedColumn {
    const { rows, nulls } = this.#validity
    const body: Body = {
      ...{ length: rows, nodes: [[rows, nulls]] },
      buffers: [this.#validity.part(), asLong(this.#values)],
    }
    // set by the first batch, which may be empty, but is there
    return { type: this.#type as DataType, body }
  }
}

/** A column of coded text. Its distinct values are in memory. */
class SpooledCodes implements SpooledColumn {
  readonly #name: string
  readonly #validity: SpooledValidity
  readonly #codes: Spool
  readonly #known = new Map<string, number>()
  #type: DataType | null = null

  constructor(name: string, open: OpenSpool) {
    this.#name = name
    this.#validity = new SpooledValidity(open)
    this.#codes = open()
  }

  add(column: DictionaryColumn): void {
    this.#type ??= encodeColumn(column, this.#name).type
    const codes = new Int32Array(column.length)
    const places = new Int32Array(column.values.length).fill(-1)
    for (let row = 0; row < codes.length; row++) {
      const code = column.codes[row] as number
      if (code < 0) continue
      if (places[code] === -1) places[code] = this.#codeOf(column.values[code] as string)
      codes[row] = places[code] as number
    }
    this.#validity.add(codes.length, codesBitmap(column.codes))
    this.#codes.append(asBytes(codes))
  }

  #codeOf(text: string): number {
    const code = this.#known.get(text) ?? this.#known.size
    if (code === this.#known.size) this.#known.set(text, code)
    return code
  }

  finish(): EncodedColumn {
    const { rows, nulls } = this.#validity
    const { bytes, offsets } = encodeTexts([...this.#known.keys()], this.#name)
    return {
      type: this.#type as DataType,
      body: { length: rows, nodes: [[rows, nulls]], buffers: [this.#validity.part(), asLong(this.#codes)] },
      dictionary: textBody({ ...ALL_VALID, offsets, bytes }),
    }
  }
}

/** A column of text as bytes and offsets. */
class SpooledTexts implements SpooledColumn {
  readonly #name: string
  readonly #validity: SpooledValidity
  readonly #offsets: Spool
  readonly #bytes: Spool
  #type: DataType | null = null

  constructor(name: string, open: OpenSpool) {
    this.#name = name
    this.#validity = new SpooledValidity(open)
    this.#offsets = open()
    this.#offsets.append(asBytes(Int32Array.of(0)))
    this.#bytes = open()
  }

  add(column: Utf8Column): void {
    this.#type ??= encodeColumn(column, this.#name).type
    const { nulls, validity, offsets, bytes } = canonicalTexts(column)
    const before = this.#bytes.size
    if (before + bytes.length > BYTES_LIMIT) {
      throw new FormatError('limit_exceeded', `column "${this.#name}" holds more than 2 GiB of text; split the file`)
    }
    this.#validity.add(column.length, { nulls, validity })
    this.#offsets.append(asBytes(offsets.subarray(1).map((offset) => before + offset)))
    this.#bytes.append(bytes)
  }

  finish(): EncodedColumn {
    const { rows, nulls } = this.#validity
    const buffers = [this.#validity.part(), asLong(this.#offsets), asLong(this.#bytes)]
    return { type: this.#type as DataType, body: { length: rows, nodes: [[rows, nulls]], buffers } }
  }
}

/** One Arrow file that is made of batches of rows, with the bytes that `arrowChunks` gives for all of the rows together. */
export class SpooledArrow {
  readonly #required: ReadonlySet<string>
  readonly #open: OpenSpool
  readonly #columns = new Map<string, SpooledColumn>()
  #rows = 0

  /** The contract says which columns hold no null. */
  constructor(contract: TableContract, open: OpenSpool) {
    this.#required = requiredColumns(contract)
    this.#open = open
  }

  /** Adds rows, whose columns are in the contract's form. At least one batch is added, and only the last one may have any number of rows. */
  add({ columns, rows }: Frame): void {
    if (this.#rows % BITS !== 0)
      throw new Error(`a batch came after ${this.#rows} rows, which is no multiple of ${BITS}`)
    for (const [name, column] of columns) this.#columnOf(name, column).add(column)
    this.#rows += rows
  }

  #columnOf(name: string, column: Column): SpooledColumn {
    const known = this.#columns.get(name)
    if (known !== undefined) return known
    const Kind = column.kind !== 'text' ? SpooledValues : column.encoding === 'plain' ? SpooledTexts : SpooledCodes
    const made: SpooledColumn = new Kind(name, this.#open)
    this.#columns.set(name, made)
    return made
  }

  /** Returns the bytes of the file. A chunk is only valid until the next one is asked for. */
  chunks(): Iterable<Uint8Array> {
    const columns = Array.from(this.#columns, ([name, column]) => ({ name, ...column.finish() }))
    return writeMessages({ ...tableOf(columns, this.#rows, this.#required), metadata: new Map() }, 'file')
  }
}

/**
 * Frames to Arrow IPC bytes: our columns' own arrays between the messages that flechette builds around them.
 * @module
 */
import {
  bool,
  type DataType,
  dateDay,
  dictionary,
  Endianness,
  type Field,
  field,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  nullType,
  type Table,
  TimeUnit,
  tableToIPC,
  timestamp,
  uint8,
  uint16,
  uint32,
  uint64,
  utf8,
  Version,
} from '@uwdata/flechette'
import type { Column, NumberKind } from '../table/column.ts'
import type { Frame } from '../table/frame.ts'
import { encodeOpaque } from './arrow-opaque.ts'
import {
  type CanonicalRows,
  canonicalBooleans,
  canonicalDates,
  canonicalNumbers,
  canonicalTimestamps,
  type Part,
} from './canonical.ts'
import { type CanonicalText, canonicalDictionary, canonicalTexts } from './canonical-text.ts'

/** One column as flechette's writer reads it: a type and the buffers of its one batch. */
interface EncodedColumn {
  readonly type: DataType
  readonly nulls: number
  readonly data: readonly object[]
}

const NUMBERS: Record<NumberKind | 'int64' | 'uint64', () => DataType> = {
  float64,
  float32,
  int8,
  int16,
  int32,
  uint8,
  uint16,
  uint32,
  int64,
  uint64,
}

const UNITS = { s: TimeUnit.SECOND, ms: TimeUnit.MILLISECOND, us: TimeUnit.MICROSECOND, ns: TimeUnit.NANOSECOND }

/** Arrow's buffers begin at multiples of this. */
const ALIGNMENT = 8

/**
 * Stand-ins for the columns' buffers. The writer lays out its messages by the buffers' sizes, which are known, and hands
 * each to its sink untouched; only there do the bytes take their place, one buffer at a time. A stand-in tells which it is
 * by where it begins in memory that nobody reads.
 */
class StandIns {
  readonly #parts: Part[] = []
  #room: ArrayBuffer | null = null

  /** Returns an object in the place of a typed array. */
  of(part: Part): object {
    const index = this.#parts.push(part) - 1
    const room = () => {
      this.#room ??= new ArrayBuffer(Math.max(...this.#parts.map(({ size }) => size)) + this.#parts.length * ALIGNMENT)
      return this.#room
    }
    return {
      get buffer() {
        return room()
      },
      byteOffset: index * ALIGNMENT,
      byteLength: part.size,
    }
  }

  /** Returns the part that the bytes stand for, or null when they are bytes of their own. */
  partOf(bytes: Uint8Array): Part | null {
    return bytes.buffer === this.#room ? (this.#parts[bytes.byteOffset / ALIGNMENT] ?? null) : null
  }
}

function partOf(bytes: ArrayBufferView): Part {
  const { buffer, byteOffset, byteLength } = bytes
  return { size: byteLength, make: () => new Uint8Array(buffer, byteOffset, byteLength) }
}

class Encoder {
  readonly standIns = new StandIns()

  #rows(type: DataType, length: number, { nulls, validity, values }: CanonicalRows, more: object = {}): EncodedColumn {
    const { standIns } = this
    const batch = {
      type,
      length,
      nullCount: nulls,
      validity: standIns.of(partOf(validity)),
      values: standIns.of(values),
      ...more,
    }
    return { type, nulls, data: [batch] }
  }

  #text(type: DataType, length: number, { nulls, validity, offsets, bytes }: CanonicalText): EncodedColumn {
    const { standIns } = this
    const rows = { nulls, validity, values: partOf(bytes) }
    return this.#rows(type, length, rows, { offsets: standIns.of(partOf(offsets)) })
  }

  column(column: Column, name: string): EncodedColumn {
    const { length } = column
    switch (column.kind) {
      case 'text': {
        if (column.encoding === 'plain') return this.#text(utf8(), length, canonicalTexts(column))
        const rows = canonicalDictionary(column, name)
        const values = utf8()
        const entries = this.#text(values, rows.dictionary.offsets.length - 1, rows.dictionary)
        return this.#rows(dictionary(values, int32()), length, rows, { dictionary: entries })
      }
      case 'timestamp':
        return this.#rows(timestamp(UNITS[column.unit], column.zone), length, canonicalTimestamps(column))
      case 'date':
        return this.#rows(dateDay(), length, canonicalDates(column))
      case 'boolean':
        return this.#rows(bool(), length, canonicalBooleans(column))
      case 'null': {
        const type = nullType()
        return { type, nulls: length, data: [{ type, length, nullCount: length }] }
      }
      case 'opaque':
        return encodeOpaque(column, name)
      default:
        return this.#rows(NUMBERS[column.kind](), length, canonicalNumbers(column))
    }
  }
}

/** How the IPC bytes are framed and described. */
export interface EncodeOptions {
  /** `file` ends in a directory of its batches, `stream` does not. */
  readonly container: 'file' | 'stream'
  readonly metadata: ReadonlyMap<string, string>
  /** The columns that hold no null by their contract. */
  readonly required: ReadonlySet<string>
}

/** Returns the frame's IPC bytes in pieces, each made when it is taken. Always one batch, also of no rows. */
export function* encodeFrame(
  frame: Frame,
  { container, metadata, required }: EncodeOptions,
): Generator<Uint8Array, void, undefined> {
  const encoder = new Encoder()
  const fields: Field[] = []
  const children: EncodedColumn[] = []
  for (const [name, column] of frame.columns) {
    const encoded = encoder.column(column, name)
    fields.push(field(name, encoded.type, !required.has(name) || encoded.nulls > 0))
    children.push(encoded)
  }
  const schema = { version: Version.V5, endianness: Endianness.Little, fields, metadata: new Map(metadata) }
  const parts: Part[] = []
  const sink = {
    write: (bytes: Uint8Array) => void parts.push(encoder.standIns.partOf(bytes) ?? partOf(bytes)),
    pad: (size: number) => void parts.push(partOf(new Uint8Array(size))),
    finish: () => null,
  }
  // the writer reads a schema and columns of one batch each, and asks for no method of the class Table
  tableToIPC({ schema, children } as unknown as Table, { format: container, sink })
  for (const part of parts) yield part.make()
}

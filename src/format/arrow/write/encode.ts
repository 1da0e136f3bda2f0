/**
 * Frames to Arrow IPC: the Arrow type of each column, and the buffers it writes.
 * @module
 */
import {
  bool,
  type DataType,
  dateDay,
  dictionary,
  float32,
  float64,
  int8,
  int16,
  int32,
  int64,
  nullType,
  TimeUnit,
  timestamp,
  uint8,
  uint16,
  uint32,
  uint64,
  utf8,
} from '@uwdata/flechette'
import type { Column, NumberKind } from '../../../table/column.ts'
import type { TableContract } from '../../../table/contract.ts'
import type { Frame } from '../../../table/frame.ts'
import {
  asPart,
  type CanonicalRows,
  canonicalBooleans,
  canonicalDates,
  canonicalNumbers,
  canonicalTimestamps,
} from './canonical.ts'
import { type CanonicalText, canonicalDictionary, canonicalTexts } from './canonical-text.ts'
import { type Body, type Messages, writeMessages } from './messages.ts'
import { encodeOpaque } from './opaque.ts'
import type { SchemaField } from './schema.ts'

/** One column's type and arrays, with those of its dictionary. */
export interface EncodedColumn {
  readonly type: DataType
  readonly body: Body
  readonly dictionary?: Body
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

function rowsBody(length: number, { nulls, validity, values }: CanonicalRows): Body {
  return { length, nodes: [[length, nulls]], buffers: [asPart(validity), values] }
}

/** Returns the arrays of text. */
export function textBody({ nulls, validity, offsets, bytes }: CanonicalText): Body {
  const length = offsets.length - 1
  return { length, nodes: [[length, nulls]], buffers: [asPart(validity), asPart(offsets), asPart(bytes)] }
}

/** Returns a column's type and arrays. */
export function encodeColumn(column: Column, name: string): EncodedColumn {
  const { length } = column
  switch (column.kind) {
    case 'text': {
      if (column.encoding === 'plain') return { type: utf8(), body: textBody(canonicalTexts(column)) }
      const rows = canonicalDictionary(column, name)
      return {
        type: dictionary(utf8(), int32()),
        body: rowsBody(length, rows),
        dictionary: textBody(rows.dictionary),
      }
    }
    case 'timestamp':
      return { type: timestamp(UNITS[column.unit], column.zone), body: rowsBody(length, canonicalTimestamps(column)) }
    case 'date':
      return { type: dateDay(), body: rowsBody(length, canonicalDates(column)) }
    case 'boolean':
      return { type: bool(), body: rowsBody(length, canonicalBooleans(column)) }
    case 'null':
      return { type: nullType(), body: { length, nodes: [[length, length]], buffers: [] } }
    case 'opaque':
      return encodeOpaque(column, name)
    default:
      return { type: NUMBERS[column.kind](), body: rowsBody(length, canonicalNumbers(column)) }
  }
}

/** How the IPC bytes are framed and described. */
export interface EncodeOptions {
  /** `file` ends with a directory of its batches, `stream` does not. */
  readonly container: 'file' | 'stream'
  readonly metadata: ReadonlyMap<string, string>
  /** The columns that hold no null by contract. */
  readonly required: ReadonlySet<string>
}

/** Returns the names of the columns that hold no null by contract. */
export function requiredColumns(contract: TableContract | undefined): ReadonlySet<string> {
  const columns = Object.entries(contract?.columns ?? {})
  return new Set(columns.filter(([, { isNullable }]) => !isNullable).map(([name]) => name))
}

/** A named column of a table. */
export interface NamedColumn extends EncodedColumn {
  readonly name: string
}

/** Returns the columns as one table. */
export function tableOf(
  columns: readonly NamedColumn[],
  length: number,
  required: ReadonlySet<string>,
): Omit<Messages, 'metadata'> {
  const fields = columns.map(({ name, type, body }): SchemaField => {
    const nulls = body.nodes[0]?.[1] ?? 0
    return { name, type, nullable: !required.has(name) || nulls > 0 }
  })
  const rows = {
    length,
    nodes: columns.flatMap(({ body }) => body.nodes),
    buffers: columns.flatMap(({ body }) => body.buffers),
  }
  return { fields, dictionaries: columns.flatMap(({ dictionary: values }) => values ?? []), rows }
}

/**
 * Returns the frame's IPC bytes in pieces, each made on demand. Always one batch, even without
 * rows.
 */
export function encodeFrame(
  frame: Frame,
  { container, metadata, required }: EncodeOptions,
): Generator<Uint8Array, void, undefined> {
  const columns = Array.from(frame.columns, ([name, column]) => ({ name, ...encodeColumn(column, name) }))
  return writeMessages({ ...tableOf(columns, frame.rows, required), metadata }, container)
}

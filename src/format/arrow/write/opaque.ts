/**
 * Columns that the transforms carry unread (lists, structs, decimals …) to Arrow, by the Arrow type they came with.
 * @module
 */
import {
  binary,
  bool,
  columnFromValues,
  type DataType,
  DateUnit,
  date,
  decimal,
  duration,
  type Field,
  field,
  fixedSizeBinary,
  fixedSizeList,
  float,
  int,
  int32,
  int64,
  largeBinary,
  largeList,
  largeUtf8,
  list,
  map,
  struct,
  Type,
  time,
  timestamp,
  utf8,
} from '@uwdata/flechette'
import { ContractError } from '../../../errors.ts'
import type { OpaqueColumn } from '../../../table/column.ts'
import { asPart, type Part } from './canonical.ts'
import type { Body } from './messages.ts'

/** An Arrow type by the names of apache-arrow and of flechette. */
interface Origin {
  readonly typeId: number
  readonly bitWidth?: never
  readonly isSigned?: boolean
  readonly signed?: boolean
  readonly precision?: never
  readonly scale?: number
  readonly unit?: never
  readonly timezone?: string | null
  readonly byteWidth?: number
  readonly listSize?: number
  readonly stride?: number
  readonly keysSorted?: boolean
  readonly children?: readonly OriginField[]
}

interface OriginField {
  readonly name: string
  readonly type: Origin
  readonly nullable: boolean
}

/** A type twice: as its bytes are laid out, for the builder, and as what it means, for the schema. Both have the same buffers. */
interface Form {
  readonly storage: DataType
  readonly type: DataType
  /** Turns a value as either library gives it into one that the builder takes. */
  readonly plain: (value: unknown) => unknown
}

class UnknownForm extends Error {}

const as = (type: DataType, plain: Form['plain'] = (value) => value): Form => ({ storage: type, type, plain })

/** A decimal without its point: of text, as our reader shows it, or of two's complement words, low first, as apache-arrow does. */
function unscaledOf(value: unknown): unknown {
  if (typeof value === 'string') return BigInt(value.replace('.', ''))
  if (!(value instanceof Uint32Array)) return value
  const joined = value.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n)
  return BigInt.asIntN(value.length * 32, joined)
}

/** Ticks of a nested moment: bigints as they are; apache-arrow gives milliseconds with a fraction. */
function ticksOf(unit: number): Form['plain'] {
  return (value) => {
    if (typeof value === 'bigint') return value
    const ticks = Math.round(Number(value) * 1000 ** (unit - 1))
    if (!Number.isSafeInteger(ticks)) throw new UnknownForm('a moment finer than a double holds')
    return BigInt(ticks)
  }
}

function children(origin: Origin): { fields: Field[]; storage: Field[]; forms: Form[]; names: string[] } {
  const forms = (origin.children ?? []).map(({ type }) => formOf(type))
  const named = (key: 'storage' | 'type') =>
    (origin.children ?? []).map(({ name, nullable }, index) => field(name, (forms[index] as Form)[key], nullable))
  return {
    forms,
    fields: named('type'),
    storage: named('storage'),
    names: (origin.children ?? []).map(({ name }) => name),
  }
}

function listForm(origin: Origin, make: (child: Field) => DataType): Form {
  const { fields, storage, forms } = children(origin)
  const [child, stored, form] = [fields[0], storage[0], forms[0]]
  if (child === undefined || stored === undefined || form === undefined) throw new UnknownForm('a list of nothing')
  return {
    type: make(child),
    storage: make(stored),
    plain: (value) => Array.from(value as Iterable<unknown>, (entry) => orNull(entry, form)),
  }
}

function orNull(value: unknown, form: Form): unknown {
  return value === null || value === undefined ? null : form.plain(value)
}

function structForm(origin: Origin): Form {
  const { fields, storage, forms, names } = children(origin)
  return {
    type: struct(fields),
    storage: struct(storage),
    plain: (value) =>
      Object.fromEntries(
        names.map((name, index) => [name, orNull((value as Record<string, unknown>)[name], forms[index] as Form)]),
      ),
  }
}

function mapForm(origin: Origin): Form {
  const { fields, storage, forms } = children(origin.children?.[0]?.type ?? origin)
  const [key, value] = forms
  if (key === undefined || value === undefined) throw new UnknownForm('a map without entries')
  const of = ([keys, values]: Field[]) => map(keys as Field, values as Field, origin.keysSorted ?? false)
  return {
    type: of(fields),
    storage: of(storage),
    plain: (entries) =>
      Array.from(entries as Iterable<[unknown, unknown]>, ([name, held]) => [key.plain(name), orNull(held, value)]),
  }
}

function formOf(origin: Origin): Form {
  const { unit } = origin
  switch (origin.typeId) {
    case Type.Int:
      return as(int(origin.bitWidth, origin.isSigned ?? origin.signed ?? true))
    case Type.Float:
      return as(float(origin.precision))
    case Type.Bool:
      return as(bool())
    case Type.Utf8:
    case Type.Utf8View:
      return as(utf8())
    case Type.LargeUtf8:
      return as(largeUtf8())
    case Type.Binary:
    case Type.BinaryView:
      return as(binary())
    case Type.LargeBinary:
      return as(largeBinary())
    case Type.FixedSizeBinary:
      return as(fixedSizeBinary(origin.byteWidth ?? origin.stride ?? 0))
    case Type.Decimal:
      return as(decimal(origin.precision ?? 38, origin.scale ?? 0, origin.bitWidth), unscaledOf)
    case Type.Date:
      return as(date(unit ?? DateUnit.DAY))
    case Type.Time:
      return { type: time(unit), storage: origin.bitWidth === 32 ? int32() : int64(), plain: (value) => value }
    case Type.Duration:
      return { type: duration(unit), storage: int64(), plain: (value) => value }
    case Type.Timestamp:
      return { type: timestamp(unit, origin.timezone ?? null), storage: int64(), plain: ticksOf(unit ?? 1) }
    case Type.List:
      return listForm(origin, list)
    case Type.LargeList:
      return listForm(origin, largeList)
    case Type.FixedSizeList:
      return listForm(origin, (child) => fixedSizeList(child, origin.listSize ?? origin.stride ?? 0))
    case Type.Struct:
      return structForm(origin)
    case Type.Map:
      return mapForm(origin)
    default:
      throw new UnknownForm(`Arrow type ${origin.typeId}`)
  }
}

/** What flechette's batches hold; which of it there is depends on the type. */
interface Batch {
  readonly length: number
  readonly nullCount: number
  readonly validity?: Uint8Array
  readonly offsets?: ArrayBufferView
  readonly values?: ArrayBufferView
  readonly children?: readonly Batch[]
}

/** Adds a batch's arrays, then those nested in it. */
function addBatch(type: DataType, batch: Batch | null, nodes: [number, number][], buffers: Part[]): void {
  const none = new Uint8Array(0)
  nodes.push([batch?.length ?? 0, batch?.nullCount ?? 0])
  buffers.push(asPart(batch?.validity ?? none))
  if ('offsets' in type) buffers.push(asPart(batch?.offsets ?? none))
  if ('children' in type) {
    type.children.forEach((child, index) => {
      addBatch(child.type, batch?.children?.[index] ?? null, nodes, buffers)
    })
  } else buffers.push(asPart(batch?.values ?? none))
}

function isOrigin(origin: unknown): origin is Origin {
  return typeof origin === 'object' && origin !== null && 'typeId' in origin && typeof origin.typeId === 'number'
}

/**
 * Returns the column's type and arrays.
 * @throws ContractError unsupported_type - it did not come from Arrow, or of a type that cannot be built (unions, views of lists …)
 */
export function encodeOpaque(column: OpaqueColumn, name: string): { type: DataType; body: Body } {
  const { length, values, origin } = column
  try {
    if (!isOrigin(origin)) throw new UnknownForm('JavaScript objects')
    const { type, storage, plain } = formOf(origin)
    const cells = Array.from(values, (value) => (value === null || value === undefined ? null : plain(value)))
    // the builder makes no batch of no rows
    const [batch = null] = columnFromValues(cells, storage).data
    const nodes: [number, number][] = []
    const buffers: Part[] = []
    addBatch(type, batch, nodes, buffers)
    return { type, body: { length, nodes, buffers } }
  } catch (cause) {
    throw new ContractError(
      'unsupported_type',
      `column "${name}" holds values that cannot be written (${cause instanceof Error ? cause.message : 'unknown'}); drop it or give it a plain type`,
      { details: { column: name }, cause },
    )
  }
}

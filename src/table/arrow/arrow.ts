/**
 * Frames to Arrow tables. Only this file imports apache-arrow.
 * @module
 */

import {
  Binary,
  Bool,
  Data,
  DataType,
  DateDay,
  Date_ as DateType,
  Decimal,
  Dictionary,
  Duration,
  Field,
  FixedSizeBinary,
  FixedSizeList,
  Float,
  Float32,
  Float64,
  Int,
  Int8,
  Int16,
  Int32,
  Int64,
  Interval,
  LargeBinary,
  LargeList,
  LargeUtf8,
  List,
  Map_ as MapType,
  Null,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Time,
  Timestamp,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow'
import { refuseUnless } from '../../arguments.ts'
import { ContractError } from '../../errors.ts'
import { type Column, NULL_DAY, type NumberKind, type Utf8Column } from '../column.ts'
import { type Frame, isFrame } from '../frame.ts'
import { plainText } from '../utf8.ts'
import { ALL_PRESENT, integerPresence, maskPresence, type Presence, packBits } from './bits.ts'
import { daysToInt64, fillIndices, instantsToInt64, textViews, widenOffsets } from './buffers.ts'
import { codedColumn, fitsType, keepsType } from './fit.ts'
import { type Layout, layoutOf } from './layout.ts'
import { ARROW, type ArrowField, type ArrowTable } from './shape.ts'
import { fixedSize, hasSign, isArrowType, plainType, type TypeDetails, typeName } from './type.ts'

export type { DataType, Table }

/** The classes of one copy of apache-arrow. One copy does not recognise another copy's tables. */
interface Library {
  readonly Table: typeof Table
  readonly Schema: typeof Schema
  readonly Field: typeof Field
  readonly RecordBatch: typeof RecordBatch
  readonly Data: typeof Data
  readonly Vector: typeof Vector
  readonly Struct: typeof Struct
}

const OWN: Library = { Table, Schema, Field, RecordBatch, Data, Vector, Struct }

/**
 * Returns the library to build with: the copy that made `like`, or this library's own. Another copy
 * provides only the types of its own table, so it is used only if every column keeps its field's
 * type.
 */
function libraryOf(like: Table | null, frame: Frame): Library {
  const batch = like?.batches[0]
  const vector = like?.getChildAt(0)
  const field = like?.schema.fields[0]
  if (!like || !batch || !vector || !field || like.constructor === Table) return OWN
  for (const [name, column] of frame.columns) {
    const type = like.schema.fields.find((known) => known.name === name)?.type
    if (type === undefined || column.kind === 'opaque' || !keepsType(column, type)) return OWN
  }
  // an instance's constructor is its class; TypeScript types it as any function
  return {
    Table: like.constructor as typeof Table,
    Schema: like.schema.constructor as typeof Schema,
    Field: field.constructor as typeof Field,
    RecordBatch: batch.constructor as typeof RecordBatch,
    Data: batch.data.constructor as typeof Data,
    Vector: vector.constructor as typeof Vector,
    Struct: batch.data.type.constructor as typeof Struct,
  }
}

const NUMBERS: Record<NumberKind, new () => DataType> = {
  float64: Float64,
  float32: Float32,
  int8: Int8,
  int16: Int16,
  int32: Int32,
  uint8: Uint8,
  uint16: Uint16,
  uint32: Uint32,
}

const UNITS = { s: 0, ms: 1, us: 2, ns: 3 } as const

function typeOf(column: Exclude<Column, { kind: 'opaque' }>): DataType {
  switch (column.kind) {
    case 'text':
      return column.encoding === 'plain' ? new Utf8() : new Dictionary(new Utf8(), new Int32(), 0)
    case 'timestamp':
      return new Timestamp(UNITS[column.unit], column.zone)
    case 'date':
      return new DateDay()
    case 'boolean':
      return new Bool()
    case 'int64':
      return new Int64()
    case 'uint64':
      return new Uint64()
    case 'null':
      return new Null()
    default:
      return new NUMBERS[column.kind]()
  }
}

interface Buffers {
  readonly offsets?: Int32Array | BigInt64Array
  readonly values?: ArrayBufferView
  readonly dictionary?: Vector
  readonly more?: Uint8Array[]
}

function makeData(library: Library, type: DataType, presence: Presence, length: number, buffers: Buffers): Data {
  const { nulls, bitmap } = presence
  // By position, as in Arrow's own enum: offsets, values, validity. The class types them by a type
  // known at compile time.
  const parts = [buffers.offsets, buffers.values, bitmap] as never
  return new library.Data(type, 0, length, nulls, parts, [], buffers.dictionary, buffers.more ?? [])
}

function textData(library: Library, column: Utf8Column, type: DataType): Data {
  const { length } = column
  const presence = maskPresence(column.valid)
  if (type.typeId === ARROW.utf8View) {
    const { views, bytes } = textViews(column)
    return makeData(library, type, presence, length, { values: views, more: [bytes] })
  }
  const offsets = type.typeId === ARROW.largeUtf8 ? widenOffsets(column.offsets) : column.offsets
  return makeData(library, type, presence, length, { offsets, values: column.bytes })
}

type Index = Int8 | Int16 | Int32 | Int64 | Uint8 | Uint16 | Uint32 | Uint64

/** Returns the dictionary's index type, or a wider one if it cannot count that many values. */
function growIndex(index: Index, count: number): Index {
  if (count <= 2 ** (index.isSigned ? index.bitWidth - 1 : index.bitWidth)) return index
  if (index.isSigned) return count <= 2 ** 15 ? new Int16() : new Int32()
  return count <= 2 ** 16 ? new Uint16() : new Uint32()
}

function dictionaryData(library: Library, column: Column, like: Dictionary, id: number, name: string): Data {
  const { codes, values } = codedColumn(column, name)
  const index = growIndex(like.indices, values.length)
  // From the copy that made the field. apache-arrow types indices as Int32, but the format and its
  // reader allow every integer.
  const type = new (like.constructor as typeof Dictionary)(like.dictionary, index as Int32, id, like.isOrdered)
  const presence = integerPresence(codes, -1)
  const isAsIs = presence.nulls === 0 && index.ArrayType === Int32Array
  const indices = isAsIs ? codes : fillIndices(codes, new index.ArrayType(codes.length))
  const dictionary = new library.Vector([columnData(library, values, like.dictionary, id, name)])
  return makeData(library, type, presence, codes.length, { values: indices, dictionary })
}

/** Objects that do not come from an Arrow table: apache-arrow guesses their type. */
function objectData(values: readonly unknown[], name: string): Data {
  let data: readonly Data[] = []
  try {
    data = vectorFromArray(values).data
  } catch (cause) {
    throw unsupported(name, 'object', cause)
  }
  const [only] = data
  if (only === undefined || data.length > 1) throw unsupported(name, 'object')
  return only
}

/**
 * Returns another library's plain type as a type of this copy of apache-arrow.
 * @throws ContractError unsupported_type - a union, or another type that cannot be built
 */
function ownType(type: TypeDetails, name: string): DataType {
  const { bitWidth = 64, precision = 2, unit = 0 } = type
  const child = ({ name: title, type: held, nullable }: ArrowField) => new Field(title, ownType(held, name), nullable)
  const children = (type.children ?? []).map(child)
  const only = () => children[0] ?? new Field('item', new Null())
  switch (type.typeId) {
    case ARROW.null:
      return new Null()
    case ARROW.int:
      // a reader has checked the widths
      return new Int(hasSign(type) as never, bitWidth as never)
    case ARROW.float:
      return new Float(precision)
    case ARROW.bool:
      return new Bool()
    case ARROW.utf8:
      return new Utf8()
    case ARROW.largeUtf8:
      return new LargeUtf8()
    case ARROW.binary:
      return new Binary()
    case ARROW.largeBinary:
      return new LargeBinary()
    case ARROW.fixedSizeBinary:
      return new FixedSizeBinary(fixedSize(type))
    case ARROW.decimal:
      return new Decimal(type.scale ?? 0, precision, bitWidth)
    case ARROW.date:
      return new DateType(unit)
    case ARROW.time:
      return new Time(unit as never, bitWidth as never)
    case ARROW.timestamp:
      return new Timestamp(unit, type.timezone ?? null)
    case ARROW.duration:
      return new Duration(unit)
    case ARROW.interval:
      return new Interval(unit)
    case ARROW.list:
      return new List(only())
    case ARROW.largeList:
      return new LargeList(only())
    case ARROW.fixedSizeList:
      return new FixedSizeList(fixedSize(type), only())
    case ARROW.struct:
      return new Struct(children)
    case ARROW.map:
      return new MapType(only() as never, type.keysSorted ?? false)
    default:
      throw unsupported(name, typeName(type))
  }
}

/** Returns bytes as the typed array that apache-arrow expects for the type. */
function typedValues(type: DataType, bytes: Uint8Array<ArrayBuffer>): ArrayBufferView {
  const { ArrayType } = DataType.isDictionary(type) ? type.indices : type
  return new ArrayType(bytes.buffer, bytes.byteOffset, bytes.byteLength / ArrayType.BYTES_PER_ELEMENT)
}

function layoutData(library: Library, type: DataType, layout: Layout): Data {
  const { length, nulls, validity, offsets, values, children = [], texts, dictionary } = layout
  const childData = children.map((child, index) =>
    layoutData(library, (type.children as Field[])[index]?.type as DataType, child),
  )
  const coded = DataType.isDictionary(type) && dictionary !== undefined
  const held = coded ? new library.Vector([layoutData(library, type.dictionary, dictionary)]) : undefined
  // by position, as in makeData
  const parts = [offsets, values && typedValues(type, values), validity ?? undefined] as never
  return new library.Data(type, 0, length, nulls, parts, childData, held, texts === undefined ? [] : [texts])
}

/** Returns plain values in the arrays of a type of this copy. */
function valuesData(library: Library, values: readonly unknown[], type: DataType, name: string): Data {
  try {
    return layoutData(library, type, layoutOf(values, type as TypeDetails))
  } catch (cause) {
    throw unsupported(name, typeName(type as TypeDetails), cause)
  }
}

function unsupported(name: string, type: string, cause?: unknown): ContractError {
  return new ContractError(
    'unsupported_type',
    `column "${name}" of type ${type} cannot be written to an Arrow table; drop it or give it a plain type`,
    { details: { column: name }, cause },
  )
}

function columnData(library: Library, column: Column, type: DataType, id: number, name: string): Data {
  const { length } = column
  if (type.typeId === ARROW.dictionary && column.kind !== 'null') {
    // a type id of −1 means a dictionary
    return dictionaryData(library, column, type as Dictionary, id, name)
  }
  switch (column.kind) {
    case 'text':
      return textData(library, plainText(column, name), type)
    case 'timestamp': {
      const { values, presence } = instantsToInt64(column.values)
      return makeData(library, type, presence, length, { values })
    }
    case 'date': {
      const days = column.values
      const isWide = 'unit' in type && type.unit === 1
      const { values, presence } = isWide
        ? daysToInt64(days)
        : { values: days, presence: integerPresence(days, NULL_DAY) }
      return makeData(library, type, presence, length, { values })
    }
    case 'boolean':
      return makeData(library, type, maskPresence(column.valid), length, { values: packBits(column.values) })
    case 'null':
      return type.typeId === ARROW.null
        ? makeData(library, type, ALL_PRESENT, length, {})
        : valuesData(library, new Array(length).fill(null), type, name)
    case 'opaque':
      return valuesData(library, column.values, type, name)
    default:
      return makeData(library, type, maskPresence(column.valid), length, { values: column.values })
  }
}

function isOwnType(type: unknown): type is DataType {
  // `instanceof` also accepts types of other copies, which this copy's builders do not know
  return typeof type === 'object' && type !== null && Object.prototype.isPrototypeOf.call(DataType.prototype, type)
}

function dataOf(library: Library, column: Column, like: DataType | null, id: number, name: string): Data {
  const isUsable = like !== null && (library !== OWN || isOwnType(like))
  if (isUsable && fitsType(column, like)) return columnData(library, column, like, id, name)
  if (column.kind !== 'opaque') return columnData(library, column, typeOf(column), id, name)
  const { origin, values } = column
  if (origin === null) return objectData(values, name)
  if (isOwnType(origin)) return columnData(library, column, origin, id, name)
  if (!isArrowType(origin)) throw unsupported(name, String(origin))
  return valuesData(library, values, ownType(plainType(origin), name), name)
}

/** The dictionary ids in a type, including nested ones. */
function dictionaryIds(type: DataType): number[] {
  const own = type.typeId === ARROW.dictionary ? [(type as Dictionary).id] : []
  return own.concat((type.children ?? []).flatMap((child: Field) => dictionaryIds(child.type)))
}

/**
 * Builds each column's data. Opaque columns come first: their types bring dictionary ids, and the
 * other columns must avoid those.
 */
function childrenOf(library: Library, frame: Frame, models: ReadonlyMap<string, Field>): Data[] {
  const columns = [...frame.columns]
  const children: Data[] = []
  const taken = new Set<number>()
  columns.forEach(([name, column], position) => {
    if (column.kind !== 'opaque') return
    const data = dataOf(library, column, models.get(name)?.type ?? null, position, name)
    for (const id of dictionaryIds(data.type)) taken.add(id)
    children[position] = data
  })
  let id = 0
  columns.forEach(([name, column], position) => {
    if (column.kind === 'opaque') return
    while (taken.has(id)) id++
    children[position] = dataOf(library, column, models.get(name)?.type ?? null, id, name)
    id++
  })
  return children
}

/**
 * Returns the frame as an Arrow table of one batch. Columns with a field in `like` keep the field's
 * type, nullability and metadata; a dictionary's index type may widen. Dictionary ids count from 0
 * in order of the columns. Buffers are shared where their layout fits. If `like` comes from another
 * copy of apache-arrow and every column keeps its field's type, the table is of that copy.
 * @throws ContractError unsupported_table - `like` is not a table of apache-arrow; unsupported_type
 * - objects that Arrow cannot hold
 */
export function buildArrow(frame: Frame, like?: ArrowTable): Table {
  if (like !== undefined && !('batches' in like)) {
    throw new ContractError(
      'unsupported_table',
      'the table is an Arrow table of flechette, which can be read but not built; read its IPC bytes with apache-arrow, or pass aq.fromArrow(table)',
    )
  }
  // only apache-arrow's tables have batches
  const model = (like ?? null) as Table | null
  const library = libraryOf(model, frame)
  const models = new Map<string, Field>(model?.schema.fields.map((field) => [field.name, field]))
  const children = childrenOf(library, frame, models)
  const fields = Array.from(frame.columns.keys(), (name, position) => {
    const field = models.get(name)
    const { type, nullCount } = children[position] as Data
    return new library.Field(name, type, field?.nullable !== false || nullCount > 0, field?.metadata)
  })
  const schema = new library.Schema(fields, model?.schema.metadata)
  const rows = new library.Data(new library.Struct(fields), 0, frame.rows, 0, undefined, children)
  return new library.Table(schema, new library.RecordBatch(schema, rows))
}

/**
 * Returns the frame as an Arrow table of this library's copy of apache-arrow: text keeps its
 * encoding, instants become timestamps with their zone, days become Date32. Buffers are shared
 * where Arrow's layout equals ours.
 *
 * @example
 * const frame = toFrame(table({ agent_id: ['AGT001', 'AGT002'] }))
 * toArrow(frame).getChild('agent_id')?.get(1) // 'AGT002'
 */
export function toArrow(frame: Frame): Table {
  refuseUnless(isFrame(frame), 'frame', frame, 'a frame, such as jobs get and toFrame gives')
  return buildArrow(frame)
}

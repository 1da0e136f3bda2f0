/**
 * Checks an Arrow schema: the types of its fields, and the layout of their arrays.
 * @module
 */
import { Type } from '@uwdata/flechette'
import type { TypeDetails } from '../../../table/arrow/type.ts'
import { Damage, type FlatTable, Unsupported } from './flat-reader.ts'
import type { FieldLayout } from './verify-arrays.ts'

const DEPTH_LIMIT = 64
const UNITS = 4

const FLOAT_BITS = [16, 32, 64]
const INTERVAL_BITS = [32, 64, 128]

function bitsOf(typeId: number, type: FlatTable): number {
  switch (typeId) {
    case Type.Int: {
      const bits = type.int32(0)
      if (![8, 16, 32, 64].includes(bits)) throw new Damage('integers of an unknown width')
      return bits
    }
    case Type.Float:
      return FLOAT_BITS[type.int16(0)] ?? unknownType('floats')
    case Type.Decimal: {
      const bits = type.int32(2, 128)
      if (![32, 64, 128, 256].includes(bits)) unknownType('decimals')
      // reject scales beyond those of any decimal: each digit would be formatted singly
      if (Math.abs(type.int32(1)) > 128 || type.int32(0) < 1 || type.int32(0) > 76) unknownType('decimals')
      return bits
    }
    case Type.Date:
      return type.int16(0, 1) === 0 ? 32 : 64
    case Type.Time:
      return [32, 64].includes(type.int32(1, 32)) ? type.int32(1, 32) : unknownType('times')
    case Type.Timestamp:
      type.string(1)
      return type.int16(0) >= 0 && type.int16(0) < UNITS ? 64 : unknownType('timestamps')
    case Type.Duration:
      return 64
    case Type.Interval:
      return INTERVAL_BITS[type.int16(0)] ?? unknownType('intervals')
    case Type.FixedSizeBinary:
      return positive(type.int32(0)) * 8
    case Type.Bool:
      return 1
    default:
      return 0
  }
}

function unknownType(what: string): never {
  throw new Damage(`${what} of an unknown kind`)
}

function positive(value: number): number {
  if (value < 0) throw new Damage('a type of negative size')
  return value
}

/** Checks that key-value text lies within its bytes. @throws Damage */
export function verifyKeyValues(table: FlatTable, slot: number): void {
  for (const word of table.tables(slot)) {
    word.string(0)
    word.string(1)
  }
}

/** The number of children of each type; types not listed may have any number. */
const CHILDREN: Record<number, number> = { [Type.List]: 1, [Type.LargeList]: 1, [Type.FixedSizeList]: 1, [Type.Map]: 1 }
const REFUSED: Record<number, string> = {
  [Type.Union]: 'a union',
  [Type.RunEndEncoded]: 'run-end encoded',
  [Type.ListView]: 'a list view',
  [Type.LargeListView]: 'a large list view',
}
/** The last id of a type in Schema.fbs. */
const LAST_TYPE = 26

/** The type of a field under flechette's names, with all that its buffers need for reading. */
function detailsOf(typeId: number, type: FlatTable, children: readonly FieldLayout[]): TypeDetails {
  const nested = { typeId, children: children.map((child) => ({ ...child, name: child.ownName })) }
  switch (typeId) {
    case Type.Int:
      return { typeId, bitWidth: type.int32(0), signed: type.int8(1) !== 0 }
    case Type.Float:
      return { typeId, precision: type.int16(0) }
    case Type.Decimal:
      return { typeId, precision: type.int32(0), scale: type.int32(1), bitWidth: type.int32(2, 128) }
    case Type.Date:
    case Type.Duration:
      return { typeId, unit: type.int16(0, 1) }
    case Type.Time:
      return { typeId, unit: type.int16(0, 1), bitWidth: type.int32(1, 32) }
    case Type.Timestamp:
      return { typeId, unit: type.int16(0), timezone: type.string(1) || null }
    case Type.Interval:
      return { typeId, unit: type.int16(0) }
    case Type.FixedSizeBinary:
      return { typeId, stride: type.int32(0) }
    case Type.FixedSizeList:
      return { ...nested, stride: type.int32(0) }
    case Type.Map:
      return { ...nested, keysSorted: type.int8(0) !== 0 }
    case Type.List:
    case Type.LargeList:
    case Type.Struct:
      return nested
    default:
      return { typeId }
  }
}

function verifyField(field: FlatTable, depth: number, parent = ''): FieldLayout {
  if (depth > DEPTH_LIMIT) throw new Damage(`types nested deeper than ${DEPTH_LIMIT}`)
  const ownName = field.string(0)
  const name = parent + ownName
  verifyKeyValues(field, 6)
  const typeId = field.int8(2)
  const type = field.table(3)
  if (type === null) throw new Damage('a field without a type')
  const refused = REFUSED[typeId]
  if (refused !== undefined) {
    throw new Unsupported(`column "${name}" is ${refused}, which cannot be read; write the column in another type`)
  }
  if (typeId < 1 || typeId > LAST_TYPE) throw new Damage('an unknown type')
  const children = field.tables(5).map((child) => verifyField(child, depth + 1, `${name}.`))
  const isMap = typeId === Type.Map && children.length === 1
  if (isMap && children[0]?.children.length !== 2) throw new Damage('a map without keys and values')
  if (children.length !== (CHILDREN[typeId] ?? children.length)) throw new Damage('a list without a type')
  const layout = {
    name,
    ownName,
    type: detailsOf(typeId, type, children),
    nullable: field.int8(1) !== 0,
    counts: depth === 0 ? ('row' as const) : ('value' as const),
    typeId,
    bits: bitsOf(typeId, type),
    stride: typeId === Type.FixedSizeList ? positive(type.int32(0)) : 0,
    children,
    dictionary: null,
  }
  const coding = field.table(4)
  if (coding === null) return layout
  const index = coding.table(1)
  const bits = index === null ? 32 : bitsOf(Type.Int, index)
  const indices = { typeId: Type.Int, bitWidth: bits, signed: index === null || index.int8(1) !== 0 }
  return {
    ...layout,
    type: { typeId: Type.Dictionary, dictionary: layout.type, indices },
    typeId: Type.Int,
    bits,
    stride: 0,
    children: [],
    dictionary: { id: coding.int64(0), values: { ...layout, counts: 'value' } },
  }
}

/** Checks a schema and returns the layout of its fields. @throws Damage */
export function verifySchema(schema: FlatTable | null): readonly FieldLayout[] {
  if (schema === null) throw new Damage('no schema')
  if (schema.int16(0) !== 0) throw new Damage('big-endian numbers')
  verifyKeyValues(schema, 2)
  return schema.tables(1).map((field) => verifyField(field, 0))
}

/** Returns the key-value text of a verified schema. */
export function metadataOf(schema: FlatTable): ReadonlyMap<string, string> {
  return new Map(schema.tables(2).map((word) => [word.string(0), word.string(1)]))
}

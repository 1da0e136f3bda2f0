/**
 * Arrow types of apache-arrow and flechette under one set of names: what they are called, and their
 * plain form without dictionaries and views.
 * @module
 */

import { UNITS } from '../column.ts'
import { ARROW, type ArrowField, type ArrowType } from './shape.ts'

/** The parts of a type that say how to read its buffers. */
export interface TypeDetails extends ArrowType {
  readonly bitWidth?: number
  readonly isSigned?: boolean
  readonly signed?: boolean
  readonly precision?: number
  readonly scale?: number
  readonly unit?: number
  readonly timezone?: string | null
  readonly byteWidth?: number
  readonly listSize?: number
  readonly stride?: number
  readonly keysSorted?: boolean
  readonly children?: readonly ArrowField[] | null
  /** The type of a dictionary's values, and the type of its codes. */
  readonly dictionary?: ArrowType
  readonly indices?: ArrowType
}

const NAMES: Record<number, string> = {
  [ARROW.null]: 'null',
  [ARROW.binary]: 'binary',
  [ARROW.utf8]: 'string',
  [ARROW.bool]: 'bool',
  [ARROW.largeBinary]: 'large_binary',
  [ARROW.largeUtf8]: 'large_string',
  [ARROW.binaryView]: 'binary_view',
  [ARROW.utf8View]: 'string_view',
}
const LISTS: Record<number, string> = {
  [ARROW.list]: 'list',
  [ARROW.largeList]: 'large_list',
  [ARROW.fixedSizeList]: 'fixed_size_list',
}
const FLOATS = ['halffloat', 'float', 'double']
const INTERVALS = ['month_interval', 'day_time_interval', 'month_day_nano_interval']

/** Returns whether the value has the shape of an Arrow type. */
export function isArrowType(value: unknown): value is TypeDetails {
  return typeof value === 'object' && value !== null && 'typeId' in value && typeof value.typeId === 'number'
}

/**
 * Returns the bytes per value of a fixed_size_binary, or the values per list of a fixed_size_list.
 */
export function fixedSize({ byteWidth, listSize, stride }: TypeDetails): number {
  return byteWidth ?? listSize ?? stride ?? 0
}

/** Returns whether the type's integers are signed. */
export function hasSign({ isSigned, signed }: TypeDetails): boolean {
  return isSigned ?? signed ?? true
}

/** Returns the key field and the value field of a map. */
export function mapFields({ children }: TypeDetails): readonly ArrowField[] {
  return (children?.[0]?.type as TypeDetails | undefined)?.children ?? []
}

/** Returns the type's name in pyarrow's notation, such as `list<decimal(9, 4)>`. */
export function typeName(type: TypeDetails): string {
  const { typeId, unit = 0, children, bitWidth = 64 } = type
  switch (typeId) {
    case ARROW.dictionary:
      return `dictionary<${type.dictionary === undefined ? '' : typeName(type.dictionary)}>`
    case ARROW.int:
      return `${hasSign(type) ? 'int' : 'uint'}${bitWidth}`
    case ARROW.float:
      return FLOATS[type.precision ?? 2] ?? 'float'
    case ARROW.decimal:
      return `decimal(${type.precision}, ${type.scale})`
    case ARROW.date:
      return unit === 0 ? 'date32' : 'date64'
    case ARROW.time:
      return `time${bitWidth}[${UNITS[unit]}]`
    case ARROW.timestamp:
      return `timestamp[${UNITS[unit]}${type.timezone ? `, tz=${type.timezone}` : ''}]`
    case ARROW.duration:
      return `duration[${UNITS[unit]}]`
    case ARROW.interval:
      return INTERVALS[unit] ?? 'interval'
    case ARROW.fixedSizeBinary:
      return `fixed_size_binary[${fixedSize(type)}]`
    case ARROW.list:
    case ARROW.largeList:
    case ARROW.fixedSizeList: {
      const size = typeId === ARROW.fixedSizeList ? `[${fixedSize(type)}]` : ''
      return `${LISTS[typeId]}<${(children ?? []).map((child) => typeName(child.type)).join()}>${size}`
    }
    case ARROW.struct:
      return `struct<${(children ?? []).map((child) => `${child.name}: ${typeName(child.type)}`).join(', ')}>`
    case ARROW.map:
      return `map<${mapFields(type)
        .map((child) => typeName(child.type))
        .join(', ')}>`
    default:
      return NAMES[typeId] ?? `Arrow type ${typeId}`
  }
}

/** Returns the name of an opaque column's origin: its Arrow type, or the origin itself as text. */
export function originName(origin: unknown): string {
  return isArrowType(origin) ? typeName(origin) : String(origin)
}

/** View types to the types with the same values in a plain layout. */
const PLAIN: Record<number, number> = { [ARROW.utf8View]: ARROW.utf8, [ARROW.binaryView]: ARROW.binary }

/**
 * Returns the type without dictionaries and views, nested ones included, in a layout that every
 * reader knows. Member names are flechette's, because our writer describes schemas with them.
 */
export function plainType(type: TypeDetails): TypeDetails {
  const { typeId, dictionary, children } = type
  if (typeId === ARROW.dictionary && dictionary !== undefined) return plainType(dictionary)
  const plain = {
    bitWidth: type.bitWidth,
    precision: type.precision,
    scale: type.scale,
    unit: type.unit,
    keysSorted: type.keysSorted ?? false,
  }
  const known = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
  return {
    ...known,
    typeId: PLAIN[typeId] ?? typeId,
    signed: hasSign(type),
    timezone: type.timezone ?? null,
    stride: fixedSize(type),
    ...(children && {
      children: children.map((child) => ({ name: child.name, type: plainType(child.type), nullable: child.nullable })),
    }),
  }
}

/**
 * Writes Arrow types as the FlatBuffers of a schema.
 * @module
 */
import { type DataType, Type } from '@uwdata/flechette'
import type { FlatField, FlatWriter } from './flat-buffer.ts'

/** A column's name and type, and whether it may be null. */
export interface SchemaField {
  readonly name: string
  readonly type: DataType
  readonly nullable: boolean
}

/** The fields of a type's own table; Arrow's defaults are written out. */
function typeFields(type: DataType, writer: FlatWriter): FlatField[] {
  switch (type.typeId) {
    case Type.Int:
      return [
        [0, 'int32', type.bitWidth],
        [1, 'int8', type.signed ? 1 : 0],
      ]
    case Type.Float:
      return [[0, 'int16', type.precision]]
    case Type.Decimal:
      return [
        [0, 'int32', type.precision],
        [1, 'int32', type.scale],
        [2, 'int32', type.bitWidth],
      ]
    case Type.Date:
    case Type.Duration:
    case Type.Interval:
      return [[0, 'int16', type.unit]]
    case Type.Time:
      return [
        [0, 'int16', type.unit],
        [1, 'int32', type.bitWidth],
      ]
    case Type.Timestamp:
      return type.timezone === null
        ? [[0, 'int16', type.unit]]
        : [
            [0, 'int16', type.unit],
            [1, 'offset', writer.string(type.timezone)],
          ]
    case Type.FixedSizeBinary:
    case Type.FixedSizeList:
      return [[0, 'int32', type.stride]]
    case Type.Map:
      return [[0, 'int8', type.keysSorted ? 1 : 0]]
    default:
      // null, booleans, text, bytes, lists and structs have no fields
      return []
  }
}

function writeField({ name, type, nullable }: SchemaField, writer: FlatWriter, dictionaryId: number): number {
  const isCoded = type.typeId === Type.Dictionary
  const held = isCoded ? type.dictionary : type
  const children = 'children' in held ? held.children.map((child) => writeField(child, writer, -1)) : []
  const fields: FlatField[] = [
    [0, 'offset', writer.string(name)],
    [1, 'int8', nullable ? 1 : 0],
    [2, 'int8', held.typeId],
    [3, 'offset', writer.table(typeFields(held, writer))],
  ]
  if (isCoded) {
    const index = writer.table(typeFields(type.indices, writer))
    const coding = writer.table([
      [0, 'int64', dictionaryId],
      [1, 'offset', index],
      [2, 'int8', 0],
    ])
    fields.push([4, 'offset', coding])
  }
  fields.push([5, 'offset', writer.offsets(children)])
  return writer.table(fields)
}

/**
 * Writes a schema and returns its position; a dictionary's id is the number of dictionaries before
 * it.
 */
export function writeSchema(
  fields: readonly SchemaField[],
  metadata: ReadonlyMap<string, string>,
  writer: FlatWriter,
): number {
  let dictionaries = 0
  const positions = fields.map((field) =>
    writeField(field, writer, field.type.typeId === Type.Dictionary ? dictionaries++ : -1),
  )
  const words = Array.from(metadata, ([key, value]) =>
    writer.table([
      [0, 'offset', writer.string(key)],
      [1, 'offset', writer.string(value)],
    ]),
  )
  const schema: FlatField[] = [
    // little-endian
    [0, 'int16', 0],
    [1, 'offset', writer.offsets(positions)],
  ]
  if (words.length > 0) schema.push([2, 'offset', writer.offsets(words)])
  return writer.table(schema)
}

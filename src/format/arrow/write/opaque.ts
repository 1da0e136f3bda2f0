/**
 * Writes columns that the transforms carry unread (lists, structs, decimals …) to Arrow IPC, in
 * their original Arrow type.
 * @module
 */
import type { DataType } from '@uwdata/flechette'
import { ContractError } from '../../../errors.ts'
import { type Layout, layoutOf } from '../../../table/arrow/layout.ts'
import { ARROW } from '../../../table/arrow/shape.ts'
import { isArrowType, plainType } from '../../../table/arrow/type.ts'
import type { OpaqueColumn } from '../../../table/column.ts'
import { asPart, type Part } from './canonical.ts'
import type { Body } from './messages.ts'

/** Types without values of their own: their children hold the values. */
const NESTED = new Set<number>([ARROW.list, ARROW.largeList, ARROW.fixedSizeList, ARROW.struct, ARROW.map])
const NONE = new Uint8Array(0)

/** Bits without the padding after them; the writer adds its own. */
function trimmed(bitmap: Uint8Array, rows: number): Uint8Array {
  return bitmap.subarray(0, Math.ceil(rows / 8))
}

/** Adds arrays, then those nested in them. */
function addLayout(layout: Layout, nodes: [number, number][], buffers: Part[]): void {
  const { type, length, nulls, validity, offsets, values, children = [] } = layout
  nodes.push([length, nulls])
  if (type.typeId === ARROW.null) return
  buffers.push(asPart(validity === null ? NONE : trimmed(validity, length)))
  if (offsets !== undefined) buffers.push(asPart(offsets))
  if (type.typeId === ARROW.bool) buffers.push(asPart(trimmed(values ?? NONE, length)))
  else if (!NESTED.has(type.typeId)) buffers.push(asPart(values ?? NONE))
  for (const child of children) addLayout(child, nodes, buffers)
}

/**
 * Returns the column's type, without dictionaries and views, and its arrays.
 * @throws ContractError unsupported_type - the column did not come from Arrow, or has a type that
 *   cannot be written (unions …)
 */
export function encodeOpaque(column: OpaqueColumn, name: string): { type: DataType; body: Body } {
  const { length, values, origin } = column
  try {
    if (!isArrowType(origin)) throw new Error('JavaScript objects')
    const type = plainType(origin)
    const nodes: [number, number][] = []
    const buffers: Part[] = []
    addLayout(layoutOf(values, type), nodes, buffers)
    // a plain type has the same properties as flechette's types
    return { type: type as unknown as DataType, body: { length, nodes, buffers } }
  } catch (cause) {
    throw new ContractError(
      'unsupported_type',
      `column "${name}" holds values that cannot be written (${cause instanceof Error ? cause.message : 'unknown'}); drop it or give it a plain type`,
      { details: { column: name }, cause },
    )
  }
}

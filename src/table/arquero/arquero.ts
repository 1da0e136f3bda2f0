/**
 * Arquero tables to frames and back. Only this file imports arquero.
 * @module
 */

import { ColumnTable } from 'arquero'
import { refuseUnless } from '../../arguments.ts'
import { ContractError } from '../../errors.ts'
import type { Column } from '../column.ts'
import { type Frame, frameOf, isFrame } from '../frame.ts'
import type { InferOptions } from '../infer.ts'
import { type ArqueroColumn, columnFromArquero } from './column-from-arquero.ts'

/** The class of the tables that {@link toArquero} returns. */
export type { ColumnTable } from 'arquero'

/** An Arquero table, recognised by its shape, so any copy of arquero works. */
export interface ArqueroTable {
  numRows(): number
  columnNames(): string[]
  column(name: string): ArqueroColumn | undefined
  indices(): ArrayLike<number>
  isFiltered(): boolean
  isOrdered(): boolean
  create(options?: object): unknown
}

const METHODS = ['numRows', 'columnNames', 'column', 'indices', 'isFiltered', 'isOrdered', 'create'] as const

/**
 * Returns whether the value has the shape of an Arquero table, from any copy of arquero.
 *
 * @example
 * isArqueroTable(aq.table({ id: ['a'] })) // true
 * isArqueroTable([{ id: 'a' }]) // false
 */
export function isArqueroTable(value: unknown): value is ArqueroTable {
  return (
    typeof value === 'object' &&
    value !== null &&
    METHODS.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
  )
}

/**
 * Returns the table as a frame, the way it looks: without filtered rows, in its order, without
 * groups. Typed columns are shared.
 * @throws ContractError type_mismatch - a plain array holds values of several kinds
 */
export function viewArquero(table: ArqueroTable, options: InferOptions = {}): Frame {
  const rows = table.isFiltered() || table.isOrdered() ? Int32Array.from(table.indices()) : null
  const columns = new Map<string, Column>()
  for (const name of table.columnNames()) {
    const column = table.column(name)
    if (column === undefined || typeof column.at !== 'function') {
      throw new ContractError('unsupported_table', `column "${name}" of the Arquero table has no values`)
    }
    columns.set(name, columnFromArquero(column, name, rows, options))
  }
  return frameOf(columns, rows?.length ?? table.numRows())
}

/**
 * Returns the frame as an Arquero table. With `like`, the table comes from the caller's copy of
 * arquero.
 */
export function buildArquero(frame: Frame, like?: ArqueroTable): ArqueroTable {
  // no prototype, so that "__proto__" is an ordinary column
  const data: Record<string, Column> = Object.create(null)
  for (const [name, column] of frame.columns) data[name] = column
  const names = [...frame.columns.keys()]
  // `create` returns a table of the class that it is called on
  if (like !== undefined) return like.create({ data, names, filter: null, groups: null, order: null }) as ArqueroTable
  return new ColumnTable(data, names)
}

/**
 * Returns the frame as an Arquero table of this library's copy of arquero. Columns are shared, not
 * copied: text stays dictionary-coded, instants show as Dates, calendar days as text.
 *
 * @example
 * const frame = toFrame(table({ agent_id: ['AGT001', 'AGT002'] }))
 * toArquero(frame).objects() // [{ agent_id: 'AGT001' }, { agent_id: 'AGT002' }]
 */
export function toArquero(frame: Frame): ColumnTable {
  refuseUnless(isFrame(frame), 'frame', frame, 'a frame, such as jobs get and toFrame gives')
  // without `like` the table is of this library's copy
  return buildArquero(frame) as ColumnTable
}

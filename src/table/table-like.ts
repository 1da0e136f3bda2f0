/**
 * Converts other libraries' tables: any table to a frame, and a frame back to the same kind of
 * table.
 * @module
 */
import { ContractError } from '../errors.ts'
import { type ArqueroTable, buildArquero, isArqueroTable, viewArquero } from './arquero/arquero.ts'
import { buildArrow } from './arrow/arrow.ts'
import { viewArrow } from './arrow/read.ts'
import { type ArrowTable, isArrowTable } from './arrow/shape.ts'
import { type Frame, isFrame } from './frame.ts'
import type { InferOptions } from './infer.ts'
import type { WithColumns } from './with-columns.ts'

/**
 * A table that the transforms accept: an Arquero or Arrow table, recognised by shape from any copy
 * of the library, or a frame.
 */
export type TableLike = ArqueroTable | ArrowTable | Frame

/**
 * Returns any table as a frame: Arquero tables filtered and ordered as they look, Arrow tables with
 * chunks joined and slices cut. `role` is the table's name in messages.
 * @throws ContractError unsupported_table - it is none of these tables; type_mismatch - a plain
 * array holds values of several kinds
 */
export function viewTable(table: TableLike, role = 'table', options: InferOptions = {}): Frame {
  if (isFrame(table)) return table
  if (isArqueroTable(table)) return viewArquero(table, options)
  if (isArrowTable(table)) return viewArrow(table)
  throw new ContractError('unsupported_table', `${role} is not an Arquero or Arrow table`)
}

/**
 * Returns the frame as the same kind of table as `like`. Columns with a name in `like` keep its
 * type and how they show.
 */
export function buildTable<T extends TableLike>(frame: Frame, like: T): T {
  // each branch returns the kind of table it received
  if (isFrame(like)) return frame as T
  return (isArqueroTable(like) ? buildArquero(frame, like) : buildArrow(frame, like as ArrowTable)) as T
}

/**
 * Returns the frame as {@link buildTable} does. The type says which columns were added or replaced.
 */
export function buildWith<T extends TableLike, Names extends string>(frame: Frame, like: T): WithColumns<T, Names> {
  // the caller names the columns that `like` does not have
  return buildTable(frame, like) as WithColumns<T, Names>
}

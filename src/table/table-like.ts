/**
 * The one door to other libraries' tables: any table in as a frame, a frame out as the same kind of table.
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

/** A table that the transforms take: Arquero's or Arrow's, recognised by shape, whichever copy of the library made it, or a frame. */
export type TableLike = ArqueroTable | ArrowTable | Frame

/**
 * Returns any table as a frame: filtered and ordered Arquero tables as they look, chunked and sliced Arrow tables whole.
 * `role` is what messages call the table.
 * @throws ContractError unsupported_table - it is neither; type_mismatch - a plain array holds values of several kinds
 */
export function viewTable(table: TableLike, role = 'table', options: InferOptions = {}): Frame {
  if (isFrame(table)) return table
  if (isArqueroTable(table)) return viewArquero(table, options)
  if (isArrowTable(table)) return viewArrow(table)
  throw new ContractError('unsupported_table', `${role} is not an Arquero or Arrow table`)
}

/** Returns the frame as the same kind of table as `like`, with the types and faces that `like` gives columns of the same name. */
export function buildTable<T extends TableLike>(frame: Frame, like: T): T {
  // each branch returns the kind of table it was shown
  if (isFrame(like)) return frame as T
  return (isArqueroTable(like) ? buildArquero(frame, like) : buildArrow(frame, like as ArrowTable)) as T
}

/** Returns the frame as {@link buildTable} does, with a type that tells which columns were added or replaced. */
export function buildWith<T extends TableLike, Names extends string>(frame: Frame, like: T): WithColumns<T, Names> {
  // the caller names the columns that the frame has and `like` has not
  return buildTable(frame, like) as WithColumns<T, Names>
}

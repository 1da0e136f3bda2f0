/**
 * The one door to other libraries' tables: any table in as a frame, a frame out as the same kind of table.
 * @module
 */
import { ContractError } from '../errors.ts'
import { type ArqueroTable, buildArquero, isArqueroTable, viewArquero } from './arquero.ts'
import { type ArrowTable, buildArrow, isArrowTable, viewArrow } from './arrow.ts'
import type { Frame } from './frame.ts'

/** A table that the transforms take: Arquero's or Arrow's, recognised by shape, whichever copy of the library made it. */
export type TableLike = ArqueroTable | ArrowTable

/**
 * Returns any table as a frame: filtered and ordered Arquero tables as they look, chunked and sliced Arrow tables whole.
 * @throws ContractError unsupported_table - it is neither
 */
export function viewTable(table: TableLike, role = 'table'): Frame {
  if (isArqueroTable(table)) return viewArquero(table)
  if (isArrowTable(table)) return viewArrow(table)
  throw new ContractError('unsupported_table', `${role} is not an Arquero or Arrow table`)
}

/** Returns the frame as the same kind of table as `like`, with the types and faces that `like` gives columns of the same name. */
export function buildTable<T extends TableLike>(frame: Frame, like: T): T {
  // each builder returns the kind of table it was shown
  return (isArqueroTable(like) ? buildArquero(frame, like) : buildArrow(frame, like as ArrowTable)) as T
}

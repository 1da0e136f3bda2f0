/**
 * The names of an engine's tables, and how they are laid out.
 * @module
 */
import { FILE, ROW } from '../../pipeline/state/stored-contract.ts'
import { type ColumnContracts, int32, int64, string, type TableContract } from '../../table/contract.ts'
import { ORDER } from '../fold-plan.ts'

/** The schema of everything that a place keeps in an engine. */
export const SCHEMA = 'support_etl'

/** The log and the small files of the place: a name, and the bytes as base64. */
export const FILES = { name: '_files', columns: { name: string(), content: string() } } as const

/** The inputs whose rows are staged: the number of each, its table, the file that stands for it, and what its rows are, as JSON. */
export const BATCHES = {
  name: '_batches',
  columns: { batch: int32(), table_name: string(), file: string(), bytes: int64(), rows: string() },
} as const

/** The rows of all inputs of a table, as they were read. */
export const bronzeOf = (table: string): string => `_bronze_${table}`

/** Tables of one version, which are gone when it ends. */
export const keysOf = (table: string): string => `_keys_${table}`
export const beforeOf = (table: string): string => `_before_${table}`
export const afterOf = (table: string): string => `_after_${table}`

/** The word for the action of a staged change, as the file has it. */
export const WORD = '_word'

/** The columns of a row that say where it came from; in an engine they are cells like others. */
const ORIGIN = { [FILE]: string(), [ROW]: int32() }

/** A contract as an engine folds it: with where each row came from. */
export function engineContract(contract: TableContract): TableContract {
  return { ...contract, columns: { ...contract.columns, ...ORIGIN } }
}

/** The columns of staged changes: those of the contract, where they came from, the word of the action, and their place. */
export function stagedColumns(contract: TableContract): ColumnContracts {
  const place = { _batch: int32(), _seq: int64(), _action: string() }
  return { ...engineContract(contract).columns, [WORD]: string(), ...place }
}

/** The columns of a table's current rows. */
export function currentColumns(contract: TableContract): ColumnContracts {
  return { ...engineContract(contract).columns, [ORDER]: int64() }
}

/**
 * The contracts of what a state stores: rows with where they came from, deltas with their action.
 * @module
 */
import { int32, metadata, string, type TableContract } from '../../table/contract.ts'
import type { JobTable } from '../job/job.ts'

/** The relative path of the file that supplied a row. */
export const FILE = '_file'
/** The row's data record in that file, from 1. */
export const ROW = '_row'

/** The hash of the file that supplied a row of a mirrored table. */
export const SHA256 = '_sha256'

const ORIGIN = { [FILE]: metadata(string()), [ROW]: metadata(int32()) }

/** Returns the contract of a table's rows as a state keeps them: its columns, then where the row came from. */
export function stateContract(contract: TableContract): TableContract {
  return { ...contract, columns: { ...contract.columns, ...ORIGIN } }
}

/** The same for a mirrored table, whose rows are the stored inputs: they say which bytes they came from. */
export function mirroredContract(contract: TableContract): TableContract {
  const { columns, ...state } = stateContract(contract)
  return { ...state, columns: { ...columns, [SHA256]: metadata(string({ encoding: 'plain' })) } }
}

/** What is stored of a deleted key of an appended table: its key and the sequence of its delete. */
export function tombstoneContract({ name, key, columns }: TableContract, sequenceBy: string): TableContract {
  const kept = Object.entries(columns).filter(([column]) => key.includes(column) || column === sequenceBy)
  return { name, key, unknownColumns: 'freeze', columns: Object.fromEntries(kept) }
}

/** The name of the column that holds a delta's action. */
export function actionColumn({ delta }: JobTable): string {
  return delta?.actionColumn ?? 'action'
}

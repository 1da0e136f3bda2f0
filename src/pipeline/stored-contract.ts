/**
 * The contracts of what a state keeps: rows with where they came from, deltas with their action; and what tells contracts apart.
 * @module
 */
import { int32, metadata, string, type TableContract } from '../table/contract.ts'
import type { Effects } from './effects.ts'
import { type Job, type JobTable, tablesOf } from './job.ts'

/** The relative path of the file that supplied a row. */
export const FILE = '_file'
/** The row's data record in that file, from 1. */
export const ROW = '_row'

const ORIGIN = { [FILE]: metadata(string()), [ROW]: metadata(int32()) }

/** Returns the contract of a table's rows as a state keeps them: its columns, then where the row came from. */
export function stateContract(contract: TableContract): TableContract {
  return { ...contract, columns: { ...contract.columns, ...ORIGIN } }
}

/** The name of the column that holds a delta's action. */
export function actionColumn({ delta }: JobTable): string {
  return delta?.actionColumn ?? 'action'
}

/**
 * Returns, for each table, what its contract and policies are in 16 hexadecimal digits: rows that were read under one
 * may not be taken for rows read under another.
 */
export function fingerprints(job: Job, { newHash }: Pick<Effects, 'newHash'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tablesOf(job).map(({ contract, delta = {} }) => {
      const { name, columns, key, unknownColumns } = contract
      const policies = Object.entries(delta).sort(([a], [b]) => (a < b ? -1 : 1))
      const hash = newHash()
      hash.update(
        new TextEncoder().encode(JSON.stringify([name, Object.entries(columns), key, unknownColumns, policies])),
      )
      return [name, hash.digest().slice(0, 16)]
    }),
  )
}

/**
 * The key of a table, as callers name it.
 * @module
 */
import { ContractError, DeltaError } from '../../errors.ts'
import type { TableContract } from '../../table/contract.ts'
import { convertColumn } from '../../table/convert/convert.ts'
import { type Frame, frameOf } from '../../table/frame.ts'
import type { DeltaOptions } from './delta-options.ts'

/** The key of a table: one column, several, or the table's contract, which names them. */
export type TableKey = string | readonly string[] | TableContract

function isContract(key: TableKey): key is TableContract {
  return typeof key === 'object' && key !== null && !Array.isArray(key) && 'key' in key
}

/**
 * Returns the names of the key columns.
 * @throws DeltaError invalid_option - no names, or one name twice; ContractError invalid_contract -
 * the contract has no key
 */
export function keyNames(key: TableKey): readonly string[] {
  if (isContract(key)) {
    if (key.key.length > 0) return key.key
    throw new ContractError('invalid_contract', `table "${key.name}" has no key column; mark one with key()`)
  }
  const names = typeof key === 'string' ? [key] : key
  // callers without types may pass anything
  const isUsable =
    Array.isArray(names) &&
    names.length > 0 &&
    new Set(names).size === names.length &&
    names.every((name) => typeof name === 'string')
  if (isUsable) return names
  throw new DeltaError('invalid_option', 'the key must be a column name, several different ones, or a table contract', {
    details: { option: 'key', found: key },
  })
}

/**
 * Returns what the contract says about unknown columns, if the key is a contract. Only readers
 * discard whole rows.
 */
export function unknownColumns(key: TableKey): DeltaOptions['contract'] {
  return isContract(key) && key.unknownColumns !== 'discard_row' ? key.unknownColumns : undefined
}

/**
 * Returns the table, where a column of nulls has the kind in the contract, if the key is a
 * contract.
 */
export function typeNulls(table: Frame, key: TableKey): Frame {
  if (!isContract(key)) return table
  return frameOf(
    Array.from(table.columns, ([name, column]) => {
      const contract = Object.hasOwn(key.columns, name) ? key.columns[name] : undefined
      const isOpen = column.kind === 'null' && contract !== undefined
      return [name, isOpen ? convertColumn(column, contract).column : column] as const
    }),
    table.rows,
  )
}

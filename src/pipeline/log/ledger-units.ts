/**
 * The inputs of a ledger by table and unit.
 * @module
 */
import type { InputRecord } from './commit-record.ts'

/** The inputs of one table, found by unit. */
export class LedgerUnits {
  /** In the order of the ledger. */
  readonly inputs: readonly InputRecord[]
  #next = 0
  #places: Map<string, number> | null = null

  constructor(inputs: readonly InputRecord[]) {
    this.inputs = inputs
  }

  /** Returns the input of a unit, or null where the ledger does not know it. */
  find(unit: string): InputRecord | null {
    // files are listed in the order of the ledger, so that the next input is nearly always the one: no index is needed
    const next = this.inputs[this.#next]
    if (next?.unit === unit) {
      this.#next++
      return next
    }
    this.#places ??= new Map(this.inputs.map((input, at) => [input.unit, at]))
    const place = this.#places.get(unit)
    if (place === undefined) return null
    this.#next = place + 1
    return this.inputs[place] ?? null
  }
}

/** Returns the inputs of a ledger by table, for the named tables. */
export function ledgerUnits(
  inputs: readonly InputRecord[],
  tables: Iterable<string>,
): ReadonlyMap<string, LedgerUnits> {
  const lists = new Map<string, InputRecord[]>(Array.from(tables, (table) => [table, []]))
  for (const input of inputs) lists.get(input.table)?.push(input)
  return new Map(Array.from(lists, ([table, list]) => [table, new LedgerUnits(list)]))
}

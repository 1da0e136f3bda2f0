/**
 * Customers of a made-up world, row by row, with the faults that are planted in them.
 * @module
 */
import type { Draws } from './draws.ts'
import { CUSTOMER_FAULTS, type CustomerFault, plantFaults } from './faults.ts'
import { customerOf, type MadeCustomer } from './people.ts'

/** What a world's customers are made of. */
export interface CustomerPlan {
  readonly draws: Draws
  readonly customers: number
  readonly isAdversarial: boolean
}

/** A row of the export. */
export interface CustomerRow {
  readonly cells: MadeCustomer
  readonly fault: CustomerFault | null
}

/** Yields the rows of the export. A duplicate, and the other customer of a collision, follow the row that they belong to. */
export function* customerRows({ draws, customers, isAdversarial }: CustomerPlan): Generator<CustomerRow> {
  const faults = isAdversarial ? plantFaults(draws, CUSTOMER_FAULTS, customers, 7) : new Map<number, CustomerFault>()
  for (let row = 0; row < customers; row++) {
    const plain = customerOf(draws, row)
    const fault = faults.get(row) ?? null
    if (fault === null) yield { cells: plain, fault }
    else if (fault.repeats === true) {
      yield { cells: plain, fault: null }
      yield { cells: fault.change(plain, row), fault }
    } else {
      const cells = fault.change(plain, row)
      yield { cells, fault }
      // a customer of no complaint
      if (fault.kind === 'collision') {
        yield { cells: { ...customerOf(draws, customers + row), local: cells.local, domain: 'gmail.com' }, fault: null }
      }
    }
  }
}

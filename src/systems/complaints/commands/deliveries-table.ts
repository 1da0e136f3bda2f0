/**
 * The rows of deliveries as a table for people.
 * @module
 */
import { renderTable, type TableView } from '../../../terminal/text/text-table.ts'
import type { Reconciliation } from '../job/reconcile.ts'

const HOPS = ['source', 'duplicate', 'refused', 'landed', 'quarantined', 'cleaned', 'reported'] as const

/** A line a delivery, in the order of tables and days. */
export function deliveriesTable({ deliveries }: Reconciliation, view: TableView): string {
  const numbers = HOPS.map((title) => ({ title, align: 'right' }) as const)
  const rows = deliveries.map((delivery) => [delivery.table, delivery.day, ...HOPS.map((hop) => delivery[hop])])
  return renderTable([{ title: 'table' }, { title: 'day' }, ...numbers], rows, view)
}

/**
 * The rows of deliveries as a table for people.
 * @module
 */
import { counted } from '../../../terminal/render.ts'
import { renderTable, type TableView } from '../../../terminal/text-table.ts'
import type { ReconciledDelivery, Reconciliation } from '../job/reconcile.ts'

const HOPS = ['source', 'duplicate', 'refused', 'landed', 'quarantined', 'cleaned', 'reported'] as const

/** Rows that are in no account, in words; empty where every row is. */
export function lossText({ table, day, lost }: ReconciledDelivery): string {
  const hops = Object.entries(lost).filter(([, rows]) => rows !== 0)
  if (hops.length === 0) return ''
  const words = hops.map(([hop, rows]) => {
    const count = counted(Math.abs(rows), 'row')
    return rows > 0 ? `${count} lost in ${hop}` : `${count} too many after ${hop}`
  })
  return `${table}${day === null ? '' : ` of ${day}`}: ${words.join(', ')}`
}

/** A line a delivery, in the order of tables and days. */
export function deliveriesTable({ deliveries }: Reconciliation, view: TableView): string {
  const numbers = HOPS.map((title) => ({ title, align: 'right' }) as const)
  const rows = deliveries.map((delivery) => [delivery.table, delivery.day, ...HOPS.map((hop) => delivery[hop])])
  return renderTable([{ title: 'table' }, { title: 'day' }, ...numbers], rows, view)
}

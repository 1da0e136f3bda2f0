/**
 * The customers that are shown, as the CSV that the API gives: one row a customer and channel.
 * @module
 */
import { csvChunks } from '../../../format/csv/write/write.ts'
import { BooleanColumn, NumberColumn } from '../../../table/column.ts'
import { frameOf } from '../../../table/frame.ts'
import { encodeTexts } from '../../../table/utf8.ts'
import type { CellCounts } from '../figures/cell-counts.ts'

/** Returns the file, chunk by chunk. Text that a spreadsheet would run as a formula is escaped. */
export function customersCsv(counts: CellCounts): Iterable<Uint8Array> {
  const rows = counts.customers.flatMap((place) => {
    const { customer_id, isKnown, interactions } = counts.customer(place)
    return Array.from(interactions, ([channel, count]) => ({ customer_id, isKnown, channel, count }))
  })
  const frame = frameOf([
    [
      'customer_id',
      new NumberColumn(
        'int32',
        Int32Array.from(rows, (row) => row.customer_id),
      ),
    ],
    ['known', new BooleanColumn(Uint8Array.from(rows, (row) => (row.isKnown ? 1 : 0)))],
    [
      'channel',
      encodeTexts(
        rows.map(({ channel }) => channel),
        'channel',
      ),
    ],
    [
      'interaction_count',
      new NumberColumn(
        'int32',
        Int32Array.from(rows, (row) => row.count),
      ),
    ],
  ])
  return csvChunks(frame, { formulas: 'escape' })
}

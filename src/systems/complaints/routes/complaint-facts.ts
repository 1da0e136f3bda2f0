/**
 * The complaints of a set as a file for the page, one row a complaint. Customers are numbers: no id and no name leaves the lake.
 * @module
 */
import { parquetBytes } from '../../../format/parquet/parquet.ts'
import { DateColumn, DictionaryColumn, NumberColumn, TimestampColumn } from '../../../table/column.ts'
import { frameOf } from '../../../table/frame.ts'
import type { ComplaintSet } from '../figures/complaint-set.ts'
import { CATEGORIES, CHANNELS, PLATFORMS, STATUSES } from '../tables.ts'

const DAY = 86_400_000

/** Returns the file, as Parquet. */
export function complaintFacts(set: ComplaintSet): Promise<Uint8Array> {
  const words = (codes: Uint8Array | Int32Array, members: readonly string[]) =>
    new DictionaryColumn(
      Int32Array.from(codes, (code) => (code >= 0 && code < members.length ? code : -1)),
      members,
    )
  return parquetBytes(
    frameOf(
      [
        ['channel', words(set.channel, CHANNELS)],
        ['platform', words(set.platform, PLATFORMS)],
        ['category', words(set.category, CATEGORIES)],
        ['status', words(set.status, STATUSES)],
        ['agent_id', words(set.agent, set.agents)],
        [
          'customer',
          new NumberColumn(
            'int32',
            set.customer,
            Uint8Array.from(set.customer, (code) => (code < 0 ? 0 : 1)),
          ),
        ],
        ['opened_on', new DateColumn(Int32Array.from(set.openedAt, (at) => Math.floor(at / DAY)))],
        ['opened_at', new TimestampColumn(set.openedAt)],
        ['resolved_at', new TimestampColumn(set.resolvedAt)],
      ],
      set.rows,
    ),
  )
}

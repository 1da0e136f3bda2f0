/**
 * The rows of every delivery, counted at each hop from the file to the report: what went in has come out, or waits.
 * @module
 */

import { readStatus } from '../../../pipeline/audit/status.ts'
import type { Effects } from '../../../pipeline/effects.ts'
import type { Partition } from '../../../pipeline/job/job.ts'
import type { OutOptions } from '../../../pipeline/job/options.ts'
import { type CommittedState, readState } from '../../../pipeline/state/committed-state.ts'
import { readQuarantine } from '../../../pipeline/state/read-quarantine.ts'
import { columnOf } from '../../../table/frame.ts'
import type { ReconciledDelivery } from '../figures/reconciled-delivery.ts'
import type { Channel } from '../tables.ts'
import { complaintsJob } from './complaints-job.ts'

/** The deliveries of a lake, and whether every row is accounted for. */
export interface Reconciliation {
  readonly commit: number
  readonly isWhole: boolean
  readonly deliveries: readonly ReconciledDelivery[]
}

const CHANNEL: Readonly<Record<string, Channel>> = {
  call_logs: 'call',
  social_media: 'social media',
  web_forms: 'web form',
}

/** Rows that wait, by table, file and whether they repeat a key. */
async function countWaiting(
  query: OutOptions,
  given: Partial<Effects>,
): Promise<(table: string, file: string, what: 'duplicate' | 'other') => number> {
  const { rows } = await readQuarantine(query, given)
  const duplicates = new Set<string>()
  const all = new Set<string>()
  const counts = new Map<string, number>()
  const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
  const keyOf = ({ table, file, row }: (typeof rows)[number]): string => JSON.stringify([table, file, row])
  for (const one of rows) if (one.code === 'base_duplicate_key') duplicates.add(keyOf(one))
  for (const one of rows) {
    const key = keyOf(one)
    if (all.has(key)) continue
    all.add(key)
    add(JSON.stringify([one.table, one.file, duplicates.has(key) ? 'duplicate' : 'other']))
  }
  return (table, file, what) => counts.get(JSON.stringify([table, file, what])) ?? 0
}

/** Complaints of the report by channel and day. */
async function countReported(state: CommittedState): Promise<(table: string, day: string) => number> {
  const report = await state.loadOutput('complaint_volumes')
  const [days, channels] = [columnOf(report, 'delivered_on'), columnOf(report, 'channel')]
  const counts = new Map<string, number>()
  for (const [row, complaints] of [...columnOf(report, 'complaints')].entries()) {
    const key = `${channels.at(row)} ${days.at(row)}`
    counts.set(key, (counts.get(key) ?? 0) + Number(complaints))
  }
  return (table, day) => counts.get(`${CHANNEL[table]} ${day}`) ?? 0
}

/** Rows of a delivery in a table; a table that is not one of days has one delivery. */
interface Holdings {
  readonly landed: number
  readonly cleaned: number
}

/** What raw and cleaned tables hold of each file. */
function holdings(
  state: CommittedState,
  raw: string,
  cleaned: string,
  rows: Readonly<Record<string, number>>,
): ReadonlyMap<string, Holdings> | Holdings {
  if (complaintsJob.tables[raw]?.source.kind !== 'partitions')
    return { landed: rows[raw] ?? 0, cleaned: rows[cleaned] ?? 0 }
  const byFile = (parts: readonly Partition[]) => new Map(parts.map((part) => [part.file, part.rows]))
  const clean = byFile(state.partitions(cleaned))
  return new Map(
    [...byFile(state.partitions(raw))].map(([file, landed]) => [file, { landed, cleaned: clean.get(file) ?? 0 }]),
  )
}

/**
 * Returns the rows of every delivery of a lake at each hop: `source = duplicate + refused + landed`, `landed = quarantined + cleaned`,
 * and the report counts what is cleaned. The counts come from the ledger, the data files, the quarantine and the report, each
 * written by another step.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged, data_damaged - the state is not what it was
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { runPipeline } from 'support-etl/pipeline'
 * import { complaintsJob, complaintsWorld, reconcile } from 'support-etl/complaints'
 *
 * const [data, out] = [memoryStore(), memoryStore()]
 * for (const { name, chunks } of complaintsWorld({ days: 1, customers: 1000 })) await data.write(name, chunks())
 * await runPipeline(complaintsJob, { data, out })
 * const { isWhole, deliveries } = await reconcile({ out })
 * isWhole // true
 * deliveries.map(({ table }) => table) // ['agents', 'customers', 'call_logs', 'social_media', 'web_forms']
 */
export async function reconcile(query: OutOptions = {}, given: Partial<Effects> = {}): Promise<Reconciliation> {
  const state = await readState(complaintsJob, query, given)
  const { inputs, tables, commit } = await readStatus(query, given)
  const waiting = await countWaiting(query, given)
  const reported = await countReported(state)
  const deliveries: ReconciledDelivery[] = []
  for (const [table, { from: raw }] of Object.entries(complaintsJob.derived)) {
    const held = holdings(state, raw, table, tables)
    const entries = inputs.filter((input) => input.table === raw)
    for (const { name: file, day, rows: source } of entries) {
      const counts = held instanceof Map ? held.get(file) : (held as Holdings)
      // a customers' export before the newest one does not count
      if (counts === undefined) continue
      const [duplicate, refused] = [waiting(raw, file, 'duplicate'), waiting(raw, file, 'other')]
      const quarantined = waiting(table, file, 'other')
      const inReport = day === null ? null : reported(table, day)
      const { landed, cleaned } = counts
      const lost = {
        landing: source - duplicate - refused - landed,
        cleaning: landed - quarantined - cleaned,
        reporting: inReport === null ? 0 : cleaned - inReport,
      }
      deliveries.push({
        table,
        day,
        file,
        source,
        duplicate,
        refused,
        landed,
        quarantined,
        cleaned,
        reported: inReport,
        lost,
      })
    }
  }
  const isWhole = deliveries.every(({ lost }) => lost.landing === 0 && lost.cleaning === 0 && lost.reporting === 0)
  return { commit, isWhole, deliveries }
}

/**
 * The complaints of a lake as one set, for figures.
 * @module
 */
import type { Effects } from '../../../pipeline/effects.ts'
import type { OutOptions } from '../../../pipeline/job/options.ts'
import { readState } from '../../../pipeline/state/committed-state.ts'
import { columnOf } from '../../../table/frame.ts'
import { ComplaintCollector, type ComplaintSet } from '../figures/complaint-set.ts'
import { complaintsJob } from './complaints-job.ts'

/** The complaints of a lake. */
export interface LakeComplaints {
  readonly commit: number
  readonly set: ComplaintSet
  /** Customers of the newest export. */
  readonly customers: number
}

/**
 * Returns the complaints of a lake as they stand now: of each its latest delivery. Reads some rows at a time; the set has a few dozen
 * bytes a complaint, and its ids.
 *
 * @throws PipelineError nothing_committed - there is no commit; log_damaged, data_damaged - the state is not what it was
 * @throws ConnectError - the place cannot be read
 * @example
 * import { memoryStore } from 'support-etl/connect'
 * import { runPipeline } from 'support-etl/pipeline'
 * import { complaintsJob, complaintsWorld, readComplaints } from 'support-etl/complaints'
 *
 * const [data, out] = [memoryStore(), memoryStore()]
 * for (const { name, chunks } of complaintsWorld({ days: 1, customers: 1000 })) await data.write(name, chunks())
 * await runPipeline(complaintsJob, { data, out })
 * const { set, customers } = await readComplaints({ out })
 * customers // 1000
 * set.rows > 250 // true
 */
export async function readComplaints(query: OutOptions = {}, given: Partial<Effects> = {}): Promise<LakeComplaints> {
  const state = await readState(complaintsJob, query, given)
  const agents = columnOf(await state.loadTable('agents'), 'agent_id')
  const collector = new ComplaintCollector(new Set(agents))
  for (const table of ['call_logs', 'social_media', 'web_forms']) {
    for (const delivery of state.partitions(table).toReversed()) {
      for await (const rows of delivery.groups()) collector.add(rows)
    }
  }
  const customers = state.partitions('customers').reduce((sum, { rows }) => sum + rows, 0)
  return { commit: state.commit, set: collector.finish(), customers }
}

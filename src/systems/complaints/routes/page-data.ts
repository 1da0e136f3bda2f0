/**
 * What the complaints page reads: which commit there is, its complaints, its deliveries with the rows that wait, and the newest figures.
 * @module
 */
import { readState } from '../../../pipeline/state/committed-state.ts'
import { readQuarantine } from '../../../pipeline/state/read-quarantine.ts'
import { columnOf } from '../../../table/frame.ts'
import { jsonFile, namedFiles, onceACommit } from '../../page-data.ts'
import type { CommittedPlace, PageData, PageSources } from '../../system.ts'
import { complaintInsights } from '../figures/insights.ts'
import { complaintsJob } from '../job/complaints-job.ts'
import { readComplaints } from '../job/read-complaints.ts'
import { reconcile } from '../job/reconcile.ts'
import {
  COMMIT,
  COMPLAINTS_GLANCE,
  type ComplaintsCommit,
  type ComplaintsGlance,
  type ComplaintsSnapshot,
  FACTS,
  SNAPSHOT,
  USUAL_SLA,
} from '../page/snapshot.ts'
import { complaintFacts } from './complaint-facts.ts'

/** Rows in quarantine that the page can list: the file stays below a megabyte. */
const LISTED = 2000

/** What is made of a commit. */
interface Made {
  readonly snapshot: ComplaintsSnapshot
  readonly facts: Uint8Array
  readonly glance: ComplaintsGlance
}

/** Returns the data of the page. */
export function complaintsPageData({ effects, placeOf }: PageSources): PageData {
  const find = () => placeOf(complaintsJob)
  const readCommit = async (): Promise<ComplaintsCommit | null> => {
    const place = await find()
    return place && { commit: place.commit, sha256: place.sha256 }
  }
  const made = onceACommit(find, async ({ id, out }: CommittedPlace): Promise<Made> => {
    const state = await readState(complaintsJob, { out }, effects)
    const agents = await state.loadTable('agents')
    const names = columnOf(agents, 'name')
    const { set, customers } = await readComplaints({ out }, effects)
    const { isWhole, deliveries } = await reconcile({ out }, effects)
    const { rows } = await readQuarantine({ out }, effects)
    const { complaints, backlog, days, service } = complaintInsights(set, { slaHours: USUAL_SLA, customers })
    return {
      snapshot: {
        ...{ place: id, commit: state.commit, committed_at: state.committedAt, time_zone: state.options.timeZone },
        ...{ seen_at: Number.isFinite(set.seenAt) ? set.seenAt : null, complaints, customers },
        agent_names: Object.fromEntries(
          [...columnOf(agents, 'agent_id')].flatMap((agent, row) => {
            const name = names.at(row)
            return name === null ? [] : [[String(agent), String(name)]]
          }),
        ),
        ...{ is_whole: isWhole, deliveries, waiting: rows.length },
        waiting_rows: rows.slice(0, LISTED).map(({ table, file, row, column, code, expected }) => {
          return { table, file, row, column, code, expected }
        }),
      },
      facts: await complaintFacts(set),
      glance: {
        complaints,
        open: backlog.reduce((sum, { open }) => sum + open, 0),
        sla_hours: USUAL_SLA,
        within_sla: service[0]?.withinSla ?? null,
        first_day: days[0]?.openedOn ?? null,
        last_day: days.at(-1)?.openedOn ?? null,
      },
    }
  })
  return namedFiles({
    [COMMIT]: jsonFile(readCommit),
    [SNAPSHOT]: jsonFile(async () => (await made())?.snapshot ?? null),
    [FACTS]: async () => (await made())?.facts ?? null,
    [COMPLAINTS_GLANCE]: jsonFile(async () => (await made())?.glance ?? null),
  })
}

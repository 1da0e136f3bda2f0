/**
 * What the page of the monthly report reads: which commit there is, its report with the evidence, and the newest answers.
 * @module
 */
import type { FileStore } from '../connect/file-store.ts'
import type { Effects } from '../pipeline/effects.ts'
import { readHead } from '../pipeline/log/commit-log.ts'
import { readState } from '../pipeline/state/committed-state.ts'
import { answerFigures, callMonthsOf, monthsOf, newestQuarter } from '../systems/support/figures/answers.ts'
import { centerCallMonths } from '../systems/support/figures/call-times.ts'
import { supportJob } from '../systems/support/job.ts'
import type { ReportRow, SupportCommit, SupportGlance, SupportSnapshot } from '../systems/support/page/snapshot.ts'
import type { Column } from '../table/column.ts'
import type { Frame } from '../table/frame.ts'

/** The monthly job for its page; null before its first commit. */
export interface SupportData {
  readCommit(): Promise<SupportCommit | null>
  readSnapshot(): Promise<SupportSnapshot | null>
  readGlance(): Promise<SupportGlance | null>
}

function rowsOf(frame: Frame): Record<string, unknown>[] {
  const columns: [string, Column][] = [...frame.columns]
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])),
  )
}

/** What is made of one commit. */
interface MadeOfCommit {
  readonly sha256: string
  readonly snapshot: SupportSnapshot
  readonly glance: SupportGlance | null
}

/** Returns the readers of the monthly job's place. */
export function supportData(out: FileStore, effects: Effects): SupportData {
  // a commit never changes: what was made of it once is kept until there is another one
  let made: MadeOfCommit | null = null

  const head = async () => {
    const commit = await readHead(out, effects)
    // another job's place: its outputs stand on the page of data
    return commit?.record.job === supportJob.name ? commit : null
  }
  const make = async (): Promise<MadeOfCommit | null> => {
    const commit = await head()
    if (commit === null) return null
    if (made?.sha256 === commit.sha256) return made
    const state = await readState(supportJob, { out }, effects)
    const [interactions, centers] = [await state.loadTable('interactions'), await state.loadTable('contact_centers')]
    const report = await state.loadOutput('support_report')
    const calls = callMonthsOf(centerCallMonths(interactions, centers, state.options))
    const snapshot: SupportSnapshot = {
      commit: state.commit,
      committed_at: state.committedAt,
      time_zone: state.options.timeZone,
      month_from: state.options.monthFrom,
      quarantined: commit.record.quarantine?.rows ?? 0,
      // the job itself wrote these columns
      report: rowsOf(report) as unknown as ReportRow[],
      calls,
    }
    const quarter = newestQuarter(monthsOf(report))
    let glance: SupportGlance | null = null
    if (quarter !== null) {
      const { interactionsByMonth, busiestMonth, longestAverageCall } = answerFigures(report, calls, quarter.months)
      glance = {
        quarter: quarter.name,
        total_interactions: interactionsByMonth.reduce((sum, { total_interactions: count }) => sum + count, 0),
        busiest_month: busiestMonth?.month ?? null,
        longest_average_call: longestAverageCall,
      }
    }
    made = { sha256: commit.sha256, snapshot, glance }
    return made
  }
  return {
    async readCommit() {
      const commit = await head()
      if (commit === null) return null
      const { number, committedAt } = commit.record
      return { commit: number, committed_at: committedAt, sha256: commit.sha256 }
    },
    readSnapshot: async () => (await make())?.snapshot ?? null,
    readGlance: async () => (await make())?.glance ?? null,
  }
}

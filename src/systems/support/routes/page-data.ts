/**
 * What the page of the monthly report reads: which commit there is, its report with the evidence, and the newest answers.
 * @module
 */
import { readState } from '../../../pipeline/state/committed-state.ts'
import type { Column } from '../../../table/column.ts'
import type { Frame } from '../../../table/frame.ts'
import { jsonFile, namedFiles, onceACommit } from '../../page-data.ts'
import type { CommittedPlace, PageData, PageSources } from '../../system.ts'
import { answerFigures, callMonthsOf, monthsOf, newestQuarter } from '../figures/answers.ts'
import { centerCallMonths } from '../figures/call-times.ts'
import { supportJob } from '../job.ts'
import {
  COMMIT,
  type ReportRow,
  SNAPSHOT,
  SUPPORT_GLANCE,
  type SupportCommit,
  type SupportGlance,
  type SupportSnapshot,
} from '../page/snapshot.ts'

function rowsOf(frame: Frame): Record<string, unknown>[] {
  const columns: [string, Column][] = [...frame.columns]
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column.at(row)])),
  )
}

/** What the page shows of one commit. */
interface Shown {
  readonly snapshot: SupportSnapshot
  readonly glance: SupportGlance | null
}

/** Returns the data of the page. */
export function supportPageData({ effects, placeOf }: PageSources): PageData {
  const find = () => placeOf(supportJob)

  const readCommit = async (): Promise<SupportCommit | null> => {
    const place = await find()
    return place && { commit: place.commit, committed_at: place.committedAt, sha256: place.sha256 }
  }
  const show = async ({ out, quarantined }: CommittedPlace): Promise<Shown> => {
    const state = await readState(supportJob, { out }, effects)
    const [interactions, centers] = [await state.loadTable('interactions'), await state.loadTable('contact_centers')]
    const report = await state.loadOutput('support_report')
    const calls = callMonthsOf(centerCallMonths(interactions, centers, state.options))
    const snapshot: SupportSnapshot = {
      commit: state.commit,
      committed_at: state.committedAt,
      time_zone: state.options.timeZone,
      month_from: state.options.monthFrom,
      quarantined,
      // the job itself wrote these columns
      report: rowsOf(report) as unknown as ReportRow[],
      calls,
    }
    const quarter = newestQuarter(monthsOf(report))
    if (quarter === null) return { snapshot, glance: null }
    const { interactionsByMonth, busiestMonth, longestAverageCall } = answerFigures(report, calls, quarter.months)
    const glance: SupportGlance = {
      quarter: quarter.name,
      total_interactions: interactionsByMonth.reduce((sum, { total_interactions: count }) => sum + count, 0),
      busiest_month: busiestMonth?.month ?? null,
      longest_average_call: longestAverageCall,
    }
    return { snapshot, glance }
  }
  const shown = onceACommit(find, show)
  return namedFiles({
    [COMMIT]: jsonFile(readCommit),
    [SNAPSHOT]: jsonFile(async () => (await shown())?.snapshot ?? null),
    [SUPPORT_GLANCE]: jsonFile(async () => (await shown())?.glance ?? null),
  })
}

/**
 * The data of the monthly report's page: the report's rows and the evidence that comes from the
 * fact table.
 * @module
 */
import type { CallMonth } from '../figures/answers.ts'

/** One row of the support report. */
export interface ReportRow {
  readonly month: string
  readonly contact_center_name: string
  readonly department: string
  readonly total_interactions: number
  readonly total_calls: number
  readonly total_call_duration: number
}

/** The committed state that the page shows. */
export interface SupportSnapshot {
  readonly commit: number
  readonly committed_at: string
  readonly time_zone: string
  readonly month_from: string
  readonly report: readonly ReportRow[]
  /** The calls of each month and contact center. */
  readonly calls: readonly CallMonth[]
}

/** Where the page fetches it. */
export const SNAPSHOT = 'data/support.json'

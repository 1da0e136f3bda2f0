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
  /** Rows that wait in quarantine. */
  readonly quarantined: number
  readonly report: readonly ReportRow[]
  /** The calls of each month and contact center. */
  readonly calls: readonly CallMonth[]
}

/** The commit that the page shows: another one makes the page read again. */
export interface SupportCommit {
  readonly commit: number
  readonly committed_at: string
  /** Tells two commits of one number apart. */
  readonly sha256: string
}

/** The answers for the newest whole quarter, for the home page. */
export interface SupportGlance {
  /** `2025-Q1` */
  readonly quarter: string
  readonly total_interactions: number
  readonly busiest_month: string | null
  readonly longest_average_call: {
    readonly contact_center_name: string
    readonly average_call_minutes: number | null
  } | null
}

/** Where the page fetches them. */
export const SNAPSHOT = 'data/support.json'
export const COMMIT = 'data/support-commit.json'
export const SUPPORT_GLANCE = 'data/support-glance.json'

/**
 * The data of the complaints page beside the complaints themselves: the deliveries of one commit, and the rows that wait.
 * @module
 */
import type { ReconciledDelivery } from '../figures/reconciled-delivery.ts'

/** A row that waits in quarantine, without its cells: they may hold what customers wrote. */
export interface WaitingRow {
  /** The table that refused it. */
  readonly table: string
  readonly file: string
  /** The record of the file, from 1. */
  readonly row: number
  readonly column: string | null
  readonly code: string
  readonly expected: string
}

/** The committed state that the page shows. */
export interface ComplaintsSnapshot {
  /** The folder of the state below the dashboard's own; empty for that itself. */
  readonly place: string
  readonly commit: number
  readonly committed_at: string
  readonly time_zone: string
  /** When the complaints were looked at: the end of the last delivery day, in epoch milliseconds; null before the first delivery. */
  readonly seen_at: number | null
  readonly complaints: number
  /** Customers of the newest export. */
  readonly customers: number
  /** Names of agents by id. */
  readonly agent_names: Readonly<Record<string, string>>
  /** Whether every row is in an account. */
  readonly is_whole: boolean
  readonly deliveries: readonly ReconciledDelivery[]
  /** Problems of rows that wait. */
  readonly waiting: number
  /** The first of them. */
  readonly waiting_rows: readonly WaitingRow[]
}

/** The commit that the page shows: another one makes the page read again. */
export interface ComplaintsCommit {
  readonly commit: number
  readonly sha256: string
}

/** All complaints in a few figures, for the home page. */
export interface ComplaintsGlance {
  readonly complaints: number
  readonly open: number
  readonly sla_hours: number
  readonly within_sla: number | null
  readonly first_day: string | null
  readonly last_day: string | null
}

/** The service level that is asked for where an address names none, in hours. */
export const USUAL_SLA = 72

/** Where the page fetches them. */
export const SNAPSHOT = 'data/complaints.json'
export const COMMIT = 'data/complaints-commit.json'
export const FACTS = 'data/complaints.parquet'
export const COMPLAINTS_GLANCE = 'data/complaints-glance.json'

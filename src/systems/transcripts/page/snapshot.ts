/**
 * The data of the transcripts page: the figures of one commit, and its newest calls with their evidence.
 * @module
 */
import type { EvidenceMetric, Mood } from '../figures/analysis/analysis.ts'
import type { CallOverview } from '../figures/overview.ts'
import type { OutcomeDurations, ProductSales } from '../figures/sales.ts'

/** One row of `gold_agent_performance`. */
export interface AgentRow {
  readonly agent_name: string
  readonly total_calls: number
  readonly total_conversions: number
  readonly conversion_rate: number
  readonly total_upsell_amount: number
  readonly positive_sentiment_pct: number
  readonly negative_sentiment_pct: number
}

/** One row of `gold_daily_metrics`. */
export interface DayRow {
  readonly metric_date: string
  readonly total_calls: number
  readonly total_conversions: number
  readonly total_upsell_amount: number
}

/** Words that a rule found, by their place in the text. */
export interface ShownEvidence {
  readonly metric: EvidenceMetric
  readonly rule: string
  readonly offset: number
  readonly length: number
}

/** A call that can be read. */
export interface ShownCall {
  readonly call_id: string
  readonly agent_name: string
  /** An instant in UTC. */
  readonly call_timestamp: string
  /** The calendar day in the zone of the job. */
  readonly day: string
  readonly is_conversion: boolean
  readonly mood: Mood
  readonly upsell_amount: number | null
  readonly text: string
  /** In order of the text. */
  readonly evidence: readonly ShownEvidence[]
}

/** The committed state that the page shows. */
export interface TranscriptsSnapshot {
  readonly commit: number
  readonly committed_at: string
  readonly time_zone: string
  readonly profile: string
  readonly quarantined: number
  readonly overview: CallOverview
  readonly agents: readonly AgentRow[]
  readonly days: readonly DayRow[]
  readonly products: readonly ProductSales[]
  readonly durations: readonly OutcomeDurations[]
  /** The newest calls, newest first. */
  readonly calls: readonly ShownCall[]
}

/** The commit that the page shows: another one makes the page read again. */
export interface TranscriptsCommit {
  readonly commit: number
  readonly sha256: string
}

/** Where the page fetches them. */
export const SNAPSHOT = 'data/transcripts.json'
export const COMMIT = 'data/transcripts-commit.json'
export const TRANSCRIPTS_GLANCE = 'data/transcripts-glance.json'

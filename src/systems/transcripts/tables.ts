/**
 * The transcripts system's tables: what arrives (bronze), what is clean (silver), and what the words say (gold).
 * @module
 */
import {
  boolean,
  date,
  defineTable,
  float64,
  int32,
  key,
  measure,
  nullable,
  recorded,
  reference,
  string,
  timestamp,
} from '../../table/contract.ts'

/** Fact, one row per call as it arrives: every column is text, and its turns stand in `transcript_text`. */
export const bronzeCalls = defineTable(
  'bronze_calls',
  {
    call_id: key(string()),
    agent_name: string(),
    timestamp: string({ encoding: 'plain' }),
    transcript_text: string({ encoding: 'plain' }),
  },
  { unknownColumns: 'discard_value' },
)

/** Dimension, one row per agent, optional: the team that the agent belongs to. */
export const transcriptAgents = defineTable(
  'agents',
  { agent_name: key(string()), team: nullable(string()) },
  { unknownColumns: 'discard_value' },
)

/**
 * Fact, one row per call, as `cleanTranscripts` makes it. `call_timestamp` is UTC, in microseconds; `transcript_length`
 * counts UTF-16 code units of the clean text.
 */
export const silverCallRecords = defineTable('silver_call_records', {
  call_id: key(string()),
  agent_name: string(),
  call_timestamp: timestamp({ unit: 'us' }),
  transcript_text: string({ encoding: 'plain' }),
  transcript_length: measure(int32()),
  call_duration_seconds: measure(int32()),
  created_at: recorded('created'),
  updated_at: recorded('updated'),
})

const ANALYTICS = {
  call_id: key(string()),
  agent_name: string(),
  call_timestamp: timestamp({ unit: 'us' }),
  is_conversion: boolean(),
  conversion_phrase: nullable(string()),
  upsell_amount: nullable(measure(float64())),
  upsell_product: nullable(string()),
  sentiment_score: string(),
  sentiment_confidence: measure(float64()),
  positive_keywords_count: measure(int32()),
  negative_keywords_count: measure(int32()),
  transcript_length: measure(int32()),
  call_duration_seconds: measure(int32()),
} as const

/**
 * Fact, one row per call: what its words say. `upsell_amount` is the sum of the accepted offers whose price is known, with two
 * decimals; it is null where there is none. `upsell_product` holds the names of the accepted offers, joined by `; `.
 * `sentiment_score` is positive, neutral or negative.
 */
export const goldCallAnalytics = defineTable('gold_call_analytics', ANALYTICS)

/**
 * Fact, one row per call: the columns of {@link goldCallAnalytics}, and all findings of the analysis as JSON. A job keeps it
 * so that the analytics, the evidence and the upsells are made of one reading of the text.
 */
export const callFindings = defineTable('call_findings', { ...ANALYTICS, findings: string({ encoding: 'plain' }) })

/** Report, one row per agent. Percentages and amounts have two decimals; a rate without calls does not occur. */
export const goldAgentPerformance = defineTable('gold_agent_performance', {
  agent_name: key(string()),
  total_calls: measure(int32()),
  total_conversions: measure(int32()),
  conversion_rate: nullable(measure(float64())),
  total_upsell_amount: measure(float64()),
  avg_upsell_per_call: nullable(measure(float64())),
  positive_sentiment_pct: nullable(measure(float64())),
  negative_sentiment_pct: nullable(measure(float64())),
  last_updated: recorded('updated'),
})

/** Report, one row per team of the agents list; agents who are not in it are in the team `Unknown`. */
export const goldTeamPerformance = defineTable('gold_team_performance', {
  team: key(string()),
  total_agents: measure(int32()),
  total_calls: measure(int32()),
  total_conversions: measure(int32()),
  conversion_rate: nullable(measure(float64())),
  total_upsell_amount: measure(float64()),
  avg_upsell_per_call: nullable(measure(float64())),
  positive_sentiment_pct: nullable(measure(float64())),
  negative_sentiment_pct: nullable(measure(float64())),
})

/** Report, one row per calendar day of the job's time zone. `avg_sentiment_score` is between −1 and 1, with four decimals. */
export const goldDailyMetrics = defineTable('gold_daily_metrics', {
  metric_date: key(date()),
  total_calls: measure(int32()),
  total_conversions: measure(int32()),
  conversion_rate: nullable(measure(float64())),
  total_upsell_amount: measure(float64()),
  avg_sentiment_score: nullable(measure(float64())),
  positive_calls: measure(int32()),
  negative_calls: measure(int32()),
  neutral_calls: measure(int32()),
})

/**
 * Fact, one row per finding: the words behind a metric. `evidence_number` counts from 1 within a call, in order of the text.
 * `text_offset` counts UTF-16 code units from the start of the clean text, so that the page can mark the words.
 */
export const goldCallEvidence = defineTable('gold_call_evidence', {
  call_id: key(reference('silver_call_records', string())),
  evidence_number: key(int32()),
  metric: string(),
  rule_id: string(),
  speaker: string(),
  text_offset: measure(int32()),
  matched_text: string({ encoding: 'plain' }),
})

/**
 * Fact, one row per offer of a product in a call, accepted or not. `upsell_number` counts from 1 within a call, in order of
 * the text; `amount` is null where no price is said.
 */
export const goldCallUpsells = defineTable('gold_call_upsells', {
  call_id: key(reference('silver_call_records', string())),
  upsell_number: key(int32()),
  product: string(),
  amount: nullable(measure(float64())),
  is_accepted: boolean(),
  rule_id: string(),
  text_offset: measure(int32()),
  matched_text: string({ encoding: 'plain' }),
})

/**
 * The transcripts system: cleans transcripts of calls, and reads out of their words what was sold and how customers felt.
 * @module
 */

// transcripts: cleaning

export { type DetailKind, type MaskedText, maskPersonalDetails } from './clean/mask-details.ts'
export {
  bronzeCalls,
  goldAgentPerformance,
  goldCallAnalytics,
  goldCallEvidence,
  goldCallUpsells,
  goldDailyMetrics,
  goldTeamPerformance,
  silverCallRecords,
  transcriptAgents,
} from './tables.ts'

// transcripts: analysis

export { parseTurns, type Speaker, type Turn } from './figures/turns.ts'

/**
 * The transcripts system: cleans transcripts of calls, and reads out of their words what was sold and how customers felt.
 * @module
 */

// transcripts: the job, and made-up calls

export {
  type TranscriptsJobOptions,
  type TranscriptsJobSpec,
  transcriptsJob,
  transcriptsJobOf,
} from './job/transcripts-job.ts'
export type { CallTruth, UpsellTruth } from './sample/call-script.ts'
export {
  type MadeTranscript,
  type SampledCall,
  sampleTranscripts,
  type TranscriptSampleOptions,
} from './sample/transcripts.ts'

// transcripts: cleaning

export type { CleanTranscriptsOptions } from './clean/clean-rows.ts'
export { type CleanedTranscripts, type CleanTranscriptsSummary, cleanTranscripts } from './clean/clean-transcripts.ts'
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

export { type AnalyseOptions, analyseTranscript } from './figures/analysis/analyse-transcript.ts'
export { type AnalysedTranscripts, analyseTranscripts } from './figures/analysis/analyse-transcripts.ts'
export type {
  Analysis,
  Conversion,
  Evidence,
  EvidenceMetric,
  Mood,
  MoodFinding,
  Profile,
  ScorecardFinding,
  Talk,
  Upsell,
} from './figures/analysis/analysis.ts'
export type { ProductWords } from './figures/language/products.ts'
export {
  checkRulePack,
  type DealKind,
  type DealRule,
  defaultRules,
  extendRules,
  type MoodRule,
  type RuleAddition,
  type RulePack,
  type ScorecardRule,
} from './figures/rules/rule-pack.ts'
export { parseTurns, type Speaker, type Turn } from './figures/turns.ts'

// transcripts: figures

export {
  type EvaluateOptions,
  type Evaluation,
  evaluateCalls,
  type LabelledCall,
  type LabelledSpan,
  type LabelledUpsell,
  type RuleScore,
} from './figures/evaluate/evaluate-calls.ts'
export type { ClassScores, Confusion, Score } from './figures/evaluate/scores.ts'
export type { DayOptions } from './figures/summaries/day-figures.ts'
export { metricsByDay, performanceByAgent, performanceByTeam } from './figures/summaries/summaries.ts'

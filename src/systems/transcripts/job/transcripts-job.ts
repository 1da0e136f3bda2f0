/**
 * The transcripts job as a value: calls as they arrive (bronze), clean (silver), and what their words say (gold).
 * @module
 */
import { type OptionNames, refuseUnknown } from '../../../arguments.ts'
import { defineJob } from '../../../pipeline/job/define-job.ts'
import type { Job, JobState, OutputExplanation } from '../../../pipeline/job/job.ts'
import { choice, type JobOption, zoneOption } from '../../../pipeline/job/job-options.ts'
import { csv } from '../../../pipeline/sources/formats/csv-format.ts'
import { json } from '../../../pipeline/sources/formats/formats.ts'
import { objects } from '../../../pipeline/sources/objects.ts'
import { snapshots } from '../../../pipeline/sources/snapshots.ts'
import type { Frame } from '../../../table/frame.ts'
import { takeRows } from '../../../table/take.ts'
import { cleanRows } from '../clean/clean-rows.ts'
import { analyticsRows, evidenceRows, findingRows, upsellRows } from '../figures/analysis/finding-rows.ts'
import { checkRulePack, defaultRules, type RulePack } from '../figures/rules/rule-pack.ts'
import { agentCells, agentPerformance, teamPerformance, updateAgentCells } from '../figures/summaries/agent-figures.ts'
import { dailyMetrics, dayCells, updateDayCells } from '../figures/summaries/day-figures.ts'
import {
  bronzeCalls,
  callFindings,
  goldAgentPerformance,
  goldCallAnalytics,
  goldCallEvidence,
  goldCallUpsells,
  goldDailyMetrics,
  goldTeamPerformance,
  silverCallRecords,
  transcriptAgents,
} from '../tables.ts'
import { findOddities } from './call-oddities.ts'
import { callOfFinding, callsOfAgent, callsOfDay, callsOfTeam } from './traced-calls.ts'

/** The folder of calls in the source place. */
export const BRONZE_PREFIX = 'bronze/'

/** The options of the transcripts job. */
export type TranscriptsJobOptions = {
  readonly timeZone: JobOption<string>
  readonly profile: JobOption<'default' | 'classic'>
  readonly personalDetails: JobOption<'keep' | 'mask'>
}

/** Where calls are, and by which rules they are read. */
export interface TranscriptsJobSpec {
  /** The folder of calls in the source place. Default 'bronze/'. */
  readonly prefix?: string
  /** How many files are held in memory at once. Default 2,000. */
  readonly batchSize?: number
  /** The rules of the profile `default`. Default `defaultRules`. */
  readonly rules?: RulePack
}

const OPTIONS: TranscriptsJobOptions = {
  timeZone: zoneOption('UTC', { help: 'of the days of gold_daily_metrics' }),
  profile: choice('default', ['default', 'classic'], {
    help: 'rules by which transcripts are cleaned and read; classic reproduces the original program',
  }),
  personalDetails: choice('keep', ['keep', 'mask'], {
    help: 'mask replaces cards, phone numbers, e-mail addresses and account numbers in the clean text',
  }),
}

/** What the summaries look at. */
const COUNTED = [
  ...['agent_name', 'call_timestamp', 'is_conversion', 'upsell_amount', 'sentiment_score'],
  ...['positive_keywords_count', 'negative_keywords_count'],
]

/** The columns of a call that a terminal shows. */
const SHOWN = ['call_id', 'agent_name', 'call_timestamp', 'is_conversion', 'upsell_amount', 'sentiment_score']

type Explanation = OutputExplanation<TranscriptsJobOptions>

/** Traces the lines of an output to the calls that they count. */
function tracedTo(
  rowsBehind: Explanation['rowsBehind'],
  more: Pick<Explanation, 'uses'> & { readonly reads?: readonly string[] } = {},
): Explanation {
  const reads = [goldCallAnalytics.name, ...(more.reads ?? [])]
  return { table: goldCallAnalytics.name, columns: SHOWN, ...more, reads, rowsBehind }
}

/** The figures of teams; none where there is no list of agents. */
function teamsIn(state: JobState): Frame {
  const [counts, agents] = [state.rollup('agent_counts'), state.table(transcriptAgents.name)]
  const none = { ...counts, cells: takeRows(counts.cells, new Int32Array()) }
  return teamPerformance(agents.rows === 0 ? none : counts, agents)
}

/**
 * Returns the transcripts job for another folder of calls, or other rules. Other rules make the findings anew in the next run;
 * another folder is another source, and needs a rebuild.
 *
 * @throws ContractError invalid_option - the rules are none
 * @throws PipelineError invalid_option - the prefix is not a folder
 * @example
 * const job = transcriptsJobOf({ prefix: 'calls/2025/' })
 * job.tables.bronze_calls.source.prefixes // ['calls/2025/']
 */
export function transcriptsJobOf(spec: TranscriptsJobSpec = {}): Job<TranscriptsJobOptions> {
  refuseUnknown(spec, { prefix: true, batchSize: true, rules: true } satisfies OptionNames<TranscriptsJobSpec>)
  const { prefix = BRONZE_PREFIX, batchSize, rules = defaultRules } = spec
  checkRulePack(rules)
  return defineJob({
    name: 'transcripts',
    options: OPTIONS,
    published: [
      ...[silverCallRecords.name, goldCallAnalytics.name, goldAgentPerformance.name, goldTeamPerformance.name],
      ...[goldDailyMetrics.name, goldCallEvidence.name, goldCallUpsells.name],
    ],
    tables: {
      bronze_calls: {
        contract: bronzeCalls,
        source: objects({
          ...{ prefix, name: '**/{call_id}.json', format: json() },
          ...(batchSize !== undefined && { batchSize }),
        }),
      },
      agents: {
        contract: transcriptAgents,
        source: snapshots({ file: 'agents.csv', format: csv(), whereMissing: 'empty' }),
      },
    },
    derived: {
      silver_call_records: {
        from: bronzeCalls.name,
        contract: silverCallRecords,
        uses: ['profile', 'personalDetails'],
        rows: cleanRows,
      },
      call_findings: {
        from: silverCallRecords.name,
        contract: callFindings,
        uses: ['profile'],
        rules: [JSON.stringify(rules)],
        rows: (records, { profile }) => findingRows(records, profile === 'classic' ? { profile } : { profile, rules }),
      },
      gold_call_analytics: { from: callFindings.name, contract: goldCallAnalytics, rows: analyticsRows },
    },
    rollups: {
      agent_counts: {
        table: goldCallAnalytics.name,
        columns: COUNTED,
        build: agentCells,
        update: updateAgentCells,
      },
      day_counts: {
        table: goldCallAnalytics.name,
        columns: COUNTED,
        uses: ['timeZone'],
        build: (calls, { timeZone }) => dayCells(calls, { timeZone }),
        update: updateDayCells,
      },
    },
    outputs: {
      gold_agent_performance: {
        contract: goldAgentPerformance,
        reads: ['agent_counts'],
        build: (state) => agentPerformance(state.rollup('agent_counts')),
        explain: tracedTo(callsOfAgent),
      },
      gold_team_performance: {
        contract: goldTeamPerformance,
        reads: ['agent_counts', transcriptAgents.name],
        build: teamsIn,
        explain: tracedTo(callsOfTeam, { reads: [transcriptAgents.name] }),
      },
      gold_daily_metrics: {
        contract: goldDailyMetrics,
        reads: ['day_counts'],
        build: (state) => dailyMetrics(state.rollup('day_counts')),
        explain: tracedTo((state, cells, { timeZone }) => callsOfDay(state, cells, timeZone), { uses: ['timeZone'] }),
      },
      gold_call_evidence: {
        contract: goldCallEvidence,
        reads: [callFindings.name],
        build: (state) => evidenceRows(state.table(callFindings.name)),
        explain: tracedTo(callOfFinding),
      },
      gold_call_upsells: {
        contract: goldCallUpsells,
        reads: [callFindings.name],
        build: (state) => upsellRows(state.table(callFindings.name)),
        explain: tracedTo(callOfFinding),
      },
    },
    oddities: findOddities,
  })
}

/**
 * The transcripts job: one file a call in `bronze/` and the folders below it, and a list of agents with their teams (`agents.csv`), which may be missing.
 * Clean records, analytics of each call, figures of agents, teams and days, and the evidence behind them follow from it. Days
 * are those of UTC unless a run chooses a zone.
 */
export const transcriptsJob = transcriptsJobOf()

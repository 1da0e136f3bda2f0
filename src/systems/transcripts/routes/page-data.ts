/**
 * What the transcripts page reads: which commit there is, its figures, and its newest calls with their evidence.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import { type CommittedState, readState } from '../../../pipeline/state/committed-state.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { withLocalDate } from '../../../transform/local-time.ts'
import { jsonFile, namedFiles, onceACommit } from '../../page-data.ts'
import type { CommittedPlace, PageData, PageSources } from '../../system.ts'
import type { EvidenceMetric, Mood } from '../figures/analysis/analysis.ts'
import { callOverview } from '../figures/overview.ts'
import { durationsByOutcome, productSales } from '../figures/sales.ts'
import { transcriptsJob } from '../job/transcripts-job.ts'
import {
  type AgentRow,
  COMMIT,
  type DayRow,
  type ShownCall,
  type ShownEvidence,
  SNAPSHOT,
  TRANSCRIPTS_GLANCE,
  type TranscriptsCommit,
  type TranscriptsSnapshot,
} from '../page/snapshot.ts'

/** Calls that can be read on the page: the file stays below a megabyte. */
const READABLE = 300

function rowsOf(frame: Frame): Record<string, unknown>[] {
  return Array.from({ length: frame.rows }, (_, row) =>
    Object.fromEntries(Array.from(frame.columns, ([name, column]) => [name, column.at(row)])),
  )
}

function evidenceByCall(evidence: Frame, ids: ReadonlySet<string>): Map<string, ShownEvidence[]> {
  const column = (name: string) => columnOf(evidence, name)
  const [calls, metrics, rules] = [textOf(evidence, 'call_id'), column('metric'), column('rule_id')]
  const [offsets, texts] = [column('text_offset'), column('matched_text')]
  // looked up once a call, not once a finding
  const wanted = calls.values.map((id) => ids.has(id))
  const found = new Map<string, ShownEvidence[]>()
  for (let row = 0; row < evidence.rows; row++) {
    const code = calls.codes[row] as number
    if (wanted[code] !== true) continue
    const id = calls.values[code] as string
    const list = found.get(id) ?? []
    found.set(id, list)
    list.push({
      // the job itself wrote these columns
      metric: metrics.at(row) as EvidenceMetric,
      rule: String(rules.at(row)),
      offset: Number(offsets.at(row)),
      length: String(texts.at(row)).length,
    })
  }
  return found
}

async function newestCalls(state: CommittedState, timeZone: string): Promise<readonly ShownCall[]> {
  const gold = await state.loadTable('gold_call_analytics')
  const dated = withLocalDate(gold, { column: 'call_timestamp', timeZone, as: '_day' })
  const column = (name: string) => columnOf(dated, name)
  const [ids, agents, times, days] = [column('call_id'), column('agent_name'), column('call_timestamp'), column('_day')]
  const [sold, moods, amounts] = [column('is_conversion'), column('sentiment_score'), column('upsell_amount')]
  const instants = Float64Array.from(times, Number)
  const instant = (row: number): string => new Date(instants[row] as number).toISOString()
  const newest = Array.from({ length: gold.rows }, (_, row) => row)
    .sort((a, b) => (instants[b] as number) - (instants[a] as number) || a - b)
    .slice(0, READABLE)
  const shown = new Set(newest.map((row) => String(ids.at(row))))
  const silver = await state.loadTable('silver_call_records')
  const [silverIds, silverTexts] = [columnOf(silver, 'call_id'), columnOf(silver, 'transcript_text')]
  const texts = new Map<string, string>()
  for (let row = 0; row < silver.rows; row++) {
    const id = String(silverIds.at(row))
    if (shown.has(id)) texts.set(id, String(silverTexts.at(row)))
  }
  const evidence = evidenceByCall(await state.loadOutput('gold_call_evidence'), shown)
  return newest.map((row): ShownCall => {
    const call_id = String(ids.at(row))
    const amount = amounts.at(row)
    return {
      call_id,
      agent_name: String(agents.at(row)),
      call_timestamp: instant(row),
      day: String(days.at(row)),
      is_conversion: sold.at(row) === true,
      mood: moods.at(row) as Mood,
      upsell_amount: amount === null ? null : Number(amount),
      text: texts.get(call_id) ?? '',
      evidence: evidence.get(call_id) ?? [],
    }
  })
}

/** Returns the data of the page. */
export function transcriptsPageData({ effects, placeOf }: PageSources): PageData {
  const find = () => placeOf(transcriptsJob)
  const readCommit = async (): Promise<TranscriptsCommit | null> => {
    const place = await find()
    return place && { commit: place.commit, sha256: place.sha256 }
  }
  const show = async ({ out, quarantined }: CommittedPlace): Promise<TranscriptsSnapshot> => {
    const state = await readState(transcriptsJob, { out }, effects)
    const { timeZone, profile } = state.options
    return {
      ...{ commit: state.commit, committed_at: state.committedAt, time_zone: timeZone, profile, quarantined },
      overview: callOverview(await state.loadRollup('agent_counts')),
      // the job itself wrote these columns
      agents: rowsOf(await state.loadOutput('gold_agent_performance')) as unknown as AgentRow[],
      days: rowsOf(await state.loadOutput('gold_daily_metrics')) as unknown as DayRow[],
      products: productSales(await state.loadOutput('gold_call_upsells')),
      durations: durationsByOutcome(await state.loadTable('gold_call_analytics')),
      calls: await newestCalls(state, timeZone),
    }
  }
  const shown = onceACommit(find, show)
  return namedFiles({
    [COMMIT]: jsonFile(readCommit),
    [SNAPSHOT]: jsonFile(shown),
    [TRANSCRIPTS_GLANCE]: jsonFile(async () => (await shown())?.overview ?? null),
  })
}

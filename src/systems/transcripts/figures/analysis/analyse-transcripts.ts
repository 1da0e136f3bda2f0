/**
 * Reads many transcripts, of any kind of table.
 * @module
 */
import { buildTable, type TableLike, viewTable } from '../../../../table/table-like.ts'
import { type AnalyseOptions, refuseAnalyseOptions } from './analyse-transcript.ts'
import { analyticsRows, evidenceRows, findingRows, upsellRows } from './finding-rows.ts'

/** What transcripts say, as three tables. */
export interface AnalysedTranscripts<Table> {
  /** One row per call, in the order of the records: the columns of `goldCallAnalytics`. */
  readonly analytics: Table
  /** One row per finding: the columns of `goldCallEvidence`. */
  readonly evidence: Table
  /** One row per product that was accepted or declined: the columns of `goldCallUpsells`. */
  readonly upsells: Table
}

/**
 * Returns what clean transcripts say, as `analyseTranscript` reads each of them. The records have the columns of
 * `silverCallRecords`, as `cleanTranscripts` makes them; the recorded columns may be missing.
 *
 * @throws ContractError column_not_found - a column is missing; invalid_option - an option does not fit
 * @example
 * const calls = table({
 *   call_id: ['C1'],
 *   agent_name: ['ann lee'],
 *   timestamp: ['2025-03-01T09:30:00'],
 *   transcript_text: ['Agent: Shall I add the sports pack for $7? Customer: Sure, go ahead.'],
 * })
 * const { analytics, upsells } = analyseTranscripts(cleanTranscripts(calls).records)
 * analytics.object().conversion_phrase // 'Sure'
 * upsells.object().product // 'sports pack'
 * upsells.object().amount // 7
 */
export function analyseTranscripts<T extends TableLike>(
  records: T,
  options: AnalyseOptions = {},
): AnalysedTranscripts<T> {
  refuseAnalyseOptions(options)
  const { frame } = findingRows(viewTable(records, 'records'), options)
  return {
    analytics: buildTable(analyticsRows(frame).frame, records),
    evidence: buildTable(evidenceRows(frame), records),
    upsells: buildTable(upsellRows(frame), records),
  }
}

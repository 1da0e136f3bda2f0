/**
 * Cleans transcripts of calls, of any kind of table.
 * @module
 */
import { type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import type { ErrorCode } from '../../../errors.ts'
import { NumberColumn } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { buildTable, type TableLike, viewTable } from '../../../table/table-like.ts'
import { takeColumn } from '../../../table/take.ts'
import { codeTexts } from '../../../table/utf8.ts'
import { type CleanRows, type CleanTranscriptsOptions, cleanRows } from './clean-rows.ts'
import type { DetailKind } from './mask-details.ts'

/** The counts of a cleaning: `rows` = `kept` + `rejected`. */
export interface CleanTranscriptsSummary {
  readonly rows: number
  readonly kept: number
  readonly rejected: number
  /** How often each code stands in the rejects; a row may have several. */
  readonly rejects_by_code: Readonly<Partial<Record<ErrorCode, number>>>
  /** How many personal details were masked, by kind. */
  readonly masked: Readonly<Record<DetailKind, number>>
}

/** Clean transcripts. */
export interface CleanedTranscripts<Table> {
  /** The columns of `silverCallRecords` without recorded ones, in the order of the calls. */
  readonly records: Table
  /** The columns row (1-based), call_id, code, column, found and expected, in the order of the calls. */
  readonly rejects: Table
  readonly summary: CleanTranscriptsSummary
}

const OPTIONS = { profile: true, personalDetails: true } satisfies OptionNames<CleanTranscriptsOptions>

function rejectsOf(calls: Frame, { issues }: CleanRows): Frame {
  const coded = (texts: readonly (string | null)[]) => codeTexts(texts, texts.length)
  return frameOf([
    [
      'row',
      new NumberColumn(
        'int32',
        Int32Array.from(issues, ({ row }) => row + 1),
      ),
    ],
    [
      'call_id',
      takeColumn(
        columnOf(calls, 'call_id'),
        Int32Array.from(issues, ({ row }) => row),
      ),
    ],
    ['code', coded(issues.map(({ code }) => code))],
    ['column', coded(issues.map(({ column }) => column))],
    ['found', coded(issues.map(({ found }) => found))],
    ['expected', coded(issues.map(({ expected }) => expected))],
  ])
}

/**
 * Returns calls as clean records, and the calls that give none with the reasons.
 *
 * Columns: call_id, agent_name, timestamp, transcript_text; others are ignored. White space becomes single, characters that
 * cannot be seen go, curly quotes become straight; a line end stays one. Names in one case only get capitals, and blank ones are
 * `Unknown Agent`. A timestamp is ISO 8601 text, in any offset, and UTC without one; it becomes microseconds of UTC.
 * `call_duration_seconds` is 52 seconds for 100 words, rounded down. The profile `classic` cleans as the original program does:
 * each word of a name has one capital, quotes and characters without width stay, and a timestamp with an offset is refused. A call is
 * refused where a column is null or the text is blank (`null_value`), where the text has half a character (`malformed_text`), or where its timestamp cannot be read
 * (`timestamp_invalid`). Rows are cleaned one by one: two rows with one call_id both stay.
 *
 * @throws ContractError column_not_found, type_mismatch - a column is missing or of another kind; invalid_option - an option
 * does not fit
 * @example
 * const calls = table({
 *   call_id: ['C1', 'C2'],
 *   agent_name: ["SHEA O'BRIEN", 'Ann'],
 *   timestamp: ['2025-03-01T10:00:00+01:00', 'yesterday'],
 *   transcript_text: ['Agent: Hi.  Customer: My card is 4111 1111 1111 1111.', 'Agent: Hi.'],
 * })
 * const { records, rejects, summary } = cleanTranscripts(calls, { personalDetails: 'mask' })
 * records.object().agent_name // "Shea O'Brien"
 * records.object().transcript_text // 'Agent: Hi. Customer: My card is [card].'
 * rejects.select('row', 'code', 'column').objects() // [{ row: 2, code: 'timestamp_invalid', column: 'timestamp' }]
 * summary.masked.card // 1
 */
export function cleanTranscripts<T extends TableLike>(
  calls: T,
  options: CleanTranscriptsOptions = {},
): CleanedTranscripts<T> {
  refuseUnknown(options, OPTIONS)
  const { profile = 'default', personalDetails = 'keep' } = options
  refuseUnless(profile === 'default' || profile === 'classic', 'profile', profile, 'default or classic')
  const isKnown = personalDetails === 'keep' || personalDetails === 'mask'
  refuseUnless(isKnown, 'personalDetails', personalDetails, 'keep or mask')
  const frame = viewTable(calls, 'calls')
  const cleaned = cleanRows(frame, options)
  const byCode: Partial<Record<ErrorCode, number>> = {}
  for (const { code } of cleaned.issues) byCode[code] = (byCode[code] ?? 0) + 1
  return {
    records: buildTable(cleaned.frame, calls),
    rejects: buildTable(rejectsOf(frame, cleaned), calls),
    summary: {
      rows: frame.rows,
      kept: cleaned.frame.rows,
      rejected: frame.rows - cleaned.frame.rows,
      rejects_by_code: byCode,
      masked: cleaned.masked,
    },
  }
}

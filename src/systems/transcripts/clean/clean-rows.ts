/**
 * Cleans calls, on frames: each row gives a typed record, or the reasons why it gives none.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import type { DerivedIssue, DerivedRows } from '../../../pipeline/job/job.ts'
import { NumberColumn, TimestampColumn } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { takeColumn } from '../../../table/take.ts'
import { codeTexts, encodeTexts } from '../../../table/utf8.ts'
import { parseTimestamp } from '../../../time/instant.ts'
import type { Profile } from '../figures/analysis/analysis.ts'
import { agentName, classicAgentName } from './agent-name.ts'
import { type DetailKind, maskPersonalDetails } from './mask-details.ts'
import { classicText, durationSeconds, transcriptText } from './transcript-text.ts'

/** How transcripts are cleaned. */
export interface CleanTranscriptsOptions {
  /** `classic` cleans as the original program does. Default 'default'. */
  readonly profile?: Profile
  /** `mask` replaces cards, phone numbers, e-mail addresses and account numbers in the text. Default 'keep'. */
  readonly personalDetails?: 'keep' | 'mask'
}

/** What became of rows: {@link DerivedRows}, and how many details were masked. */
export interface CleanRows extends DerivedRows {
  readonly masked: Readonly<Record<DetailKind, number>>
}

const MICROS = 1000

/** The microseconds of a timestamp; what is wrong with it, as text, otherwise. */
function microsOf(text: string, profile: Profile): number | string {
  const parsed = parseTimestamp(text.trim())
  if (parsed === null) return 'an ISO 8601 timestamp'
  const { wallMilliseconds, subMillisecondNanoseconds, offsetMinutes } = parsed
  if (profile === 'classic' && offsetMinutes !== null)
    return 'a timestamp without a zone, as the profile classic has it'
  if (subMillisecondNanoseconds % MICROS !== 0) return 'a timestamp with microseconds at most'
  const micros = (wallMilliseconds - (offsetMinutes ?? 0) * 60_000) * MICROS + subMillisecondNanoseconds / MICROS
  return Number.isSafeInteger(micros) ? micros : 'a timestamp of the years 1685 to 2255'
}

/**
 * Returns the rows of `silver_call_records` without recorded columns, in the order of the calls, and an issue for each call
 * that gives none: a required column is null (`null_value`), there are no words (`null_value`), the words have half a
 * character (`malformed_text`), or the timestamp cannot be
 * read (`timestamp_invalid`). Each row depends on itself alone: this is the `rows` of a derived table.
 */
export function cleanRows(calls: Frame, options: CleanTranscriptsOptions = {}): CleanRows {
  const { profile = 'default', personalDetails = 'keep' } = options
  const [ids, names] = [columnOf(calls, 'call_id'), textOf(calls, 'agent_name')]
  const [times, texts] = [columnOf(calls, 'timestamp'), columnOf(calls, 'transcript_text')]
  const [spell, clean] = profile === 'classic' ? [classicAgentName, classicText] : [agentName, transcriptText]
  const spelled = names.values.map(spell)
  const issues: DerivedIssue[] = []
  const masked = { card: 0, phone: 0, email: 0, account: 0 }
  const parents: number[] = []
  const rows = { names: [] as string[], micros: [] as number[], texts: [] as string[] }
  for (let row = 0; row < calls.rows; row++) {
    const before = issues.length
    const refuse = (
      code: 'null_value' | 'malformed_text' | 'timestamp_invalid',
      column: string,
      found: string | null,
      expected: string,
    ) => issues.push({ row, code, column, found, expected })
    if (ids.isNull(row)) refuse('null_value', 'call_id', null, 'a call id')
    if (names.isNull(row)) refuse('null_value', 'agent_name', null, 'a name, or empty text for an unknown agent')
    const time = times.at(row)
    const micros =
      time === null ? 'a timestamp' : microsOf(time instanceof Date ? time.toISOString() : String(time), profile)
    if (typeof micros === 'string') {
      refuse(
        time === null ? 'null_value' : 'timestamp_invalid',
        'timestamp',
        time === null ? null : String(time),
        micros,
      )
    }
    const raw = texts.at(row)
    const text = clean(String(raw ?? ''))
    if (text === '') refuse('null_value', 'transcript_text', null, 'the words of a call')
    else if (!text.isWellFormed()) refuse('malformed_text', 'transcript_text', null, 'text without half characters')
    if (issues.length > before || typeof micros === 'string') continue
    const hidden = personalDetails === 'mask' ? maskPersonalDetails(text) : null
    if (hidden !== null) for (const kind of Object.keys(masked) as DetailKind[]) masked[kind] += hidden.counts[kind]
    parents.push(row)
    rows.names.push(spelled[names.codes[row] as number] as string)
    rows.micros.push(micros)
    rows.texts.push(hidden?.text ?? text)
  }
  const at = Int32Array.from(parents)
  const frame = frameOf(
    [
      ['call_id', takeColumn(ids, at)],
      ['agent_name', codeTexts(rows.names, at.length)],
      ['call_timestamp', new TimestampColumn(Float64Array.from(rows.micros), { unit: 'us' })],
      ['transcript_text', encodeTexts(rows.texts, 'transcript_text')],
      [
        'transcript_length',
        new NumberColumn(
          'int32',
          Int32Array.from(rows.texts, ({ length }) => length),
        ),
      ],
      ['call_duration_seconds', new NumberColumn('int32', Int32Array.from(rows.texts, durationSeconds))],
    ],
    at.length,
  )
  return { frame, parents: at, issues, masked }
}

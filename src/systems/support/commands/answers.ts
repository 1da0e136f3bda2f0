/**
 * `support-etl answers`: answers the three questions, with the figures behind them.
 * @module
 */

import { readState } from '../../../pipeline/state/committed-state.ts'
import type { Frame } from '../../../table/frame.ts'
import { effectsOf, sourceLine } from '../../../terminal/cli-effects.ts'
import {
  type DocumentForm,
  type DocumentSection,
  renderDocument,
  type TextDocument,
} from '../../../terminal/document.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { optionError, quarterMonths } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { average, counted, figure, renderJson } from '../../../terminal/text/render.ts'
import type { TableColumn } from '../../../terminal/text/text-table.ts'
import { monthsOf, newestQuarter } from '../figures/answers.ts'
import { supportJob } from '../job.ts'
import { type EvidenceRow, evidenceRows } from './answer-evidence.ts'
import { type Answers, answersOf } from './answer-figures.ts'

interface AnswersValues {
  readonly out: string
  readonly quarter?: string
  readonly evidence?: true
  readonly format: DocumentForm
  readonly limit?: string
  readonly json?: true
}

/** The months that the answers cover. */
interface Scope {
  /** `2025-Q1`, or `all`. */
  readonly quarter: string
  /** Null for all months. */
  readonly months: readonly string[] | null
  /** Text for headings; says which months the report has. */
  readonly text: string
}

/** The requested quarter, or the newest complete one of the report. */
function scopeOf(quarter: string | undefined, report: Frame): Scope {
  const known = monthsOf(report)
  const range = (months: readonly string[]) => (months.length === 0 ? 'no month' : `${months[0]} to ${months.at(-1)}`)
  if (quarter?.trim().toLowerCase() === 'all')
    return { quarter: 'all', months: null, text: `all months, ${range(known)}` }
  const newest = newestQuarter(known)
  const months = quarter === undefined ? newest?.months : quarterMonths('--quarter', quarter)
  if (months === undefined) return { quarter: 'all', months: null, text: `all months, ${range(known)}` }
  const name = quarter === undefined ? (newest?.name ?? '') : quarter.trim()
  const there = months.filter((month) => known.includes(month))
  const missing =
    there.length === months.length ? '' : `; the report has ${there.length === 0 ? 'none of them' : there.join(', ')}`
  return { quarter: name, months, text: `${name} (${range(months)}${missing})` }
}

/** Answers from the committed state, never from the published copies. */
export async function answers(
  { out, quarter, evidence, format, limit, json }: AnswersValues,
  terminal: Terminal,
): Promise<ExitCode> {
  if (limit !== undefined && format !== 'text') {
    throw optionError('--limit', limit, `a table; --format ${format} has every row`)
  }
  // refuse an impossible quarter before reading anything
  if (quarter !== undefined && quarter.trim().toLowerCase() !== 'all') quarterMonths('--quarter', quarter)
  const state = await readState(supportJob, { out }, effectsOf(terminal))
  const { commit, options } = state
  const { timeZone, monthFrom } = options
  const report = await state.loadOutput('support_report')
  const scope = scopeOf(quarter, report)
  const tables = {
    report,
    interactions: await state.loadTable('interactions'),
    contactCenters: await state.loadTable('contact_centers'),
    serviceCategories: await state.loadTable('service_categories'),
  }
  const found = answersOf(tables, { timeZone, monthFrom }, scope.months)
  const center = found.longestAverageCall?.contact_center_name
  const rows =
    evidence && center !== undefined
      ? evidenceRows(tables, { center, months: scope.months, timeZone, monthFrom })
      : null
  const known = monthsOf(report)
  if (quarter !== undefined && scope.months !== null && !scope.months.some((month) => known.includes(month))) {
    const held = known.length === 0 ? 'it has no months' : `its months are ${known[0]} to ${known.at(-1)}`
    terminal.log('warn', `the report has no interaction in --quarter ${printable(quarter)}; ${held}`)
  }
  if (json) {
    const { quarter: name, months } = scope
    await terminal.print(
      renderJson({
        commit,
        timeZone,
        monthFrom,
        quarter: name,
        months,
        ...found,
        ...(rows !== null && { evidence: rows }),
      }),
    )
    return EXIT.done
  }
  const document: TextDocument = {
    title: 'The three questions',
    source: sourceLine(out, commit, timeZone, monthFrom),
    sections: [
      volumeSection(found, scope),
      monthSection(found, scope),
      callSection(found, scope),
      ...(rows === null ? [] : [evidenceSection(rows, found)]),
    ],
    sentences: found.utcExplanation,
  }
  await terminal.print(renderDocument(document, format, terminal))
  return EXIT.done
}

const right = (title: string): TableColumn => ({ title, align: 'right' })

function volumeSection({ interactionsByContactCenter }: Answers, { text: scope }: Scope): DocumentSection {
  const total = interactionsByContactCenter.reduce((sum, row) => sum + row.total_interactions, 0)
  return {
    heading: `1. Interactions per contact center in ${scope}: ${figure(total)} in all`,
    columns: [{ title: 'contact center' }, right('interactions')],
    rows: interactionsByContactCenter.map((row) => [row.contact_center_name, row.total_interactions]),
    sentences: [],
  }
}

function monthSection({ busiestMonth, interactionsByMonth }: Answers, { text: scope }: Scope): DocumentSection {
  const answer =
    busiestMonth === null
      ? 'none'
      : `${busiestMonth.month}, with ${counted(busiestMonth.total_interactions, 'interaction')}`
  return {
    heading: `2. The month with the most interactions in ${scope}: ${answer}`,
    columns: [{ title: 'month' }, right('interactions')],
    rows: interactionsByMonth.map((row) => [row.month, row.total_interactions]),
    sentences: [],
  }
}

function callSection({ longestAverageCall, calls, explanation }: Answers, { text: scope }: Scope): DocumentSection {
  const answer =
    longestAverageCall === null
      ? 'none'
      : `${longestAverageCall.contact_center_name}, ${average(longestAverageCall.average_call_minutes)} minutes`
  const columns = ['calls', 'minutes', 'average', 'handle time', 'calls that go on', 'by minutes', 'rated']
  return {
    heading: `3. The longest average call in ${scope}: ${answer}`,
    columns: [{ title: 'contact center' }, ...columns.map(right)],
    rows: calls.map((row) => [
      ...[row.contact_center_name, row.total_calls, row.total_call_duration],
      ...[average(row.average_call_minutes), average(row.average_handle_minutes)],
      ...[row.calls_after_resolution, average(row.average_minutes_after_resolution), row.rated_calls],
    ]),
    sentences: explanation,
  }
}

/** The rows behind the sentence that says why the longest calls are long. */
function evidenceSection(rows: readonly EvidenceRow[], { longestAverageCall }: Answers): DocumentSection {
  const name = longestAverageCall?.contact_center_name ?? ''
  return {
    heading: `Evidence: ${counted(rows.length, 'call')} of ${name} that ${rows.length === 1 ? 'goes' : 'go'} on after the agent has resolved ${rows.length === 1 ? 'it' : 'them'}`,
    columns: [
      ...['interaction_id', 'start', 'resolved', 'end'].map((title) => ({ title })),
      ...['minutes after', 'rating'].map(right),
      ...[{ title: 'file' }, right('row')],
    ],
    rows: rows.map((row) => [
      ...[row.interaction_id, row.interaction_start, row.agent_resolution_timestamp, row.interaction_end],
      ...[row.minutes_after_resolution, row.satisfaction_rating, row.file, row.row],
    ]),
    sentences: [],
  }
}

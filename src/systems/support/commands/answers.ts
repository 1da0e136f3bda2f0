/**
 * `support-etl answers`: answers the three questions, with the figures behind them.
 * @module
 */

import { readState } from '../../../pipeline/state/committed-state.ts'
import type { Frame } from '../../../table/frame.ts'
import { effectsOf, sourceLine } from '../../../terminal/cli-effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { printable } from '../../../terminal/lines.ts'
import { quarterMonths } from '../../../terminal/option-values.ts'
import { average, counted, figure, renderJson } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { type Cell, indentedView, renderTable, type TableColumn } from '../../../terminal/text-table.ts'
import { monthsOf, newestQuarter } from '../figures/answers.ts'
import { supportJob } from '../job.ts'
import { type Answers, answersOf } from './answer-figures.ts'

interface AnswersValues {
  readonly out: string
  readonly quarter?: string
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
export async function answers({ out, quarter, json }: AnswersValues, terminal: Terminal): Promise<ExitCode> {
  // refuse an impossible quarter before reading anything
  if (quarter !== undefined && quarter.trim().toLowerCase() !== 'all') quarterMonths('--quarter', quarter)
  const state = await readState(supportJob, { out }, effectsOf(terminal))
  const { commit, options } = state
  const { timeZone, monthFrom } = options
  const report = await state.loadOutput('support_report')
  const scope = scopeOf(quarter, report)
  const found = answersOf(
    {
      report,
      interactions: await state.loadTable('interactions'),
      contactCenters: await state.loadTable('contact_centers'),
      serviceCategories: await state.loadTable('service_categories'),
    },
    { timeZone, monthFrom },
    scope.months,
  )
  const known = monthsOf(report)
  if (quarter !== undefined && scope.months !== null && !scope.months.some((month) => known.includes(month))) {
    const held = known.length === 0 ? 'it has no months' : `its months are ${known[0]} to ${known.at(-1)}`
    terminal.log('warn', `the report has no interaction in --quarter ${printable(quarter)}; ${held}`)
  }
  if (json) {
    const { quarter: name, months } = scope
    await terminal.print(renderJson({ commit, timeZone, monthFrom, quarter: name, months, ...found }))
    return EXIT.done
  }
  const source = printable(sourceLine(out, commit, timeZone, monthFrom))
  const parts = [
    volumeText(found, scope, terminal),
    monthText(found, scope, terminal),
    callText(found, scope, terminal),
  ]
  const utc = found.utcExplanation.map((sentence) => `${printable(sentence)}\n`).join('')
  await terminal.print(terminal.fit(`${source}\n\n${parts.join('\n')}${utc === '' ? '' : `\n${utc}`}`))
  return EXIT.done
}

const INDENT = '   '

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, INDENT)
}

/** A table below its heading. */
function table(columns: readonly TableColumn[], rows: readonly (readonly Cell[])[], { view }: Terminal): string {
  return indent(renderTable(columns, rows, indentedView(view, INDENT.length)))
}

function volumeText({ interactionsByContactCenter }: Answers, { text: scope }: Scope, terminal: Terminal): string {
  const rows = interactionsByContactCenter.map((row) => [row.contact_center_name, row.total_interactions])
  const total = interactionsByContactCenter.reduce((sum, row) => sum + row.total_interactions, 0)
  const heading = terminal.title(`1. Interactions per contact center in ${scope}: ${figure(total)} in all`)
  return `${heading}\n\n${table([{ title: 'contact center' }, { title: 'interactions', align: 'right' }], rows, terminal)}`
}

function monthText({ busiestMonth, interactionsByMonth }: Answers, { text: scope }: Scope, terminal: Terminal): string {
  const answer =
    busiestMonth === null
      ? 'none'
      : `${busiestMonth.month}, with ${counted(busiestMonth.total_interactions, 'interaction')}`
  const rows = interactionsByMonth.map((row) => [row.month, row.total_interactions])
  const heading = terminal.title(`2. The month with the most interactions in ${scope}: ${answer}`)
  return `${heading}\n\n${table([{ title: 'month' }, { title: 'interactions', align: 'right' }], rows, terminal)}`
}

function callText(
  { longestAverageCall, calls, explanation }: Answers,
  { text: scope }: Scope,
  terminal: Terminal,
): string {
  const answer =
    longestAverageCall === null
      ? 'none'
      : `${printable(longestAverageCall.contact_center_name)}, ${average(longestAverageCall.average_call_minutes)} minutes`
  const columns = ['calls', 'minutes', 'average', 'handle time', 'calls that go on', 'by minutes', 'rated']
  const rows = calls.map((row) => [
    row.contact_center_name,
    row.total_calls,
    row.total_call_duration,
    average(row.average_call_minutes),
    average(row.average_handle_minutes),
    row.calls_after_resolution,
    average(row.average_minutes_after_resolution),
    row.rated_calls,
  ])
  const figures = table(
    [{ title: 'contact center' }, ...columns.map((name) => ({ title: name, align: 'right' }) as const)],
    rows,
    terminal,
  )
  const told = explanation.map((sentence) => `${printable(sentence)}\n`).join('')
  return `${terminal.title(`3. The longest average call in ${scope}: ${answer}`)}\n\n${figures}\n${indent(told)}`
}

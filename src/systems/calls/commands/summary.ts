/**
 * `support-etl calls summary`: prints the dashboard's figures.
 * @module
 */

import { ConnectError } from '../../../errors.ts'
import { parquetFrame } from '../../../format/parquet/parquet.ts'
import { nodeEffects } from '../../../pipeline/effects.ts'
import { readWhole } from '../../../pipeline/state/data-files.ts'
import { workLine } from '../../../terminal/cli-effects.ts'
import { meantText } from '../../../terminal/did-you-mean.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { parseCount } from '../../../terminal/flags/option-values.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import { printable } from '../../../terminal/text/lines.ts'
import { placed } from '../../../terminal/text/placed.ts'
import { average, counted, figure, renderJson } from '../../../terminal/text/render.ts'
import { renderTable, type TableView } from '../../../terminal/text/text-table.ts'
import type { MemberFigures } from '../figures/breakdown.ts'
import { CALL_DIMENSIONS, type CallDimension, type CallSet, frameCallSet } from '../figures/call-set.ts'
import { changeText, intervalText, type KpiChange } from '../figures/change.ts'
import type { CallFilter } from '../figures/filter.ts'
import type { CallKpi, MeanKpi } from '../figures/kpis.ts'
import { filterFromQuery } from '../figures/query.ts'
import { type CallsSummary, type SummaryPeriod, summarizeCallSet } from '../figures/summary.ts'

type SummaryValues = { readonly [Dimension in CallDimension]?: readonly string[] } & {
  readonly data: string
  readonly period?: string
  readonly compare?: string
  readonly minutes?: string
  readonly minimum: string
  readonly query?: string
  readonly json?: true
}

/** The options as a query, the same as in the dashboard's address. */
function queryOf(values: SummaryValues): string {
  const query = new URLSearchParams(values.query)
  for (const name of ['period', 'compare', 'minutes'] as const) {
    const value = values[name]
    if (value !== undefined) query.set(name, value)
  }
  for (const dimension of CALL_DIMENSIONS) {
    const members = values[dimension]
    if (members === undefined) continue
    query.delete(dimension)
    for (const member of members) query.append(dimension, member)
  }
  return query.toString()
}

/** Dimensions whose members come from the data; the parser of the filter checks the others. */
const NAMED = ['region', 'issue', 'agent', 'resolution'] as const

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)
const count = (value: number | null) => (value === null ? '–' : figure(value))

interface Figure {
  readonly kpi: CallKpi
  readonly title: string
  readonly text: (value: number | null) => string
  /** Decimals of its interval. */
  readonly decimals: number
}

const FIGURES: readonly Figure[] = [
  { kpi: 'calls', title: 'calls', text: count, decimals: 0 },
  { kpi: 'average_handle_minutes', title: 'average handle time, minutes', text: average, decimals: 2 },
  { kpi: 'resolution_rate', title: 'resolution rate', text: percent, decimals: 1 },
  { kpi: 'escalations', title: 'escalations', text: count, decimals: 0 },
  { kpi: 'median_minutes', title: 'median duration, minutes', text: average, decimals: 2 },
  { kpi: 'p90_minutes', title: '90th percentile, minutes', text: average, decimals: 2 },
  { kpi: 'average_rating', title: 'average rating', text: average, decimals: 2 },
]

const VERDICTS = {
  better: 'better',
  worse: 'worse',
  changed: 'changed',
  same: 'same',
  noise: 'within noise',
} as const

/** The change of a figure, the interval of the difference, and the verdict. */
function changeCells(change: KpiChange | undefined, decimals: number): string[] {
  if (change === undefined || change.verdict === null) return ['–', '–', '']
  return [changeText(change), intervalText(change, decimals), VERDICTS[change.verdict]]
}

const GAPS = {
  no_period: 'a period, such as --period 28d, is compared with the one before',
  not_wanted: 'nothing is compared',
  not_over: 'nothing is compared: no day of the period is known to be over',
  data_begins_later: 'nothing is compared: the data begins later than the other period',
} as const

const daysText = ({ from, to }: SummaryPeriod) => `${from} to ${to}`

/** Says in one line which periods are compared; names a day that may not be over. */
function comparisonText(summary: CallsSummary): string {
  const { comparison_gap, compared_period, previous_period, period, unfinished_day: day, filter } = summary
  const isCut = period !== null && filter.period !== '24h' && day !== null && period.to >= day
  const leftOut = isCut ? `; ${day} may not be over and is not compared` : ''
  if (compared_period === null || previous_period === null) return GAPS[comparison_gap ?? 'no_period'] + leftOut
  const weekdays = summary.compares_whole_weeks ? '' : '; their weekdays differ'
  return `compared: ${daysText(compared_period)} with ${daysText(previous_period)}${weekdays}${leftOut}`
}

/** One line for each mean that a single call moves by more than its interval. */
function oddLines({ odd_calls, kpis }: CallsSummary): string[] {
  const units: Readonly<Record<MeanKpi, readonly [title: string, before: string, unit: string]>> = {
    average_handle_minutes: ['average handle time', 'of ', ' minutes'],
    average_rating: ['average rating', 'rated ', ''],
  }
  return (Object.keys(units) as MeanKpi[]).flatMap((kpi) => {
    const odd = odd_calls[kpi]
    if (odd === null) return []
    const [title, before, unit] = units[kpi]
    const { low, high } = odd.interval_without
    return [
      `${title}: one call ${before}${figure(odd.value)}${unit} (${printable(odd.call_id ?? 'without an id')}) moves it; ` +
        `${average(odd.mean_without)} without that call (95 % interval ${average(low)} to ${average(high)}), ` +
        `${average(kpis[kpi])} with it`,
    ]
  })
}

function breakdown(title: string, rows: readonly MemberFigures[], view: TableView): string {
  const columns = [title, 'calls', 'share', 'resolved', 'minutes', 'rating']
  return renderTable(
    columns.map((name, place) => ({ title: name, align: place === 0 ? ('left' as const) : ('right' as const) })),
    rows.map((row) => [
      row.member ?? '(none)',
      row.calls,
      percent(row.share),
      percent(row.resolution_rate),
      average(row.average_handle_minutes),
      average(row.average_rating),
    ]),
    view,
  )
}

function text(summary: CallsSummary, data: string, terminal: Terminal): string {
  const { kpis, compared_kpis: compared, previous_kpis: before, change, period, compared_period } = summary
  const isCut = compared !== null && compared_period?.to !== period?.to
  const rows = FIGURES.map(({ kpi, title, text: shown, decimals }) => [
    title,
    shown(kpis[kpi]),
    ...(isCut ? [shown(compared[kpi])] : []),
    before === null ? '–' : shown(before[kpi]),
    ...changeCells(change?.[kpi], decimals),
  ])
  const when = period === null ? 'of all time' : `from ${daysText(period)}`
  const { customers, repeat_rate, first_contact_resolution } = summary.contacts
  const contacts = `${counted(customers, 'customer')}; ${percent(repeat_rate)} of calls within a week of another, ${percent(first_contact_resolution)} of first contacts settled`
  const titles = ['now', ...(isCut ? ['compared'] : []), 'before', 'change', '95 % interval']
  return [
    terminal.title(`${data}: ${counted(kpis.calls, 'call')} ${when}`),
    comparisonText(summary),
    '',
    renderTable(
      [{ title: 'figure' }, ...titles.map((title) => ({ title, align: 'right' as const })), { title: '' }],
      rows,
      terminal.view,
    ),
    ...oddLines(summary),
    `${contacts}\n`,
    breakdown('issue', summary.by_issue, terminal.view),
    breakdown('region', summary.by_region, terminal.view).trimEnd(),
    '',
  ].join('\n')
}

/** Warns of a name that no call has in any period: it selects nothing. */
function warnOfStrangers({ dimensions }: CallSet, filter: CallFilter, terminal: Terminal): void {
  for (const dimension of NAMED) {
    const { members, isUsed } = dimensions[dimension]
    const known = members.filter((member, code): member is string => member !== null && isUsed[code] === 1)
    for (const name of filter[dimension] ?? []) {
      if (name === null || known.includes(name)) continue
      terminal.log('warn', printable(`no call has --${dimension} "${name}": ${meantText(name, known)}`))
    }
  }
}

/** Reads the curated file and prints the figures of the calls that the filter selects. */
export async function callsSummary(values: SummaryValues, terminal: Terminal): Promise<ExitCode> {
  const filter = filterFromQuery(queryOf(values))
  const minimumCalls = parseCount('--minimum', values.minimum)
  const file = placed('--data', values.data)
  const show = workLine(terminal)
  show({ what: `reading ${values.data}`, done: null, total: null })
  const bytes = await readWhole(file.store, file.name).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    throw new ConnectError('not_found', `${error.message}; make it with "support-etl calls clean"`, { cause: error })
  })
  const calls = await parquetFrame(bytes, { file: values.data, decode: nodeEffects().decodeParquet })
  show({ what: `summing up ${counted(calls.rows, 'call')}`, done: null, total: null })
  const set = frameCallSet(calls)
  warnOfStrangers(set, filter, terminal)
  const summary = summarizeCallSet(set, filter, { minimumCalls })
  await terminal.print(values.json ? renderJson(summary) : terminal.fit(text(summary, values.data, terminal)))
  return EXIT.done
}

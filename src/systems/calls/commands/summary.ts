/**
 * `support-etl calls summary`: the dashboard's figures on the command line.
 * @module
 */

import { ConnectError } from '../../../errors.ts'
import { parquetFrame } from '../../../format/parquet/parquet.ts'
import { readWhole } from '../../../pipeline/data-files.ts'
import { nodeEffects } from '../../../pipeline/effects.ts'
import { EXIT, type ExitCode } from '../../../terminal/exit-code.ts'
import { meantText } from '../../../terminal/meant.ts'
import { parseCount } from '../../../terminal/option-values.ts'
import { average, counted, figure, printable, renderJson, renderTable } from '../../../terminal/render.ts'
import type { Terminal } from '../../../terminal/terminal.ts'
import type { MemberFigures } from '../figures/breakdown.ts'
import { CALL_DIMENSIONS, type CallDimension, type CallSet, frameCallSet } from '../figures/call-set.ts'
import type { CallFilter } from '../figures/filter.ts'
import type { CallKpi } from '../figures/kpis.ts'
import { filterFromQuery } from '../figures/query.ts'
import { type CallsSummary, summarizeCallSet } from '../figures/summary.ts'
import { placed } from './places.ts'

type SummaryValues = { readonly [Dimension in CallDimension]?: readonly string[] } & {
  readonly data: string
  readonly period?: string
  readonly minutes?: string
  readonly minimum: string
  readonly query?: string
  readonly json?: true
}

/** The options as the query that the dashboard's address would have. */
function queryOf(values: SummaryValues): string {
  const query = new URLSearchParams(values.query)
  for (const name of ['period', 'minutes'] as const) {
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

/** The dimensions whose names are the data's own; the others are checked where the filter is read. */
const NAMED = ['region', 'issue', 'agent', 'resolution'] as const

const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`)
const count = (value: number | null) => (value === null ? '–' : figure(value))

const FIGURES: readonly (readonly [kpi: CallKpi, title: string, text: (value: number | null) => string])[] = [
  ['calls', 'calls', count],
  ['average_handle_minutes', 'average handle time, minutes', average],
  ['resolution_rate', 'resolution rate', percent],
  ['escalations', 'escalations', count],
  ['median_minutes', 'median duration, minutes', average],
  ['p90_minutes', '90th percentile, minutes', average],
  ['average_rating', 'average rating', average],
]

function breakdown(title: string, rows: readonly MemberFigures[]): string {
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
  )
}

function text(summary: CallsSummary, data: string, terminal: Terminal): string {
  const { kpis, previous_kpis: before, change, period } = summary
  const rows = FIGURES.map(([kpi, title, shown]) => [
    title,
    shown(kpis[kpi]),
    before === null ? '–' : shown(before[kpi]),
    percent(change?.[kpi].relative ?? null),
  ])
  const when = period === null ? 'of all time' : `from ${period.from} to ${period.to}`
  const { customers, repeat_rate, first_contact_resolution } = summary.contacts
  const contacts = `${counted(customers, 'customer')}; ${percent(repeat_rate)} of calls within a week of another, ${percent(first_contact_resolution)} of first contacts settled`
  return [
    terminal.title(`${data}: ${counted(kpis.calls, 'call')} ${when}`),
    '',
    renderTable(
      [{ title: 'figure' }, ...['now', 'before', 'change'].map((title) => ({ title, align: 'right' as const }))],
      rows,
    ),
    `${contacts}\n`,
    breakdown('issue', summary.by_issue),
    breakdown('region', summary.by_region).trimEnd(),
    '',
  ].join('\n')
}

/** Warns of a name that no call has, in any period: it selects nothing. */
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
  const bytes = await readWhole(file.store, file.name).catch((error: unknown) => {
    if (!(error instanceof ConnectError) || error.code !== 'not_found') throw error
    throw new ConnectError('not_found', `${error.message}; make it with "support-etl calls clean"`, { cause: error })
  })
  const calls = await parquetFrame(bytes, { file: values.data, decode: nodeEffects().decodeParquet })
  const set = frameCallSet(calls)
  warnOfStrangers(set, filter, terminal)
  const summary = summarizeCallSet(set, filter, { minimumCalls })
  await terminal.print(values.json ? renderJson(summary) : text(summary, values.data, terminal))
  return EXIT.done
}

/**
 * What the page shows of the calls, as plain values: a worker computes them, so that the page stays responsive.
 * @module
 */
import { dayText, minutesText, momentText, NONE, oneDecimal, twoDecimals } from '../../../page/figure-text.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { type AnomalyFinding, CALL_ANOMALIES, type CallAnomaly, callAnomalies } from '../figures/anomalies.ts'
import { callsBy, type MemberFigures } from '../figures/breakdown.ts'
import type { CallDimension, CallSet, Member, TextBytes } from '../figures/call-set.ts'
import { type ContactFigures, contactFigures } from '../figures/customers.ts'
import { callDurations, type DurationBin } from '../figures/durations.ts'
import { type CallFilter, dayRange, type PeriodWindows } from '../figures/filter.ts'
import { callHeatMap, type HeatCell } from '../figures/heat-map.ts'
import { type CallKpiReport, callKpis } from '../figures/kpis.ts'
import { type AgentFigures, agentLeaderboard } from '../figures/leaderboard.ts'
import { CALL_COLUMNS, type CallColumn, pageOfCalls } from '../figures/order.ts'
import { type CallSelection, lookingAt } from '../figures/selection.ts'
import { callTimeline, type Timeline } from '../figures/timeline.ts'
import { type AgentNames, agentNames } from './words.ts'

/** The dimensions whose members are listed, in cards or menus. */
export const LISTED_DIMENSIONS = ['region', 'issue', 'agent', 'resolution', 'rating'] as const
export type ListedDimension = (typeof LISTED_DIMENSIONS)[number]

/** What is known of all calls of the file, whatever the filter. */
export interface CallsOverview {
  readonly rows: number
  /** The first and the last day, since 1970-01-01; [0, −1] without calls. */
  readonly days: readonly [number, number]
  readonly unknownAgents: number
  readonly agents: AgentNames
}

/** Calls of one kind that are worth a second look: how many, and the first ones in words. */
export interface ShownAnomalies {
  readonly kind: CallAnomaly
  readonly count: number
  readonly examples: readonly { readonly call: string; readonly text: string }[]
}

/** What every card but the ranking and the table shows of the calls that a filter selects. */
export interface CallsFigures {
  readonly overview: CallsOverview
  readonly filter: CallFilter
  readonly windows: PeriodWindows
  readonly kpis: CallKpiReport
  readonly contacts: ContactFigures
  /** Of the period, and of all data. */
  readonly timeline: Timeline
  readonly whole: Timeline
  readonly durations: readonly DurationBin[]
  readonly heat: readonly HeatCell[]
  readonly members: Readonly<Record<ListedDimension, readonly MemberFigures[]>>
  readonly anomalies: readonly ShownAnomalies[]
}

/** How the ranking and the table are shown. */
export interface RowsOrder {
  readonly minimumCalls: number
  readonly sort: CallColumn
  readonly direction: 'ascending' | 'descending'
  /** Of the table, from 0; the last page where there are fewer. */
  readonly tablePage: number
}

/** The ranking, and one page of the calls. */
export interface CallsRows {
  readonly agents: readonly AgentFigures[]
  readonly total: number
  /** The position of the first row that is shown. */
  readonly from: number
  /** The cells of each row as text, in the order of `CALL_COLUMNS`. */
  readonly rows: readonly (readonly string[])[]
}

/** Rows of a page of the table. */
const PAGE = 20
/** Examples shown of each kind of anomaly. */
const EXAMPLES = 4
const DAY = 86_400_000

const utf8 = new TextDecoder()

/** The text of a row, NONE where it has none. */
function textAt({ bytes, offsets, valid }: TextBytes, row: number): string {
  if (valid !== null && valid[row] === 0) return NONE
  return utf8.decode(bytes.subarray(offsets[row], offsets[row + 1]))
}

function memberAt({ dimensions }: CallSet, dimension: CallDimension, row: number): Member {
  const { codes, members } = dimensions[dimension]
  return members[codes[row] as number] ?? null
}

/** A cell of the table of calls. */
function cellText(set: CallSet, agents: AgentNames, column: CallColumn, row: number): string {
  const rating = set.rating[row] as number
  switch (column) {
    case 'start':
      return momentText(set.start[row] as number)
    case 'call_id':
      return textAt(set.callId, row)
    case 'customer_id':
      return textAt(set.customerId, row)
    case 'agent':
      return agents.get(memberAt(set, 'agent', row)) ?? NONE
    case 'minutes':
      return twoDecimals(set.minutes[row] as number)
    case 'rating':
      return Number.isNaN(rating) ? NONE : Number.isInteger(rating) ? String(rating) : oneDecimal(rating)
    default:
      return memberAt(set, column, row) ?? NONE
  }
}

/** Calls without a known agent. */
function unknownAgents({ dimensions: { region } }: CallSet): number {
  const code = region.members.indexOf(UNKNOWN)
  return code < 0 ? 0 : region.codes.reduce((count, one) => count + (one === code ? 1 : 0), 0)
}

/** Returns what is known of all calls of a set. */
export function overviewOf(set: CallSet): CallsOverview {
  return { rows: set.rows, days: dayRange(set), unknownAgents: unknownAgents(set), agents: agentNames(set) }
}

function sentence(set: CallSet, agents: AgentNames, { anomaly, row, other }: AnomalyFinding): string {
  const agent = agents.get(memberAt(set, 'agent', row)) ?? NONE
  if (anomaly === 'duration_outlier') return `${minutesText(set.minutes[row] as number)}, ${agent}`
  if (anomaly === 'rating_out_of_range') return `rated ${oneDecimal(set.rating[row] as number)}, ${agent}`
  return `${agent}, during ${other === null ? 'another call' : textAt(set.callId, other)}`
}

/** The findings of each set: they do not depend on a filter. */
const known = new WeakMap<CallSet, readonly AnomalyFinding[]>()

function shownAnomalies({ set, failed }: CallSelection, agents: AgentNames): readonly ShownAnomalies[] {
  const findings = known.get(set) ?? callAnomalies(set)
  known.set(set, findings)
  const bits = lookingAt('current')
  const inView = findings.filter(({ row }) => ((failed[row] as number) & bits) === 0)
  return CALL_ANOMALIES.map((kind) => {
    const ofKind = inView.filter(({ anomaly }) => anomaly === kind)
    const examples = ofKind.slice(0, EXAMPLES).map((finding) => ({
      call: textAt(set.callId, finding.row),
      text: `${dayText((set.day[finding.row] as number) * DAY)}: ${sentence(set, agents, finding)}`,
    }))
    return { kind, count: ofKind.length, examples }
  })
}

/** Returns the figures of a selection. */
export function callsFigures(selection: CallSelection, overview: CallsOverview): CallsFigures {
  const { filter, windows } = selection
  const by = (dimension: ListedDimension) => callsBy(selection, dimension)
  return {
    ...{ overview, filter, windows },
    kpis: callKpis(selection),
    contacts: contactFigures(selection),
    timeline: callTimeline(selection),
    whole: callTimeline(selection, { span: 'always' }),
    durations: callDurations(selection),
    heat: callHeatMap(selection),
    members: {
      region: by('region'),
      issue: by('issue'),
      agent: by('agent'),
      resolution: by('resolution'),
      rating: by('rating'),
    },
    anomalies: shownAnomalies(selection, overview.agents),
  }
}

/** Returns the ranking and a page of the calls; `orderOf` gives all rows in the order of a column. */
export function callsRows(
  selection: CallSelection,
  { agents }: CallsOverview,
  { minimumCalls, sort, direction, tablePage }: RowsOrder,
  orderOf: (column: CallColumn) => Int32Array,
): CallsRows {
  const { set } = selection
  const total = callKpis(selection).current.calls
  const from = Math.min(tablePage, Math.max(0, Math.ceil(total / PAGE) - 1)) * PAGE
  const rows = pageOfCalls(selection, orderOf(sort), { direction, from, size: PAGE })
  return {
    ...{ total, from },
    agents: agentLeaderboard(selection, { minimumCalls }),
    rows: rows.map((row) => CALL_COLUMNS.map((column) => cellText(set, agents, column, row))),
  }
}

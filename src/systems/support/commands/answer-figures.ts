/**
 * The figures behind the three answers, and what they say about the third.
 * @module
 */

import type { Frame } from '../../../table/frame.ts'
import { average, counted } from '../../../terminal/render.ts'
import { objectsOf } from '../../../terminal/rows.ts'
import { centerCallTails, centerHandleTime } from '../figures/call-times.ts'
import {
  type BusiestMonth,
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  type LongestAverageCall,
  monthOfMost,
} from '../figures/center-totals.ts'

/** What the answers are made of: the report and the state it was made of. */
export interface AnswerTables {
  readonly report: Frame
  readonly interactions: Frame
  readonly contactCenters: Frame
}

/** The calls of one contact center: how long they took, and how much of that was the agent's work. */
export interface CenterCalls extends LongestAverageCall {
  readonly average_handle_minutes: number | null
  readonly calls_after_resolution: number
  readonly average_minutes_after_resolution: number | null
  readonly rated_calls: number
  readonly rated_calls_after_resolution: number
}

export interface Answers {
  readonly interactionsByContactCenter: readonly { contact_center_name: string; total_interactions: number }[]
  readonly busiestMonth: BusiestMonth | null
  readonly interactionsByMonth: readonly BusiestMonth[]
  readonly longestAverageCall: LongestAverageCall | null
  /** Longest average first. */
  readonly calls: readonly CenterCalls[]
  /** Why the longest calls are long, and which center's agents take longest: sentences. */
  readonly explanation: readonly string[]
}

/** Rows of a kernel's frame by the names and kinds that its comment promises. */
function rowsOf<Row>(frame: Frame): Row[] {
  // the columns are the kernel's, which the caller names by the type of a row
  return objectsOf(frame) as Row[]
}

function sumByMonth(report: Frame): BusiestMonth[] {
  const sums = new Map<string, number>()
  for (const { month, total_interactions } of rowsOf<BusiestMonth>(report)) {
    sums.set(month, (sums.get(month) ?? 0) + total_interactions)
  }
  return [...sums].map(([month, total_interactions]) => ({ month, total_interactions }))
}

function callsOf({ report, interactions, contactCenters }: AnswerTables): CenterCalls[] {
  type Named = { readonly contact_center_name: string }
  const byName = <Row extends Named>(rows: readonly Row[]) => new Map(rows.map((row) => [row.contact_center_name, row]))
  const handled = byName(
    rowsOf<Named & { average_handle_minutes: number | null }>(centerHandleTime(interactions, contactCenters)),
  )
  const tails = byName(rowsOf<CenterCalls>(centerCallTails(interactions, contactCenters)))
  return rowsOf<LongestAverageCall>(centerCalls(report))
    .filter(({ total_calls }) => total_calls > 0)
    .map((row) => {
      const tail = tails.get(row.contact_center_name)
      return {
        ...row,
        average_handle_minutes: handled.get(row.contact_center_name)?.average_handle_minutes ?? null,
        calls_after_resolution: tail?.calls_after_resolution ?? 0,
        average_minutes_after_resolution: tail?.average_minutes_after_resolution ?? null,
        rated_calls: tail?.rated_calls ?? 0,
        rated_calls_after_resolution: tail?.rated_calls_after_resolution ?? 0,
      }
    })
}

function reasonOf(winner: CenterCalls): string {
  const { contact_center_name: name, total_calls, calls_after_resolution: late, rated_calls: rated } = winner
  if (late === 0)
    return `Why: no call of ${name} goes on after the agent has resolved it; the agents themselves take long.`
  const minutes = average(winner.average_minutes_after_resolution)
  const survey =
    rated > 0 && rated === winner.rated_calls_after_resolution
      ? `; all ${counted(rated, 'rated call')} are among them: a survey after the call.`
      : '.'
  return `Why: ${late} of ${name}'s ${counted(total_calls, 'call')} go on after the agent has resolved them, by ${minutes} minutes on average${survey}`
}

/** What handle time says instead: the order of the centers by it. */
function betterMeasure(calls: readonly CenterCalls[]): string {
  const ranked = calls
    .filter((row) => row.average_handle_minutes !== null)
    .sort((a, b) => (b.average_handle_minutes ?? 0) - (a.average_handle_minutes ?? 0))
  const order = ranked.map((row) => `${row.contact_center_name} ${average(row.average_handle_minutes)}`).join(', ')
  return `Better measure: handle time, from the start to the agent's resolution: ${order}.`
}

/** Returns all figures; `months` are those of the first question. */
export function answersOf(tables: AnswerTables, months: readonly string[]): Answers {
  const { report } = tables
  const calls = callsOf(tables)
  const longestAverageCall = centerOfLongestCalls(report)
  const winner = calls.find((row) => row.contact_center_name === longestAverageCall?.contact_center_name)
  return {
    interactionsByContactCenter: rowsOf(centerInteractions(report, { months })),
    busiestMonth: monthOfMost(report),
    interactionsByMonth: sumByMonth(report),
    longestAverageCall,
    calls,
    explanation: winner === undefined ? [] : [reasonOf(winner), betterMeasure(calls)],
  }
}

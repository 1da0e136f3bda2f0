/**
 * The figures behind the three answers, in sentences.
 * @module
 */

import type { Frame } from '../../../table/frame.ts'
import { average, counted, figure } from '../../../terminal/text/render.ts'
import { type AnswerFigures, answerFigures, type CenterCalls, callMonthsOf, rankingText } from '../figures/answers.ts'
import { centerCallMonths } from '../figures/call-times.ts'
import { reportOf } from '../figures/cube-report.ts'
import { countMonthChanges, type MonthOptions } from '../figures/interaction-month.ts'
import { cubeOf } from '../figures/support-cube.ts'

/** The tables that the answers come from: the report, and the state behind it. */
export interface AnswerTables {
  readonly report: Frame
  readonly interactions: Frame
  readonly contactCenters: Frame
  readonly serviceCategories: Frame
}

/** The answers if months were those of UTC. */
export interface UtcAnswers
  extends Pick<AnswerFigures, 'interactionsByContactCenter' | 'busiestMonth' | 'longestAverageCall'> {
  /** Interactions of all months, and how many of them fall into another month in UTC. */
  readonly interactions: number
  readonly monthChanges: number
}

export interface Answers extends AnswerFigures {
  /** Why the longest calls are long, and what handle time shows instead, in sentences. */
  readonly explanation: readonly string[]
  /** Null when months are already those of UTC. */
  readonly inUtc: UtcAnswers | null
  /** The same, in sentences. */
  readonly utcExplanation: readonly string[]
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

/** What handle time shows instead: the order of the centers by it. */
function betterMeasure(calls: readonly CenterCalls[]): string {
  const ranked = calls
    .filter((row) => row.average_handle_minutes !== null)
    .sort((a, b) => (b.average_handle_minutes ?? 0) - (a.average_handle_minutes ?? 0))
  const order = ranked.map((row) => `${row.contact_center_name} ${average(row.average_handle_minutes)}`).join(', ')
  return `Better measure: handle time, from the start to the agent's resolution: ${order}.`
}

function utcAnswers(
  { interactions, contactCenters, serviceCategories }: AnswerTables,
  options: Required<MonthOptions>,
  months: readonly string[] | null,
): UtcAnswers {
  const utc = { ...options, timeZone: 'UTC' }
  const report = reportOf(cubeOf(interactions, utc), { contactCenters, serviceCategories })
  const { interactionsByContactCenter, busiestMonth, longestAverageCall } = answerFigures(report, [], months)
  return {
    interactions: interactions.rows,
    monthChanges: countMonthChanges(interactions, options, utc),
    interactionsByContactCenter,
    busiestMonth,
    longestAverageCall,
  }
}

const centerCounts = ({ interactionsByContactCenter }: Pick<AnswerFigures, 'interactionsByContactCenter'>) =>
  interactionsByContactCenter
    .map(({ contact_center_name: name, total_interactions }) => `${name} ${figure(total_interactions)}`)
    .join(', ')

function utcText(now: AnswerFigures, utc: UtcAnswers): string[] {
  if (utc.monthChanges === 0) return ['With months of UTC nothing would differ: no interaction changes its month.']
  const moved = `With months of UTC, ${figure(utc.monthChanges)} of all ${counted(utc.interactions, 'interaction')} would be in another month.`
  const isSameMonth = JSON.stringify(now.busiestMonth) === JSON.stringify(utc.busiestMonth)
  const month =
    utc.busiestMonth === null
      ? 'no month would have interactions'
      : `the busiest month would be ${utc.busiestMonth.month}, with ${counted(utc.busiestMonth.total_interactions, 'interaction')}`
  const [counts, utcCounts] = [centerCounts(now), centerCounts(utc)]
  const { longestAverageCall: longest } = utc
  const isSameCall = JSON.stringify(now.longestAverageCall) === JSON.stringify(longest)
  const call =
    longest === null
      ? 'there would be no calls'
      : `the longest average call would be that of ${longest.contact_center_name}, ${average(longest.average_call_minutes)} minutes`
  return [
    moved,
    `Answer 1 ${counts === utcCounts ? 'stays' : `changes: ${utcCounts}`}.`,
    `Answer 2 ${isSameMonth ? 'stays' : `changes: ${month}`}.`,
    `Answer 3 ${isSameCall ? 'stays' : `changes: ${call}`}.`,
  ]
}

/**
 * Returns all figures and their sentences; `months` are the months that all three answers cover,
 * null for all.
 */
export function answersOf(
  tables: AnswerTables,
  options: Required<MonthOptions>,
  months: readonly string[] | null,
): Answers {
  const { report, interactions, contactCenters } = tables
  const figures = answerFigures(report, callMonthsOf(centerCallMonths(interactions, contactCenters, options)), months)
  const winner = figures.calls.find(
    (row) => row.contact_center_name === figures.longestAverageCall?.contact_center_name,
  )
  const inUtc = options.timeZone === 'UTC' ? null : utcAnswers(tables, options, months)
  return {
    ...figures,
    explanation:
      winner === undefined
        ? []
        : [
            reasonOf(winner),
            betterMeasure(figures.calls),
            ...(figures.ranking === null ? [] : [rankingText(figures.ranking)]),
          ],
    inUtc,
    utcExplanation: inUtc === null ? [] : utcText(figures, inUtc),
  }
}

/**
 * The three answers for any months, with the figures behind them, shared by command line and page.
 * @module
 */

import { textOf } from '../../../aggregate/columns.ts'
import type { Frame } from '../../../table/frame.ts'
import { takeRows } from '../../../table/take.ts'
import { UNKNOWN } from '../tables.ts'
import {
  type BusiestMonth,
  centerCalls,
  centerInteractions,
  centerOfLongestCalls,
  type LongestAverageCall,
  monthOfMost,
} from './center-totals.ts'

/** Sums over the calls of one month and contact center; a row of `centerCallMonths`. */
export interface CallMonth {
  /** Null for interactions without a month. */
  readonly month: string | null
  readonly contact_center_name: string
  readonly total_calls: number
  readonly handled_calls: number
  readonly handle_microseconds: number
  readonly calls_after_resolution: number
  readonly microseconds_after_resolution: number
  readonly rated_calls: number
  readonly rated_calls_after_resolution: number
}

/** The calls of one contact center: their duration, and how much of it was the agent's work. */
export interface CenterCalls extends LongestAverageCall {
  readonly average_handle_minutes: number | null
  readonly calls_after_resolution: number
  readonly average_minutes_after_resolution: number | null
  readonly rated_calls: number
  readonly rated_calls_after_resolution: number
}

/** Whether contact centers rank the same by handle time as by call length. */
export interface CallRanking {
  /**
   * `reverses`: the whole order is reversed, or the first becomes the last; `changes`: it differs
   * in another way; `stays`: it is the same.
   */
  readonly outcome: 'reverses' | 'changes' | 'stays'
  /** Names, longest first. `Unknown` and centers without handled calls are not ranked. */
  readonly by_call_length: readonly string[]
  readonly by_handle_time: readonly string[]
}

/** The three answers and the figures behind them. */
export interface AnswerFigures {
  readonly interactionsByContactCenter: readonly { contact_center_name: string; total_interactions: number }[]
  readonly busiestMonth: BusiestMonth | null
  /** Ordered by month. */
  readonly interactionsByMonth: readonly BusiestMonth[]
  readonly longestAverageCall: LongestAverageCall | null
  /** Longest average first. */
  readonly calls: readonly CenterCalls[]
  /** Null with fewer than two contact centers to rank. */
  readonly ranking: CallRanking | null
}

/** Three months of a year. */
export interface Quarter {
  /** `2025-Q1` */
  readonly name: string
  readonly months: readonly string[]
  /** The report covers it from its first month to its last. */
  readonly isWhole: boolean
}

const MONTH = /^(\d{4})-(\d{2})$/

/** The quarter with this number, counted from year 0. */
function quarterOf(number: number, months: readonly string[]): Quarter {
  const year = String(Math.floor(number / 4)).padStart(4, '0')
  const names = [1, 2, 3].map((month) => `${year}-${String((number % 4) * 3 + month).padStart(2, '0')}`)
  const isWhole = (months[0] ?? '') <= (names[0] as string) && (months.at(-1) ?? '') >= (names[2] as string)
  return { name: `${year}-Q${(number % 4) + 1}`, months: names, isWhole }
}

/**
 * Returns the newest quarter that a report covers from its first to its last month. If it covers
 * none, returns the newest quarter that it has a month of. Null when no text is a month; `Unknown`
 * is not a month.
 * @example
 * newestQuarter(['2025-01', '2025-02', '2025-03', '2025-04'])
 * // { name: '2025-Q1', months: ['2025-01', '2025-02', '2025-03'], isWhole: true }
 */
export function newestQuarter(reportMonths: Iterable<string>): Quarter | null {
  const months = [...reportMonths].filter((month) => MONTH.test(month)).sort()
  const newest = MONTH.exec(months.at(-1) ?? '')
  if (newest === null) return null
  const number = Number(newest[1]) * 4 + Math.floor((Number(newest[2]) - 1) / 3)
  const [last, before] = [quarterOf(number, months), quarterOf(number - 1, months)]
  return last.isWhole || !before.isWhole ? last : before
}

/** Returns the months of a report, ascending, without `Unknown`. */
export function monthsOf(report: Frame): string[] {
  const { codes, values } = textOf(report, 'month')
  return [...new Set(codes)]
    .flatMap((code) => (code < 0 ? [] : [values[code] as string]))
    .filter((month) => month !== UNKNOWN)
    .sort()
}

/** Rows of a kernel's frame, with the names and kinds that the kernel documents. */
function rowsOf<Row>({ columns, rows }: Frame): Row[] {
  const listed = [...columns]
  // the caller's row type names the columns that the kernel gives
  return Array.from(
    { length: rows },
    (_, row) => Object.fromEntries(listed.map(([name, column]) => [name, column.at(row)])) as Row,
  )
}

/** Returns the rows of a frame from `centerCallMonths`. */
export function callMonthsOf(calls: Frame): CallMonth[] {
  return rowsOf<CallMonth>(calls)
}

/** The report's rows of these months; null means all months. */
function reportOfMonths(report: Frame, months: readonly string[] | null): Frame {
  if (months === null) return report
  const { codes, values } = textOf(report, 'month')
  const rows = Int32Array.from(codes.keys()).filter((row) => months.includes(values[codes[row] as number] ?? ''))
  return takeRows(report, rows)
}

type CallSums = { -readonly [Name in Exclude<keyof CallMonth, 'month' | 'contact_center_name'>]: number }

function sumCalls(calls: readonly CallMonth[], months: readonly string[] | null): Map<string, CallSums> {
  const sums = new Map<string, CallSums>()
  for (const { month, contact_center_name: name, ...row } of calls) {
    // the report does not count rows without a month
    if (month === null || (months !== null && !months.includes(month))) continue
    const sum = sums.get(name)
    if (sum === undefined) sums.set(name, { ...row })
    else for (const key of Object.keys(row) as (keyof CallSums)[]) sum[key] += row[key]
  }
  return sums
}

const averageOf = (microseconds: number, count: number) => (count === 0 ? null : microseconds / count / 6e7)

function centersWithCalls(report: Frame, sums: ReadonlyMap<string, CallSums>): CenterCalls[] {
  return rowsOf<LongestAverageCall>(centerCalls(report))
    .filter(({ total_calls }) => total_calls > 0)
    .map((row) => {
      const sum = sums.get(row.contact_center_name)
      return {
        ...row,
        average_handle_minutes: averageOf(sum?.handle_microseconds ?? 0, sum?.handled_calls ?? 0),
        calls_after_resolution: sum?.calls_after_resolution ?? 0,
        average_minutes_after_resolution: averageOf(
          sum?.microseconds_after_resolution ?? 0,
          sum?.calls_after_resolution ?? 0,
        ),
        rated_calls: sum?.rated_calls ?? 0,
        rated_calls_after_resolution: sum?.rated_calls_after_resolution ?? 0,
      }
    })
}

/** Returns how the ranking changes from call length to handle time. */
export function rankingOf(calls: readonly CenterCalls[]): CallRanking | null {
  const ranked = calls.filter((row) => row.contact_center_name !== UNKNOWN && row.average_handle_minutes !== null)
  if (ranked.length < 2) return null
  const byLength = ranked.map((row) => row.contact_center_name)
  const byHandling = ranked
    .toSorted((a, b) => (b.average_handle_minutes ?? 0) - (a.average_handle_minutes ?? 0))
    .map((row) => row.contact_center_name)
  const isSame = byLength.every((name, place) => name === byHandling[place])
  const isReverse = byLength[0] === byHandling.at(-1) || byLength.every((name, i) => name === byHandling.at(-1 - i))
  return {
    outcome: isSame ? 'stays' : isReverse ? 'reverses' : 'changes',
    by_call_length: byLength,
    by_handle_time: byHandling,
  }
}

/**
 * Returns the ranking in one sentence.
 * @example
 * rankingText({ outcome: 'reverses', by_call_length: ['Oslo', 'Bergen'], by_handle_time: ['Bergen', 'Oslo'] })
 * // 'The ranking reverses: Oslo is first of 2 by call length and last by handle time; Bergen takes longest.'
 */
export function rankingText({ outcome, by_call_length: byLength, by_handle_time: byHandling }: CallRanking): string {
  const first = byLength[0] ?? ''
  if (outcome === 'stays') return `The ranking stays: by handle time the order is the same, ${byHandling.join(', ')}.`
  const place = byHandling.indexOf(first) + 1
  if (place === 1) return `The ranking changes below the first: by handle time it is ${byHandling.join(', ')}.`
  const where = place === byLength.length ? 'last' : `number ${place}`
  return `The ranking ${outcome}: ${first} is first of ${byLength.length} by call length and ${where} by handle time; ${byHandling[0]} takes longest.`
}

/**
 * Returns the three answers for the months, or for all months where `months` is null. `calls` come
 * from `centerCallMonths`, with the same months as the report.
 * @throws ContractError column_not_found, type_mismatch - the table is not a support report
 */
export function answerFigures(
  report: Frame,
  calls: readonly CallMonth[],
  months: readonly string[] | null,
): AnswerFigures {
  const wanted = reportOfMonths(report, months)
  const centers = centersWithCalls(wanted, sumCalls(calls, months))
  const byMonth = new Map<string, number>()
  for (const { month, total_interactions } of rowsOf<BusiestMonth>(wanted)) {
    byMonth.set(month, (byMonth.get(month) ?? 0) + total_interactions)
  }
  return {
    interactionsByContactCenter: rowsOf(centerInteractions(wanted)),
    busiestMonth: monthOfMost(wanted),
    interactionsByMonth: [...byMonth]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([month, total_interactions]) => ({ month, total_interactions })),
    longestAverageCall: centerOfLongestCalls(wanted),
    calls: centers,
    ranking: rankingOf(centers),
  }
}

/**
 * Interactions that are far outside what came before: busy and quiet days, of all, a channel or a customer; new channels; ids that
 * the customers file does not have. Pure: what is odd depends on the data alone, so that the same data says the same every day.
 * @module
 */
import { isRecord, type OptionNames, refuseUnless } from '../../../arguments.ts'

/** How many interactions something had on a day of wall time, `2020-02-11`. */
export interface DayCount {
  readonly day: string
  readonly count: number
}

/** The days of a channel or a customer. */
export interface Series {
  readonly subject: string
  /** Ascending, each day once; days without interactions are left out. */
  readonly days: readonly DayCount[]
}

/** What anomalies are found in. */
export interface InteractionHistory {
  readonly channels: readonly Series[]
  /** Customers; those that never had more than three interactions on a day may be left out. */
  readonly customers: readonly Series[]
  /** Ids that only interactions know, each with its first day and the number of its interactions. */
  readonly unknownCustomers: readonly (DayCount & { readonly subject: string })[]
}

const LISTS = { channels: true, customers: true, unknownCustomers: true } satisfies OptionNames<InteractionHistory>

/** What is odd. */
export type AnomalyKind = 'day' | 'channel' | 'customer' | 'new_channel' | 'unknown_customer'

/** The kinds of anomalies, in the order in which those of one day are listed. */
export const ANOMALY_KINDS: readonly AnomalyKind[] = ['day', 'channel', 'customer', 'new_channel', 'unknown_customer']

/** The kinds of anomalies in words. */
export const ANOMALY_WORDS: Readonly<Record<AnomalyKind, string>> = {
  day: 'day',
  channel: 'channel',
  customer: 'customer',
  new_channel: 'new channel',
  unknown_customer: 'unknown customer',
}

/** One thing that is odd. */
export interface InteractionAnomaly {
  readonly kind: AnomalyKind
  /** The channel, or the customer's id as text; null for a whole day. */
  readonly subject: string | null
  /** The day that is odd; of a new channel or unknown id its first one. */
  readonly day: string
  /** Interactions on that day; of a new channel or unknown id all of them. */
  readonly count: number
  /** The mean of all days before, days without interactions included; null for a new channel or unknown id. */
  readonly expected: number | null
}

const DAY = 86_400_000
/** Days without which nothing is unusual yet. */
const LEAST_HISTORY = 28
/** A count is odd that differs from the mean by more than this many standard deviations, and by more than {@link LEAST_DIFFERENCE}. */
const DEVIATIONS = 5
const LEAST_DIFFERENCE = 3

const numberOf = (day: string): number => Math.round(Date.parse(`${day}T00:00:00Z`) / DAY)
const textOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)
const rounded = (mean: number): number => Math.round(mean * 100) / 100

/** Which days of a series are odd; `first` is the day from which on there is any data. */
function oddDays({ days }: Pick<Series, 'days'>, first: number, last: number, { quiet }: { readonly quiet: boolean }) {
  const odd: { readonly day: string; readonly count: number; readonly expected: number }[] = []
  let [sum, squares] = [0, 0]
  const judge = (day: number, count: number): void => {
    const history = day - first
    if (history < LEAST_HISTORY) return
    const mean = sum / history
    const deviation = Math.sqrt(Math.max(0, squares / history - mean * mean))
    const isFar = Math.abs(count - mean) > LEAST_DIFFERENCE + DEVIATIONS * deviation
    if (isFar && (quiet || count > mean)) odd.push({ day: textOf(day), count, expected: rounded(mean) })
  }
  for (const [at, { day: text, count }] of days.entries()) {
    const day = numberOf(text)
    judge(day, count)
    sum += count
    squares += count * count
    const next = days[at + 1]
    // days without interactions that follow each other count once, on the first of them
    const isQuiet = next === undefined ? day < last : numberOf(next.day) > day + 1
    if (isQuiet) judge(day + 1, 0)
  }
  return odd
}

function totalsOf(channels: readonly Series[]): DayCount[] {
  const totals = new Map<string, number>()
  for (const { days } of channels) {
    for (const { day, count } of days) totals.set(day, (totals.get(day) ?? 0) + count)
  }
  return [...totals].map(([day, count]) => ({ day, count })).sort((a, b) => (a.day < b.day ? -1 : 1))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Newest first; those of one day by kind and subject. */
function inOrder(found: readonly InteractionAnomaly[]): InteractionAnomaly[] {
  const rank = ({ kind }: InteractionAnomaly) => ANOMALY_KINDS.indexOf(kind)
  return [...found].sort(
    (a, b) => compare(b.day, a.day) || rank(a) - rank(b) || compare(a.subject ?? '', b.subject ?? ''),
  )
}

/**
 * Returns what is odd in interactions, newest first. A count of a day is odd when it differs by more than 3, plus five standard
 * deviations, from the mean of all days before it; the first 28 days of the data are never odd, and a customer's quiet days
 * neither. A channel is new when it begins later than that.
 *
 * @throws ContractError invalid_option - the history is none
 * @example
 * import { interactionAnomalies } from 'support-etl/interactions'
 *
 * const usual = Array.from({ length: 60 }, (_, at) => ({ day: new Date(at * 86_400_000).toISOString().slice(0, 10), count: 2 }))
 * const channels = [{ subject: 'Call', days: [...usual, { day: '1970-03-02', count: 40 }] }]
 * const [first] = interactionAnomalies({ channels, customers: [], unknownCustomers: [] })
 * first // { kind: 'day', subject: null, day: '1970-03-02', count: 40, expected: 2 }
 */
export function interactionAnomalies(history: InteractionHistory): InteractionAnomaly[] {
  const expected = 'an object of the lists channels, customers and unknownCustomers'
  const isHistory = isRecord(history) && Object.keys(LISTS).every((name) => Array.isArray(history[name]))
  refuseUnless(isHistory, 'history', history, expected)
  const { channels, customers, unknownCustomers } = history
  const totals = totalsOf(channels)
  const [first, last] = [totals[0], totals.at(-1)]
  if (first === undefined || last === undefined) return []
  const [from, to] = [numberOf(first.day), numberOf(last.day)]
  const found: InteractionAnomaly[] = []
  const add = (kind: AnomalyKind, series: Series, subject: string | null, quiet: boolean): void => {
    for (const odd of oddDays(series, from, to, { quiet })) found.push({ kind, subject, ...odd })
  }
  add('day', { subject: '', days: totals }, null, true)
  for (const series of channels) {
    add('channel', series, series.subject, true)
    const [begin] = series.days
    if (begin === undefined || numberOf(begin.day) - from < LEAST_HISTORY) continue
    const count = series.days.reduce((sum, day) => sum + day.count, 0)
    found.push({ kind: 'new_channel', subject: series.subject, day: begin.day, count, expected: null })
  }
  for (const series of customers) add('customer', series, series.subject, false)
  for (const { subject, day, count } of unknownCustomers) {
    found.push({ kind: 'unknown_customer', subject, day, count, expected: null })
  }
  return inOrder(found)
}

/** What tells an anomaly from all others, for those who send each only once. */
export function anomalyId({ kind, subject, day }: InteractionAnomaly): string {
  return JSON.stringify([kind, subject, day])
}

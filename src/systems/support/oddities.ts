/**
 * Finds what is valid but odd in a support state: worth a look, never a reason to stop.
 * @module
 */

import { textOf } from '../../aggregate/columns.ts'
import type { JobState, Oddity } from '../../pipeline/job/job.ts'
import { type DictionaryColumn, NumberColumn, TimestampColumn } from '../../table/column.ts'
import { columnOf, type Frame } from '../../table/frame.ts'
import { countMonthChanges, type MonthOptions, monthMissingRows } from './figures/interaction-month.ts'
import { phoneCodes } from './figures/phone-rule.ts'
import { agents, contactCenters, interactions, serviceCategories } from './tables.ts'

/** Rows shown of each oddity. */
const SHOWN = 10
const MINUTE = 60_000
/** Exports round durations: a difference of up to one second is not odd. */
const TOLERANCE = 1 / 60

/** Numbers of a column, NaN for null. */
function numbersOf(frame: Frame, name: string): (row: number) => number {
  const column = columnOf(frame, name)
  if (!(column instanceof NumberColumn)) return () => Number.NaN
  return (row) => (column.isNull(row) ? Number.NaN : (column.values[row] as number))
}

/** Epoch milliseconds, NaN for null. */
function instantsOf(frame: Frame, name: string): (row: number) => number {
  const column = columnOf(frame, name)
  return column instanceof TimestampColumn ? (row) => column.milliseconds(row) : () => Number.NaN
}

interface Question {
  readonly code: string
  readonly table: string
  readonly column: string | null
  readonly message: (count: number) => string
  readonly isOdd: (row: number) => boolean
}

function ask({ rows }: Frame, { code, table, column, message, isOdd }: Question): Oddity | null {
  const found: number[] = []
  let count = 0
  for (let row = 0; row < rows; row++) {
    if (!isOdd(row)) continue
    count += 1
    if (found.length < SHOWN) found.push(row)
  }
  return count === 0 ? null : { code, table, column, count, message: message(count), rows: found }
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function isMissing(reference: DictionaryColumn, keys: DictionaryColumn): (row: number) => boolean {
  const known = new Set(keys.values)
  const missing = Uint8Array.from(reference.values, (value) => (known.has(value) ? 0 : 1))
  return (row) => missing[reference.codes[row] as number] === 1
}

/** References to missing rows: reports show them as `Unknown`. */
function referenceQuestions(state: JobState): [Frame, Question][] {
  return [interactions, agents, contactCenters, serviceCategories].flatMap(({ name: table, columns }) =>
    Object.entries(columns).flatMap(([column, { references }]): [Frame, Question][] => {
      const target =
        references === null
          ? undefined
          : [agents, contactCenters, serviceCategories].find(({ name }) => name === references)
      if (target === undefined) return []
      const frame = state.table(table)
      const isOdd = isMissing(textOf(frame, column), textOf(state.table(target.name), target.key[0] as string))
      const message = (count: number) =>
        `${counted(count, 'row')} of ${table} with a ${column} that is not in ${target.name}`
      return [[frame, { code: 'orphan_reference', table, column, message, isOdd }]]
    }),
  )
}

function interactionQuestions(frame: Frame): Question[] {
  const channel = textOf(frame, 'channel')
  const isPhone = phoneCodes(channel)
  const isCall = (row: number): boolean => isPhone[(channel.codes[row] as number) + 1] === 1
  const start = instantsOf(frame, 'interaction_start')
  const end = instantsOf(frame, 'interaction_end')
  const minutes = numbersOf(frame, 'call_duration_minutes')
  const rating = numbersOf(frame, 'satisfaction_rating')
  const table = 'interactions'
  return [
    {
      code: 'duration_without_call',
      table,
      column: 'call_duration_minutes',
      message: (count) => `${counted(count, 'interaction')} with a duration, although not a phone call: not counted`,
      isOdd: (row) => !isCall(row) && minutes(row) !== 0 && !Number.isNaN(minutes(row)),
    },
    {
      code: 'end_before_start',
      table,
      column: 'interaction_end',
      message: (count) => `${counted(count, 'interaction')} that end before they start`,
      isOdd: (row) => end(row) < start(row),
    },
    {
      code: 'duration_differs',
      table,
      column: 'call_duration_minutes',
      message: (count) => `${counted(count, 'call')} with a duration that is not the time from start to end`,
      isOdd: (row) => isCall(row) && Math.abs((end(row) - start(row)) / MINUTE - minutes(row)) > TOLERANCE,
    },
    {
      code: 'rating_out_of_range',
      table,
      column: 'satisfaction_rating',
      message: (count) => `${counted(count, 'interaction')} with a rating outside 1 to 5`,
      isOdd: (row) => rating(row) < 1 || rating(row) > 5,
    },
  ]
}

/** How many rows would be in another month by another clock or column; which ones does not matter. */
function monthOddities(frame: Frame, options: Required<MonthOptions>): Oddity[] {
  const others = [
    { timeZone: 'UTC', monthFrom: options.monthFrom },
    { timeZone: 'EST', monthFrom: options.monthFrom },
    ...['interaction_start', 'timestamp'].map((monthFrom) => ({ timeZone: options.timeZone, monthFrom })),
  ]
  const oddities: Oddity[] = []
  for (const other of others) {
    const isZone = other.monthFrom === options.monthFrom
    if (isZone && other.timeZone === options.timeZone) continue
    const count = countMonthChanges(frame, options, other)
    if (count === 0) continue
    const how = isZone ? `in the zone ${other.timeZone}` : `by the column ${other.monthFrom}`
    const message = `${counted(count, 'interaction')} would be in another month ${how}`
    oddities.push({ code: 'month_differs', table: 'interactions', column: other.monthFrom, count, message, rows: [] })
  }
  const missing = monthMissingRows(frame, options)
  if (missing.length > 0) {
    const message = `${counted(missing.length, 'interaction')} in no month: neither ${options.monthFrom} nor timestamp is known`
    oddities.push({
      code: 'month_missing',
      table: 'interactions',
      column: options.monthFrom,
      count: missing.length,
      message,
      rows: Array.from(missing.subarray(0, SHOWN)),
    })
  }
  return oddities
}

/** Returns what is odd in a support state: references to nothing, impossible times, durations and ratings, doubtful months. */
export function findOddities(state: JobState, options: Required<MonthOptions>): readonly Oddity[] {
  const facts = state.table('interactions')
  const asked = [
    ...referenceQuestions(state),
    ...interactionQuestions(facts).map((question): [Frame, Question] => [facts, question]),
  ]
  return [...asked.flatMap(([frame, question]) => ask(frame, question) ?? []), ...monthOddities(facts, options)]
}

/**
 * The curated calls as plain arrays for filtering and counting, shared by page and command line.
 * @module
 */

import { percentiles } from '../../../aggregate/percentiles.ts'
import { ContractError } from '../../../errors.ts'
import {
  type Column,
  DateColumn,
  DictionaryColumn,
  NumberColumn,
  TimestampColumn,
  Utf8Column,
} from '../../../table/column.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { codedText, plainText } from '../../../table/utf8.ts'
import { type CallContacts, callContacts } from './contacts.ts'

/** What calls can be grouped and filtered by. */
export const CALL_DIMENSIONS: readonly CallDimension[] = [
  'region',
  'issue',
  'agent',
  'resolution',
  'rating',
  'weekday',
  'hour',
]
/** A dimension of calls. */
export type CallDimension = 'region' | 'issue' | 'agent' | 'resolution' | 'rating' | 'weekday' | 'hour'

/** A member of a dimension; null groups the calls without a value. */
export type Member = string | null

/** The member of every call in one dimension: `members[codes[row]]`. */
export interface MemberCodes {
  readonly codes: Int32Array
  readonly members: readonly Member[]
}

/** A dimension of a set; `isUsed` is 1 for members that occur in a call. */
export interface DimensionCodes extends MemberCodes {
  readonly isUsed: Uint8Array
}

/** The text of every call as UTF-8; `valid` is null when no row is null. */
export interface TextBytes {
  readonly bytes: Uint8Array
  readonly offsets: Int32Array
  readonly valid: Uint8Array | null
}

/**
 * Calls as plain arrays without classes, so that a worker can transfer them. Rows keep the table's
 * order.
 */
export interface CallSet {
  readonly rows: number
  /** Epoch milliseconds, with finer digits as a fraction. */
  readonly start: Float64Array
  readonly end: Float64Array
  /** call_date as days since 1970-01-01. */
  readonly day: Int32Array
  readonly minutes: Float64Array
  /** NaN for a call without a rating. */
  readonly rating: Float64Array
  readonly dimensions: Readonly<Record<CallDimension, DimensionCodes>>
  /** The name of each member of `agent`, and their region. */
  readonly agentNames: readonly string[]
  readonly agentRegions: readonly string[]
  readonly callId: TextBytes
  readonly customerId: TextBytes
  readonly contacts: CallContacts
  /** First and last start, in epoch milliseconds; NaN without calls. */
  readonly oldest: number
  readonly newest: number
  /**
   * The bins of the duration histogram, whatever the filter: `count` bins of `width` minutes, and
   * one for longer calls.
   */
  readonly bins: { readonly width: number; readonly count: number }
}

export const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
export const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
/** A rating counts as its nearest whole star; ratings outside 1–5 are `other`. */
export const RATINGS: readonly Member[] = ['1', '2', '3', '4', '5', 'other', null]

/** The weekday of a day since 1970-01-01, 0 = Monday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7
}

function ratingCode(rating: number): number {
  if (Number.isNaN(rating)) return 6
  const star = Math.round(rating)
  return star >= 1 && star <= 5 ? star - 1 : 5
}

const BIN_WIDTHS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440]
const MOST_BINS = 24

/** Bins up to the 99th percentile, at most 24 of a round width. */
function durationBins(minutes: Float64Array): CallSet['bins'] {
  const most = percentiles(minutes, [0.99])[0] ?? 0
  const width = BIN_WIDTHS.find((candidate) => most / candidate <= MOST_BINS) ?? most / MOST_BINS
  return { width, count: Math.max(1, Math.ceil(most / width)) }
}

function expectColumn<Kind extends Column>(
  frame: Frame,
  name: string,
  kinds: readonly (abstract new (...parameters: never[]) => Kind)[],
): Kind {
  const column = columnOf(frame, name, 'column of the curated calls')
  if (kinds.some((kind) => column instanceof kind)) return column as Kind
  throw new ContractError(
    'type_mismatch',
    `column "${name}" holds ${column.kind}; give it the table that cleanCalls returns`,
  )
}

function textColumn(frame: Frame, name: string): DictionaryColumn | Utf8Column {
  return expectColumn<DictionaryColumn | Utf8Column>(frame, name, [DictionaryColumn, Utf8Column])
}

function memberCodes(frame: Frame, name: string): MemberCodes {
  const { codes, values } = codedText(textColumn(frame, name))
  if (!codes.includes(-1)) return { codes, members: values }
  return { codes: codes.map((code) => (code < 0 ? values.length : code)), members: [...values, null] }
}

function milliseconds(frame: Frame, name: string): Float64Array {
  const column = expectColumn(frame, name, [TimestampColumn])
  const { values, unit } = column
  if (unit === 'us' && values instanceof Float64Array) return values.map((value) => value / 1000)
  return Float64Array.from({ length: column.length }, (_, row) => column.milliseconds(row))
}

function numbers(frame: Frame, name: string): Float64Array {
  const { values, valid } = expectColumn(frame, name, [NumberColumn])
  return Float64Array.from(values, (value, row) => (valid === null || valid[row] === 1 ? value : Number.NaN))
}

function textBytes(frame: Frame, name: string): TextBytes {
  const { bytes, offsets, valid } = plainText(textColumn(frame, name), name)
  return { bytes, offsets, valid }
}

/**
 * An attribute of each agent, from any of their calls: the join gave all of them the same value.
 */
function attributesOf(agent: MemberCodes, attribute: MemberCodes): string[] {
  const found = agent.members.map(() => 'Unknown')
  for (let row = 0; row < agent.codes.length; row++) {
    found[agent.codes[row] as number] = attribute.members[attribute.codes[row] as number] ?? 'Unknown'
  }
  return found
}

function dimension(codes: Int32Array, members: readonly Member[]): DimensionCodes {
  const isUsed = new Uint8Array(members.length)
  for (let row = 0; row < codes.length; row++) isUsed[codes[row] as number] = 1
  return { codes, members, isUsed }
}

/** The columns of a call set that are not derived from others. */
export type CallColumns = Omit<
  CallSet,
  'rows' | 'dimensions' | 'agentNames' | 'agentRegions' | 'contacts' | 'oldest' | 'newest' | 'bins'
> & {
  readonly hour: ArrayLike<number>
  readonly region: MemberCodes
  readonly issue: MemberCodes
  readonly agent: MemberCodes
  readonly agentName: MemberCodes
  readonly resolution: MemberCodes
}

/** Returns the call set of its columns, and computes the derived columns once. */
export function callSetOf(columns: CallColumns): CallSet {
  const { start, end, day, minutes, rating, hour, region, issue, agent, agentName, resolution, callId, customerId } =
    columns
  let oldest = Number.NaN
  let newest = Number.NaN
  for (let row = 0; row < start.length; row++) {
    const at = start[row] as number
    if (!(at >= oldest)) oldest = at
    if (!(at <= newest)) newest = at
  }
  return {
    rows: start.length,
    start,
    end,
    day,
    minutes,
    rating,
    dimensions: {
      region: dimension(region.codes, region.members),
      issue: dimension(issue.codes, issue.members),
      agent: dimension(agent.codes, agent.members),
      resolution: dimension(resolution.codes, resolution.members),
      rating: dimension(Int32Array.from(rating, ratingCode), RATINGS),
      weekday: dimension(day.map(weekdayOf), WEEKDAYS),
      hour: dimension(Int32Array.from(hour), HOURS),
    },
    agentNames: attributesOf(agent, agentName),
    agentRegions: attributesOf(agent, region),
    callId,
    customerId,
    contacts: callContacts({ start, customerId, resolution }),
    oldest,
    newest,
    bins: durationBins(minutes),
  }
}

/**
 * Returns the curated calls of a frame as a call set.
 * @throws ContractError column_not_found - a column is missing; type_mismatch - a column is of another kind
 */
export function frameCallSet(calls: Frame): CallSet {
  return callSetOf({
    start: milliseconds(calls, 'start_time'),
    end: milliseconds(calls, 'end_time'),
    day: expectColumn(calls, 'call_date', [DateColumn]).values,
    hour: numbers(calls, 'hour_of_day'),
    minutes: numbers(calls, 'call_duration_minutes'),
    rating: numbers(calls, 'rating'),
    region: memberCodes(calls, 'region'),
    issue: memberCodes(calls, 'issue_type'),
    agent: memberCodes(calls, 'agent_id'),
    agentName: memberCodes(calls, 'agent_name'),
    resolution: memberCodes(calls, 'resolution'),
    callId: textBytes(calls, 'call_id'),
    customerId: textBytes(calls, 'customer_id'),
  })
}

/**
 * Cleaning a call log, on frames: typed rows in one order, and every refused row with its reason.
 * @module
 */
import {
  type Column,
  DateColumn,
  type DictionaryColumn,
  NumberColumn,
  TimestampColumn,
  type Utf8Column,
} from '../table/column.ts'
import { type Frame, frameOf } from '../table/frame.ts'
import { gatherColumn } from '../table/gather.ts'
import { plainText } from '../table/utf8.ts'
import { localWallTimes } from '../time/local.ts'
import { zoneOf } from '../time/zone.ts'
import { agentLookup, joinAgents } from './call-agents.ts'
import { aliasedColumns, CALL_ALIASES, coalesceCodes, coalesceText, requireColumn } from './call-columns.ts'
import { type CallReject, type CallRejectReason, rejectTable } from './call-rejects.ts'
import { callTimes, readNumber } from './call-times.ts'
import { lastRows } from './last-rows.ts'

/** How a call log is cleaned. */
export interface CleanCallsOptions {
  /** The zone whose wall time gives call_date and hour_of_day. Default 'UTC'. */
  readonly timeZone?: string
  /** What messages call the two tables. Default 'calls' and 'agents'. */
  readonly files?: { readonly calls?: string; readonly agents?: string }
  /** Lines that were refused before they became rows; counted and listed with the others. */
  readonly refused?: readonly CallReject[]
}

/** What became of the rows of a log: `rows` = `rejected` + `replaced` + `kept`. */
export interface CleanCallsSummary {
  readonly rows: number
  readonly kept: number
  readonly rejected: number
  readonly rejected_by_reason: Readonly<Partial<Record<CallRejectReason, number>>>
  /** Rows whose call_id a later row repeats. */
  readonly replaced: number
  /** Kept calls whose agent is not in the list. */
  readonly unknown_agents: number
  /** Kept calls whose rating is no number; it became null. */
  readonly unreadable_ratings: number
}

/** A cleaned log. */
export interface CleanedCalls<Table> {
  readonly calls: Table
  /** line, call_id, reason, column, found, expected; in order of lines. */
  readonly rejects: Table
  readonly summary: CleanCallsSummary
}

/** Microseconds. */
const DAY = 86_400e6
const HOUR = 3600e6
/** Microseconds in a hundredth of a minute. */
const HUNDREDTH = 600_000

/** Returns the line on which a row begins: its `_line`, or its number. */
function lineReader(frame: Frame): (row: number) => number {
  const lines = frame.columns.get('_line')
  return lines instanceof NumberColumn ? (row) => lines.values[row] as number : (row) => row + 1
}

/** The {@link cleanCalls} of frames. */
export function cleanCallFrames(log: Frame, agents: Frame, options: CleanCallsOptions = {}): CleanedCalls<Frame> {
  const { timeZone = 'UTC', files = {}, refused = [] } = options
  const file = files.calls ?? 'calls'
  for (const name of ['call_id', 'agent_id', 'start_time', 'issue_type', 'resolution'] as const) {
    requireColumn(log, CALL_ALIASES[name], file)
  }
  requireColumn(log, [...CALL_ALIASES.end_time, ...CALL_ALIASES.duration_seconds], file)

  const lookup = agentLookup(agents, files.agents ?? 'agents', lineReader(agents))
  const columnsOf = (name: keyof typeof CALL_ALIASES) => aliasedColumns(log, CALL_ALIASES[name])
  const callIds = plainText(coalesceText(columnsOf('call_id'), 'call_id', log.rows), 'call_id')
  const times = callTimes(log)

  const lineOf = lineReader(log)
  const rejects = [...refused]
  const accepted = new Int32Array(log.rows)
  let count = 0
  for (let row = 0; row < log.rows; row++) {
    const isNameless = callIds.isNull(row)
    const problem = isNameless
      ? ({ reason: 'call_id_missing', column: 'call_id', found: null } as const)
      : times.problem(row)
    if (problem === null) accepted[count++] = row
    else rejects.push({ line: lineOf(row), call_id: isNameless ? null : callIds.at(row), ...problem })
  }
  const last = lastRows(callIds, accepted.subarray(0, count))
  const rows = inOrder(last, times.start, callIds)

  const coded = (name: keyof typeof CALL_ALIASES) =>
    // gathering keeps a column's class
    gatherColumn(coalesceCodes(columnsOf(name), name, log.rows), rows) as DictionaryColumn
  const agentIds = coded('agent_id')
  const joined = joinAgents(agentIds, lookup)
  const customers = plainText(coalesceText(columnsOf('customer_id'), 'customer_id', log.rows), 'customer_id')
  const start = Float64Array.from(rows, (row) => times.start[row] as number)
  const rating = readRatings(columnsOf('rating'), rows)
  const local = localWallTimes({ values: start, unit: 'us' }, zoneOf(timeZone))

  const calls = frameOf([
    ['call_id', gatherColumn(callIds, rows)],
    ['agent_id', plainText(agentIds, 'agent_id')],
    ['agent_name', plainText(joined.names, 'agent_name')],
    ['region', plainText(joined.regions, 'region')],
    ['customer_id', gatherColumn(customers, rows)],
    ['start_time', new TimestampColumn(start, { unit: 'us' })],
    [
      'end_time',
      new TimestampColumn(
        Float64Array.from(rows, (row) => times.end[row] as number),
        { unit: 'us' },
      ),
    ],
    [
      'call_duration_minutes',
      new NumberColumn(
        'float64',
        Float64Array.from(rows, (row) => toMinutes(times.elapsed[row] as number)),
      ),
    ],
    ['issue_type', coded('issue_type')],
    ['resolution', coded('resolution')],
    ['rating', rating.column],
    ['call_date', new DateColumn(Int32Array.from(local, (wall) => Math.floor(wall / DAY)))],
    ['hour_of_day', new NumberColumn('int32', Int32Array.from(local, hourOf))],
  ])
  const byReason: Partial<Record<CallRejectReason, number>> = {}
  for (const { reason } of rejects) byReason[reason] = (byReason[reason] ?? 0) + 1
  return {
    calls,
    rejects: rejectTable(rejects),
    summary: {
      rows: log.rows + refused.length,
      kept: rows.length,
      rejected: rejects.length,
      rejected_by_reason: byReason,
      replaced: count - last.length,
      unknown_agents: joined.unknown,
      unreadable_ratings: rating.unreadable,
    },
  }
}

function hourOf(wall: number): number {
  return Math.floor((wall - Math.floor(wall / DAY) * DAY) / HOUR)
}

/** Minutes with two decimals, half away from zero. Spans are positive, and a half is a whole number of microseconds. */
function toMinutes(microseconds: number): number {
  return Math.floor((microseconds + HUNDREDTH / 2) / HUNDREDTH) / 100
}

/** The rows by start, then by the bytes of their call id: an order that does not depend on how the log was put together. */
function inOrder(rows: Int32Array, start: Float64Array, callIds: Utf8Column): Int32Array {
  const { bytes, offsets } = callIds
  const compareIds = (a: number, b: number) => {
    const sizeA = (offsets[a + 1] as number) - (offsets[a] as number)
    const sizeB = (offsets[b + 1] as number) - (offsets[b] as number)
    for (let at = 0; at < sizeA && at < sizeB; at++) {
      const difference = (bytes[(offsets[a] as number) + at] as number) - (bytes[(offsets[b] as number) + at] as number)
      if (difference !== 0) return difference
    }
    return sizeA - sizeB
  }
  const compare = (a: number, b: number) => (start[a] as number) - (start[b] as number) || compareIds(a, b)
  for (let i = 1; i < rows.length; i++) {
    // logs mostly come in order, and then there is nothing to sort
    if (compare(rows[i - 1] as number, rows[i] as number) > 0) return rows.slice().sort(compare)
  }
  return rows
}

interface Ratings {
  readonly column: NumberColumn
  readonly unreadable: number
}

function readRatings(columns: readonly Column[], rows: Int32Array): Ratings {
  const values = new Float64Array(rows.length)
  const valid = new Uint8Array(rows.length)
  let unreadable = 0
  for (const column of columns) {
    for (let i = 0; i < rows.length; i++) {
      const value = column.at(rows[i] as number)
      if (value === null || valid[i] === 1 || (typeof value === 'string' && value.trim() === '')) continue
      const rating = typeof value === 'number' ? value : readNumber(String(value).trim())
      if (!Number.isFinite(rating)) {
        unreadable++
        continue
      }
      values[i] = rating
      valid[i] = 1
    }
  }
  return { column: new NumberColumn('float64', values, valid.includes(0) ? valid : null), unreadable }
}

/**
 * Cleans a call log, on frames: typed rows in one order, and a reason for every refused row.
 * @module
 */

import { type Column, NumberColumn, TimestampColumn } from '../../../table/column.ts'
import { type Frame, frameOf } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { lastRows } from '../../../table/key/last-rows.ts'
import { takeColumn } from '../../../table/take.ts'
import { plainText } from '../../../table/utf8.ts'
import { DEFAULT_ZONE } from '../default-zone.ts'
import { agentLookup } from './call-agents.ts'
import { aliasedColumns, CALL_ALIASES, coalesceCodes, coalesceText, requireColumn } from './call-columns.ts'
import { type CallReject, type CallRejectReason, rejectTable } from './call-rejects.ts'
import { callTimes, readNumber } from './call-times.ts'
import { curateCalls } from './curate-calls.ts'
import type { Misfits } from './misfits.ts'

/** How a call log is cleaned. */
export interface CleanCallsOptions {
  /** The zone whose wall time gives call_date and hour_of_day. Default 'UTC'. */
  readonly timeZone?: string
  /** The names of the two files in messages. Default 'calls' and 'agents'. */
  readonly files?: { readonly calls?: string; readonly agents?: string }
  /** Lines that were refused before they became rows; they are counted and listed too. */
  readonly refused?: readonly CallReject[]
}

/**
 * The counts of a cleaning: `rows` = `rejected` + `replaced` + `kept`, unless the calls are
 * appended to others.
 */
export interface CleanCallsSummary {
  readonly rows: number
  readonly kept: number
  readonly rejected: number
  readonly rejected_by_reason: Readonly<Partial<Record<CallRejectReason, number>>>
  /** Rows whose call_id a later row repeats. */
  readonly replaced: number
  /** Kept calls whose agent is not in the list. */
  readonly unknown_agents: number
  /** Kept calls whose rating is not a number; the rating became null. */
  readonly unreadable_ratings: number
}

/** A cleaned log. */
export interface CleanedCalls<Table> {
  readonly calls: Table
  /** The columns line, call_id, reason, column, found and expected, ordered by line. */
  readonly rejects: Table
  readonly summary: CleanCallsSummary
}

/**
 * Returns a function that gives the line on which a row begins: its `_line`, or the row's number.
 */
export function lineReader(frame: Frame): (row: number) => number {
  const lines = frame.columns.get('_line')
  return lines instanceof NumberColumn ? (row) => lines.values[row] as number : (row) => row + 1
}

/** The calls of a log, before their agents are known. */
export interface CallFacts {
  /** The columns of `CALL_FACTS`, one row per call id, in the order of the log. */
  readonly facts: Frame
  /** The log's row that each call is of. */
  readonly rows: Int32Array
  /** Lines that were refused before they became rows, then rows in the order of the log. */
  readonly rejects: readonly CallReject[]
  /** The log's row of each reject behind those of lines. */
  readonly rejectedRows: readonly number[]
  /** The counts of a cleaning that do not depend on agents. */
  readonly summary: Omit<CleanCallsSummary, 'unknown_agents'>
}

/**
 * Returns the calls of a log. `misfits` are cells that are not written as declared; the log has none of them.
 * @throws ContractError column_missing - a column is missing under all of its names
 */
export function callFactsOf(
  log: Frame,
  file: string,
  refused: readonly CallReject[] = [],
  misfits: Misfits | undefined = undefined,
): CallFacts {
  for (const name of ['call_id', 'agent_id', 'start_time', 'issue_type', 'resolution'] as const) {
    requireColumn(log, CALL_ALIASES[name], file)
  }
  requireColumn(log, [...CALL_ALIASES.end_time, ...CALL_ALIASES.duration_seconds], file)
  const columnsOf = (name: keyof typeof CALL_ALIASES) => aliasedColumns(log, CALL_ALIASES[name])
  const callIds = plainText(coalesceText(columnsOf('call_id'), 'call_id', log.rows), 'call_id')
  const times = callTimes(log, misfits)

  const lineOf = lineReader(log)
  const rejects = [...refused]
  const rejectedRows: number[] = []
  const accepted = new Int32Array(log.rows)
  let count = 0
  for (let row = 0; row < log.rows; row++) {
    const isNameless = callIds.isNull(row)
    const problem = isNameless
      ? ({ reason: 'call_id_missing', column: 'call_id', found: null } as const)
      : times.problem(row)
    if (problem === null) {
      accepted[count++] = row
      continue
    }
    rejectedRows.push(row)
    rejects.push({ line: lineOf(row), call_id: isNameless ? null : callIds.at(row), ...problem })
  }
  const ids = keyBytes(frameOf([['call_id', callIds]]), ['call_id'])
  const rows = lastRows(ids, accepted.subarray(0, count))

  const coded = (name: keyof typeof CALL_ALIASES) => takeColumn(coalesceCodes(columnsOf(name), name, log.rows), rows)
  const customers = plainText(coalesceText(columnsOf('customer_id'), 'customer_id', log.rows), 'customer_id')
  const ratings = readRatings(columnsOf('rating'), rows)
  const unwritten = misfits?.get('rating')
  const picked = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number)
  const facts = frameOf([
    ['call_id', takeColumn(callIds, rows)],
    ['agent_id', coded('agent_id')],
    ['customer_id', takeColumn(customers, rows)],
    ['start_time', new TimestampColumn(picked(times.start), { unit: 'us' })],
    ['end_time', new TimestampColumn(picked(times.end), { unit: 'us' })],
    ['call_duration_minutes', new NumberColumn('float64', picked(times.minutes))],
    ['issue_type', coded('issue_type')],
    ['resolution', coded('resolution')],
    ['rating', ratings.column],
  ])
  const byReason: Partial<Record<CallRejectReason, number>> = {}
  for (const { reason } of rejects) byReason[reason] = (byReason[reason] ?? 0) + 1
  return {
    facts,
    rows,
    rejects,
    rejectedRows,
    summary: {
      rows: log.rows + refused.length,
      kept: facts.rows,
      rejected: rejects.length,
      rejected_by_reason: byReason,
      replaced: count - facts.rows,
      unreadable_ratings: ratings.unreadable + rows.filter((row) => unwritten?.has(row)).length,
    },
  }
}

/** {@link cleanCalls} for frames. */
export function cleanCallFrames(log: Frame, agents: Frame, options: CleanCallsOptions = {}): CleanedCalls<Frame> {
  const { timeZone = DEFAULT_ZONE, files = {}, refused = [] } = options
  const { facts, rejects, summary } = callFactsOf(log, files.calls ?? 'calls', refused)
  const lookup = agentLookup(agents, files.agents ?? 'agents', lineReader(agents))
  const { calls, unknown } = curateCalls(facts, lookup, timeZone)
  return { calls, rejects: rejectTable(rejects), summary: { ...summary, unknown_agents: unknown } }
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

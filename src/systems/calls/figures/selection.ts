/**
 * Filters calls. Each call has one bit per filter that it fails, so that a view can ignore its own
 * filter.
 * @module
 */
import { isRecord, type OptionNames, refuseUnknown, refuseUnless } from '../../../arguments.ts'
import { markMembers, markRows, passingRows } from '../../../page/selection/marks.ts'
import { CALL_DIMENSIONS, type CallDimension, type CallSet } from './call-set.ts'
import { type CallFilter, type CallWindow, type PeriodWindows, periodWindows } from './filter.ts'

/** A filter that a call can fail. */
export type CallFacet = CallDimension | 'period' | 'minutes'

const BITS: Readonly<Record<CallFacet, number>> = {
  period: 1,
  minutes: 2,
  region: 4,
  issue: 8,
  agent: 16,
  resolution: 32,
  rating: 64,
  weekday: 128,
  hour: 256,
}
const EVERY_FACET = 511
const NOT_BEFORE = 512
const NOT_COMPARED = 1024

/** A call set with a filter applied. */
export interface CallSelection {
  readonly set: CallSet
  readonly filter: CallFilter
  readonly windows: PeriodWindows
  /** Bits of the filters that each call fails; `lookingAt` gives the bits that count for a view. */
  readonly failed: Uint16Array
}

/**
 * Which calls a view counts: those of the period, of its compared part, of the previous period, or
 * all.
 */
export type CallSpan = 'current' | 'compared' | 'previous' | 'always'

/**
 * Returns the bits that must be 0 in `failed` for a call to count; it ignores the facets in
 * `except`.
 * @example
 * lookingAt('current').toString(2) // '111111111'
 */
export function lookingAt(span: CallSpan, except: readonly CallFacet[] = []): number {
  let bits = span === 'current' ? EVERY_FACET : EVERY_FACET & ~BITS.period
  if (span === 'previous') bits |= NOT_BEFORE
  if (span === 'compared') bits |= NOT_COMPARED
  for (const facet of except) bits &= ~BITS[facet]
  return bits
}

function markWindow(
  failed: Uint16Array,
  set: CallSet,
  bit: number,
  window: CallWindow | null,
  none: 'inside' | 'outside',
): void {
  const { start, day } = set
  if (window === null) markRows(failed, bit, () => none === 'outside')
  else if (window.ruler === 'day') {
    const { from, to } = window
    markRows(failed, bit, (row) => (day[row] as number) < from || (day[row] as number) > to)
  } else {
    const { after, upTo } = window
    markRows(failed, bit, (row) => (start[row] as number) <= after || (start[row] as number) > upTo)
  }
}

const FILTER = {
  period: true,
  compare: true,
  minutes: true,
  ...(Object.fromEntries(CALL_DIMENSIONS.map((name) => [name, true])) as Record<CallDimension, true>),
} satisfies OptionNames<CallFilter>

/** Refuses a value that is not a call set. @throws ContractError invalid_option */
export function refuseNoSet(set: CallSet): void {
  refuseUnless(isRecord(set) && isRecord(set.dimensions), 'set', set, 'what callSet gives')
}

/** Refuses a value that is not a selection. @throws ContractError invalid_option */
export function refuseNoSelection(selection: CallSelection): void {
  refuseUnless(isRecord(selection) && isRecord(selection.set), 'selection', selection, 'what selectCalls gives')
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/**
 * Returns the calls of a set with a filter applied. `before`, a selection of the same set, saves
 * work: only facets that differ between the two filters are evaluated again.
 *
 * @throws ContractError invalid_option - a day of the period is not a calendar day, or the period
 *   ends before it begins
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:04:00Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const selection = selectCalls(callSet(calls))
 * selectedRows(selectCalls(selection.set, { issue: ['outage'] }, selection)) // [1]
 */
export function selectCalls(set: CallSet, filter: CallFilter = {}, before?: CallSelection): CallSelection {
  refuseNoSet(set)
  refuseUnknown(filter, FILTER)
  const base = before?.set === set ? before : undefined
  const differs = (facet: CallFacet | 'compare') => base === undefined || !isSame(base.filter[facet], filter[facet])
  const failed = base === undefined ? new Uint16Array(set.rows) : base.failed.slice()
  const windows = periodWindows(set, filter.period, filter.compare)
  if (differs('period') || differs('compare')) {
    markWindow(failed, set, BITS.period, windows.current, 'inside')
    markWindow(failed, set, NOT_COMPARED, windows.compared, 'outside')
    markWindow(failed, set, NOT_BEFORE, windows.previous, 'outside')
  }
  if (differs('minutes')) {
    const { from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = filter.minutes ?? {}
    const { minutes } = set
    markRows(failed, BITS.minutes, (row) => !((minutes[row] as number) >= from && (minutes[row] as number) < to))
  }
  for (const dimension of CALL_DIMENSIONS) {
    if (differs(dimension)) markMembers(failed, BITS[dimension], set.dimensions[dimension], filter[dimension])
  }
  return { set, filter, windows, failed }
}

/**
 * Returns the rows that count, in the set's order.
 *
 * @example
 * const log = table({
 *   call_id: ['c1', 'c2'],
 *   agent_id: ['A1', 'A1'],
 *   start_time: ['2025-01-01T10:00:00Z', '2025-01-02T10:00:00Z'],
 *   end_time: ['2025-01-01T10:04:00Z', '2025-01-02T10:02:00Z'],
 *   issue_type: ['billing', 'outage'],
 *   resolution: ['resolved', 'escalated'],
 * })
 * const { calls } = cleanCalls(log, table({ agent_id: ['A1'], name: ['Ada'], region: ['North'] }))
 * const selection = selectCalls(callSet(calls))
 * selectedRows(selection) // [0, 1]
 */
export function selectedRows(selection: CallSelection, bits = lookingAt('current')): Int32Array {
  refuseNoSelection(selection)
  return passingRows(selection.failed, bits)
}

/**
 * Calls by the members of a dimension.
 * @module
 */
import { refuseUnless } from '../../../arguments.ts'
import type { CallDimension, Member } from './call-set.ts'
import { average, MILLIONTHS, outcomeFlags } from './kpis.ts'
import { type CallSelection, lookingAt, refuseNoSelection } from './selection.ts'

/** The figures of one member. */
export interface MemberFigures {
  readonly member: Member
  readonly calls: number
  /** Share of all calls that the breakdown counts; null when it counts none. */
  readonly share: number | null
  readonly resolved: number
  readonly escalations: number
  readonly resolution_rate: number | null
  readonly average_handle_minutes: number | null
  readonly rated: number
  readonly average_rating: number | null
}

/** Sums by member code. */
export interface MemberSums {
  readonly calls: Int32Array
  readonly resolved: Int32Array
  readonly escalations: Int32Array
  readonly minutes: Float64Array
  readonly rated: Int32Array
  readonly rating: Float64Array
}

/** Returns the sums of the calls that count under `bits`, by member of the dimension. */
export function sumByMember({ set, failed }: CallSelection, dimension: CallDimension, bits: number): MemberSums {
  const { codes, members } = set.dimensions[dimension]
  const isResolved = outcomeFlags(set, 'resolved')
  const isEscalated = outcomeFlags(set, 'escalated')
  const resolutions = set.dimensions.resolution.codes
  const size = members.length
  const [calls, resolved, escalations, rated] = [size, size, size, size].map((n) => new Int32Array(n)) as [
    Int32Array,
    Int32Array,
    Int32Array,
    Int32Array,
  ]
  const minutes = new Float64Array(size)
  const rating = new Float64Array(size)
  for (let row = 0; row < failed.length; row++) {
    if (((failed[row] as number) & bits) !== 0) continue
    const code = codes[row] as number
    const resolution = resolutions[row] as number
    const stars = set.rating[row] as number
    calls[code] = (calls[code] as number) + 1
    resolved[code] = (resolved[code] as number) + (isResolved[resolution] as number)
    escalations[code] = (escalations[code] as number) + (isEscalated[resolution] as number)
    minutes[code] = (minutes[code] as number) + Math.round((set.minutes[row] as number) * MILLIONTHS)
    if (!Number.isNaN(stars)) {
      rated[code] = (rated[code] as number) + 1
      rating[code] = (rating[code] as number) + Math.round(stars * MILLIONTHS)
    }
  }
  return { calls, resolved, escalations, minutes, rated, rating }
}

/**
 * Dimensions with an order of their own; members of other dimensions are sorted by number of
 * calls.
 */
const ORDERED: readonly CallDimension[] = ['rating', 'weekday', 'hour']

function compareMembers(a: MemberFigures, b: MemberFigures): number {
  if (a.calls !== b.calls) return b.calls - a.calls
  if (a.member === null || b.member === null) return a.member === null ? 1 : -1
  return a.member < b.member ? -1 : 1
}

/**
 * Returns the figures of each member of a dimension. It ignores the filter on that dimension, so
 * that members outside the choice stay visible. Members are sorted by number of calls, largest
 * first; ratings, weekdays and hours keep their own order. A member without calls in the selection
 * is listed with 0 if it has calls in the set.
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
 * callsBy(selection, 'issue').map(({ member, calls, resolution_rate }) => [member, calls, resolution_rate])
 * // [['billing', 1, 1], ['outage', 1, 0]]
 */
export function callsBy(selection: CallSelection, dimension: CallDimension): MemberFigures[] {
  refuseNoSelection(selection)
  const dimensions = Object.keys(selection.set.dimensions)
  refuseUnless(dimensions.includes(dimension), 'dimension', dimension, `one of ${dimensions.join(', ')}`)
  const { members, isUsed } = selection.set.dimensions[dimension]
  const sums = sumByMember(selection, dimension, lookingAt('current', [dimension]))
  const total = sums.calls.reduce((sum, calls) => sum + calls, 0)
  const figures = members.map((member, code) => figuresOf(member, sums, code, total))
  const shown = figures.filter((_, code) => isUsed[code] === 1)
  return ORDERED.includes(dimension) ? shown : shown.sort(compareMembers)
}

/** Returns the figures of one member from the sums. */
export function figuresOf(member: Member, sums: MemberSums, code: number, total: number): MemberFigures {
  const calls = sums.calls[code] as number
  const resolved = sums.resolved[code] as number
  const rated = sums.rated[code] as number
  return {
    member,
    calls,
    share: total === 0 ? null : calls / total,
    resolved,
    escalations: sums.escalations[code] as number,
    resolution_rate: calls === 0 ? null : resolved / calls,
    average_handle_minutes: average(sums.minutes[code] as number, calls),
    rated,
    average_rating: average(sums.rating[code] as number, rated),
  }
}

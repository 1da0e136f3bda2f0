/**
 * Orders clean calls as the curated table, and adds the derived columns: agents' names, local date
 * and hour.
 * @module
 */
import type { TextColumn, TimestampColumn, Utf8Column } from '../../../table/column.ts'
import { columnOf, type Frame, frameOf } from '../../../table/frame.ts'
import { countUp, takeRows } from '../../../table/take.ts'
import { codedText, compareTexts, plainText } from '../../../table/utf8.ts'
import { localWallTimes } from '../../../time/local.ts'
import { zoneOf } from '../../../time/zone.ts'
import { wallDates, wallHours } from '../../../transform/local-time.ts'
import { type AgentLookup, joinAgents } from './call-agents.ts'

/** The columns of the curated table that are not derived from others. */
export const CALL_FACTS = [
  'call_id',
  'agent_id',
  'customer_id',
  'start_time',
  'end_time',
  'call_duration_minutes',
  'issue_type',
  'resolution',
  'rating',
] as const

export interface CuratedCalls {
  readonly calls: Frame
  /** Calls whose agent is not in the list. */
  readonly unknown: number
}

/**
 * Returns the curated table. `facts` has the columns of {@link CALL_FACTS} in any order, and one
 * row per call id.
 */
export function curateCalls(facts: Frame, agents: AgentLookup, timeZone: string): CuratedCalls {
  // the makers of facts always use this class for the column
  const ids = plainText(columnOf(facts, 'call_id') as TextColumn, 'call_id')
  const starts = (columnOf(facts, 'start_time') as TimestampColumn).values as Float64Array
  const order = inOrder(starts, ids)
  const ordered = order === null ? facts : takeRows(facts, order)
  const column = (name: (typeof CALL_FACTS)[number]) => columnOf(ordered, name)
  const text = (name: (typeof CALL_FACTS)[number]) => column(name) as TextColumn

  const agentIds = codedText(text('agent_id'))
  const joined = joinAgents(agentIds, agents)
  const start = column('start_time') as TimestampColumn
  const starting = { values: start.values as Float64Array, unit: 'us' } as const
  const walls = { values: localWallTimes(starting, zoneOf(timeZone)), unit: starting.unit }
  const calls = frameOf([
    ['call_id', plainText(text('call_id'), 'call_id')],
    ['agent_id', plainText(agentIds, 'agent_id')],
    ['agent_name', plainText(joined.names, 'agent_name')],
    ['region', plainText(joined.regions, 'region')],
    ['customer_id', plainText(text('customer_id'), 'customer_id')],
    ['start_time', start],
    ['end_time', column('end_time')],
    ['call_duration_minutes', column('call_duration_minutes')],
    ['issue_type', codedText(text('issue_type'))],
    ['resolution', codedText(text('resolution'))],
    ['rating', column('rating')],
    ['call_date', wallDates(walls)],
    ['hour_of_day', wallHours(walls)],
  ])
  return { calls, unknown: joined.unknown }
}

/** The rows by start, then by the bytes of their call id: an order that does not depend on how the calls came together. Null where they have it. */
function inOrder(start: Float64Array, ids: Utf8Column): Int32Array | null {
  const compare = (a: number, b: number) => (start[a] as number) - (start[b] as number) || compareTexts(ids, a, b)
  for (let row = 1; row < start.length; row++) {
    if (compare(row - 1, row) > 0) return countUp(start.length).sort(compare)
  }
  return null
}

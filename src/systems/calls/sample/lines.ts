/**
 * Writes made-up calls as lines of a log with their irregularities, and lists what a reader should
 * find.
 * @module
 */

import { share } from '../../../sample/chance.ts'
import { formatInstant, formatWallTime } from '../../../time/instant.ts'
import { type CenterPlan, callDays, type MadeCall } from './days.ts'
import { type Irregularity, irregularCalls } from './irregularities.ts'
import { STREAM } from './traits.ts'

/** One line, and its irregularity. */
export interface LogLine {
  readonly line: number
  readonly text: string
  readonly call_id: string
  readonly irregularity: Irregularity | null
  readonly isListed: boolean
}

const WRONG_RATINGS = [0, 6, 55, -1] as const

/** Some agents' systems write a local offset, and some write tenths of a second. */
function stamp(call: MadeCall, seconds: number): string {
  const style = call.agent.agent_id.charCodeAt(3) % 5
  if (style === 3) return `${formatWallTime((seconds - 5 * 3600) * 1000)}-05:00`
  return formatInstant(seconds * 1000 + (style === 1 ? (call.number % 10) * 100 : 0))
}

function textOf(seed: number, call: MadeCall, irregularity: Irregularity | null): string {
  const start = stamp(call, call.start)
  // ten to twenty hours: nobody hung up
  const forgotten =
    irregularity === 'duration_outlier' ? 36_000 + Math.floor(share(seed, STREAM.fraction, call.number) * 36_000) : 0
  const end = stamp(call, call.start + call.seconds + forgotten)
  const row: Record<string, string | number | null> = {
    call_id: `C${String(call.number + 1).padStart(7, '0')}`,
    agent_id: call.agent.agent_id,
    customer_id: `K${String(call.customer + 1).padStart(6, '0')}`,
    start_time: start,
    end_time: end,
    issue_type: call.issue,
    resolution: call.resolution,
    rating: call.rating,
  }
  if (irregularity === 'call_id_missing') row.call_id = null
  else if (irregularity === 'start_missing') row.start_time = ''
  else if (irregularity === 'start_unreadable') row.start_time = start.replace(/^(\d+)-(\d+)-(\d+)T/, '$2/$3/$1 ')
  else if (irregularity === 'end_missing') delete row.end_time
  else if (irregularity === 'end_unreadable') row.end_time = 'n/a'
  else if (irregularity === 'end_equals_start') row.end_time = start
  else if (irregularity === 'end_before_start') [row.start_time, row.end_time] = [end, start]
  else if (irregularity === 'rating_out_of_range') row.rating = WRONG_RATINGS[call.number % 4] as number
  const text = JSON.stringify(row)
  return irregularity === 'json_invalid' ? text.slice(0, text.length >> 1) : text
}

/** Moves a call into the agent's previous call; unchanged if the agent had none today. */
function overlapping(call: MadeCall, before: MadeCall | undefined): MadeCall {
  return before === undefined ? call : { ...call, start: before.start + (before.seconds >> 1) }
}

/**
 * Yields the lines of the log in order of days. A corrected call appears again at the end of its
 * day.
 */
export function* logLines(plan: CenterPlan): Generator<LogLine> {
  const irregular = irregularCalls(plan.seed, plan.calls)
  let line = 0
  const put = (call: MadeCall, irregularity: Irregularity | null): LogLine => ({
    line: ++line,
    text: textOf(plan.seed, call, irregularity),
    call_id: `C${String(call.number + 1).padStart(7, '0')}`,
    irregularity,
    isListed: call.agent.isListed,
  })
  for (const today of callDays(plan)) {
    const corrections: MadeCall[] = []
    const lastOf = new Map<string, MadeCall>()
    for (const call of today) {
      const planned = irregular.get(call.number) ?? null
      const before = lastOf.get(call.agent.agent_id)
      const irregularity = planned === 'agent_overlap' && before === undefined ? null : planned
      const made = irregularity === 'agent_overlap' ? overlapping(call, before) : call
      if (irregularity === 'replaced') corrections.push(call)
      yield put(irregularity === 'replaced' ? { ...made, resolution: 'unresolved', rating: null } : made, irregularity)
      // only a call that cleaning keeps can be overlapped
      if (irregularity === null) lastOf.set(call.agent.agent_id, call)
    }
    for (const call of corrections) yield put(call, null)
  }
}

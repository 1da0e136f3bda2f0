/**
 * Which calls a line of an output counts.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import type { JobState } from '../../../pipeline/job/job.ts'
import { columnOf } from '../../../table/frame.ts'
import { UNKNOWN } from '../../../table/unknown-member.ts'
import { withLocalDate } from '../../../transform/local-time.ts'
import { goldCallAnalytics, transcriptAgents } from '../tables.ts'

/** The cells of an output's line that a question names. */
type Cells = Readonly<Record<string, string>>

/** The calls, by position, whose text is the wanted one; a text that is not named may be anything. */
function callsWhere(textAt: (row: number) => string | null, rows: number, wanted: string | undefined): Int32Array {
  const found: number[] = []
  for (let row = 0; row < rows; row++) if (wanted === undefined || textAt(row) === wanted) found.push(row)
  return Int32Array.from(found)
}

/** The calls of an agent. */
export function callsOfAgent(state: JobState, { agent_name }: Cells): Int32Array {
  const calls = state.table(goldCallAnalytics.name)
  const agents = textOf(calls, 'agent_name')
  return callsWhere((row) => agents.at(row), calls.rows, agent_name)
}

/** The calls of the agents of a team. */
export function callsOfTeam(state: JobState, { team }: Cells): Int32Array {
  const [calls, list] = [state.table(goldCallAnalytics.name), state.table(transcriptAgents.name)]
  const [names, teams] = [textOf(list, 'agent_name'), textOf(list, 'team')]
  const teamOf = new Map(Array.from(names, (name, row) => [name, teams.at(row)]))
  const agents = textOf(calls, 'agent_name')
  return callsWhere((row) => teamOf.get(agents.at(row)) ?? UNKNOWN, calls.rows, team)
}

/** The calls of a day of the zone. */
export function callsOfDay(state: JobState, { metric_date }: Cells, timeZone: string): Int32Array {
  const calls = state.table(goldCallAnalytics.name)
  const dated = withLocalDate(calls, { column: 'call_timestamp', timeZone, as: 'metric_date' })
  const days = columnOf(dated, 'metric_date')
  return callsWhere((row) => (days.isNull(row) ? null : String(days.at(row))), calls.rows, metric_date)
}

/** The call of a finding. */
export function callOfFinding(state: JobState, { call_id }: Cells): Int32Array {
  const calls = state.table(goldCallAnalytics.name)
  const ids = columnOf(calls, 'call_id')
  return callsWhere((row) => String(ids.at(row)), calls.rows, call_id)
}

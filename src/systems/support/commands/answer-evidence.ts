/**
 * The rows behind the sentence that says why the longest calls are long.
 * @module
 */
import { takeRows } from '../../../table/take.ts'
import { objectsOf } from '../../../terminal/text/rows.ts'
import type { Cell } from '../../../terminal/text/text-table.ts'
import { callsAfterResolution, type LateCallsQuery } from '../figures/call-times.ts'
import type { AnswerTables } from './answer-figures.ts'

/** A call that went on after the agent had resolved it. */
export interface EvidenceRow {
  readonly interaction_id: Cell
  readonly interaction_start: Cell
  readonly agent_resolution_timestamp: Cell
  readonly interaction_end: Cell
  readonly minutes_after_resolution: number
  readonly satisfaction_rating: Cell
  /** The file and the record of it that supplied the row last. */
  readonly file: Cell
  readonly row: Cell
}

const instantOf = (cell: Cell | undefined): number => Date.parse(String(cell))

/** Returns the calls of a contact center that went on, in order of the table. */
export function evidenceRows({ interactions, contactCenters }: AnswerTables, query: LateCallsQuery): EvidenceRow[] {
  const rows = callsAfterResolution(interactions, contactCenters, query)
  return objectsOf(takeRows(interactions, rows)).map((row) => {
    const { interaction_id = null, interaction_start = null, satisfaction_rating = null } = row
    const { agent_resolution_timestamp = null, interaction_end = null } = row
    const after = instantOf(interaction_end) - instantOf(agent_resolution_timestamp)
    return {
      ...{ interaction_id, interaction_start, agent_resolution_timestamp, interaction_end },
      minutes_after_resolution: after / 60_000,
      ...{ satisfaction_rating, file: row._file ?? null, row: row._row ?? null },
    }
  })
}

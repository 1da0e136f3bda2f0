/**
 * Finds what is valid but odd in the calls that arrived: worth a look, never a reason to stop.
 * @module
 */
import { textOf } from '../../../aggregate/columns.ts'
import type { JobState, Oddity } from '../../../pipeline/job/job.ts'
import { columnOf } from '../../../table/frame.ts'
import { UNKNOWN_AGENT } from '../clean/agent-name.ts'
import { type CleanTranscriptsOptions, cleanRows } from '../clean/clean-rows.ts'
import { parseTurns } from '../figures/turns.ts'
import { bronzeCalls, transcriptAgents } from '../tables.ts'

/** Rows shown of each oddity. */
const SHOWN = 10

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function oddity(
  code: string,
  column: string,
  rows: readonly number[],
  message: (count: number) => string,
): readonly Oddity[] {
  if (rows.length === 0) return []
  const count = rows.length
  return [{ code, table: bronzeCalls.name, column, count, message: message(count), rows: rows.slice(0, SHOWN) }]
}

/** Returns what is odd about the calls: those that cannot be cleaned, without speakers, or of agents nobody knows. */
export function findOddities(state: JobState, options: CleanTranscriptsOptions): readonly Oddity[] {
  const calls = state.table(bronzeCalls.name)
  const { frame, parents, issues } = cleanRows(calls, options)
  const agents = textOf(frame, 'agent_name')
  const texts = columnOf(frame, 'transcript_text')
  const listed = new Set(columnOf(state.table(transcriptAgents.name), 'agent_name'))
  /** The calls, by position, whose clean rows are odd. */
  const odd = (isOdd: (row: number) => boolean): number[] =>
    Array.from(parents.keys()).flatMap((row) => (isOdd(row) ? [parents[row] as number] : []))
  return [
    ...['timestamp', 'transcript_text'].flatMap((column) => {
      const rows = issues.filter((issue) => issue.column === column).map(({ row }) => row)
      return oddity(`call_${column}`, column, rows, (count) => {
        return `${counted(count, 'call')} without a ${column} that can be read: they would wait in quarantine`
      })
    }),
    ...oddity(
      'speakers_missing',
      'transcript_text',
      odd((row) => parseTurns(String(texts.at(row))).every(({ speaker }) => speaker === 'unknown')),
      (count) => `${counted(count, 'call')} in which nobody is named as the speaker: their words say nothing`,
    ),
    ...oddity(
      'agent_missing',
      'agent_name',
      odd((row) => agents.at(row) === UNKNOWN_AGENT),
      (count) => `${counted(count, 'call')} without the name of an agent`,
    ),
    ...oddity(
      'agent_not_listed',
      'agent_name',
      listed.size === 0 ? [] : odd((row) => !listed.has(agents.at(row))),
      (count) => `${counted(count, 'call')} of agents who are not in the list: they are in the team Unknown`,
    ),
  ]
}

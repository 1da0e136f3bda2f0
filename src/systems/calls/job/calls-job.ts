/**
 * The calls job as a value: a ledger of call logs, an agents list, and the curated table made of both.
 * @module
 */

import { defineJob } from '../../../pipeline/job/define-job.ts'
import type { Job, JobState } from '../../../pipeline/job/job.ts'
import { type JobOption, zoneOption } from '../../../pipeline/job/job-options.ts'
import { appends } from '../../../pipeline/sources/appends.ts'
import { snapshots } from '../../../pipeline/sources/snapshots.ts'
import { columnOf, type Frame } from '../../../table/frame.ts'
import { keyBytes } from '../../../table/key/key.ts'
import { KeyIndex } from '../../../table/key/key-index.ts'
import { agentLookup } from '../clean/call-agents.ts'
import { type CuratedCalls, curateCalls } from '../clean/curate-calls.ts'
import { DEFAULT_ZONE } from '../default-zone.ts'
import { callAgents, callFacts, curatedCalls } from '../tables.ts'
import { agentsFormat, callLogFormat, type FormatListener } from './call-log-format.ts'

/** The folder of logs in the job's source place. */
export const LOGS = 'log/'
/** The agents list in the job's source place. */
export const AGENTS = 'agents.csv'

/** The output: the curated table. */
export const CURATED = 'curated'

/** Who is told what a run reads and makes. */
export interface JobListener extends FormatListener {
  /** Is told of the curated table when it is made. */
  whenCurated?(curated: CuratedCalls): void
}

/** The options of the calls job. */
export type CallsJobOptions = {
  readonly timeZone: JobOption<string>
}

const OPTIONS: CallsJobOptions = { timeZone: zoneOption(DEFAULT_ZONE, { help: 'of call_date and hour_of_day' }) }

/** The curated table of a state. */
export function curatedIn(state: JobState, timeZone: string): CuratedCalls {
  const agents = agentLookup(state.table(callAgents.name), callAgents.name, (row) => row + 1)
  return curateCalls(state.table(callFacts.name), agents, timeZone)
}

/** A cell as a query names it: instants as ISO text, nothing as empty text. */
function cellText(value: unknown): string {
  if (value === null) return ''
  return value instanceof Date ? value.toISOString() : String(value)
}

/** The calls, by position, whose curated rows have these cells. */
function rowsBehind(state: JobState, cells: Readonly<Record<string, string>>, timeZone: string): Int32Array {
  const { calls } = curatedIn(state, timeZone)
  const wanted = Object.entries(cells).map(([name, text]) => ({ column: columnOf(calls, name), text }))
  const isWanted = new Uint8Array(calls.rows)
  for (let row = 0; row < calls.rows; row++) {
    if (wanted.every(({ column, text }) => cellText(column.at(row)) === text)) isWanted[row] = 1
  }
  const idsOf = (frame: Frame) => keyBytes(frame, callFacts.key)
  const facts = state.table(callFacts.name)
  const curated = KeyIndex.of(idsOf(calls)).findAll(idsOf(facts))
  const rows: number[] = []
  // ids are unique, so that a group is the row of the curated table
  for (const [fact, group] of curated.entries()) if (isWanted[group] === 1) rows.push(fact)
  return Int32Array.from(rows)
}

/** Returns the calls job with somebody who is told what a run of it does. */
export function callsJobFor(listener: JobListener): Job<CallsJobOptions> {
  const reads = [callFacts.name, callAgents.name]
  return defineJob({
    name: 'calls',
    options: OPTIONS,
    tables: {
      [callAgents.name]: {
        contract: callAgents,
        source: snapshots({ file: AGENTS, format: agentsFormat(listener) }),
      },
      [callFacts.name]: {
        contract: callFacts,
        source: appends({ prefix: LOGS, name: '*', format: callLogFormat(listener), sequenceBy: null }),
      },
    },
    outputs: {
      [CURATED]: {
        contract: curatedCalls,
        reads,
        uses: ['timeZone'],
        // its bytes tell what the calls are, not how they were made
        showsOptions: false,
        build(state, { timeZone }) {
          const curated = curatedIn(state, timeZone)
          listener.whenCurated?.(curated)
          return curated.calls
        },
        explain: {
          table: callFacts.name,
          reads,
          uses: ['timeZone'],
          rowsBehind: (state, cells, { timeZone }) => rowsBehind(state, cells, timeZone),
        },
      },
    },
  })
}

/**
 * The calls job, for the functions of `support-etl/pipeline`: `readState`, `explainFigure`, `verifyState`. Its source place holds
 * logs below `log/`, each a piece of the ledger, and `agents.csv`; its output is `curated`. `runCalls` runs it with files from
 * anywhere, and writes the manifest.
 */
export const callsJob: Job<CallsJobOptions> = callsJobFor({})

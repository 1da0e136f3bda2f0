/**
 * Appends newly cleaned calls to a curated table, with the result of cleaning both logs together.
 * @module
 */
import { type Frame, selectColumns } from '../../../table/frame.ts'
import { compileDelta, schemaOf } from '../../../transform/delta/compile/compile-delta.ts'
import { resolveDeltaOptions } from '../../../transform/delta/delta-options.ts'
import { foldDeltas } from '../../../transform/delta/fold/fold.ts'
import { materialize } from '../../../transform/delta/write/materialize.ts'
import { agentLookup } from './call-agents.ts'
import { type CleanCallsOptions, lineReader } from './call-cleaning.ts'
import { CALL_FACTS, type CuratedCalls, curateCalls } from './curate-calls.ts'

/** New calls are a delta of additions: a call whose id already exists replaces the old one. */
const POLICIES = resolveDeltaOptions({ defaultAction: 'add', addExisting: 'replace' })
const KEY = ['call_id'] as const

/**
 * Returns both tables as one. The current agents list names the agents of all calls, old ones too.
 */
export function appendCallFrames(
  curated: Frame,
  added: Frame,
  agents: Frame,
  { timeZone = 'UTC', files = {} }: CleanCallsOptions = {},
): CuratedCalls {
  const [before, delta] = [selectColumns(curated, CALL_FACTS), selectColumns(added, CALL_FACTS)]
  const folded = foldDeltas(before, [compileDelta(delta, schemaOf(before), KEY, POLICIES)], KEY)
  return curateCalls(materialize(folded), agentLookup(agents, files.agents ?? 'agents', lineReader(agents)), timeZone)
}

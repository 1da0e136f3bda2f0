/**
 * The account of deltas beside what they make of a table: the net effects of each, and its summary.
 * @module
 */
import type { Frame } from '../../../table/frame.ts'
import type { CompiledDelta } from '../compile/compile-delta.ts'
import type { DeltaSummary } from '../delta-summary.ts'
import { ADDED, DELETED, IDLE, OUTCOME, type OutcomeCounts, UPDATE_MISSING } from '../fold/apply-changes.ts'
import { acceptedCodes, type Folded, foldSteps, type Narrowing, refuseSteps, type TakenSteps } from '../fold/fold.ts'
import { IGNORED, INSERTED, type NetEffects, netEffects, REMOVED, UNCHANGED, UPDATED } from '../fold/net-effects.ts'
import type { CodeDraft } from './code-counter.ts'
import { everyCode } from './count-codes.ts'

/** Folded deltas of which some, the last ones, were accounted for. */
export interface Accounted extends Folded {
  /** The net effects of each of them. */
  readonly effects: readonly NetEffects[]
  /** What each of them did, as if it were applied alone after those before it. */
  readonly summaries: readonly DeltaSummary[]
}

/** How many more rows there are after steps than before. */
function rowsGained(outcomes: OutcomeCounts): number {
  let gained = 0
  for (const [flags, count] of outcomes.entries()) {
    const outcome = flags & OUTCOME
    if (outcome === DELETED) gained -= count
    else if (outcome === ADDED || (outcome === UPDATE_MISSING && (flags & IDLE) === 0)) gained += count
  }
  return gained
}

function summarize(
  { delta, rows, keyAt }: TakenSteps,
  rowsIn: number,
  { keys, counts }: NetEffects,
  codes: readonly CodeDraft[],
): DeltaSummary {
  const count = (effect: number) => counts[effect] as number
  const drafts = [
    ...delta.drafts.map((draft) => ({ ...draft, rows: draft.rows.map((row) => row + rows.start) })),
    ...codes,
  ]
  return {
    rowsIn,
    rowsOut: rowsIn + count(INSERTED) - count(REMOVED),
    deltaRows: delta.rows,
    inserted: count(INSERTED),
    updated: count(UPDATED),
    unchanged: count(UNCHANGED),
    deleted: count(REMOVED),
    ignored: count(IGNORED),
    folded: delta.rows - keys.length,
    quarantined: 0,
    codes: drafts.map(({ code, severity, count, rows: sampled, columns }) => ({
      code,
      severity,
      count,
      sample: sampled.map((row) => ({ key: keyAt(row), ...delta.origin(row - rows.start) })),
      ...(columns === undefined ? {} : { columns }),
    })),
  }
}

/** From which delta on (from 0) they are accounted for, and how the table was narrowed. */
export interface AccountOptions {
  readonly from?: number
  readonly narrowing?: Narrowing | null
}

/**
 * Returns what the deltas, in order, make of the table, whose keys are unique, and what they did.
 * @throws DeltaError - a change that the policies refuse; the first in order is named
 */
export function accountDeltas(
  table: Frame,
  deltas: readonly CompiledDelta[],
  key: readonly string[],
  { from = 0, narrowing = null }: AccountOptions = {},
): Accounted {
  const effects: NetEffects[] = []
  const summaries: DeltaSummary[] = []
  let rowsIn = table.rows
  const folded = foldSteps(table, deltas, key, narrowing, (steps, at) => {
    if (at < from) refuseSteps(steps, at)
    else {
      const codes = acceptedCodes(steps, everyCode)
      const net = netEffects(steps.rows, steps.keyOf, steps.states, steps.log, steps.compared)
      effects.push(net)
      summaries.push(summarize(steps, rowsIn, net, codes))
    }
    rowsIn += rowsGained(steps.outcomes)
  })
  return { ...folded, effects, summaries }
}

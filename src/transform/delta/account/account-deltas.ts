/**
 * Folds deltas and also returns the net effects and the summary of each.
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

/** Folded deltas, with effects and summaries of the last ones. */
export interface Accounted extends Folded {
  /** The net effects of each summarised delta. */
  readonly effects: readonly NetEffects[]
  /** What each summarised delta did, as if applied alone after the deltas before it. */
  readonly summaries: readonly DeltaSummary[]
}

/** Returns the rows after the steps minus the rows before them. */
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

/**
 * The first delta to summarise (from 0), and the restriction of the table to changed keys, if any.
 */
export interface AccountOptions {
  readonly from?: number
  readonly narrowing?: Narrowing | null
}

/**
 * Returns the table after the deltas, in order, and what they did. The table's keys must be unique.
 * @throws DeltaError - the policies refuse a change; the error names the first one
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
